package kit

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/screens/parts"
)

// Browser is a list on the screen: a search, a filter that takes the list's
// place while one chooses, the rows, and "Show more". Its rows come from the
// service page by page, or are in memory. What is chosen is kept by its name,
// wherever it stands after a change.
type Browser[T any] struct {
	env  Env
	area string // begins the ids
	rows source[T]
	on   BrowserEvents[T]

	Search    *parts.Entry // nil without a search
	button    *parts.Button
	summary   *parts.Text // the filter in words
	List      *parts.RowList
	table     fyne.CanvasObject // the list below the names of its columns
	holder    *fyne.Container
	foot      *fyne.Container
	filter    fyne.CanvasObject // nil without a filter
	Content   fyne.CanvasObject
	filtering bool
	chosenID  string
	found     bool // a search is to choose its first hit
}

// source is where the rows of a browser come from.
type source[T any] interface {
	list() []T
	// awaits tells whether the first answer is awaited, and whether the next is.
	awaits() (first, next bool)
	goesOn() bool // there are more than in list
	more()        // asks for them
	typed()       // asks after something was typed
	again()       // asks at once
	tell(changed func())
}

// BrowserEvents are what a list asks its screen.
type BrowserEvents[T any] struct {
	// ID names a row for good.
	ID func(row *T) string
	// Create makes what a row is shown in, Fill puts one into it.
	Create func() fyne.CanvasObject
	Fill   func(row *T, o fyne.CanvasObject)
	// Heading tells which rows stand above others and cannot be chosen; nil for none.
	Heading func(row *T) bool
	// Chosen is told of the row that was chosen, Opened of the one to look at,
	// Entered after that where it was opened by a key and something leads on
	// from it. Each may be nil.
	Chosen, Opened, Entered func(row *T)
	// None makes what is beside the list follow it: the first row is chosen by
	// itself, also that of a search; Chosen is told at every change, and None
	// where there is no row. Where an act on the wrong row would matter, leave it out.
	None func()
	// Filtered puts the filter into words, one thing each; nil without a filter.
	Filtered func() []string
	// Clear empties the filter.
	Clear func()
	// Columns names the columns above the rows; nil without.
	Columns fyne.CanvasObject
	// Buttons stand beside the filter.
	Buttons []*parts.Button
	// Empty says why there are no rows; narrowed: because of search or filter.
	Empty func(narrowed bool) fyne.CanvasObject
}

// NewBrowser lays a list of the service out. Typing searches by itself; Enter
// opens a row that was chosen on purpose only. Without a placeholder it has no
// search, without filter nothing to choose in.
func NewBrowser[T any](env Env, area string, l *Listing[T], placeholder string, filter fyne.CanvasObject, on BrowserEvents[T]) *Browser[T] {
	s := &Browser[T]{env: env, area: area, rows: l, filter: filter, on: on}
	s.build(placeholder)
	s.show()
	return s
}

// NewLocalBrowser lays a list out that is in memory; find gives the rows for
// what is searched for. It is empty until Reload.
func NewLocalBrowser[T any](env Env, area, placeholder string, find func(search string) []T, on BrowserEvents[T]) *Browser[T] {
	s := &Browser[T]{env: env, area: area, on: on}
	s.rows = &inMemory[T]{find: func() []T { return find(s.Text()) }}
	s.build(placeholder)
	return s
}

