package meetings

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/words"
)

// meetingDetail is the chosen meeting: what it is, when and where, and what
// one can do, with the primary button pinned at its foot.
type meetingDetail struct {
	screen  *List
	content *fyne.Container
	holder  *fyne.Container
	narrow  bool
	code    string
	state   stateOfMeeting
	shown   detailShown
	first   *parts.Button // of what one can do; nil where there is nothing
}

// detailShown is what the detail depends on: while it stays the same, nothing
// is drawn anew, and the keyboard stays where it is.
type detailShown struct {
	code              string
	version           int64
	taken             int
	state             stateOfMeeting
	mine              string
	registered, draft bool
	narrow            bool
}

func newMeetingDetail(m *List) *meetingDetail {
	d := &meetingDetail{screen: m, holder: container.NewStack()}
	d.content = parts.Panel(d.holder)
	return d
}

// setNarrow shows or hides the way back to the list.
func (d *meetingDetail) setNarrow(narrow bool) {
	if d.narrow != narrow {
		d.narrow = narrow
		d.show(d.code)
	}
}

// tick shows the meeting anew when time has changed what one can do.
func (d *meetingDetail) tick() {
	if m, ok := d.screen.catalog.Get(d.code); ok && MeetingState(&m, d.screen.env.Now()) != d.state {
		d.screen.reload()
	}
}

// focus gives the keyboard to what one can do first.
func (d *meetingDetail) focus() {
	if d.first != nil {
		parts.Focus(d.first)
	}
}

// show shows a meeting; with an empty code there is none to show.
func (d *meetingDetail) show(code string) {
	d.code = code
	env := d.screen.env
	m, ok := d.screen.catalog.Get(code)
	if ok {
		d.state = MeetingState(&m, env.Now())
	}
	shown := detailShown{code: code, version: m.Version, taken: m.Taken, state: d.state, narrow: d.narrow}
	if mine, ok := d.screen.mine.Get(code); ok {
		shown.registered, shown.mine = true, mine.State
	}
	_, shown.draft = d.screen.mine.Draft(code)
	if shown == d.shown && len(d.holder.Objects) > 0 {
		return
	}
	d.shown, d.first = shown, nil
	if !ok { // the list says why there is none
		kit.Swap(d.holder, parts.Space(1))
		return
	}
	body := parts.Stack(parts.Gap12)
	if d.narrow {
		body.Add(parts.Link("meetings.back", env.T("meetings.back"), func() { d.screen.Back() }))
	}
	lang := env.Words.Lang()
	body.Add(parts.Stack(2,
		env.Carried("meetings.detail.code.copy", parts.Small(m.Code), m.Code),
		parts.Bold(m.Title.In(lang)).WithSize(parts.SizeTitle).WithID("meetings.detail.title"),
	))
	body.Add(sessionTimes(env, &m))
	if place := m.Place.In(lang); place != "" {
		body.Add(parts.Body(place).Selectable())
	}
	if text := m.Description.In(lang); text != "" {
		body.Add(parts.Muted(text))
	}
	body.Add(d.tags(&m))
	if note := d.memberships(&m); note != nil {
		body.Add(note)
	}
	if links := documentLinks(env, &m); links != nil {
		body.Add(links)
	}
	if mine, _ := d.screen.mine.Get(code); seesParticipants(&m, mine) {
		body.Add(parts.Inline(0, parts.Link("meetings.participants", env.T("meetings.participants"), func() { d.screen.on.Participants(code) })))
	}
	if m.Contact != "" {
		body.Add(parts.NewText(
			parts.Span{Text: env.T("meetings.contact") + " ", Color: parts.ColorMuted},
			parts.Span{Text: m.Contact, ID: "meetings.contact", OnTapped: func() { env.Open(m.Contact) }},
		).WithSize(parts.SizeSmall))
	}
	foot := parts.Stack(0)
	if acts := d.acts(&m); len(acts) > 0 {
		foot.Add(parts.Divider())
		foot.Add(parts.Pad(parts.Gap16, 24, parts.Gap16, 24, parts.Stack(parts.Gap8, acts...)))
		d.first = acts[0].(*parts.Button)
	}
	kit.Swap(d.holder, parts.Page(parts.Pad(parts.Gap22, 24, parts.Gap16, 24, body), foot))
}

// sessionTimes are the sessions on the clock of the place, and in "your time"
// where that is another.
func sessionTimes(env kit.Env, m *api.Meeting) fyne.CanvasObject {
	w, lang := env.Words, env.Words.Lang()
	zone, local := zoneOf(m), env.Now().Location()
	first, last := m.Start().In(zone), m.End().In(zone)
	oneDay := first.Year() == last.Year() && first.YearDay() == last.YearDay()
	heading := w.DateRange(first, last)
	if oneDay {
		heading = kit.Capital(w.Date(first))
	}
	if len(m.Sessions) == 1 {
		return parts.Stack(0, append([]fyne.CanvasObject{parts.Bold(heading)}, sessionLines(w, m, &m.Sessions[0], local)...)...)
	}
	rows := parts.Stack(parts.Gap8, parts.Bold(heading))
	for i := range m.Sessions {
		s := &m.Sessions[i]
		title := []parts.Span{{Text: s.Title.In(lang), Bold: oneDay}}
		if !oneDay {
			title = append([]parts.Span{{Text: w.ShortDate(s.Start.In(zone)) + "  ", Bold: true}}, title...)
		}
		rows.Add(parts.Stack(0, append([]fyne.CanvasObject{parts.NewText(title...)}, sessionLines(w, m, s, local)...)...))
	}
	return rows
}

