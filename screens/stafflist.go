package screens

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/screens/parts"
)

// staffList is a list of the service's on the screen: a search, a filter that
// takes the list's place while one chooses, the rows, and "Show more". Typing
// searches by itself; Enter opens a row that was chosen on purpose only.
type staffList[T any] struct {
	env     Env
	area    string // begins the ids
	listing *listing[T]
	on      staffListEvents[T]

	search    *parts.Entry // nil without a search
	button    *parts.Button
	summary   *parts.Text // the filter in words
	list      *parts.RowList
	holder    *fyne.Container
	foot      *fyne.Container
	filter    fyne.CanvasObject // nil without a filter
	content   fyne.CanvasObject
	filtering bool
	chosenID  string
}

// staffListEvents are what a list asks its screen.
type staffListEvents[T any] struct {
	// id names a row for good.
	id func(row *T) string
	// create makes what a row is shown in, fill puts one into it.
	create func() fyne.CanvasObject
	fill   func(row *T, o fyne.CanvasObject)
	// chosen is told of the row that was chosen, opened of the one to look at.
	chosen, opened func(row *T)
	// filtered puts the filter into words, one thing each; nil without a filter.
	filtered func() []string
	// clear empties the filter.
	clear func()
	// empty says why there are no rows; narrowed: because of search or filter.
	empty func(narrowed bool) fyne.CanvasObject
}

// newStaffList lays a list out. Without a placeholder it has no search, without
// filter nothing to choose in.
func newStaffList[T any](env Env, area string, l *listing[T], placeholder string, filter fyne.CanvasObject, on staffListEvents[T]) *staffList[T] {
	s := &staffList[T]{env: env, area: area, listing: l, filter: filter, on: on}
	s.list = parts.NewRowList(parts.ID(area+".list"), on.create, func(row int, o fyne.CanvasObject) {
		on.fill(&l.rows[row], o)
	})
	s.list.RowID = func(row int) parts.ID { return parts.ID(area + ".row." + on.id(&l.rows[row])) }
	s.list.OnChosen = func(row int) { s.choose(row) }
	s.list.OnOpened = func(row int) {
		s.choose(row)
		on.opened(&l.rows[row])
	}
	s.holder = container.NewStack()
	more := parts.NewButton(parts.ID(area+".more"), env.T("staff.more"), parts.Outlined, l.more)
	s.foot = parts.Stack(0, parts.Divider(), parts.PadAll(parts.Gap8, more))
	s.foot.Hide()
	s.content = parts.Frame(s.head(placeholder), s.holder, s.foot)
	l.changed = s.show
	s.show()
	return s
}

func (s *staffList[T]) head(placeholder string) fyne.CanvasObject {
	var cells []parts.Cell
	if placeholder != "" {
		s.search = parts.NewEntry(parts.ID(s.area + ".search"))
		s.search.SetPlaceHolder(placeholder)
		s.search.OnChanged = func(string) { s.listing.soon() }
		s.search.OnKey = s.searchKey
		cells = append(cells, parts.Cell{Object: s.search, Min: 120, Weight: 1})
	}
	s.summary = parts.Small("").WithID(parts.ID(s.area + ".filter.said"))
	s.summary.Hide()
	if s.filter != nil {
		s.button = parts.NewButton(parts.ID(s.area+".filter"), s.env.T("staff.filter"), parts.Outlined, func() { s.setFiltering(!s.filtering) }).Low()
		cells = append(cells, parts.Cell{Object: s.button})
	}
	if len(cells) == 0 {
		return nil
	}
	row := parts.Stack(parts.Gap8, parts.MiddleRow(parts.Gap8, cells...), s.summary)
	return parts.Stack(0, parts.Pad(parts.Gap12, 18, parts.Gap12, 18, row), parts.Divider())
}

