package admin

import (
	"context"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// AuditLog is the screen with what happened to accounts and to the service. Nobody can
// change the log through the program. Start reading at build; what can be asked for is in
// auditfilter.go, a row in auditrow.go and auditwords.go, a file of it in auditexport.go.
type AuditLog struct {
	env     kit.Env
	service AuditAdmin

	ctx   context.Context
	leave func()

	content     fyne.CanvasObject
	bar         *parts.Bar
	intact      *parts.Tag
	note        *parts.Text
	listing     *kit.Listing[api.AuditEntry]
	list        *kit.Browser[api.AuditEntry]
	event       *parts.Picker
	user        *parts.Entry
	from, until *parts.Entry
	order       *parts.Radios
	byTime      *parts.Text // the name of the column
	busy        *parts.Busy
	export      *kit.Exporter
	events      int            // how many events the filter offers
	page        *api.AuditPage // the answer to what was asked last
}

// NewAuditLog returns the screen. Close it when it is left.
func NewAuditLog(env kit.Env, service AuditAdmin) *AuditLog {
	a := &AuditLog{env: env, service: service}
	a.ctx, a.leave = context.WithCancel(context.Background())
	a.build()
	a.listing.Load()
	return a
}

// Content is what is to be shown.
func (a *AuditLog) Content() fyne.CanvasObject { return a.content }

// Close ends what the screen has under way.
func (a *AuditLog) Close() { a.leave() }

// First is what takes the keyboard.
func (a *AuditLog) First() fyne.Focusable { return a.list.List }

// Find opens the filter.
func (a *AuditLog) Find() {
	a.list.SetFiltering(true)
	parts.Focus(a.user)
}

// Back gives up an export, or leaves the filter; it tells whether there was any.
func (a *AuditLog) Back() bool { return a.export.Stop() || a.list.Back(nil) }

// SetOnline asks again for what could not be had.
func (a *AuditLog) SetOnline(online bool) { a.listing.Online(online) }

func (a *AuditLog) build() {
	t := a.env.T
	a.bar = parts.NewBar("audit.bar")
	a.busy = parts.NewBusy("audit.busy")
	a.listing = kit.NewListing[api.AuditEntry](a.ctx, a.env, a.bar, a.busy, t("audit.loading"))
	a.listing.Ask = a.ask
	filter := a.filter()
	a.export = kit.NewExporter(a.ctx, a.env, "audit", a.bar, a.busy, a.exported)
	a.list = kit.NewBrowser(a.env, "audit", a.listing, "", filter, kit.BrowserEvents[api.AuditEntry]{
		ID: func(e *api.AuditEntry) string { return e.ID }, Create: newAuditRow, Fill: a.fill,
		Filtered: a.filtered, Columns: a.columns(), Buttons: a.export.Buttons(),
		Clear: func() {
			a.event.SetID(anyOne)
			for _, e := range []*parts.Entry{a.user, a.from, a.until} {
				e.SetText("")
			}
		},
		Empty: func(narrowed bool) fyne.CanvasObject {
			if narrowed {
				return parts.Empty(t("audit.none.title"), t("audit.none.how"))
			}
			return parts.Empty(t("audit.empty.title"), t("audit.empty.how"))
		},
	})
	a.listing.Answered = a.answered
	a.intact, a.note = parts.NewTag("", parts.Success).WithID("audit.intact"), parts.Small("")
	a.intact.Hide()
	a.note.Hide()
	heading := parts.Stack(parts.Gap4, parts.Ends(parts.Heading(t("audit.title"), t("audit.line"), a.busy), a.intact), a.note)
	a.content = kit.StaffLayout(heading, a.bar, nil, parts.Panel(a.list.Content))
}

// answered shows what an answer says of the log as a whole.
func (a *AuditLog) answered() {
	if len(a.page.Events) != a.events {
		a.events = len(a.page.Events)
		a.event.SetItems(a.eventItems(a.page.Events))
	}
	t := a.env.T
	if a.page.Intact {
		a.intact.Set(t("audit.intact"), parts.Success)
	} else {
		a.intact.Set(t("audit.broken"), parts.Bad)
		a.note.SetText(t("audit.broken.note"))
	}
	parts.SetVisible(!a.page.Intact, a.note)
	parts.SetVisible(true, a.intact)
}
