package audit

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

func TestSeal_chainsInOrderAndOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if r := verify(t, w.Chain); r.Break != nil || r.Position != 0 {
			t.Errorf("an empty log: %+v", r)
		}
		w.note("1", "2", "3")
		if r := verify(t, w.Chain); r.Break != nil || r.Waiting != 3 {
			t.Errorf("before sealing: %+v", r)
		}
		if n := w.seal(); n != 3 {
			t.Errorf("sealed %d", n)
		}
		if n := w.seal(); n != 0 {
			t.Errorf("sealed %d again", n)
		}
		w.note("4")
		w.seal()
		first := verify(t, w.Chain)
		if first.Break != nil || first.Position != 4 || first.Waiting != 0 {
			t.Errorf("%+v", first)
		}
		var out bytes.Buffer
		if n, err := w.Export(t.Context(), &out); err != nil || n != 4 {
			t.Errorf("exported %d: %v", n, err)
		}
		var order []string
		for line := range strings.Lines(out.String()) {
			var e exported
			if err := json.Unmarshal([]byte(line), &e); err != nil {
				t.Fatal(err)
			}
			order = append(order, fmt.Sprint(e.Position, e.Details[0].After))
		}
		if got := strings.Join(order, ","); got != "11,22,33,44" {
			t.Errorf("in the order %s", got)
		}
	})
}

// Two nodes seal while fifty people do something.
func TestSeal_staysGaplessUnderParallelWrites(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		other := w.node()
		var writers, sealers sync.WaitGroup
		done := make(chan struct{})
		for _, c := range []*Chain{w.Chain, other} {
			sealers.Go(func() {
				for {
					if _, err := c.Seal(t.Context()); err != nil {
						t.Error(err)
						return
					}
					select {
					case <-done:
						return
					default:
					}
				}
			})
		}
		for i := range 50 {
			writers.Go(func() {
				err := w.db.Update(t.Context(), func(tx *store.Tx) error {
					w.Note(tx, ProfileChanged, fmt.Sprint(i))
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		writers.Wait()
		close(done)
		sealers.Wait()
		w.seal()
		if r := verify(t, other); r.Break != nil || r.Position != 50 || r.Waiting != 0 {
			t.Errorf("%+v, break %v", r, r.Break)
		}
	})
}

func TestVerify_findsEveryKindOfTampering(t *testing.T) {
	set := func(column, value string) []string {
		return []string{`UPDATE audit SET ` + column + ` = ` + value + ` WHERE position = 3`}
	}
	for _, c := range []struct {
		name     string
		sql      []string
		what     string
		position int64
	}{
		{"id", set("id", `'another'`), Changed, 3},
		{"at", set("at", `at + 1`), Changed, 3},
		{"event", set("event", `'logged-out'`), Changed, 3},
		{"subject", set("subject", `'account-2'`), Changed, 3},
		{"actor", set("actor", `'account-2'`), Changed, 3},
		{"details", set("details", `''`), Changed, 3},
		{"reason", set("reason", `'another'`), Changed, 3},
		{"reference", set("reference", `'ABCDEFGHIJ'`), Changed, 3},
		{"mac", set("mac", `''`), Changed, 3},
		{"seal", set("seal", `(SELECT seal FROM audit WHERE position = 2)`), Reordered, 3},
		{"seal gone", set("seal", `NULL`), Reordered, 3},
		{"position given up", set("position", `0`), Missing, 3},
		{"position moved behind the end", set("position", `9`), Inserted, 9},
		{"position negative", set("position", `-3`), Inserted, -3},
		{"deleted", []string{`DELETE FROM audit WHERE position = 3`}, Missing, 3},
		{"the last deleted", []string{`DELETE FROM audit WHERE position = 6`}, Missing, 6},
		{"all deleted", []string{`DELETE FROM audit`}, Missing, 1},
		{"deleted and closed up", []string{
			`DELETE FROM audit WHERE position = 3`, `UPDATE audit SET position = position - 1 WHERE position > 3`,
		}, Reordered, 3},
		{"swapped", []string{
			`UPDATE audit SET position = 99 WHERE position = 3`, `UPDATE audit SET position = 3 WHERE position = 4`,
			`UPDATE audit SET position = 4 WHERE position = 99`,
		}, Reordered, 3},
		{"a copy in the chain", []string{
			`INSERT INTO audit (id, at, event, subject, actor, details, reason, reference, position, mac, seal)
				SELECT 'copy', at, event, subject, actor, details, reason, reference, position, mac, seal FROM audit WHERE position = 3`,
		}, Inserted, 3},
		{"inserted in the chain", []string{
			`UPDATE audit SET position = position + 1 WHERE position > 2`,
			`INSERT INTO audit (id, at, event, subject, actor, details, reason, reference, position, mac, seal)
				SELECT 'new', at, event, subject, actor, details, reason, reference, 3, mac, seal FROM audit WHERE position = 2`,
		}, Inserted, 7},
		{"inserted instead of one", []string{
			`DELETE FROM audit WHERE position = 3`,
			`INSERT INTO audit (id, at, event, subject, actor, details, reason, reference, position, mac, seal)
				SELECT 'new', at, event, subject, actor, details, reason, reference, 3, mac, seal FROM audit WHERE position = 2`,
		}, Changed, 3},
		{"inserted as new", []string{
			`INSERT INTO audit (id, at, event, subject, actor, details, reason, reference, mac) VALUES ('new', 1, 'logged-in', 'account-1', '', '', '', '', '')`,
		}, Inserted, 0},
		{"inserted as new with another one's HMAC", []string{
			`INSERT INTO audit (id, at, event, subject, actor, details, reason, reference, mac)
				SELECT 'new', at, event, subject, actor, details, reason, reference, mac FROM audit WHERE position = 2`,
		}, Inserted, 0},
		{"the newest cut off with the end", []string{
			`UPDATE audit_head SET position = 5, seal = (SELECT seal FROM audit WHERE position = 5)`,
			`DELETE FROM audit WHERE position = 6`,
		}, EndWrong, 5},
		{"the end gone", []string{`DELETE FROM audit_head`}, EndWrong, 0},
		{"the end back at the beginning", []string{`UPDATE audit_head SET position = 0, seal = '', mac = ''`}, EndWrong, 0},
	} {
		// On one database: what is read there is the same, and judged in Go.
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, storetest.SQLite(t))
			w.note("1", "2", "3", "4", "5", "6")
			w.seal()
			for _, q := range c.sql {
				w.exec(q)
			}
			// Another node, which knows nothing of before, finds it too; and
			// what is sealed afterwards hides nothing.
			for range 2 {
				r := verify(t, w.node())
				if r.Break == nil || r.Break.What != c.what || r.Break.Position != c.position {
					t.Fatalf("found %v, want %s at %d", r.Break, c.what, c.position)
				}
				if _, err := w.node().Seal(t.Context()); err != nil && !errors.Is(err, ErrEnd) {
					t.Fatal(err)
				}
			}
		})
	}
}

