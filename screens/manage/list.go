package manage

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"github.com/google/uuid"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// List is the meetings that one manages, what starts last first, and where a new one is
// made.
type List struct {
	env     kit.Env
	service Manager
	on      ListEvents

	content fyne.CanvasObject
	bar     *parts.Bar
	busy    *parts.Busy
	calls   *kit.Calls
	seen    *parts.Text // says of when the list is, without network
	rows    []api.ManagedMeetingRow
	loading *kit.Loading[app.ManagedMeetings]
	list    *kit.Browser[api.ManagedMeetingRow]
	form    *kit.Form       // of a new meeting
	card    *fyne.Container // in place of the list
	panel   *fyne.Container // with the list
	id      string          // of the new meeting, once it was asked for
}

// ListEvents are what the list asks of the window.
type ListEvents struct {
	Open func(code string)
}

// NewList returns the page. Close it when it is left.
func NewList(env kit.Env, service Manager, on ListEvents) *List {
	l := &List{env: env, service: service, on: on}
	t := env.T
	l.bar, l.busy = parts.NewBar("manage.bar"), parts.NewBusy("manage.busy")
	l.calls = kit.NewCalls(context.Background(), env, l.bar, l.busy, nil)
	l.loading = kit.NewLoading(l.calls, "manage.loading", service.ManagedMeetings, l.show)
	l.seen = parts.Small("").WithID("manage.seen")
	l.seen.Hide()
	add := parts.NewButton("manage.new", t("manage.new"), parts.Primary, l.openNew)
	l.list = kit.NewLocalBrowser(env, "manage", t("manage.search"), nil, l.find, kit.BrowserEvents[api.ManagedMeetingRow]{
		ID:      func(r *api.ManagedMeetingRow) string { return r.Code },
		Table:   l.columns(),
		Opened:  func(r *api.ManagedMeetingRow) { on.Open(r.Code) },
		Buttons: []*parts.Button{add},
		Empty:   l.empty,
	})
	l.build()
	l.panel = parts.Panel(l.list.Content)
	heading := parts.Stack(parts.Gap4, parts.Heading(t("nav.manage"), t("manage.line"), l.busy), l.seen)
	l.content = kit.StaffLayout(heading, l.bar, nil, parts.Layers(l.panel, l.card))
	l.loading.Open()
	return l
}

// build makes the card in which a new meeting gets its title.
func (l *List) build() {
	t := l.env.T
	l.form = kit.NewForm(l.env, "manage.new", kit.Input{
		Name: "title", Label: t("manage.new.title"), Pointer: "/title/en", Required: true,
		Wrong: func(text string) string {
			if text == "" {
				return t("manage.new.wrong.title")
			}
			return ""
		},
		Refused: func(wrong api.FieldError) string { return mistake(l.env, wrong) },
	})
	l.form.Enter = l.create
	l.form.Changed = func() { l.id = "" }
	create := l.calls.Button("manage.new.create", "manage.new.create", parts.Primary, l.create)
	cancel := parts.NewButton("manage.new.cancel", t("shell.cancel"), parts.Outlined, l.leaveNew)
	l.card = parts.Scroll(parts.Leading(kit.FormWidth, parts.Card(
		parts.Section(t("manage.new")), parts.Muted(t("manage.new.what")), l.form.Field("title"), parts.Inline(parts.Gap12, create, cancel))))
	l.card.Hide()
}

// Content is what is to be shown.
func (l *List) Content() fyne.CanvasObject { return l.content }

// Close ends what the page waits for.
func (l *List) Close() { l.calls.Close() }

// First is what takes the keyboard.
func (l *List) First() fyne.Focusable { return l.list.Search }

// Find puts the keyboard into the search.
func (l *List) Find() {
	parts.Focus(l.list.Search)
	l.list.Search.SelectAll()
}

// Back closes the card of a new meeting, or empties the search; it tells whether there was
// anything.
func (l *List) Back() bool {
	if l.card.Visible() {
		l.leaveNew()
		return true
	}
	return l.list.Back(nil)
}

// SetOnline asks again for what could not be had, or only as it was.
func (l *List) SetOnline(online bool) {
	l.loading.Online(online)
	if online && l.seen.Visible() {
		l.loading.Load()
	}
}

// Unsaved names the page if the title of a new meeting is typed.
func (l *List) Unsaved() []string {
	if l.card.Visible() && l.form.Differs() {
		return []string{l.env.T("nav.manage") + " – " + l.env.T("manage.new")}
	}
	return nil
}

// Left does nothing: nothing is asked here.
func (l *List) Left() {}

// show shows the meetings, and of when they are.
func (l *List) show(managed app.ManagedMeetings) {
	l.rows = managed.Meetings
	showSeen(l.env, l.seen, managed.Seen)
	l.list.Reload()
}

// showSeen says of when a list is that the service gave; nothing for one of now.
func showSeen(env kit.Env, text *parts.Text, at time.Time) {
	if !at.IsZero() {
		text.SetText(env.T("registrations.seen", map[string]any{"Time": kit.Clock(env.Words, at, env.Now())}))
	}
	parts.SetVisible(!at.IsZero(), text)
}

