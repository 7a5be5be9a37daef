package meetings

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// ParticipantLister gives a meeting's participants, to whom the meeting shows them.
type ParticipantLister interface {
	Participants(ctx context.Context, f api.ParticipantFilter) (app.ParticipantsPage, error)
}

// Participants is the list of a meeting's participants who have agreed to stand in it.
type Participants struct {
	env     kit.Env
	service ParticipantLister
	code    string
	on      ParticipantsEvents

	ctx     context.Context
	leave   func()
	content fyne.CanvasObject
	bar     *parts.Bar
	busy    *parts.Busy
	listing *kit.Listing[participant]
	list    *kit.Browser[participant]
	seen    *parts.Text // says of when the list is, without network
	page    *app.ParticipantsPage
}

// participant is a row: people have no name of their own that the list could go by.
type participant struct {
	api.Participant
	id string
}

// ParticipantsEvents are where the page leads to.
type ParticipantsEvents struct {
	Back func()
}

// seesParticipants tells whether a meeting shows its participants to somebody.
func seesParticipants(m *api.Meeting, mine app.Mine) bool {
	return m.ParticipantList == api.ListForAll || m.ParticipantList == api.ListForParticipants && mine.Standing() == api.Confirmed
}

// NewParticipants returns the page for a meeting. Close it when it is left.
func NewParticipants(env kit.Env, service ParticipantLister, catalog MeetingCatalog, code string, on ParticipantsEvents) *Participants {
	p := &Participants{env: env, service: service, code: code, on: on}
	t := env.T
	p.ctx, p.leave = context.WithCancel(context.Background())
	p.bar, p.busy = parts.NewBar("participants.bar"), parts.NewBusy("participants.busy")
	p.listing = kit.NewListing[participant](p.ctx, env, p.bar, p.busy, t("participants.loading"))
	p.listing.Ask = p.ask
	column := func(id, label string, text func(r *participant) string) kit.Column[participant] {
		return kit.Column[participant]{ID: id, Label: t(label), ColumnWidth: parts.ColumnWidth{Min: 130, Weight: 1}, Text: text}
	}
	p.list = kit.NewBrowser(env, "participants", p.listing, t("participants.search"), nil, kit.BrowserEvents[participant]{
		ID: func(r *participant) string { return r.id },
		Table: []kit.Column[participant]{
			column("name", "users.name", func(r *participant) string { return r.Name }),
			column("organization", "users.organization", func(r *participant) string { return r.Organization }),
			column("country", "signup.country", func(r *participant) string {
				if r.Country == "" {
					return ""
				}
				return env.Words.Country(r.Country)
			}),
		},
		Empty: func(narrowed bool) fyne.CanvasObject {
			if narrowed {
				return parts.Empty(t("participants.none.title"), t("participants.none.how"))
			}
			return parts.Empty(t("participants.empty.title"), t("participants.empty.how"))
		},
	})
	p.listing.Answered = p.answered
	p.seen = parts.Small("").WithID("participants.seen")
	p.seen.Hide()
	title := code
	if m, ok := catalog.Get(code); ok {
		title = m.Title.In(env.Words.Lang())
	}
	top := parts.Stack(parts.Gap4, parts.Link("participants.back", t("shell.back", map[string]any{"To": t("participants.back.to")}), on.Back),
		parts.Heading(title, t("participants.line"), p.busy), p.seen)
	p.content = kit.StaffLayout(top, p.bar, nil, parts.Panel(p.list.Content))
	p.listing.Load()
	return p
}

// Content is what is to be shown.
func (p *Participants) Content() fyne.CanvasObject { return p.content }

// Close ends what the page waits for.
func (p *Participants) Close() { p.leave() }

// First is what takes the keyboard.
func (p *Participants) First() fyne.Focusable { return p.list.Search }

// Find puts the keyboard into the search.
func (p *Participants) Find() {
	parts.Focus(p.list.Search)
	p.list.Search.SelectAll()
}

// Back empties the search, or leaves the page.
func (p *Participants) Back() bool {
	if !p.list.Back(nil) {
		p.on.Back()
	}
	return true
}

// SetOnline asks again for what could not be had, or only as it was.
func (p *Participants) SetOnline(online bool) {
	p.listing.Online(online)
	if online && p.seen.Visible() {
		p.list.Reload()
	}
}

func (p *Participants) ask(after string) kit.Request[participant] {
	f := api.ParticipantFilter{Meeting: p.code, Query: p.list.Text(), After: after}
	page := &app.ParticipantsPage{}
	before := len(p.listing.Rows)
	if after == "" {
		p.page, before = page, 0
	}
	return func(ctx context.Context) (rows []participant, next string, err error) {
		*page, err = p.service.Participants(ctx, f)
		for i, one := range page.Participants.Participants {
			rows = append(rows, participant{one, strconv.Itoa(before + i)})
		}
		return rows, page.Next, err
	}
}

// answered says of when the list is.
func (p *Participants) answered() {
	if !p.page.Seen.IsZero() {
		p.seen.SetText(p.env.T("registrations.seen", map[string]any{"Time": kit.Clock(p.env.Words, p.page.Seen, p.env.Now())}))
	}
	parts.SetVisible(!p.page.Seen.IsZero(), p.seen)
}
