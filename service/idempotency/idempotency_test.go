package idempotency_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/idempotency"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

var start = time.Date(2026, 5, 10, 8, 0, 0, 0, time.UTC)

func clock() time.Time { return start }

func request() idempotency.Request {
	return idempotency.Request{Scope: "a", Operation: "decide", Key: uuid.NewString(), Fingerprint: []byte("body")}
}

// each runs a test on both databases, in which a and b have accounts.
func each(t *testing.T, test func(t *testing.T, db *store.DB)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		storetest.Owners(t, db, "a", "b")
		test(t, db)
	})
}

func codeOf(err error) api.Code {
	if p, ok := errors.AsType[*api.Problem](err); ok {
		return p.Code
	}
	if err != nil {
		return api.Code(err.Error())
	}
	return ""
}

// change counts how often it was run for good, in the database.
func change(ctx context.Context, tx *store.Tx) (idempotency.Outcome, error) {
	_, err := tx.Exec(ctx, `INSERT INTO audit (id, at, event, subject, actor, detail, reference, mac)
		VALUES ($1, 0, 'changed', '', '', '', '', $2)`, uuid.NewString(), []byte{})
	return idempotency.Outcome{Status: 201, ResultID: "r1"}, err
}

func changes(t *testing.T, db *store.DB) (n int) {
	t.Helper()
	if err := db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM audit`).Scan(&n)
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestDo_givesOneOutcome(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		r := request()
		for range 3 {
			o, err := idempotency.Do(t.Context(), db, clock, r, change)
			if err != nil || o != (idempotency.Outcome{Status: 201, ResultID: "r1"}) {
				t.Errorf("got %+v, %v", o, err)
			}
		}
		if n := changes(t, db); n != 1 {
			t.Errorf("changed %d times", n)
		}
		for name, c := range map[string]struct {
			change func(*idempotency.Request)
			want   api.Code
		}{
			"other body":      {func(r *idempotency.Request) { r.Fingerprint = []byte("other") }, api.CodeKeyReused},
			"other principal": {func(r *idempotency.Request) { r.Scope = "b" }, ""},
			"other operation": {func(r *idempotency.Request) { r.Operation = "other" }, ""},
			"no key":          {func(r *idempotency.Request) { r.Key = "x" }, api.CodeInvalid},
		} {
			other := r
			c.change(&other)
			if _, err := idempotency.Do(t.Context(), db, clock, other, change); codeOf(err) != c.want {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestDo_runsOnceAmong50(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		r := request()
		var done, busy atomic.Int64
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				switch _, err := idempotency.Do(t.Context(), db, clock, r, change); codeOf(err) {
				case "":
					done.Add(1)
				case api.CodeInProgress:
					busy.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := changes(t, db); n != 1 || done.Load() < 1 || done.Load()+busy.Load() != 50 {
			t.Errorf("changed %d times, %d done, %d in progress", n, done.Load(), busy.Load())
		}
	})
}

func TestDo_keepsRefusalsButNotTrouble(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		for name, c := range map[string]struct {
			err  error
			kept bool
		}{
			"refusal": {&api.Problem{Code: api.CodeWrongState}, true},
			"busy":    {&api.Problem{Code: api.CodeBusy}, false},
			"trouble": {errors.New("disk on fire"), false},
		} {
			r := request()
			failing := func(ctx context.Context, tx *store.Tx) (idempotency.Outcome, error) {
				if _, err := change(ctx, tx); err != nil {
					return idempotency.Outcome{}, err
				}
				return idempotency.Outcome{}, fmt.Errorf("decide: %w", c.err)
			}
			before := changes(t, db)
			if _, err := idempotency.Do(t.Context(), db, clock, r, failing); !errors.Is(err, c.err) {
				t.Errorf("%s: %v", name, err)
			}
			if changes(t, db) != before {
				t.Errorf("%s: something was changed", name)
			}
			_, err := idempotency.Do(t.Context(), db, clock, r, change)
			if kept := codeOf(err) == api.CodeWrongState; kept != c.kept || (!kept && err != nil) {
				t.Errorf("%s: then %v", name, err)
			}
		}
	})
}

// A node that died while it worked on a request holds it for half a minute.
func TestDo_takesOverAfterTheLease(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		r := request()
		now := start
		late := func() time.Time { return now }
		if err := db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO idempotency (scope, operation, key, fingerprint, status, code, result_id, claim, claimed_until, created_at)
				VALUES ($1, $2, $3, $4, 0, '', '', 'dead', $5, $5)`, r.Scope, r.Operation, r.Key, r.Fingerprint, store.Micros(start.Add(30*time.Second)))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := idempotency.Do(t.Context(), db, late, r, change); codeOf(err) != api.CodeInProgress {
			t.Errorf("got %v", err)
		}
		now = start.Add(31 * time.Second)
		if _, err := idempotency.Do(t.Context(), db, late, r, change); err != nil {
			t.Errorf("got %v", err)
		}
		if err := idempotency.Housekeep(t.Context(), db, now.Add(idempotency.Keep+time.Hour)); err != nil {
			t.Fatal(err)
		}
		if _, err := idempotency.Do(t.Context(), db, late, r, change); err != nil || changes(t, db) != 2 {
			t.Errorf("after its time the key is new: %v", err)
		}
	})
}