// searchKey lets the arrow keys and Enter act on the list while the keyboard is
// in the search. While an answer is awaited, Enter does nothing: the rows are
// those of another question.
func (s *staffList[T]) searchKey(key *fyne.KeyEvent) bool {
	switch key.Name {
	case fyne.KeyDown, fyne.KeyUp, fyne.KeyPageDown, fyne.KeyPageUp:
		s.list.TypedKey(key)
	case fyne.KeyReturn, fyne.KeyEnter:
		if !s.listing.waits && s.list.Chosen() >= 0 {
			s.list.TypedKey(key)
		}
	default:
		return false
	}
	return true
}

func (s *staffList[T]) choose(row int) {
	r := &s.listing.rows[row]
	s.chosenID = s.on.id(r)
	s.on.chosen(r)
}

// text is what is searched for.
func (s *staffList[T]) text() string {
	if s.search == nil {
		return ""
	}
	return strings.TrimSpace(s.search.Text)
}

// setFiltering shows the filter in the list's place, or the list again.
func (s *staffList[T]) setFiltering(on bool) {
	s.filtering = on
	s.show()
}

// back leaves what a narrow window shows in the list's place (panes may be nil),
// the filter or the search; it tells whether there was any.
func (s *staffList[T]) back(panes *parts.Panes) bool {
	switch {
	case panes != nil && panes.Narrow() && panes.DetailShown():
		panes.ShowDetail(false)
		parts.Focus(s.list)
	case s.filtering:
		s.setFiltering(false)
		parts.Focus(s.list)
	case s.search != nil && s.search.Text != "":
		s.search.SetText("")
	default:
		return false
	}
	return true
}

// narrow asks anew after the filter has changed.
func (s *staffList[T]) narrow() {
	s.describe()
	s.listing.load()
}

// describe says by what the list is filtered, with the way to see all again.
func (s *staffList[T]) describe() {
	var by []string
	if s.on.filtered != nil {
		by = s.on.filtered()
	}
	if len(by) == 0 {
		s.summary.Hide()
	} else {
		s.summary.SetSpans(
			parts.Span{Text: strings.Join(by, " · ") + "  ", Color: parts.ColorMuted},
			parts.Span{Text: s.env.T("staff.filter.clear"), ID: parts.ID(s.area + ".filter.clear"), OnTapped: s.clear})
		s.summary.Show()
	}
	parts.Changed(s.summary)
}

func (s *staffList[T]) clear() {
	s.on.clear()
	s.narrow()
}

// show brings the rows onto the screen, or what stands in their place.
func (s *staffList[T]) show() {
	l := s.listing
	s.list.SetLength(len(l.rows))
	at := -1
	for i := range l.rows {
		if s.chosenID != "" && s.on.id(&l.rows[i]) == s.chosenID {
			at = i
		}
	}
	s.list.Choose(at)
	var by []string
	if s.on.filtered != nil {
		by = s.on.filtered()
	}
	var o fyne.CanvasObject = s.list
	switch {
	case s.filtering:
		o = s.filter
	case len(l.rows) > 0:
	case l.loaded:
		o = parts.Scroll(s.on.empty(s.text() != "" || len(by) > 0))
	default: // nothing is known yet: what is waited for, or went wrong, is said above
		o = parts.Space(1)
	}
	swap(s.holder, o)
	if s.button != nil {
		word := "staff.filter"
		if s.filtering {
			word = "staff.filter.done"
		}
		s.button.SetText(s.env.T(word))
	}
	s.foot.Hidden = s.filtering || l.next == ""
	parts.Changed(s.holder)
}

// replace puts another state of a row into the list, if it is there.
func (s *staffList[T]) replace(row T) {
	for i := range s.listing.rows {
		if s.on.id(&s.listing.rows[i]) == s.on.id(&row) {
			s.listing.rows[i] = row
			s.show()
		}
	}
}

// tagged are states of what a list shows, in the order of a filter, each with
// the tone of its tag.
type tagged []struct {
	state string
	tone  parts.Tone
}

// tag gives the words of a state, which begin with prefix, and its tone; one of a
// newer service keeps its own name.
func (t tagged) tag(env Env, prefix, state string) (string, parts.Tone) {
	for _, s := range t {
		if s.state == state {
			return env.T(prefix + state), s.tone
		}
	}
	return state, parts.Info
}