func (s *Browser[T]) build(placeholder string) {
	on := &s.on
	s.List = parts.NewRowList(parts.ID(s.area+".list"), on.Create, func(row int, o fyne.CanvasObject) {
		on.Fill(s.row(row), o)
	})
	s.List.RowID = func(row int) parts.ID {
		if s.heading(row) {
			return ""
		}
		return parts.ID(s.area + ".row." + on.ID(s.row(row)))
	}
	if on.Heading != nil {
		s.List.Heading = s.heading
	}
	s.List.OnChosen = s.Choose
	s.List.OnOpened = func(row int) {
		s.Choose(row)
		tell(on.Opened, s.row(row))
	}
	if on.Entered != nil {
		s.List.OnEntered = func(row int) { on.Entered(s.row(row)) }
	}
	s.table = s.List
	if on.Columns != nil {
		s.table = parts.Frame(on.Columns, s.List, nil)
	}
	s.holder = container.NewStack()
	more := parts.NewButton(parts.ID(s.area+".more"), s.env.T("staff.more"), parts.Outlined, s.rows.more)
	s.foot = parts.Stack(0, parts.Divider(), parts.PadAll(parts.Gap8, more))
	s.foot.Hide()
	s.Content = parts.Frame(s.head(placeholder), s.holder, s.foot)
	s.rows.tell(s.show)
}

func (s *Browser[T]) row(row int) *T { return &s.rows.list()[row] }

func (s *Browser[T]) heading(row int) bool { return s.isHeading(s.row(row)) }

func (s *Browser[T]) isHeading(r *T) bool { return s.on.Heading != nil && s.on.Heading(r) }

func tell[T any](f func(*T), row *T) {
	if f != nil {
		f(row)
	}
}

func (s *Browser[T]) head(placeholder string) fyne.CanvasObject {
	var cells []parts.Cell
	if placeholder != "" {
		s.Search = parts.NewEntry(parts.ID(s.area + ".search"))
		s.Search.SetPlaceHolder(placeholder)
		s.Search.OnChanged = s.typed
		s.Search.OnKey = s.searchKey
		cells = append(cells, parts.Cell{Object: s.Search, Min: 120, Weight: 1})
	}
	s.summary = parts.Small("").WithID(parts.ID(s.area + ".filter.said"))
	s.summary.Hide()
	if s.filter != nil {
		s.button = parts.NewButton(parts.ID(s.area+".filter"), s.env.T("staff.filter"), parts.Outlined, func() { s.SetFiltering(!s.filtering) }).Low()
		cells = append(cells, parts.Cell{Object: s.button})
	}
	for _, b := range s.on.Buttons {
		cells = append(cells, parts.Cell{Object: b})
	}
	if len(cells) == 0 {
		return nil
	}
	row := parts.Stack(parts.Gap8, parts.MiddleRow(parts.Gap8, cells...), s.summary)
	return parts.Stack(0, parts.Pad(parts.Gap12, 18, parts.Gap12, 18, row), parts.Divider())
}

// typed searches; what follows the list goes with the first hit.
func (s *Browser[T]) typed(text string) {
	if s.on.None != nil && text != "" {
		s.found = true
	}
	s.rows.typed()
}

// searchKey lets the arrow keys and Enter act on the list while the keyboard is
// in the search. While an answer is awaited, Enter does nothing: the rows are
// those of another question.
func (s *Browser[T]) searchKey(key *fyne.KeyEvent) bool {
	switch key.Name {
	case fyne.KeyDown, fyne.KeyUp, fyne.KeyPageDown, fyne.KeyPageUp:
		s.List.TypedKey(key)
	case fyne.KeyReturn, fyne.KeyEnter:
		if _, next := s.rows.awaits(); !next && s.List.Chosen() >= 0 {
			s.List.TypedKey(key)
		}
	default:
		return false
	}
	return true
}

// Choose chooses a row, and tells of it.
func (s *Browser[T]) Choose(row int) {
	r := s.row(row)
	s.chosenID = s.on.ID(r)
	tell(s.on.Chosen, r)
}

// ChooseID chooses the row of a name and brings it into view, whatever is
// searched for; where there is none, nothing happens.
func (s *Browser[T]) ChooseID(id string) {
	if s.at(id) < 0 && s.Search != nil && s.Search.Text != "" {
		s.Search.SetText("")
	}
	if row := s.at(id); row >= 0 {
		s.List.Choose(row)
		s.Choose(row)
	}
}

// ChosenID is the name of the row that was chosen last, empty for none.
func (s *Browser[T]) ChosenID() string { return s.chosenID }

