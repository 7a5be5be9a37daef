package store_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"

	"plenary/service/store"
	"plenary/service/store/storetest"
)

var errOther = errors.New("another error")

// each way to run a statement, after an error.
var statements = map[string]func(tx *store.Tx) (did bool){
	"Do":      func(tx *store.Tx) bool { return tx.Do(`INSERT INTO settings (name, value) VALUES ('after', 'x')`) != 0 },
	"Get":     func(tx *store.Tx) bool { var s string; return tx.Get(`SELECT 'x'`).Into(&s) || s != "" },
	"Has":     func(tx *store.Tx) bool { return tx.Has(`SELECT 1`) },
	"Strings": func(tx *store.Tx) bool { return tx.Strings(`SELECT 'x'`) != nil },
	"Each": func(tx *store.Tx) (did bool) {
		for range tx.Each(`SELECT 1`) {
			did = true
		}
		return did
	},
	"Named": func(tx *store.Tx) (did bool) {
		for range tx.Named(`SELECT 1`) {
			did = true
		}
		return did
	},
	"AddOwner and HoldOwner": func(tx *store.Tx) bool { tx.AddOwner("o"); return tx.HoldOwner("o") },
	"WriteSetting":           func(tx *store.Tx) bool { tx.WriteSetting("after", "x"); return tx.ReadSetting("after") != "" },
}

func TestTx_doesNothingAfterItsFirstErrorAndEndsWithIt(t *testing.T) {
	for name, statement := range statements {
		for _, returned := range []error{nil, errOther} {
			t.Run(name, func(t *testing.T) {
				storetest.Each(t, func(t *testing.T, db *store.DB) {
					err := db.Update(t.Context(), func(tx *store.Tx) error {
						tx.WriteSetting("before", "x")
						tx.Do(`INSERT INTO nothing (name) VALUES ($1)`, "x")
						first := tx.Err()
						if first == nil || statement(tx) || !errors.Is(tx.Err(), first) {
							t.Errorf("after %v: it did something, or forgot (%v)", first, tx.Err())
						}
						return returned
					})
					if err == nil || errors.Is(err, errOther) ||
						!strings.HasPrefix(err.Error(), "store_test.TestTx_doesNothingAfterItsFirstErrorAndEndsWithIt: INSERT INTO nothing (name): ") {
						t.Errorf("ended with %v", err)
					}
					for _, row := range []string{"before", "after"} {
						if _, err := get(t, db, row); !errors.Is(err, sql.ErrNoRows) {
							t.Errorf("%s was kept: %v", row, err)
						}
					}
				})
			})
		}
	}
}

