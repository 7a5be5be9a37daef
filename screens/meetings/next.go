package meetings

import (
	"time"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// nextCard stands above the meetings while one's next session begins within a day or is
// under way: with a countdown, and with JOIN while its platform can be joined.
type nextCard struct {
	parts.Arranged
	env     kit.Env
	catalog MeetingCatalog
	mine    Registrations
	title   *parts.Text
	words   *parts.Text
	join    *parts.Button
	own     func()
	code    string // of the meeting that is shown
	joined  app.Mine
	session int       // that is joined, from 1
	minute  time.Time // for which it was made
}

func newNextCard(env kit.Env, catalog MeetingCatalog, mine Registrations, join *joining, registration func(code string)) *nextCard {
	n := &nextCard{env: env, catalog: catalog, mine: mine}
	n.title, n.words = parts.Bold("").WithID("next.title"), parts.Small("").WithID("next.words")
	n.join = parts.NewButton("next.join", env.T("registration.join"), parts.Primary, func() { join.join(&n.joined, n.session) }).Low()
	n.own = func() { registration(n.code) }
	n.Arrange(n, parts.CardWith(parts.Gap12, parts.Ends(parts.Stack(2, n.title, n.words), n.join)))
	n.show()
	return n
}

// tick brings the card up to date with the time.
func (n *nextCard) tick() {
	if minute := n.env.Now().Truncate(time.Minute); !minute.Equal(n.minute) {
		n.show()
	}
}

// show shows what is next, or nothing.
func (n *nextCard) show() {
	now := n.env.Now()
	n.minute = now.Truncate(time.Minute)
	r := app.Next(app.Agenda(n.mine.List(), n.catalog.Get, now), now)
	if r == nil {
		n.code = ""
		parts.SetVisible(false, n)
		return
	}
	n.code, n.joined, n.session = r.Meeting, r.Mine, r.Nth
	key := "next.title"
	if !now.Before(r.Session.Start) {
		key = "next.title.now"
	}
	n.title.SetSpans(n.titled(key, r.About.Title.In(n.env.Words.Lang()))...)
	n.words.SetText(StartsWords(n.env, r.About, r.Session))
	parts.SetVisible(r.Joins(), n.join)
	parts.SetVisible(true, n)
}

// titled puts the meeting's title into the words of a key, as the link to the registration.
func (n *nextCard) titled(key, title string) []parts.Span {
	spans := kit.Link(n.env.T(key, map[string]any{"Meeting": "[]"}), "next.registration", n.own)
	for i := range spans {
		spans[i].Bold = true
		if spans[i].OnTapped != nil {
			spans[i].Text = title // which may have brackets of its own
		}
	}
	return spans
}

// StartsWords says when a session starts, or until when it is under way.
func StartsWords(env kit.Env, m *api.Meeting, s *api.MeetingSession) string {
	w, now := env.Words, env.Now()
	if !now.Before(s.Start) {
		return w.T("next.until", map[string]any{"At": moment(w, m, s.End, now.Location())})
	}
	return w.T("next.starts", map[string]any{
		"At": moment(w, m, s.Start, now.Location()), "Wait": kit.Distance(w, s.Start.Sub(now)),
	})
}
