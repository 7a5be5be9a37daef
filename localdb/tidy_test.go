package localdb

import (
	"bytes"
	"fmt"
	"log/slog"
	"testing"
)

// A set that is replaced again and again, each time by more than badger would bear
// without bringing its tables into order, neither stands still nor grows.
func TestCache_bringsItsTablesIntoOrder(t *testing.T) {
	k := deriveKeys(NewKey())
	log := slog.New(slog.DiscardHandler)
	db, err := openBadger(badgerOptions(t.TempDir(), k, log).WithMemTableSize(256 << 10).WithValueThreshold(4 << 10))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	full := false
	c := &cache{db: db, keys: k, log: log, room: func(need uint64) error {
		if full && need > 0 {
			return ErrDiskFull
		}
		return nil
	}}
	value := bytes.Repeat([]byte("roster "), 200)
	rows := make(map[string][]byte)
	for i := range 5_000 { // 7 MB, and so some 30 tables
		rows[fmt.Sprint(i)] = value
	}
	size := func() (sum int64) {
		for _, l := range db.Levels() {
			sum += l.Size
		}
		return sum
	}
	var first int64
	for n := range 4 {
		if err := c.replace("roster", fmt.Sprint(n), rows); err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			first = size()
		}
	}
	if got := db.Levels()[0].NumTables; got > maxNewTables {
		t.Errorf("%d tables are not in order", got)
	}
	if got := size(); got > 3*first {
		t.Errorf("%d bytes were %d after the first time", got, first)
	}
	if _, got, err := c.scan("roster"); err != nil || len(got) != len(rows) {
		t.Errorf("%d rows, %v", len(got), err)
	}
	full = true
	c.tidy() // a full disk is let be: badger would end the process there
	if err := c.change("roster", nil, map[string][]byte{"1": []byte("other")}, nil); err == nil {
		t.Error("a change is tried on a full disk")
	}
}
