package meetings

import (
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// joining opens the platform of a meeting, and says on a bar what happens: a browser may
// need seconds, or not start at all.
type joining struct {
	env kit.Env
	bar *parts.Bar
}

func (j *joining) join(address string) {
	j.say(address, parts.Info, "join.opens")
	j.env.OpenThen(address, func(err error) {
		if err != nil {
			j.say(address, parts.Bad, "join.failed")
		}
	})
}

func (j *joining) say(address string, tone parts.Tone, key string) {
	t := j.env.T
	j.bar.Say(parts.Notice{
		Tone: tone, Words: []parts.Span{{Text: t(key)}},
		Reference: kit.HostOf(address), Copy: copyingLink(j.env, address),
		Action: t("join.again"), Act: func() { j.join(address) },
	})
}

// copyingLink is how the address of a platform is offered to be copied.
func copyingLink(env kit.Env, address string) parts.Copying {
	return parts.Copying{Value: address, Word: env.T("join.copy"), Done: env.T("shell.copied")}
}

// joinCard is JOIN for those who take part remotely: live from 30 minutes
// before each session until its end, with a countdown before.
type joinCard struct {
	parts.Arranged
	env     kit.Env
	meeting *api.Meeting
	button  *parts.Button
	words   *parts.Text
	link    fyne.CanvasObject
}

func newJoinCard(env kit.Env, mine *app.Mine, meeting *api.Meeting, join *joining) *joinCard {
	j := &joinCard{env: env, meeting: meeting}
	platform := mine.Platform
	j.button = parts.NewButton("registration.join", env.T("registration.join"), parts.Primary, func() { join.join(platform) })
	j.words = parts.Muted("").WithAlign(fyne.TextAlignCenter).WithID("registration.join.words")
	j.link = parts.Center(0, parts.NewCopy("registration.join.copy", copyingLink(env, platform)))
	j.Arrange(j, parts.Stack(parts.Gap8, j.button, j.words, j.link))
	j.tick()
	return j
}

// tick brings button and countdown up to date.
func (j *joinCard) tick() {
	t, now := j.env.T, j.env.Now()
	i, live := rules.NextSession(j.meeting, now)
	parts.SetVisible(live, j.link)
	if i < 0 {
		j.button.Disable()
		j.words.SetText(t("registration.join.over"))
		return
	}
	s := &j.meeting.Sessions[i]
	text := startsWhen(j.env, j.meeting, s)
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

// startsWhen says when a session starts, or that it is under way.
func startsWhen(env kit.Env, m *api.Meeting, s *api.MeetingSession) string {
	w, now := env.Words, env.Now()
	title := s.Title.In(w.Lang())
	if title == "" || len(m.Sessions) == 1 {
		title = m.Title.In(w.Lang())
	}
	at := s.Start
	key := "registration.join.later"
	switch {
	case !now.Before(s.Start):
		key, at = "registration.join.now", s.End
	case s.Start.Sub(now) < 24*time.Hour:
		key = "registration.join.soon"
	}
	return w.T(key, map[string]any{
		"Session": title, "At": moment(w, m, at, now.Location()), "Date": w.ShortDate(s.Start.In(zoneOf(m))),
		"Wait": kit.Distance(w, s.Start.Sub(now)),
	})
}
