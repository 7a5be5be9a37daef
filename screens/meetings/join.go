package meetings

import (
	"context"
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
	ctx  context.Context
	env  kit.Env
	mine Registrations
	bar  *parts.Bar
	busy *parts.Busy
}

// join joins a session, from 1, of the meeting of one's registration.
func (j *joining) join(mine *app.Mine, session int) {
	number, plain := mine.Number, mine.Platform
	again := func() { j.join(mine, session) }
	address := ""
	j.env.Do(j.ctx, j.busy, j.env.T("join.asking"), func(ctx context.Context) (err error) {
		address, err = j.mine.Join(ctx, number, session)
		return err
	}, func(err error) {
		key := "join.opens"
		if err != nil {
			key, address = "join.opens.plain", plain
		}
		j.say(plain, parts.Info, key, again)
		j.env.OpenThen(address, func(err error) {
			if err != nil {
				j.say(plain, parts.Bad, "join.failed", again)
			}
		})
	})
}

// say says what happens, with the plain link of the platform: one with a token is never
// copied.
func (j *joining) say(plain string, tone parts.Tone, key string, again func()) {
	t := j.env.T
	j.bar.Say(parts.Notice{
		Tone: tone, Words: []parts.Span{{Text: t(key)}},
		Reference: kit.HostOf(plain), Copy: copyingLink(j.env, plain),
		Action: t("join.again"), Act: again,
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
	own := *mine
	j.button = parts.NewButton("registration.join", env.T("registration.join"), parts.Primary, func() {
		if i, live := rules.NextSession(meeting, env.Now()); live {
			join.join(&own, i+1)
		}
	})
	j.words = parts.Muted("").WithAlign(fyne.TextAlignCenter).WithID("registration.join.words")
	j.link = parts.Center(0, parts.NewCopy("registration.join.copy", copyingLink(env, mine.Platform)))
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
