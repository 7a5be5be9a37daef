package localdb

import (
	"errors"
	"path/filepath"

	"plenary/platform/files"
)

// damaged is the reason in the names of segments that were set aside.
const damaged = "damaged"

// retire removes the files of a segment that a new one replaces. Where something was
// lost, damaged ones are set aside, for whoever can still read more of them.
func (s *Store) retire(seg segmentOnDisk) error {
	now := s.o.Now()
	if contact := s.o.Contact(); contact.After(now) {
		now = contact
	}
	var errs []error
	for i, path := range segmentPaths(s.dir, seg.n) {
		if s.report.Lost > 0 && seg.there[i] && !seg.whole[i] {
			errs = append(errs, files.SetAside(path, damaged, now))
		} else {
			errs = append(errs, files.RemoveIfThere(path))
		}
	}
	return errors.Join(errs...)
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
