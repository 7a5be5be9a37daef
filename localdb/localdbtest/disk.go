// Package localdbtest has what tests of other packages need of a store.
package localdbtest

import (
	"sync"

	"plenary/localdb"
)

// FakeDisk is a disk that can be made to hang, its syncs wait then, and one that can be
// full. The zero value works like any other.
type FakeDisk struct {
	mu      sync.Mutex
	full    bool
	hanging chan struct{} // closed when it works again; nil while it does
	waiting chan struct{} // closed when the first sync waits
}

// Hang makes the disk hang until release; waiting is closed when something waits for it.
func (d *FakeDisk) Hang() (waiting <-chan struct{}, release func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	hanging := make(chan struct{})
	d.hanging, d.waiting = hanging, make(chan struct{})
	return d.waiting, sync.OnceFunc(func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		close(hanging)
		d.hanging = nil
	})
}

// Fill makes the disk full, or gives it room again.
func (d *FakeDisk) Fill(full bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.full = full
}

// Open is for localdb.Options.
func (d *FakeDisk) Open(path string) (localdb.Segment, error) {
	s, err := localdb.OpenSegment(path)
	if err != nil {
		return nil, err
	}
	return &fakeSegment{s, d}, nil
}

type fakeSegment struct {
	localdb.Segment
	disk *FakeDisk
}

func (s *fakeSegment) Sync() error {
	s.disk.wait()
	return s.Segment.Sync()
}

func (s *fakeSegment) Write(b []byte) (int, error) {
	s.disk.mu.Lock()
	full := s.disk.full
	s.disk.mu.Unlock()
	if full {
		return 0, localdb.ErrDiskFull
	}
	return s.Segment.Write(b)
}

func (d *FakeDisk) wait() {
	d.mu.Lock()
	hanging, waiting := d.hanging, d.waiting
	if hanging != nil && waiting != nil {
		close(waiting)
		d.waiting = nil
	}
	d.mu.Unlock()
	if hanging != nil {
		<-hanging
	}
}
