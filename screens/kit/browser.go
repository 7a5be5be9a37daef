package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/screens/parts"
)

// Browser is a list of the service's on the screen: a search, a filter that
// takes the list's place while one chooses, the rows, and "Show more". Typing
// searches by itself; Enter opens a row that was chosen on purpose only.
type Browser[T any] struct {
	env     Env
	area    string // begins the ids
	listing *Listing[T]
	on      BrowserEvents[T]

	Search    *parts.Entry // nil without a search
	button    *parts.Button
	summary   *parts.Text // the filter in words
	List      *parts.RowList
	holder    *fyne.Container
	foot      *fyne.Container
	filter    fyne.CanvasObject // nil without a filter
	Content   fyne.CanvasObject
	filtering bool
	chosenID  string
}

// BrowserEvents are what a list asks its screen.
type BrowserEvents[T any] struct {
	// id names a row for good.
	ID func(row *T) string
	// create makes what a row is shown in, fill puts one into it.
	Create func() fyne.CanvasObject
	Fill   func(row *T, o fyne.CanvasObject)
	// chosen is told of the row that was chosen, opened of the one to look at.
	Chosen, Opened func(row *T)
	// filtered puts the filter into words, one thing each; nil without a filter.
	Filtered func() []string
	// clear empties the filter.
	Clear func()
	// empty says why there are no rows; narrowed: because of search or filter.
	Empty func(narrowed bool) fyne.CanvasObject
}

// NewBrowser lays a list out. Without a placeholder it has no search, without
// filter nothing to choose in.
func NewBrowser[T any](env Env, area string, l *Listing[T], placeholder string, filter fyne.CanvasObject, on BrowserEvents[T]) *Browser[T] {
	s := &Browser[T]{env: env, area: area, listing: l, filter: filter, on: on}
	s.List = parts.NewRowList(parts.ID(area+".list"), on.Create, func(row int, o fyne.CanvasObject) {
		on.Fill(&l.Rows[row], o)
	})
	s.List.RowID = func(row int) parts.ID { return parts.ID(area + ".row." + on.ID(&l.Rows[row])) }
	s.List.OnChosen = func(row int) { s.Choose(row) }
	s.List.OnOpened = func(row int) {
		s.Choose(row)
		on.Opened(&l.Rows[row])
	}
	s.holder = container.NewStack()
	more := parts.NewButton(parts.ID(area+".more"), env.T("staff.more"), parts.Outlined, l.more)
	s.foot = parts.Stack(0, parts.Divider(), parts.PadAll(parts.Gap8, more))
	s.foot.Hide()
	s.Content = parts.Frame(s.head(placeholder), s.holder, s.foot)
	l.Changed = s.show
	s.show()
	return s
}

func (s *Browser[T]) head(placeholder string) fyne.CanvasObject {
	var cells []parts.Cell
	if placeholder != "" {
		s.Search = parts.NewEntry(parts.ID(s.area + ".search"))
		s.Search.SetPlaceHolder(placeholder)
		s.Search.OnChanged = func(string) { s.listing.Soon() }
		s.Search.OnKey = s.searchKey
		cells = append(cells, parts.Cell{Object: s.Search, Min: 120, Weight: 1})
	}
	s.summary = parts.Small("").WithID(parts.ID(s.area + ".filter.said"))
	s.summary.Hide()
	if s.filter != nil {
		s.button = parts.NewButton(parts.ID(s.area+".filter"), s.env.T("staff.filter"), parts.Outlined, func() { s.SetFiltering(!s.filtering) }).Low()
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
func (s *Browser[T]) searchKey(key *fyne.KeyEvent) bool {
	switch key.Name {
	case fyne.KeyDown, fyne.KeyUp, fyne.KeyPageDown, fyne.KeyPageUp:
		s.List.TypedKey(key)
	case fyne.KeyReturn, fyne.KeyEnter:
		if !s.listing.waits && s.List.Chosen() >= 0 {
			s.List.TypedKey(key)
		}
	default:
		return false
	}
	return true
}

func (s *Browser[T]) Choose(row int) {
	r := &s.listing.Rows[row]
	s.chosenID = s.on.ID(r)
	s.on.Chosen(r)
}

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
	s.listing.Load()
}

// Describe says by what the list is filtered, with the way to see all again.
func (s *Browser[T]) Describe() {
	var by []string
	if s.on.Filtered != nil {
		by = s.on.Filtered()
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

func (s *Browser[T]) clear() {
	s.on.Clear()
	s.Narrow()
}

// show brings the rows onto the screen, or what stands in their place.
func (s *Browser[T]) show() {
	l := s.listing
	s.List.SetLength(len(l.Rows))
	at := -1
	for i := range l.Rows {
		if s.chosenID != "" && s.on.ID(&l.Rows[i]) == s.chosenID {
			at = i
		}
	}
	s.List.Choose(at)
	var by []string
	if s.on.Filtered != nil {
		by = s.on.Filtered()
	}
	var o fyne.CanvasObject = s.List
	switch {
	case s.filtering:
		o = s.filter
	case len(l.Rows) > 0:
	case l.loaded:
		o = parts.Scroll(s.on.Empty(s.Text() != "" || len(by) > 0))
	default: // nothing is known yet: what is waited for, or went wrong, is said above
		o = parts.Space(1)
	}
	Swap(s.holder, o)
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

// Replace puts another state of a row into the list, if it is there.
func (s *Browser[T]) Replace(row T) {
	for i := range s.listing.Rows {
		if s.on.ID(&s.listing.Rows[i]) == s.on.ID(&row) {
			s.listing.Rows[i] = row
			s.show()
		}
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
