package localdb

import (
	"fmt"
	"slices"
	"sort"
)

// PutDraft keeps data under name in place of what was there. When it returns,
// the draft is safe on the disk. Passwords never belong in one (design.md).
// Errors to test for: ErrDiskFull, ErrTooLarge, ErrStopped, ErrClosed.
func (s *Store) PutDraft(name string, data []byte) error {
	if len(data) > MaxRecord {
		return fmt.Errorf("put a draft: %w", ErrTooLarge)
	}
	data = append([]byte{}, data...)
	err := s.write(newWork, func() (record, error) {
		return record{Kind: recordDraft, Name: name, data: data}, nil
	})
	if err != nil {
		return fmt.Errorf("put a draft: %w", err)
	}
	return nil
}

// Draft returns the draft of that name, or ErrNotFound.
func (s *Store) Draft(name string) ([]byte, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return nil, ErrClosed
	}
	data, ok := s.state.drafts[name]
	if !ok {
		return nil, fmt.Errorf("draft: %w", ErrNotFound)
	}
	return slices.Clone(data), nil
}

// DraftSize is how many bytes the draft of that name has; 0 where there is none.
func (s *Store) DraftSize(name string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.state.drafts[name])
}

// Drafts returns the names of all drafts, sorted.
func (s *Store) Drafts() ([]string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return nil, ErrClosed
	}
	names := make([]string, 0, len(s.state.drafts))
	for name := range s.state.drafts {
		names = append(names, name)
	}
	sort.Strings(names)
	return names, nil
}

// DeleteDraft removes the draft of that name; none is no error.
func (s *Store) DeleteDraft(name string) error {
	err := s.write(settlement, func() (record, error) {
		if _, ok := s.state.drafts[name]; !ok {
			return record{}, errNothingToDo
		}
		return record{Kind: recordUndraft, Name: name}, nil
	})
	if err != nil {
		return fmt.Errorf("delete a draft: %w", err)
	}
	return nil
}
