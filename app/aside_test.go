package app

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"plenary/platform/files"
)

func TestOpen_erasesWhatWasSetAsideAYearAgo(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.start()
	wait(t, "the service", func() bool { id, _ := a.core.place.known(); return id != "" })
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	// Of this service, and of one that was replaced by it.
	folders := []string{filepath.Join(m.dir, m.service.info), filepath.Join(m.dir, "11111111-6d2c-4f57-9d7c-6d7a8a0b9c11")}
	for _, folder := range folders {
		for name, age := range map[string]time.Duration{"old": 366 * 24 * time.Hour, "new": 300 * 24 * time.Hour} {
			if err := os.MkdirAll(filepath.Join(folder, name, "journal"), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := files.SetAside(filepath.Join(folder, name), unreadable, time.Now().Add(-age)); err != nil {
				t.Fatal(err)
			}
		}
	}
	left := func(name string) (n int) {
		t.Helper()
		found, err := filepath.Glob(filepath.Join(m.dir, "*", name+"."+unreadable+"-*"))
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	m.start()
	wait(t, "the old ones to be erased", func() bool { return left("old") == 0 })
	if n := left("new"); n != 2 {
		t.Errorf("%d of 2 are left", n)
	}
}

// A clock that is a year ahead erases nothing: what counts is the service's.
func TestEraseAside_goesByTheServicesClock(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	if err := a.Meetings.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.core.now = func() time.Time { return time.Now().AddDate(2, 0, 0) }
	path := filepath.Join(m.dir, m.service.info, "account")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := files.SetAside(path, unreadable, time.Now()); err != nil {
		t.Fatal(err)
	}
	a.core.eraseAside()
	if left, err := filepath.Glob(path + "." + unreadable + "-*"); len(left) != 1 || err != nil {
		t.Errorf("left are %v, %v", left, err)
	}
}
