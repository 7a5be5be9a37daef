package admin

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

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
	a.order = parts.NewRadios("audit.order", []parts.Item{
		{ID: api.AuditNewest, Text: t("audit.order.newest")}, {ID: api.AuditOldest, Text: t("audit.order.oldest")},
	})
	a.order.Set(api.AuditNewest)
	a.order.OnChange = func(string) { a.ordered() }
	return parts.Scroll(parts.PadAll(18, parts.Column(kit.FormWidth, parts.Stack(parts.Gap16,
		parts.NewField("audit.filter.event.field", t("audit.filter.event"), false, a.event),
		parts.NewField("audit.filter.user.field", t("audit.filter.user"), false, a.user),
		parts.Row(parts.Gap16,
			parts.Cell{Object: date(a.from, "audit.filter.from"), Min: 160, Weight: 1},
			parts.Cell{Object: date(a.until, "audit.filter.until"), Min: 160, Weight: 1}),
		parts.NewField("audit.order.field", t("audit.order"), false, a.order)))))
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

// asked is what is to be seen.
func (a *AuditLog) asked() api.AuditFilter {
	f := api.AuditFilter{User: a.user.Text}
	if a.order.Chosen() == api.AuditOldest {
		f.Order = api.AuditOldest
	}
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
	return f
}

func (a *AuditLog) ask(after string) kit.Request[api.AuditEntry] {
	f := a.asked()
	f.After = after
	page := &api.AuditPage{}
	a.page = page
	return func(ctx context.Context) (_ []api.AuditEntry, _ string, err error) {
		*page, err = a.service.Audit(ctx, f)
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
