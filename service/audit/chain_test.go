package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

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
			order = append(order, fmt.Sprint(e.Position, e.Detail))
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
				err := w.db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
					return w.Note(ctx, tx, ProfileChanged, fmt.Sprint(i), "")
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
		{"detail", set("detail", `''`), Changed, 3},
		{"mac", set("mac", `NULL`), Changed, 3},
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
			`INSERT INTO audit (id, at, event, subject, actor, detail, position, mac, seal)
				SELECT 'copy', at, event, subject, actor, detail, position, mac, seal FROM audit WHERE position = 3`,
		}, Inserted, 3},
		{"inserted in the chain", []string{
			`UPDATE audit SET position = position + 1 WHERE position > 2`,
			`INSERT INTO audit (id, at, event, subject, actor, detail, position, mac, seal)
				SELECT 'new', at, event, subject, actor, detail, 3, mac, seal FROM audit WHERE position = 2`,
		}, Inserted, 7},
		{"inserted instead of one", []string{
			`DELETE FROM audit WHERE position = 3`,
			`INSERT INTO audit (id, at, event, subject, actor, detail, position, mac, seal)
				SELECT 'new', at, event, subject, actor, detail, 3, mac, seal FROM audit WHERE position = 2`,
		}, Changed, 3},
		{"inserted as new", []string{
			`INSERT INTO audit (id, at, event, subject, actor, detail) VALUES ('new', 1, 'logged-in', 'account-1', '', '')`,
		}, Inserted, 0},
		{"inserted as new with another one's HMAC", []string{
			`INSERT INTO audit (id, at, event, subject, actor, detail, mac)
				SELECT 'new', at, event, subject, actor, detail, mac FROM audit WHERE position = 2`,
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

// A database that is put back to an earlier state as a whole is whole: nodes
// that run know better, and so does whoever kept the end of the chain.
func TestVerify_findsAnEarlierState(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.note("1")
		w.seal()
		w.exec(`CREATE TABLE kept AS SELECT * FROM audit_head`)
		w.note("2")
		w.seal()
		end, err := ParseEnd(verify(t, w.Chain).End())
		if err != nil {
			t.Fatal(err)
		}
		if r := verify(t, w.node(), end); r.Break != nil {
			t.Errorf("the end that it has: %v", r.Break)
		}
		w.exec(`DELETE FROM audit WHERE position = 2`)
		w.exec(`UPDATE audit_head SET position = 1, seal = (SELECT seal FROM kept), mac = (SELECT mac FROM kept)`)
		if r := verify(t, w.Chain); r.Break == nil || r.Break.What != EndWrong {
			t.Errorf("the node that has seen more: %v", r.Break)
		}
		w.note("3")
		if _, err := w.Seal(t.Context()); !errors.Is(err, ErrEnd) {
			t.Errorf("the node that has seen more seals: %v", err)
		}
		if r := verify(t, w.node(), end); r.Break == nil || r.Break.What != Missing {
			t.Errorf("with the end that was kept: %v", r.Break)
		}
		if _, err := w.node().Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
		if r := verify(t, w.node(), end); r.Break == nil || r.Break.What != Unlike || r.Break.Position != 2 {
			t.Errorf("with the end that was kept, later: %v", r.Break)
		}
	})
}

func TestParseEnd_refusesOtherTexts(t *testing.T) {
	for _, s := range []string{"", "1", "1:", "0:AAAA", "x:AAAA", "-1:AAAA", "1:not base64!"} {
		if k, err := ParseEnd(s); err == nil {
			t.Errorf("%q is %+v", s, k)
		}
	}
}

// Entries from before there was a chain are taken into it once.
func TestSeal_takesOldEntriesInAtTheFirstRoundOnly(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		old := func(id string) {
			w.exec(`INSERT INTO audit (id, at, event, subject, actor, detail) VALUES ($1, 1, 'created', 'account-1', '', '')`, id)
		}
		for i := range page + 5 {
			old(fmt.Sprint("old-", i))
		}
		if n := w.seal(); n != page+5 {
			t.Errorf("sealed %d", n)
		}
		old("late")
		w.note("1")
		if n := w.seal(); n != 1 {
			t.Errorf("then sealed %d", n)
		}
		if r := verify(t, w.Chain); r.Position != page+6 || r.Break == nil || r.Break.ID != "late" {
			t.Errorf("%+v, break %v", r, r.Break)
		}
	})
}

func TestIntact_tellsWhatTheLookFound(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.note("1", "2")
	w.seal()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if w.Intact(ended) {
		t.Error("intact before anybody has looked")
	}
	w.look(t.Context())
	if !w.Intact(t.Context()) {
		t.Error("not intact")
	}
	w.exec(`UPDATE audit SET detail = 'x' WHERE position = 1`)
	w.look(t.Context())
	if w.Intact(t.Context()) {
		t.Error("intact after a change")
	}
}
