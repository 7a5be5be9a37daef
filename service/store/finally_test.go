package store_test

import (
	"errors"
	"strings"
	"testing"

	"plenary/service/store"
	"plenary/service/store/storetest"
)

func TestFinally_runsWithTheCommit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, value := range []string{"1", "2"} { // the second time the statements are prepared already
			var (
				changed int64
				found   bool
				got     string
			)
			if err := db.Update(t.Context(), func(tx *store.Tx) error {
				tx.Do(`DELETE FROM settings WHERE name = 'a'`)
				tx.Finally(
					store.Change(&changed, `INSERT INTO settings (name, value) VALUES ('a', $1)`, value),
					store.Query(`SELECT value FROM settings WHERE name = $1`, "a").Into(&found, &got),
				)
				return nil
			}); err != nil || changed != 1 || !found || got != value {
				t.Errorf("changed %d, found %v %q: %v", changed, found, got, err)
			}
			if got, err := get(t, db, "a"); err != nil || got != value {
				t.Errorf("left: %q, %v", got, err)
			}
		}
	})
}

func TestFinally_isAllThatATransactionDoes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		if err := db.Update(t.Context(), func(tx *store.Tx) error {
			tx.Finally(store.Change(nil, `INSERT INTO settings (name, value) VALUES ('a', '1')`))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if got, err := get(t, db, "a"); err != nil || got != "1" {
			t.Errorf("left: %q, %v", got, err)
		}
	})
}

var errRefused = errors.New("refused")

// Whatever ends a transaction leaves nothing of its last statements, nor of those before.
func TestFinally_leavesNothingOfWhatFails(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		last := store.Change(nil, `INSERT INTO settings (name, value) VALUES ('b', '1')`)
		null := `INSERT INTO settings (name, value) VALUES ('c', NULL)`
		for _, c := range []struct {
			name string
			do   func(tx *store.Tx) error
			says string
		}{
			{"the function", func(tx *store.Tx) error { tx.Finally(last); return errRefused }, "refused"},
			{"a last statement", func(tx *store.Tx) error {
				tx.Finally(last, store.Change(nil, null), store.Change(nil, `DELETE FROM settings WHERE name = 'b'`))
				return nil
			}, "store_test.TestFinally_leavesNothingOfWhatFails: INSERT INTO settings (name,"},
			{"a NULL that is refused", func(tx *store.Tx) error {
				tx.Finally(last, store.Change(nil, null).Or(errRefused))
				return nil
			}, "refused"},
			{"a row that is there", func(tx *store.Tx) error {
				tx.Finally(store.Change(nil, `INSERT INTO settings (name, value) VALUES ('a', '2')`).Or(errRefused), last)
				return nil
			}, "refused"},
			{"a row that is there, before", func(tx *store.Tx) error {
				tx.Together(store.Change(nil, `INSERT INTO settings (name, value) VALUES ('a', '2')`).Or(errRefused))
				tx.Finally(last)
				return nil
			}, "refused"},
			{"a statement that cannot be read", func(tx *store.Tx) error {
				tx.Finally(last, store.Change(nil, `INSERT INTO nowhere VALUES (1)`).Or(errRefused))
				return nil
			}, "INSERT INTO nowhere VALUES"},
			{"a statement afterwards", func(tx *store.Tx) error {
				tx.Finally(last)
				tx.Do(`DELETE FROM settings`)
				return nil
			}, "after the last ones"},
			{"a panic", func(tx *store.Tx) error { tx.Finally(last); panic("on purpose") }, "on purpose"},
		} {
			err := func() (err error) {
				defer func() {
					if v := recover(); v != nil {
						err = errors.New(v.(string))
					}
				}()
				return db.Update(t.Context(), func(tx *store.Tx) error {
					tx.Do(`INSERT INTO settings (name, value) VALUES ('a', '1')`)
					return c.do(tx)
				})
			}()
			if err == nil || !strings.Contains(err.Error(), c.says) || c.says == "refused" && !errors.Is(err, errRefused) {
				t.Errorf("%s: %v", c.name, err)
			}
			if err := db.View(t.Context(), func(tx *store.Tx) error {
				if got := tx.Strings(`SELECT name FROM settings WHERE name IN ('a', 'b', 'c')`); len(got) != 0 {
					t.Errorf("%s left %q", c.name, got)
				}
				return nil
			}); err != nil {
				t.Error(err)
			}
		}
	})
}

// A commit that was sent with the last statements is lost as any other one.
func TestFinally_lostCommitsOnPostgres(t *testing.T) {
	server := storetest.NewServer(t)
	line := server.NewLine()
	db := openDSN(t, line.DSN(server))
	write := func(name string, repeat bool) (ran int, err error) {
		ctx := t.Context()
		if repeat {
			ctx = store.MayRepeat(ctx)
		}
		return ran, db.Update(ctx, func(tx *store.Tx) error {
			ran++
			tx.Do(`DELETE FROM settings WHERE name = $1`, name)
			tx.Finally(store.Change(nil, `INSERT INTO settings (name, value) VALUES ($1, 'x')`, name))
			return nil
		})
	}
	for name, loss := range map[string]storetest.Loss{"the question": storetest.LoseCommit, "the answer": storetest.LoseAnswer} {
		if _, err := write("first", false); err != nil { // it prepares the statements of its connection
			t.Fatal(err)
		}
		line.LoseNext(loss)
		_, err := write(name, false)
		if _, ok := errors.AsType[*store.OutcomeUnknown](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := get(t, db, name); (err == nil) != (loss == storetest.LoseAnswer) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := write("first", false); err != nil {
			t.Fatal(err)
		}
		line.LoseNext(loss)
		if _, err := write(name, true); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := get(t, db, name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What the database refuses for now in the last statements is done again as a whole.
func TestFinally_isDoneAgainAsAWholeOnPostgres(t *testing.T) {
	db := openDSN(t, storetest.NewServer(t).DSN())
	ran := 0
	if err := db.Update(t.Context(), func(tx *store.Tx) error {
		ran++
		tx.Do(`INSERT INTO settings (name, value) VALUES ('a', '1')`)
		last := []*store.Statement{store.Change(nil, `INSERT INTO settings (name, value) VALUES ('b', '1')`)}
		if ran == 1 {
			last = append(last, store.Change(nil, `DO $$ BEGIN RAISE EXCEPTION 'injected' USING ERRCODE = '40001'; END $$`))
		}
		tx.Finally(last...)
		return nil
	}); err != nil || ran != 2 {
		t.Errorf("%d runs: %v", ran, err)
	}
	for _, name := range []string{"a", "b"} {
		if _, err := get(t, db, name); err != nil {
			t.Error(name, err)
		}
	}
}
