package store_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"plenary/service/store"
	"plenary/service/store/storetest"
)

// Writes that share a commit do not share their fate: those that fail, panic,
// are given up or end their goroutine take only their own changes back.
func TestUpdate_inOneGroupFailsAlone(t *testing.T) {
	db := storetest.SQLite(t)
	boom := errors.New("boom")
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			defer func() {
				if v := recover(); (v != nil) != (i%5 == 2) {
					t.Errorf("%d: panic %v", i, v)
				}
			}()
			err := db.Update(ctx, func(tx *store.Tx) error {
				tx.WriteSetting(fmt.Sprint(i), "x")
				switch i % 5 {
				case 1:
					return boom
				case 2:
					panic(boom)
				case 3:
					cancel()
				case 4:
					runtime.Goexit()
				}
				return nil
			})
			want := []error{nil, boom, nil, context.Canceled, nil}[i%5]
			if !errors.Is(err, want) {
				t.Errorf("%d: %v, want %v", i, err, want)
			}
		})
	}
	wg.Wait()
	for i := range 200 {
		_, err := get(t, db, fmt.Sprint(i))
		if kept := err == nil; kept != (i%5 == 0) {
			t.Errorf("%d: kept %v, %v", i, kept, err)
		}
	}
}

// An error in SQL does not spoil what the others of the group did.
func TestUpdate_inOneGroupBearsBadSQL(t *testing.T) {
	db := storetest.SQLite(t)
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			err := db.Update(t.Context(), func(tx *store.Tx) error {
				tx.WriteSetting(fmt.Sprint(i), "x")
				if i%2 != 0 {
					tx.Do(`INSERT INTO settings (name, value) VALUES ($1, $2)`, fmt.Sprint(i), "again")
				}
				return nil
			})
			if (err == nil) != (i%2 == 0) {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	wg.Wait()
	for i := range 100 {
		if _, err := get(t, db, fmt.Sprint(i)); (err == nil) != (i%2 == 0) {
			t.Errorf("%d: %v", i, err)
		}
	}
}

func TestUpdate_afterCloseFails(t *testing.T) {
	db := storetest.SQLite(t)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Update(t.Context(), func(*store.Tx) error { return nil }); err == nil {
		t.Error("wrote to a closed database")
	}
}

// BenchmarkUpdate shows what sharing commits gives: one writer waits for the
// disk each time, many share it.
func BenchmarkUpdate(b *testing.B) {
	for _, parallel := range []int{1, 8, 64} {
		b.Run(fmt.Sprint(parallel), func(b *testing.B) {
			db := storetest.SQLite(b)
			b.SetParallelism(parallel)
			b.RunParallel(func(pb *testing.PB) {
				for i := 0; pb.Next(); i++ {
					if err := db.Update(context.Background(), func(tx *store.Tx) error {
						tx.WriteSetting(fmt.Sprint(i%100), "x")
						return nil
					}); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}
