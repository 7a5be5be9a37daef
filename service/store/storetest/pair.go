package storetest

import (
	"context"
	"sync"
	"testing"
	"time"

	"plenary/service/store"
)

type firstKey struct{}

// Pair runs two functions that write to the database at the same time: when a
// transaction of the first has done all that it does, it is held open until the
// second has ended, or waits for it. nth is which transaction of the first it is,
// from 1. Each is given a context that its transactions must run under.
//
// On SQLite the second waits in any case: one transaction writes at a time.
func Pair(t testing.TB, db *store.DB, nth int, first, second func(context.Context)) {
	t.Helper()
	reached, release := make(chan struct{}), make(chan struct{})
	var mu sync.Mutex
	n := 0
	stop := HoldOpen(db, func(ctx context.Context) {
		if ctx.Value(firstKey{}) == nil {
			return
		}
		mu.Lock()
		n++
		held := n == nth
		mu.Unlock()
		if held {
			close(reached)
			<-release
		}
	})
	firstEnded, secondEnded := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(firstEnded)
		first(context.WithValue(t.Context(), firstKey{}, true))
	}()
	select {
	case <-reached:
	case <-firstEnded:
		t.Fatalf("storetest: the first has no transaction %d that writes", nth)
	}
	go func() {
		defer close(secondEnded)
		second(t.Context())
	}()
	waits(t, db, secondEnded)
	close(release)
	<-firstEnded
	<-secondEnded
	stop()
}

// waits returns once something has ended, or a transaction of the database waits
// for another one's.
func waits(t testing.TB, db *store.DB, ended <-chan struct{}) {
	t.Helper()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for {
		var waiting int
		if err := db.Peek(t.Context(), func(tx *store.Tx) error {
			tx.Get(`SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).Into(&waiting)
			return nil
		}); err != nil || waiting > 0 {
			return // SQLite has no such table
		}
		select {
		case <-ended:
			return
		case <-look.C:
		}
	}
}