// at is the row of a name, -1 if there is none.
func (s *Browser[T]) at(id string) int {
	if id == "" {
		return -1
	}
	rows := s.rows.list()
	return slices.IndexFunc(rows, func(r T) bool { return !s.isHeading(&r) && s.on.ID(&r) == id })
}

// Len is how many rows are listed.
func (s *Browser[T]) Len() int { return len(s.rows.list()) }

// Text is what is searched for.
func (s *Browser[T]) Text() string {
	if s.Search == nil {
		return ""
	}
	return strings.TrimSpace(s.Search.Text)
}

// SetFiltering shows the filter in the list's place, or the list again.
func (s *Browser[T]) SetFiltering(on bool) {
	s.filtering = on
	s.show()
}

// Back leaves what a narrow window shows in the list's place (panes may be nil),
// the filter or the search; it tells whether there was any.
func (s *Browser[T]) Back(panes *parts.Panes) bool {
	switch {
	case panes != nil && panes.Narrow() && panes.DetailShown():
		panes.ShowDetail(false)
		parts.Focus(s.List)
	case s.filtering:
		s.SetFiltering(false)
		parts.Focus(s.List)
	case s.Search != nil && s.Search.Text != "":
		s.Search.SetText("")
	default:
		return false
	}
	return true
}

// Narrow asks anew after the filter has changed.
func (s *Browser[T]) Narrow() {
	s.Describe()
	s.rows.again()
}

// Reload brings the list up to date: at once where it is in memory, else by the
// service.
func (s *Browser[T]) Reload() { s.rows.again() }

// Describe says by what the list is filtered, with the way to see all again.
func (s *Browser[T]) Describe() {
	by := s.filtered()
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

func (s *Browser[T]) clear() {
	s.on.Clear()
	s.Narrow()
}

// show brings the rows onto the screen, or what stands in their place.
func (s *Browser[T]) show() {
	rows := s.rows.list()
	row := s.at(s.chosenID)
	if s.on.None != nil && (row < 0 || s.found) {
		row = slices.IndexFunc(rows, func(r T) bool { return !s.isHeading(&r) })
	}
	s.found = false
	s.List.Set(len(rows), row)
	s.follow(row)
	o, more := s.table, s.rows.goesOn()
	first, _ := s.rows.awaits()
	switch {
	case s.filtering:
		o, more = s.filter, false
	case len(rows) > 0:
	case first: // nothing is known yet: what is waited for, or went wrong, is said above
		o = parts.Space(1)
	default:
		o = parts.Scroll(s.on.Empty(s.Text() != "" || len(s.filtered()) > 0))
	}
	if s.button != nil {
		word := "staff.filter"
		if s.filtering {
			word = "staff.filter.done"
		}
		s.button.SetText(s.env.T(word))
	}
	Swap(s.holder, o)
	if s.foot.Visible() != more {
		setHidden(s.foot, !more)
		parts.Changed(s.foot)
	}
}

// follow tells what is beside the list which row it is about now.
func (s *Browser[T]) follow(row int) {
	switch {
	case s.on.None == nil:
	case row < 0:
		s.on.None() // what was chosen is again once it is found again
	default:
		s.Choose(row)
	}
}

func (s *Browser[T]) filtered() []string {
	if s.on.Filtered == nil {
		return nil
	}
	return s.on.Filtered()
}

// Replace puts another state of a row into the list, if it is there.
func (s *Browser[T]) Replace(row T) {
	if at := s.at(s.on.ID(&row)); at >= 0 {
		*s.row(at) = row
		s.show()
	}
}

// Tagged are states of what a list shows, in the order of a filter, each with
// the tone of its tag.
type Tagged []struct {
	State string
	Tone  parts.Tone
}

// Tag gives the words of a state, which begin with prefix, and its tone; one of a
// newer service keeps its own name.
func (t Tagged) Tag(env Env, prefix, state string) (string, parts.Tone) {
	for _, s := range t {
		if s.State == state {
			return env.T(prefix + state), s.Tone
		}
	}
	return state, parts.Info
}
