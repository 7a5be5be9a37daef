package admin

import (
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/parts"
)

// auditRow is one entry: columns where there is room, lines where there is not.
type auditRow struct {
	parts.Arranged
	at, what, user, by *parts.Text
}

func newAuditRow() fyne.CanvasObject {
	r := &auditRow{at: parts.Muted(""), what: parts.Bold(""), user: parts.Body("").Selectable(), by: parts.Small("").Selectable()}
	r.Arrange(r, parts.Row(parts.Gap12, auditCells(r.at, r.what, r.user, r.by)...))
	return r
}

// auditCells are the columns. What happened is told in sentences: it gets most of the room
// that is left over.
func auditCells(at, what, user, by fyne.CanvasObject) []parts.Cell {
	return []parts.Cell{
		{Object: at, Min: 140},
		{Object: what, Min: 200, Weight: 3},
		{Object: user, Min: 155, Weight: 1},
		{Object: by, Min: 160, Weight: 1},
	}
}

// columns names them; a click on the time turns the order round.
func (a *AuditLog) columns() fyne.CanvasObject {
	name := func(key string) *parts.Text {
		return parts.NewText(parts.Span{Text: a.env.T(key), Bold: true}).WithSize(parts.SizeSmall)
	}
	a.byTime = name("audit.column.time").WithID("audit.column.time")
	a.sayOrder()
	return parts.ColumnHeads(parts.Gap12, auditCells(a.byTime, name("audit.column.event"), name("audit.column.user"), name("audit.column.by"))...)
}

// sayOrder says by the time's name which entries come first.
func (a *AuditLog) sayOrder() {
	t := a.env.T
	a.byTime.SetSpans(
		parts.Span{Text: t("audit.column.time") + "  ", Bold: true},
		parts.Span{Text: t("audit.order." + a.order.Chosen()), ID: "audit.turn", OnTapped: func() {
			other := api.AuditOldest
			if a.order.Chosen() == other {
				other = api.AuditNewest
			}
			a.order.Set(other)
			a.ordered()
		}})
}

// ordered shows the log in the order that was chosen.
func (a *AuditLog) ordered() {
	a.sayOrder()
	a.list.Narrow()
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
