package meetings

import (
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// joinAhead is from how long before a session JOIN is live
// (sources/registration-manual: "from 30 minutes prior to the start").
const joinAhead = 30 * time.Minute

// joinCard is JOIN for those who take part remotely: live from 30 minutes
// before each session until its end, with a countdown before.
type joinCard struct {
	parts.Arranged
	env     kit.Env
	meeting *api.Meeting
	button  *parts.Button
	words   *parts.Text
}

func newJoinCard(env kit.Env, mine *app.Mine, meeting *api.Meeting) *joinCard {
	j := &joinCard{env: env, meeting: meeting}
	platform := mine.Platform
	j.button = parts.NewButton("registration.join", env.T("registration.join"), parts.Primary, func() { env.Open(platform) })
	j.words = parts.Muted("").WithAlign(fyne.TextAlignCenter).WithID("registration.join.words")
	j.Arrange(j, parts.Stack(parts.Gap8, j.button, j.words))
	j.tick()
	return j
}

// tick brings button and countdown up to date.
func (j *joinCard) tick() {
	t, w, now := j.env.T, j.env.Words, j.env.Now()
	i, live := nextSession(j.meeting, now)
	if i < 0 {
		j.button.Disable()
		j.words.SetText(t("registration.join.over"))
		return
	}
	s := &j.meeting.Sessions[i]
	title := s.Title.In(w.Lang())
	if title == "" || len(j.meeting.Sessions) == 1 {
		title = j.meeting.Title.In(w.Lang())
	}
	zone := zoneOf(j.meeting)
	data := map[string]any{
		"Session": title, "Time": w.Time(s.Start.In(zone)), "Town": town(w, j.meeting),
		"Date": w.ShortDate(s.Start.In(zone)), "Wait": kit.Distance(w, s.Start.Sub(now)), "End": w.Time(s.End.In(zone)),
	}
	key := "registration.join.later"
	switch {
	case live && !now.Before(s.Start):
		key = "registration.join.now"
	case live || s.Start.Sub(now) < 24*time.Hour:
		key = "registration.join.soon"
	}
	text := t(key, data)
	if !live {
		text += " " + t("registration.join.from")
	}
	j.words.SetText(text + " " + t("registration.join.account"))
	if live {
		j.button.Enable()
	} else {
		j.button.Disable()
	}
}

// nextSession is the session that one can join now, else the next one; -1 when
// all are over.
func nextSession(m *api.Meeting, now time.Time) (index int, live bool) {
	for i := range m.Sessions {
		s := &m.Sessions[i]
		if now.Before(s.End) {
			return i, !now.Before(s.Start.Add(-joinAhead))
		}
	}
	return -1, false
}