// sessionLines say when a session is, there and, where it differs, here.
func sessionLines(w *words.Words, m *api.Meeting, s *api.MeetingSession, local *time.Location) []fyne.CanvasObject {
	there, here := localSpan(w, m, s, local)
	lines := []fyne.CanvasObject{parts.Body(there)}
	if here != "" {
		lines = append(lines, parts.Muted(here))
	}
	return lines
}

// tags say until when one can register, how many places are taken, and who
// approves.
func (d *meetingDetail) tags(m *api.Meeting) fyne.CanvasObject {
	env := d.screen.env
	date := func(t time.Time) map[string]any {
		day := env.Words.ShortDate(t.In(zoneOf(m)))
		if left := t.Sub(env.Now()); left > 0 && left < 48*time.Hour { // the hour counts now
			day += ", " + env.Words.Time(t.In(zoneOf(m)))
		}
		return map[string]any{"Date": day}
	}
	var tags []fyne.CanvasObject
	add := func(text string, tone parts.Tone) { tags = append(tags, parts.NewTag(text, tone)) }
	switch d.state {
	case meetingCancelled:
		add(env.T("meetings.cancelled"), parts.Bad)
		return parts.Inline(parts.Gap4, tags...)
	case meetingOver:
		add(env.T("meetings.over"), parts.Info)
		return parts.Inline(parts.Gap4, tags...)
	case meetingClosed:
		if m.Status == api.MeetingClosed {
			add(env.T("meetings.closed-now"), parts.Warning)
			break
		}
		add(env.T("meetings.closed", date(m.RegistrationUntil)), parts.Warning)
	case meetingEarly:
		add(env.T("meetings.from", date(m.RegistrationFrom)), parts.Info)
	default:
		add(env.T("meetings.until", date(m.RegistrationUntil)), parts.Info)
	}
	places := map[string]any{"Taken": m.Taken, "Capacity": m.Capacity}
	switch {
	case m.Capacity > 0 && m.Taken >= m.Capacity && m.WaitingList:
		add(env.T("meetings.tag.full-list"), parts.Warning)
	case m.Capacity > 0 && m.Taken >= m.Capacity:
		add(env.T("meetings.full", places), parts.Bad)
	case m.Capacity > 0:
		add(env.T("meetings.places", places), parts.Info)
	}
	if m.Approval != api.ApprovalNone && m.Approval != "" {
		add(env.T("meetings.approval."+m.Approval), parts.Info)
	}
	return parts.Inline(parts.Gap4, tags...)
}

// admitted says whether a meeting is for the membership type of an account.
func admitted(m *api.Meeting, a api.Account) bool {
	return len(m.Memberships) == 0 || slices.Contains(m.Memberships, a.Organization.Membership)
}

// memberships says for whom the meeting is, if not for everybody.
func (d *meetingDetail) memberships(m *api.Meeting) fyne.CanvasObject {
	if len(m.Memberships) == 0 {
		return nil
	}
	env := d.screen.env
	names := make([]string, len(m.Memberships))
	for i, id := range m.Memberships {
		names[i] = env.T("membership." + id)
	}
	text := env.T("meetings.memberships", map[string]any{"Types": strings.Join(names, "; ")})
	if admitted(m, d.screen.account) {
		return parts.Small(text)
	}
	own := env.T("membership." + d.screen.account.Organization.Membership)
	return parts.NewText(parts.Span{
		Text:  text + " " + env.T("meetings.memberships.not-you", map[string]any{"Type": own}),
		Color: parts.ColorWarning,
	}).WithSize(parts.SizeSmall)
}

func documentLinks(env kit.Env, m *api.Meeting) fyne.CanvasObject {
	var links []fyne.CanvasObject
	for i, doc := range m.Documents {
		id := parts.ID(fmt.Sprintf("meetings.document.%d", i))
		links = append(links, parts.Link(id, doc.Title.In(env.Words.Lang()), func() { env.Open(doc.URL) }))
	}
	if len(links) == 0 {
		return nil
	}
	return parts.Inline(18, links...)
}

// acts are the buttons: one primary, and the way to one's registration.
func (d *meetingDetail) acts(m *api.Meeting) []fyne.CanvasObject {
	s, t, code := d.screen, d.screen.env.T, m.Code
	register := func(text string) fyne.CanvasObject {
		return parts.NewButton("meetings.register", t(text), parts.Primary, func() { s.on.Register(code) })
	}
	own := func(kind parts.ButtonKind) fyne.CanvasObject {
		return parts.NewButton("meetings.mine", t("meetings.mine"), kind, func() { s.on.Registration(code) })
	}
	open := (d.state == meetingOpen || d.state == MeetingWaitlist) && admitted(m, d.screen.account)
	mine, registered := s.mine.Get(code)
	registered = registered && mine.State != app.StateDraft
	_, draft := s.mine.Draft(code)
	switch {
	case registered && mine.State != api.Withdrawn && mine.State != api.Refused:
		return []fyne.CanvasObject{own(parts.Primary)}
	case registered && open:
		return []fyne.CanvasObject{register("meetings.again"), own(parts.Outlined)}
	case registered:
		return []fyne.CanvasObject{own(parts.Outlined)}
	case open && draft:
		return []fyne.CanvasObject{register("meetings.continue")}
	case open && d.state == MeetingWaitlist:
		return []fyne.CanvasObject{register("meetings.register.list")}
	case open:
		return []fyne.CanvasObject{register("meetings.register")}
	}
	return nil
}