func TestTx_findsRows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		check := func(tx *store.Tx) {
			value := "as before"
			if tx.Get(`SELECT value FROM settings WHERE name = $1`, "none").Into(&value) || value != "as before" {
				t.Errorf("none: found %q", value)
			}
			if !tx.Get(`SELECT value FROM settings WHERE name >= $1 ORDER BY name`, "a").Into(&value) || value != "1" {
				t.Errorf("a: %q", value)
			}
			if tx.Has(`SELECT name, value FROM settings WHERE name = 'none'`) || !tx.Has(`SELECT name, value FROM settings WHERE name >= 'a'`) {
				t.Error("Has is wrong")
			}
			var seen []string
			for scan := range tx.Each(`SELECT name, value FROM settings WHERE name >= 'a' ORDER BY name`) {
				var name string
				if !scan(&name, &value) {
					t.Error("not read")
				}
				if seen = append(seen, name+value); name == "b" {
					break
				}
			}
			if !slices.Equal(seen, []string{"a1", "b2"}) {
				t.Errorf("went through %q", seen)
			}
			for columns, scan := range tx.Named(`SELECT name, value AS worth FROM settings WHERE name = 'b'`) {
				var name string
				if !scan(&name, &value) || name+value != "b2" || !slices.Equal(columns, []string{"name", "worth"}) {
					t.Errorf("%q: %s is %s", columns, name, value)
				}
				break
			}
			// After a loop that was left, statements run again.
			if got := tx.Strings(`SELECT value FROM settings WHERE name >= $1 ORDER BY name DESC`, "b"); !slices.Equal(got, []string{"3", "2"}) {
				t.Errorf("texts %q", got)
			}
		}
		if err := db.Update(t.Context(), func(tx *store.Tx) error {
			if n := tx.Do(`INSERT INTO settings (name, value) VALUES ('a', '1'), ('b', '2'), ('c', '3')`); n != 3 {
				t.Errorf("%d rows added", n)
			}
			check(tx)
			return nil
		}); err != nil {
			t.Error(err)
		}
		for name, read := range readers(db) {
			if err := read(t.Context(), func(tx *store.Tx) error { check(tx); return nil }); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func readers(db *store.DB) map[string]func(context.Context, func(*store.Tx) error) error {
	return map[string]func(context.Context, func(*store.Tx) error) error{"View": db.View, "Peek": db.Peek}
}

// Each mistake ends the transaction with an error that says where it was made.
func TestTx_saysWhichMistakeWasMade(t *testing.T) {
	type use = func(db *store.DB, fn func(*store.Tx) error) error
	update := func(db *store.DB, fn func(*store.Tx) error) error { return db.Update(t.Context(), fn) }
	for name, c := range map[string]struct {
		in   use
		do   func(tx *store.Tx)
		want string
	}{
		"another statement among the rows of one": {update, func(tx *store.Tx) {
			for scan := range tx.Each(`SELECT 'a'`) {
				tx.Do(`DELETE FROM settings`)
				if scan(new(string)) {
					t.Error("it goes on")
				}
			}
		}, "DELETE FROM settings: store: a statement while"},
		"too few places": {update, func(tx *store.Tx) { tx.Get(`SELECT 'a', 'b'`).Into(new(string)) }, "SELECT 'a', 'b': "},
		"the wrong type in a list": {update, func(tx *store.Tx) {
			n := 0
			for scan := range tx.Each(`SELECT 'a' UNION SELECT 'b'`) {
				n++
				scan(new(int))
			}
			if n != 1 {
				t.Errorf("%d rounds", n)
			}
		}, "SELECT 'a' UNION SELECT: "},
		"no such table in Has": {update, func(tx *store.Tx) { tx.Has(`SELECT 1 FROM nothing`) }, "SELECT 1 FROM nothing: "},
		"said by hand":         {update, func(tx *store.Tx) { tx.Fail(nil); tx.Fail(errOther); tx.Fail(errors.New("too late")) }, "another error"},
		"a write in View": {
			func(db *store.DB, fn func(*store.Tx) error) error { return db.View(t.Context(), fn) },
			func(tx *store.Tx) { tx.WriteSetting("a", "b") }, "INSERT INTO settings (name,: store: a statement that writes",
		},
		"a write in Peek": {
			func(db *store.DB, fn func(*store.Tx) error) error { return db.Peek(t.Context(), fn) },
			func(tx *store.Tx) { tx.WriteSetting("a", "b") }, "INSERT INTO settings (name,: store: a statement that writes",
		},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				err := c.in(db, func(tx *store.Tx) error { c.do(tx); return nil })
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%v, want %q", err, c.want)
				}
				if strings.HasPrefix(c.want, "another error") != errors.Is(err, errOther) {
					t.Errorf("%v", err)
				}
			})
		})
	}
}

func TestTx_endsWithItsContext(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for name, run := range map[string]func(context.Context, func(*store.Tx) error) error{"Update": db.Update, "View": db.View, "Peek": db.Peek} {
			ctx, cancel := context.WithCancel(t.Context())
			err := run(ctx, func(tx *store.Tx) error {
				cancel()
				if tx.Has(`SELECT 1`) || tx.Context().Err() == nil {
					t.Errorf("%s: it goes on", name)
				}
				return nil
			})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// A panic among the rows leaves nothing behind, and the database usable.
func TestTx_bearsAPanicAmongRows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for range 20 { // more than there are connections for reading in SQLite
			func() {
				defer func() {
					if recover() != errOther {
						t.Error("the panic was swallowed")
					}
				}()
				err := db.View(t.Context(), func(tx *store.Tx) error {
					for range tx.Each(`SELECT 1`) {
						panic(errOther)
					}
					return nil
				})
				t.Errorf("returned %v", err)
			}()
		}
		if err := db.Ping(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

type desk struct{}

func (*desk) fail(db *store.DB) error {
	return db.View(context.Background(), func(tx *store.Tx) error {
		func() { tx.Has("SELECT\n\t\tid,\n name FROM nothing") }()
		return nil
	})
}

// Who reads the log finds the function.
func TestTx_namesTheFunctionThatFailed(t *testing.T) {
	err := (&desk{}).fail(storetest.SQLite(t))
	if err == nil || !strings.HasPrefix(err.Error(), "store_test.fail: SELECT id, name FROM: ") {
		t.Errorf("%v", err)
	}
}
