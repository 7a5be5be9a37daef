package kit

// Marked are the rows that were marked for something to be done with all of
// them, in the order of the list; those that are in it no more are forgotten.
func (s *Browser[T]) Marked() []T {
	var rows []T
	for i := range s.view {
		if r := s.row(i); !s.isHeading(r) && s.marked[s.on.ID(r)] {
			rows = append(rows, *r)
		}
	}
	return rows
}

// Unmark takes all marks away; it tells whether there were any.
func (s *Browser[T]) Unmark() bool {
	if len(s.marked) == 0 {
		return false
	}
	clear(s.marked)
	s.show()
	s.on.Marked()
	return true
}

// UnmarkIDs takes the marks of the rows of these names away.
func (s *Browser[T]) UnmarkIDs(ids []string) {
	for _, id := range ids {
		delete(s.marked, id)
	}
	s.show()
	s.on.Marked()
}

func (s *Browser[T]) mark(from, until int, marked bool) {
	for i := from; i < until; i++ {
		switch r := s.row(i); {
		case s.isHeading(r):
		case marked:
			s.marked[s.on.ID(r)] = true
		default:
			delete(s.marked, s.on.ID(r))
		}
	}
	s.on.Marked()
}

// forgetGone takes the marks of rows away that the list has no more.
func (s *Browser[T]) forgetGone() {
	if len(s.marked) == 0 {
		return
	}
	left := map[string]bool{}
	for i := range s.view {
		if r := s.row(i); !s.isHeading(r) && s.marked[s.on.ID(r)] {
			left[s.on.ID(r)] = true
		}
	}
	gone := len(left) < len(s.marked)
	s.marked = left
	if gone {
		s.on.Marked()
	}
}
