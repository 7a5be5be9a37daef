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
	view []T // the rows in the order of the screen
	on   BrowserEvents[T]

	table     *table[T]       // nil where rows have no columns
	marked    map[string]bool // by their names
	Search    *parts.Entry    // nil without a search
	button    *parts.Button
	summary   *parts.Text // the filter in words
	List      *parts.RowList
	body      fyne.CanvasObject // the list, below the names of its columns if it has some
	holder    *fyne.Container
	foot      *fyne.Container
	filter    fyne.CanvasObject // nil without a filter
	Content   fyne.CanvasObject
	filtering bool
	chosenID  string
	found     bool // a search is to choose its first hit
	blank     bool // nothing was known, and nothing else has been shown since
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
	// Table are the columns that are shown of each row; or
	Table []Column[T]
	// Create makes what a row is shown in, and Fill puts one into it.
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
	// Sort is told the order that a long list shall have, before it is asked for anew at
	// the service: by a column whose Sorts is set, or its own order for "". nil where the
	// program sorts, which it does only once it has all rows.
	Sort func(column string, order parts.Order)
	// Marked is told when other rows are marked; nil where none can be.
	Marked func()
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
// what is searched for, and for what is chosen in filter, which may be nil. It is empty
// until Reload.
func NewLocalBrowser[T any](env Env, area, placeholder string, filter fyne.CanvasObject, find func(search string) []T, on BrowserEvents[T]) *Browser[T] {
	s := &Browser[T]{env: env, area: area, filter: filter, on: on}
	s.rows = &inMemory[T]{find: func() []T { return find(s.Text()) }}
	s.build(placeholder)
	return s
}

func (s *Browser[T]) build(placeholder string) {
	on := &s.on
	if on.Table != nil {
		s.table = newTable(s.area, on.Table, on.Sort != nil, s.sort)
		on.Create, on.Fill, on.Columns = s.table.create, s.table.fill, s.table.head
		if on.Marked != nil {
			s.table.head.WithMarks()
		}
	}
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
	if on.Marked != nil {
		s.marked = map[string]bool{}
		s.List.OnMarked = s.mark
		s.List.Marked = func(row int) bool { return s.marked[on.ID(s.row(row))] }
	}
	s.body = s.List
	if on.Columns != nil {
		s.body = parts.Frame(on.Columns, s.List, nil)
	}
	s.holder = container.NewStack()
	more := parts.NewButton(parts.ID(s.area+".more"), s.env.T("staff.more"), parts.Outlined, s.rows.more)
	s.foot = parts.Stack(0, parts.Divider(), parts.PadAll(parts.Gap8, more))
	s.foot.Hide()
	s.Content = parts.Frame(s.head(placeholder), s.holder, s.foot)
	s.rows.tell(s.show)
}

// sort shows the rows in the order that was chosen, or asks the service for them.
func (s *Browser[T]) sort() {
	if s.on.Sort == nil {
		s.show()
		return
	}
	s.on.Sort(s.table.chosen())
	s.show() // the heads; the rows follow with the answer
	s.rows.again()
}

func (s *Browser[T]) row(row int) *T { return &s.view[row] }

func (s *Browser[T]) heading(row int) bool { return s.isHeading(s.row(row)) }

func (s *Browser[T]) isHeading(r *T) bool { return s.on.Heading != nil && s.on.Heading(r) }

func tell[T any](f func(*T), row *T) {
	if f != nil {
		f(row)
	}
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
	return slices.IndexFunc(s.view, func(r T) bool { return !s.isHeading(&r) && s.on.ID(&r) == id })
}

// Len is how many rows are listed.
func (s *Browser[T]) Len() int { return len(s.view) }

// Text is what is searched for.
func (s *Browser[T]) Text() string {
	if s.Search == nil {
		return ""
	}
	return strings.TrimSpace(s.Search.Text)
}

// Back leaves what a narrow window shows in the list's place (panes may be nil),
// the filter, the marks or the search; it tells whether there was any.
func (s *Browser[T]) Back(panes *parts.Panes) bool {
	switch {
	case panes != nil && panes.Narrow() && panes.DetailShown():
		panes.ShowDetail(false)
		parts.Focus(s.List)
	case s.filtering:
		s.SetFiltering(false)
		parts.Focus(s.List)
	case s.Unmark():
	case s.Search != nil && s.Search.Text != "":
		s.Search.SetText("")
	default:
		return false
	}
	return true
}

// Reload brings the list up to date: at once where it is in memory, else by the
// service.
func (s *Browser[T]) Reload() { s.rows.again() }

// show brings the rows onto the screen, or what stands in their place.
func (s *Browser[T]) show() {
	rows := s.rows.list()
	if s.table != nil {
		rows = s.table.sorted(rows, s.rows.goesOn())
	}
	s.view = rows
	row := s.at(s.chosenID)
	if s.on.None != nil && (row < 0 || s.found) {
		row = slices.IndexFunc(rows, func(r T) bool { return !s.isHeading(&r) })
	}
	s.found = false
	s.List.Set(len(rows), row)
	s.forgetGone()
	s.follow(row)
	o, more := s.body, s.rows.goesOn()
	first, _ := s.rows.awaits()
	switch {
	case s.filtering:
		o, more = s.filter, false
	case len(rows) > 0:
	case first: // nothing is known yet: what is waited for, or went wrong, is said above
		o, s.blank = parts.Space(1), true
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
	parts.SetVisible(more, s.foot)
	if s.blank && o == s.body {
		s.blank = false
		s.takeKeyboard()
	}
}

// takeKeyboard gives the keyboard to a list that has nothing else to begin with, unless
// something has it: when the page asked for that, there were no rows yet.
func (s *Browser[T]) takeKeyboard() {
	if c := parts.CanvasOf(s.List); s.Search == nil && c != nil && c.Focused() == nil {
		c.Focus(s.List)
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

// Replace puts another state of a row into the list, if it is there.
func (s *Browser[T]) Replace(row T) {
	rows := s.rows.list()
	for i := range rows {
		if !s.isHeading(&rows[i]) && s.on.ID(&rows[i]) == s.on.ID(&row) {
			rows[i] = row
			s.show()
			return
		}
	}
}
