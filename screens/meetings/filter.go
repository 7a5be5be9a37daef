package meetings

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/parts"
)

// meetingFilter is what the list of meetings can be narrowed down by. Months and places are
// those of the meetings that there are.
type meetingFilter struct {
	screen        *List
	content       fyne.CanvasObject
	open          *parts.Check
	month, place  *parts.Picker
	participation *parts.Radios
	months        []parts.Item // what the pickers offer now
	places        []parts.Item
}

// anyOne is the choice that lets everything through.
const anyOne = "any"

func newMeetingFilter(m *List) *meetingFilter {
	f := &meetingFilter{screen: m}
	t, narrow := m.env.T, func() { m.list.Narrow() }
	f.open = parts.NewCheck("meetings.filter.open", parts.Span{Text: t("meetings.filter.open")})
	f.open.OnChange = func(bool) { narrow() }
	picker := func(id parts.ID) *parts.Picker {
		p := parts.NewPicker(id, "", t("meetings.filter.no-match"), nil)
		p.OnChange = func(parts.Item) { narrow() }
		return p
	}
	f.month, f.place = picker("meetings.filter.month"), picker("meetings.filter.place")
	f.participation = parts.NewRadios("meetings.filter.participation", []parts.Item{
		{ID: anyOne, Text: t("meetings.filter.any")},
		{ID: api.OnSite, Text: t("register.participation.onsite")},
		{ID: api.Remote, Text: t("register.participation.remote")},
	})
	f.participation.OnChange = func(string) { narrow() }
	field := func(o fyne.CanvasObject, id parts.ID, key string) *parts.Field {
		return parts.NewField(id+".field", t(key), false, o)
	}
	f.content = parts.Scroll(parts.PadAll(18, parts.Stack(parts.Gap16,
		f.open,
		field(f.month, f.month.ID, "meetings.filter.month"),
		field(f.place, f.place.ID, "meetings.filter.place"),
		field(f.participation, f.participation.ID, "register.participation"))))
	f.clear()
	return f
}

// clear lets everything through.
func (f *meetingFilter) clear() {
	f.open.SetChecked(false)
	f.month.SetID(anyOne)
	f.place.SetID(anyOne)
	f.participation.Set(anyOne)
}

// fill offers the months and places of the meetings that are known now.
func (f *meetingFilter) fill() {
	env := f.screen.env
	months, places := map[string]time.Time{}, map[string]bool{}
	for i := range f.screen.all {
		m := &f.screen.all[i].meeting
		for _, month := range monthsOf(m) {
			months[monthID(month)] = month
		}
		places[town(env.Words, m)] = true
	}
	all, now := []parts.Item{{ID: anyOne, Text: env.T("meetings.filter.any-month")}}, monthID(env.Now())
	for id, month := range months {
		all = append(all, parts.Item{ID: id, Text: env.Words.Month(month)})
	}
	slices.SortFunc(all[1:], func(a, b parts.Item) int { // what comes, then what is past, the latest first
		switch {
		case (a.ID < now) != (b.ID < now):
			return -cmp.Compare(a.ID, b.ID)
		case a.ID < now:
			return cmp.Compare(b.ID, a.ID)
		default:
			return cmp.Compare(a.ID, b.ID)
		}
	})
	f.months = offer(f.month, f.months, all)
	all = []parts.Item{{ID: anyOne, Text: env.T("meetings.filter.any-place")}}
	for place := range places {
		all = append(all, parts.Item{ID: place, Text: place})
	}
	slices.SortFunc(all[1:], func(a, b parts.Item) int { return strings.Compare(a.Text, b.Text) })
	f.places = offer(f.place, f.places, all)
}

// offer gives a picker other items, if they are others, and keeps what was picked, or lets
// everything through where that is gone.
func offer(p *parts.Picker, before, items []parts.Item) []parts.Item {
	if slices.EqualFunc(before, items, func(a, b parts.Item) bool { return a.ID == b.ID }) {
		return before
	}
	picked := p.PickedID()
	p.SetItems(items)
	if !slices.ContainsFunc(items, func(i parts.Item) bool { return i.ID == picked }) {
		picked = anyOne
	}
	p.SetID(picked)
	return items
}

// monthsOf are the months in which a meeting takes place, at its place.
func monthsOf(m *api.Meeting) []time.Time {
	var months []time.Time
	for i := range m.Sessions {
		for _, at := range []time.Time{m.Sessions[i].Start, m.Sessions[i].End.Add(-time.Second)} {
			at = at.In(zoneOf(m))
			if n := len(months); n == 0 || monthID(months[n-1]) != monthID(at) {
				months = append(months, at)
			}
		}
	}
	return months
}

func monthID(t time.Time) string { return t.Format("2006-01") }

// lets tells whether a meeting passes.
func (f *meetingFilter) lets(m *api.Meeting) bool {
	env := f.screen.env
	if f.open.Checked() && (MeetingState(m, env.Now()) > MeetingWaitlist || !admitted(m, f.screen.account)) {
		return false
	}
	if month := f.chosen(f.month); month != "" &&
		!slices.ContainsFunc(monthsOf(m), func(t time.Time) bool { return monthID(t) == month }) {
		return false
	}
	if place := f.chosen(f.place); place != "" && town(env.Words, m) != place {
		return false
	}
	kind := f.participation.Chosen()
	return kind == anyOne || allows(m, kind)
}

// chosen is what was picked, or nothing.
func (f *meetingFilter) chosen(p *parts.Picker) string {
	if id := p.PickedID(); id != anyOne {
		return id
	}
	return ""
}

// said is the filter in words.
func (f *meetingFilter) said() []string {
	t := f.screen.env.T
	var by []string
	if f.open.Checked() {
		by = append(by, t("meetings.filter.open.on"))
	}
	for _, p := range []*parts.Picker{f.month, f.place} {
		if picked, ok := p.Picked(); ok && picked.ID != anyOne {
			by = append(by, picked.Text)
		}
	}
	if kind := f.participation.Chosen(); kind != anyOne {
		by = append(by, t("register.participation."+kind))
	}
	return by
}
