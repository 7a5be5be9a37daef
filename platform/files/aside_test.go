package files_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"plenary/platform/files"
)

func TestAside_staysForAYear(t *testing.T) {
	dir := t.TempDir()
	made := time.Date(2027, 3, 1, 12, 0, 0, 0, time.FixedZone("", 3600))
	file, folder := filepath.Join(dir, "1.seg"), filepath.Join(dir, "account")
	write(t, file, "damaged")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "inside"), "sealed")
	for _, path := range []string{file, folder} {
		if err := files.SetAside(path, "unreadable", made); err != nil {
			t.Fatal(err)
		}
	}
	others := []string{"account.unreadable", "account.unreadable-", "account.unreadable-x", "account.other-20000101-000000", "unreadable-20000101-000000"}
	for _, name := range others {
		write(t, filepath.Join(dir, name), "")
	}
	aside := []string{"1.seg.unreadable-20270301-110000", "account.unreadable-20270301-110000"}
	for _, step := range []struct {
		now     time.Time
		removed int
		want    []string
	}{
		{made.Add(-48 * time.Hour), 0, append(aside, others...)},
		{made.AddDate(1, 0, 0), 0, append(aside, others...)},
		{made.AddDate(1, 0, 0).Add(time.Second), 2, others},
		{made.AddDate(9, 0, 0), 0, others},
	} {
		removed, err := files.RemoveAside(dir, "unreadable", step.now)
		if removed != step.removed || err != nil {
			t.Errorf("at %v: removed %d, %v", step.now, removed, err)
		}
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		var left []string
		for _, e := range entries {
			left = append(left, e.Name())
		}
		slices.Sort(step.want)
		if !slices.Equal(left, step.want) {
			t.Errorf("at %v: left are %q", step.now, left)
		}
	}
}

func TestRemoveAside_whereThereIsNoFolder(t *testing.T) {
	if n, err := files.RemoveAside(filepath.Join(t.TempDir(), "none"), "unreadable", time.Now()); n != 0 || err != nil {
		t.Errorf("removed %d, %v", n, err)
	}
}