func (l *List) openNew() {
	parts.ShowOne(true, l.card, l.panel)
	parts.Focus(l.form.First())
}

// leaveNew closes the card, after a question where a title is typed.
func (l *List) leaveNew() {
	if l.form.Differs() {
		l.env.Discard(parts.CanvasOf(l.card), "manage.new", l.env.T("manage.new.title"), l.closeNew)
		return
	}
	l.closeNew()
}

func (l *List) closeNew() {
	l.form.Fill(map[string]string{"title": ""})
	parts.ShowOne(false, l.card, l.panel)
	parts.Focus(l.list.Search)
}

// create makes the meeting. Tried again after an answer was lost it is the same one, as long
// as nothing else was typed.
func (l *List) create() {
	if l.calls.Working() || !l.form.Check() {
		return
	}
	if l.id == "" {
		l.id = uuid.NewString()
	}
	in := api.CreateMeeting{ID: l.id, Title: api.Text{"en": l.form.Text("title")}}
	kit.Call(l.calls, "manage.new.creating", func(ctx context.Context) (api.ManagedMeeting, error) {
		return l.service.CreateMeeting(ctx, in)
	}, func(m api.ManagedMeeting) {
		l.id = ""
		l.closeNew()
		l.on.Open(m.Code)
	}, l.form.Refused)
}

func (l *List) find(search string) (found []api.ManagedMeetingRow) {
	for _, r := range l.rows {
		text := r.Code
		for _, title := range r.Title {
			text += " " + title
		}
		for _, place := range r.Place {
			text += " " + place
		}
		if strings.Contains(rules.Fold(text), rules.Fold(strings.TrimSpace(search))) {
			found = append(found, r)
		}
	}
	return found
}

func (l *List) empty(narrowed bool) fyne.CanvasObject {
	t := l.env.T
	if narrowed {
		return parts.Empty(t("manage.none.title"), t("manage.none.how"))
	}
	return parts.Empty(t("manage.empty.title"), t("manage.empty.how"))
}

func (l *List) columns() []kit.Column[api.ManagedMeetingRow] {
	t := l.env.T
	return []kit.Column[api.ManagedMeetingRow]{
		{
			ID: "title", Label: t("manage.column.title"), ColumnWidth: parts.ColumnWidth{Min: 180, Weight: 3}, Text: l.title,
			Compare: func(a, b *api.ManagedMeetingRow) int {
				return strings.Compare(rules.Fold(l.title(a)), rules.Fold(l.title(b)))
			},
		},
		{
			ID: "dates", Label: t("manage.column.dates"), ColumnWidth: parts.ColumnWidth{Min: 150, Weight: 1}, Text: l.dates,
			Compare: func(a, b *api.ManagedMeetingRow) int { return a.Start.Compare(b.Start) },
		},
		{
			ID: "places", Label: t("manage.column.places"), ColumnWidth: parts.ColumnWidth{Min: 90}, Text: l.places,
			Compare: func(a, b *api.ManagedMeetingRow) int { return cmp.Compare(a.Taken, b.Taken) },
		},
		{
			ID: "undecided", Label: t("manage.column.undecided"), ColumnWidth: parts.ColumnWidth{Min: 90}, Text: func(r *api.ManagedMeetingRow) string {
				if r.Undecided == 0 {
					return ""
				}
				return l.env.Words.N("manage.undecided", r.Undecided)
			},
			Compare: func(a, b *api.ManagedMeetingRow) int { return cmp.Compare(a.Undecided, b.Undecided) },
		},
		{
			ID: "status", Label: t("manage.column.status"), ColumnWidth: parts.ColumnWidth{Min: 150},
			Tag:     func(r *api.ManagedMeetingRow, tag *parts.Tag) { tag.Set(statusTag(l.env, r.Status)) },
			Compare: func(a, b *api.ManagedMeetingRow) int { return meetingStates.Compare(a.Status, b.Status) },
		},
	}
}

func (l *List) title(r *api.ManagedMeetingRow) string { return r.Title.In(l.env.Words.Lang()) }

// dates is when a meeting is, in its own zone.
func (l *List) dates(r *api.ManagedMeetingRow) string {
	if r.Start.IsZero() {
		return ""
	}
	zone := kit.Zone(r.Zone)
	return l.env.Words.DateRange(r.Start.In(zone), r.End.In(zone))
}

func (l *List) places(r *api.ManagedMeetingRow) string {
	switch {
	case r.Status == api.MeetingDraft:
		return ""
	case r.Capacity == 0:
		return strconv.Itoa(r.Taken)
	}
	return l.env.T("manage.places", map[string]any{"Taken": r.Taken, "Capacity": r.Capacity})
}

// meetingStates are those of a meeting, in their order.
var meetingStates = kit.Tagged{
	{api.MeetingDraft, parts.Info},
	{api.MeetingPublished, parts.Success},
	{api.MeetingClosed, parts.Warning},
	{api.MeetingCancelled, parts.Bad},
}

func statusTag(env kit.Env, status string) (string, parts.Tone) {
	return meetingStates.Tag(env, "manage.status.", status)
}
