package node

import (
	"slices"
	"testing"
	"time"

	"plenary/service/store"
	"plenary/service/store/storetest"
)

func TestLease_countsUntilItsLifeIsOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
		clock := func() time.Time { return now }
		join := func(name string) *Lease {
			t.Helper()
			l, err := Join(t.Context(), db, Node{Name: name, Version: "1.0", Schema: 7, Keys: []string{"k1"}}, clock)
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		others := func(l *Lease) (names []string) {
			t.Helper()
			list, err := l.Others(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range list {
				names = append(names, n.Name)
			}
			return names
		}
		a, b := join("a"), join("b")
		if got := others(a); !slices.Equal(got, []string{"b"}) {
			t.Errorf("beside a: %v", got)
		}
		now = now.Add(Life - time.Second)
		if err := b.Renew(t.Context(), []string{"k1", "k2"}); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Second)
		list, err := Running(t.Context(), db, now)
		if err != nil || len(list) != 1 || list[0].Name != "b" || !slices.Equal(list[0].Keys, []string{"k1", "k2"}) ||
			list[0].Schema != 7 || !list[0].Started.Equal(b.Started) {
			t.Errorf("a was killed: %+v, %v", list, err)
		}
		// It was only slow: it is there again.
		if err := a.Renew(t.Context(), []string{"k1"}); err != nil {
			t.Fatal(err)
		}
		if got := others(b); !slices.Equal(got, []string{"a"}) {
			t.Errorf("beside b: %v", got)
		}
		if err := a.Leave(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := others(b); got != nil {
			t.Errorf("a has left: %v", got)
		}
		now = now.Add(2 * forget)
		c := join("c")
		if err := Forget(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		if got := others(c); got != nil {
			t.Errorf("all were forgotten: %v", got)
		}
	})
}