// A database in an earlier state as a whole is whole: so it is after a fail-over to
// a replica that had not got the last writes. Nodes that have seen more say so, once,
// in their log and in the audit log, and sealing goes on. Whoever kept the end of the
// chain learns of it from Verify too.
func TestSeal_goesOnInAnEarlierState(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.note("1")
		w.seal()
		var kept head
		err := w.db.View(t.Context(), func(tx *store.Tx) error {
			if !tx.Get(`SELECT position, seal, mac FROM audit_head`).Into(&kept.position, &kept.seal, &kept.mac) {
				return sql.ErrNoRows
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		w.note("2")
		w.seal()
		end, err := ParseEnd(verify(t, w.Chain).End())
		if err != nil {
			t.Fatal(err)
		}
		if r := verify(t, w.node(), end); r.Break != nil {
			t.Errorf("the end that it has: %v", r.Break)
		}
		before := w.epoch()
		w.exec(`DELETE FROM audit WHERE position = 2`)
		w.exec(`UPDATE audit_head SET position = $1, seal = $2, mac = $3`, kept.position, kept.seal, kept.mac)
		if r := verify(t, w.Chain); r.Break != nil || !r.Earlier {
			t.Errorf("the node that has seen more: %v, earlier %v", r.Break, r.Earlier)
		}
		if r := verify(t, w.node(), end); r.Break == nil || r.Break.What != Missing {
			t.Errorf("with the end that was kept: %v", r.Break)
		}
		w.note("3")
		if n := w.seal(); n != 2 { // and what it notes itself
			t.Errorf("the node that has seen more sealed %d", n)
		}
		w.note("4", "5")
		w.seal()
		if n := strings.Count(w.log.String(), "earlier state"); n != 1 || w.Health().Lost != 1 || w.Health().Broken {
			t.Errorf("told %d times, %+v", n, w.Health())
		}
		noted, _, err := List(t.Context(), w.db, Filter{Event: string(LogEarlier)})
		if err != nil || len(noted) != 1 || noted[0].Details[0] != (Detail{Field: api.DetailPosition, Before: "2", After: "1"}) {
			t.Errorf("noted %+v, %v", noted, err)
		}
		if epoch := w.epoch(); epoch == before || epoch == "" {
			t.Errorf("the epoch is %q, and was %q", epoch, before)
		}
		if r := verify(t, w.Chain); r.Break != nil || r.Earlier || r.Position != 5 || r.Waiting != 0 {
			t.Errorf("later: %+v, break %v", r, r.Break)
		}
		if r := verify(t, w.node(), end); r.Break == nil || r.Break.What != Unlike || r.Break.Position != 2 {
			t.Errorf("with the end that was kept, later: %v", r.Break)
		}
	})
}

// What the service has not written is no earlier state: nothing is sealed behind it.
func TestSeal_stopsAtAnEndThatIsNotTheServices(t *testing.T) {
	for name, tamper := range map[string]string{
		"the end cut off":          `UPDATE audit_head SET position = 1, seal = (SELECT seal FROM audit WHERE position = 1)`,
		"the end gone":             `DELETE FROM audit_head`,
		"the end made a beginning": `UPDATE audit_head SET position = 0`,
		"all of it gone":           `DELETE FROM audit`,
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				w.note("1", "2")
				w.seal()
				w.exec(tamper)
				if name == "all of it gone" {
					w.exec(`DELETE FROM audit_head`)
				}
				w.note("3")
				if _, err := w.Seal(t.Context()); !errors.Is(err, ErrEnd) {
					t.Errorf("it seals: %v", err)
				}
			})
		})
	}
}

