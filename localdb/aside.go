package localdb

import (
	"path/filepath"

	"plenary/platform/files"
)

// damaged is the reason in the names of segments that were set aside.
const damaged = "damaged"

// retire removes a segment that a new one replaces; a damaged one is set aside, for
// whoever can still read more of it.
func (s *Store) retire(path string, whole bool) error {
	if whole {
		return files.RemoveIfThere(path)
	}
	now := s.o.Now()
	if contact := s.o.Contact(); contact.After(now) {
		now = contact
	}
	return files.SetAside(path, damaged, now)
}

// eraseAside erases segments that were set aside more than a year ago. What is known of the
// service's clock counts, since the device's may be wrong.
func (s *Store) eraseAside() {
	now := s.o.Contact()
	if now.IsZero() {
		now = s.o.Now()
	}
	if _, err := files.RemoveAside(filepath.Join(s.dir, journalDir), damaged, now); err != nil {
		s.o.Logger.Warn("damaged segments of long ago cannot be removed yet")
	}
}
