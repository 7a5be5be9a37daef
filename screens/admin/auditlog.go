package admin

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// AuditOffice is the service's audit log, to be read.
type AuditOffice interface {
	Audit(ctx context.Context, f api.AuditFilter) (api.AuditPage, error)
}

// AuditLog is the screen with what happened to accounts and to the service, the
// newest first. Nobody can change the log through the program.
type AuditLog struct {
	env    kit.Env
	office AuditOffice

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
	events      int            // how many events the filter offers
	page        *api.AuditPage // the answer to what was asked last
}

// NewAuditLog returns the screen. Close it when it is left.
func NewAuditLog(env kit.Env, office AuditOffice) *AuditLog {
	a := &AuditLog{env: env, office: office}
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

// Back leaves the filter; it tells whether it was open.
func (a *AuditLog) Back() bool { return a.list.Back(nil) }

// SetOnline asks again for what could not be had.
func (a *AuditLog) SetOnline(online bool) { a.listing.Online(online) }

func (a *AuditLog) build() {
	t := a.env.T
	a.bar = parts.NewBar("audit.bar")
	busy := parts.NewBusy("audit.busy")
	a.listing = kit.NewListing[api.AuditEntry](a.ctx, a.env, a.bar, busy, t("audit.loading"))
	a.listing.Ask = a.ask
	a.list = kit.NewBrowser(a.env, "audit", a.listing, "", a.filter(), kit.BrowserEvents[api.AuditEntry]{
		ID: func(e *api.AuditEntry) string { return e.ID }, Create: newAuditRow, Fill: a.fill,
		Chosen: func(*api.AuditEntry) {}, Opened: func(*api.AuditEntry) {},
		Filtered: a.filtered,
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
	show := a.listing.Changed
	a.listing.Changed = func() {
		show()
		a.answered()
	}
	a.intact, a.note = parts.NewTag("", parts.Success).WithID("audit.intact"), parts.Small("")
	a.intact.Hide()
	a.note.Hide()
	heading := parts.Stack(parts.Gap4, parts.Ends(parts.Heading(t("audit.title"), t("audit.line"), busy), a.intact), a.note)
	a.content = kit.StaffLayout(heading, a.bar, nil, parts.Panel(a.list.Content))
}

// filter is what the log can be narrowed down by.
func (a *AuditLog) filter() fyne.CanvasObject {
	t := a.env.T
	a.event = parts.NewPicker("audit.filter.event", t("audit.filter.any"), t("audit.filter.no-event"), a.eventItems(nil))
	a.event.SetID(anyOne)
	a.event.OnChange = func(parts.Item) { a.list.Narrow() }
	entry := func(id parts.ID) *parts.Entry {
		e := parts.NewEntry(id)
		e.OnChanged = func(string) {
			a.list.Describe()
			a.listing.Soon()
		}
		return e
	}
	a.user, a.from, a.until = entry("audit.filter.user"), entry("audit.filter.from"), entry("audit.filter.until")
	date := func(e *parts.Entry, key string) *parts.Field {
		f := parts.NewField(e.ID+".field", t(key), false, e).WithHint(parts.Span{Text: t("audit.filter.date-hint")})
		return f.CheckWith(func() string {
			if _, ok := kit.DayOf(e.Text); !ok && e.Text != "" {
				return t("audit.filter.date-wrong")
			}
			return ""
		})
	}
	return parts.Scroll(parts.PadAll(18, parts.Column(kit.FormWidth, parts.Stack(parts.Gap16,
		parts.NewField("audit.filter.event.field", t("audit.filter.event"), false, a.event),
		parts.NewField("audit.filter.user.field", t("audit.filter.user"), false, a.user),
		parts.Row(parts.Gap16,
			parts.Cell{Object: date(a.from, "audit.filter.from"), Min: 160, Weight: 1},
			parts.Cell{Object: date(a.until, "audit.filter.until"), Min: 160, Weight: 1})))))
}

func (a *AuditLog) eventItems(events []string) []parts.Item {
	items := []parts.Item{{ID: anyOne, Text: a.env.T("audit.filter.any")}}
	for _, e := range events {
		items = append(items, parts.Item{ID: e, Text: eventName(a.env, e), Keys: []string{e}})
	}
	return items
}

func (a *AuditLog) filtered() []string {
	t := a.env.T
	var by []string
	if a.event.PickedID() != anyOne && a.event.PickedID() != "" {
		by = append(by, eventName(a.env, a.event.PickedID()))
	}
	if a.user.Text != "" {
		by = append(by, a.user.Text)
	}
	if day, ok := kit.DayOf(a.from.Text); ok {
		by = append(by, t("audit.filtered.from", map[string]any{"Date": day}))
	}
	if day, ok := kit.DayOf(a.until.Text); ok {
		by = append(by, t("audit.filtered.until", map[string]any{"Date": day}))
	}
	return by
}

func (a *AuditLog) ask(after string) kit.Request[api.AuditEntry] {
	f := api.AuditFilter{User: a.user.Text, After: after}
	if id := a.event.PickedID(); id != anyOne {
		f.Event = id
	}
	// A day means the day on this machine's clock.
	if from, ok := dayStart(a.from.Text, a.env.Now().Location()); ok {
		f.From = from.UTC().Format(time.RFC3339)
	}
	if until, ok := dayStart(a.until.Text, a.env.Now().Location()); ok {
		f.Until = until.AddDate(0, 0, 1).UTC().Format(time.RFC3339)
	}
	page := &api.AuditPage{}
	a.page = page
	return func(ctx context.Context) (_ []api.AuditEntry, _ string, err error) {
		*page, err = a.office.Audit(ctx, f)
		return page.Entries, page.Next, err
	}
}

// dayStart is when a day begins that somebody has typed.
func dayStart(text string, zone *time.Location) (time.Time, bool) {
	day, ok := kit.DayOf(text)
	if !ok {
		return time.Time{}, false
	}
	at, err := time.ParseInLocation(time.DateOnly, day, zone)
	return at, err == nil
}

// answered shows what an answer says of the log as a whole.
func (a *AuditLog) answered() {
	if a.page == nil || a.page.Events == nil {
		return
	}
	if len(a.page.Events) != a.events {
		a.events = len(a.page.Events)
		a.event.SetItems(a.eventItems(a.page.Events))
	}
	t := a.env.T
	if a.page.Intact {
		a.intact.Set(t("audit.intact"), parts.Success)
		a.note.Hide()
	} else {
		a.intact.Set(t("audit.broken"), parts.Bad)
		a.note.SetText(t("audit.broken.note"))
		a.note.Show()
	}
	a.intact.Show()
	parts.Changed(a.intact)
}

// auditRow is one entry: columns where there is room, lines where there is not.
type auditRow struct {
	parts.Arranged
	at, what, user, by *parts.Text
}

func newAuditRow() fyne.CanvasObject {
	r := &auditRow{at: parts.Muted(""), what: parts.Bold(""), user: parts.Body("").Selectable(), by: parts.Small("").Selectable()}
	r.Arrange(r, parts.Row(parts.Gap12,
		parts.Cell{Object: r.at, Min: 150},
		parts.Cell{Object: r.what, Min: 200, Weight: 2},
		parts.Cell{Object: r.user, Min: 120, Weight: 1},
		parts.Cell{Object: r.by, Min: 150, Weight: 1}))
	return r
}

func (a *AuditLog) fill(e *api.AuditEntry, o fyne.CanvasObject) {
	r := o.(*auditRow)
	at := e.At.In(a.env.Now().Location())
	r.at.SetText(a.env.Words.ShortDate(at) + ", " + a.env.Words.Time(at))
	what := []parts.Span{{Text: eventName(a.env, e.Event), Bold: true}}
	if detail := eventDetail(a.env, e); detail != "" {
		what = append(what, parts.Span{Text: "  " + detail, Color: parts.ColorMuted})
	}
	r.what.SetSpans(what...)
	user := e.User
	if user == "" {
		user = e.Subject // of an account that there is no more
	}
	r.user.SetText(user)
	var by []string
	if e.Actor != "" {
		by = append(by, a.env.T("audit.by", map[string]any{"By": e.Actor}))
	}
	if e.Network != "" {
		by = append(by, e.Network)
	}
	if e.Reference != "" {
		by = append(by, e.Reference)
	}
	r.by.SetText(strings.Join(by, " · "))
}