func TestParseEnd_refusesOtherTexts(t *testing.T) {
	for _, s := range []string{"", "1", "1:", "0:AAAA", "x:AAAA", "-1:AAAA", "1:not base64!"} {
		if k, err := ParseEnd(s); err == nil {
			t.Errorf("%q is %+v", s, k)
		}
	}
}

// However many entries somebody puts into the database, those of the service get
// their seals.
func TestSeal_passesOverWhatTheServiceHasNotWritten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range page + 5 {
			w.exec(`INSERT INTO audit (id, at, event, subject, actor, details, reason, reference, mac)
				VALUES ($1, 1, 'created', 'account-1', '', '', '', '', $2)`, fmt.Sprint("old-", i), []byte{})
		}
		w.note("1")
		if n := w.seal(); n != 1 {
			t.Errorf("sealed %d", n)
		}
		if r := verify(t, w.Chain); r.Position != 1 || r.Break == nil || r.Break.What != Inserted {
			t.Errorf("%+v, break %v", r, r.Break)
		}
	})
}

// Seals are written many at a time; whatever their number, each entry gets its own.
func TestSeal_writesManySealsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sealed := int64(0)
		for _, n := range []int{1, sealsAtOnce - 1, sealsAtOnce, sealsAtOnce + 1, 3*sealsAtOnce + 7, page} {
			w.note(slices.Repeat([]string{"x"}, n)...)
			if got := w.seal(); got != n {
				t.Errorf("sealed %d of %d", got, n)
			}
			sealed += int64(n)
			if r := verify(t, w.node()); r.Break != nil || r.Position != sealed || r.Waiting != 0 {
				t.Fatalf("after %d: %+v, break %v", n, r, r.Break)
			}
		}
	})
}

func TestIntact_tellsWhatTheLastLookFound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.note("1", "2")
		w.seal()
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if w.Intact(ended) {
			t.Error("intact before anybody has looked")
		}
		begin := func(c *Chain) bool {
			t.Helper()
			mine, err := c.beginLook(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return mine
		}
		look := func(c *Chain) {
			t.Helper()
			if err := c.look(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		other := w.node()
		if !begin(w.Chain) || begin(other) || begin(w.Chain) {
			t.Error("not one of two nodes looks")
		}
		look(w.Chain)
		if !w.Intact(t.Context()) || !other.Intact(t.Context()) {
			t.Error("not intact")
		}
		w.now = w.now.Add(lookEvery - time.Second)
		if begin(other) {
			t.Error("it looks again within a day")
		}
		w.exec(`UPDATE audit SET details = 'x' WHERE position = 1`)
		w.now = w.now.Add(2 * time.Second)
		if !begin(other) {
			t.Fatal("it does not look after a day")
		}
		look(other)
		if w.Intact(t.Context()) || other.Intact(t.Context()) {
			t.Error("intact after a change")
		}
		// Nobody says that the log is whole but the service.
		w.exec(`UPDATE audit_look SET intact = 1`)
		if w.Intact(ended) {
			t.Error("whoever can write to the database says that the log is intact")
		}
		if !begin(w.Chain) {
			t.Error("a forged look keeps the service from looking")
		}
		// A node that was killed while it looked, and somebody who says until when to wait.
		w.now = w.now.Add(lookLife + time.Second)
		if !begin(other) {
			t.Error("nobody looks after a node was killed")
		}
		w.exec(`UPDATE audit_look SET looking_till = 9000000000000000000`)
		if !begin(other) {
			t.Error("a lease for ever keeps the service from looking")
		}
	})
}

// epoch is that of the database.
func (w *world) epoch() (epoch string) {
	w.t.Helper()
	if err := w.db.View(w.t.Context(), func(tx *store.Tx) error {
		tx.Get(`SELECT ` + store.Epoch).Into(&epoch)
		return tx.Err()
	}); err != nil {
		w.t.Fatal(err)
	}
	return epoch
}
