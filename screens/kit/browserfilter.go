package kit

import (
	"strings"

	"fyne.io/fyne/v2"

	"plenary/screens/parts"
)

// head are the search and the button of the filter; nil without both.
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

// SetFiltering shows the filter in the list's place, or the list again.
func (s *Browser[T]) SetFiltering(on bool) {
	s.filtering = on
	s.show()
}

// Narrow asks anew after the filter has changed.
func (s *Browser[T]) Narrow() {
	s.Describe()
	s.rows.again()
}

// Describe says by what the list is filtered, with the way to see all again.
func (s *Browser[T]) Describe() {
	by := s.filtered()
	if len(by) > 0 {
		s.summary.SetSpans(
			parts.Span{Text: strings.Join(by, " · ") + "  ", Color: parts.ColorMuted},
			parts.Span{Text: s.env.T("staff.filter.clear"), ID: parts.ID(s.area + ".filter.clear"), OnTapped: s.clear})
	}
	parts.SetVisible(len(by) > 0, s.summary)
}

func (s *Browser[T]) clear() {
	s.on.Clear()
	s.Narrow()
}

func (s *Browser[T]) filtered() []string {
	if s.on.Filtered == nil {
		return nil
	}
	return s.on.Filtered()
}

// Tagged are states of what a list shows, in the order of a filter, each with
// the tone of its tag.
type Tagged []struct {
	State string
	Tone  parts.Tone
}

// Compare sorts by the order of the states, as of Column.
func (t Tagged) Compare(a, b string) int { return t.at(a) - t.at(b) }

func (t Tagged) at(state string) int {
	for i, s := range t {
		if s.State == state {
			return i
		}
	}
	return len(t)
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
