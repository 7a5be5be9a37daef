package audit

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

var start = time.Date(2026, 5, 10, 8, 0, 0, 0, time.UTC)

// world is a log with its chain.
type world struct {
	*Log
	*Chain
	t   *testing.T
	db  *store.DB
	key *secret.Key
	now time.Time
	log bytes.Buffer // of the nodes
}

func newWorld(t *testing.T, db *store.DB) *world {
	w := &world{t: t, db: db, key: secret.Generate(), now: start}
	w.Log = New(w.key, func() time.Time { return w.now })
	w.Chain = w.node()
	return w
}

// node is the chain as another node, or this one after a start, sees it.
func (w *world) node() *Chain {
	return NewChain(w.db, w.key, func() time.Time { return w.now }, slog.New(slog.NewTextHandler(&w.log, nil)))
}

// each runs a test on both databases, in which some accounts have owners.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		storetest.Owners(t, db, "account-1", "account-9", "a1")
		test(t, newWorld(t, db))
	})
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	err := w.db.Update(w.t.Context(), func(tx *store.Tx) error {
		tx.Do(query, args...)
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// note writes entries, each a second later than the one before.
func (w *world) note(facts ...string) {
	w.t.Helper()
	err := w.db.Update(w.t.Context(), func(tx *store.Tx) error {
		for _, d := range facts {
			w.now = w.now.Add(time.Second)
			w.Note(tx, LoggedIn, "account-1", Fact("note", d))
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) seal() int {
	w.t.Helper()
	n, err := w.Seal(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func verify(t *testing.T, c *Chain, known ...Known) Report {
	t.Helper()
	r, err := c.Verify(t.Context(), known...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestHousekeep_erasesNetworksAfter90DaysAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := From(t.Context(), Origin{Network: netip.MustParseAddr("192.0.2.7"), Actor: "account-9"})
		err := w.db.Update(ctx, func(tx *store.Tx) error { w.Note(tx, Locked, "account-1"); return nil })
		if err != nil {
			t.Fatal(err)
		}
		w.seal()
		network := func() string {
			list, _, err := List(t.Context(), w.db, Filter{})
			if err != nil || len(list) != 1 {
				t.Fatalf("%d entries: %v", len(list), err)
			}
			if list[0].Actor != "account-9" || list[0].Subject != "account-1" {
				t.Errorf("%+v", list[0])
			}
			return list[0].Network
		}
		for _, c := range []struct {
			after time.Duration
			want  string
		}{{OriginLife - time.Second, "192.0.2.7"}, {OriginLife, ""}} {
			if err := Housekeep(t.Context(), w.db, w.now.Add(c.after)); err != nil {
				t.Fatal(err)
			}
			if got := network(); got != c.want {
				t.Errorf("after %v: %q, want %q", c.after, got, c.want)
			}
		}
		if r := verify(t, w.Chain); r.Break != nil || r.Position != 1 {
			t.Errorf("%+v", r)
		}
	})
}

func TestList_filters(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.exec(`INSERT INTO accounts (id, username, username_key, email, email_key, title, first_name, family_name, phone, language,
				country, membership, organization_id, organization_name, news, created_at, activated_at, search, sort_key)
			VALUES ('a1', 'Amina', 'amina', 'a@example.org', 'a@example.org', '', 'A', 'B', '', 'en', 'CH', 'media', '', 'X', 0, 1, 1, '', '')`)
		write := func(event Event, subject, actor string) {
			w.now = w.now.Add(time.Hour)
			o := Origin{Actor: actor}
			if event == PolicyChanged {
				o.Reference = "ABCDEFGHIJ"
			}
			ctx := From(t.Context(), o)
			err := w.db.Update(ctx, func(tx *store.Tx) error { w.Note(tx, event, subject); return nil })
			if err != nil {
				t.Fatal(err)
			}
		}
		write(Created, "a1", "")          // 9:00
		write(LoggedIn, "a1", "a1")       // 10:00
		write(RolesChanged, "gone", "a1") // 11:00
		write(PolicyChanged, "", "gone")  // 12:00
		for _, c := range []struct {
			name   string
			filter Filter
			want   string // event user actor, newest first
		}{
			{"all", Filter{}, "policy-changed//gone roles-changed//Amina logged-in/Amina/ created/Amina/"},
			{"event", Filter{Event: "created"}, "created/Amina/"},
			{"username, in another case", Filter{User: "AMINA"}, "roles-changed//Amina logged-in/Amina/ created/Amina/"},
			{"id", Filter{User: "a1"}, "roles-changed//Amina logged-in/Amina/ created/Amina/"},
			{"id of an account that is gone", Filter{User: "gone"}, "policy-changed//gone roles-changed//Amina"},
			{"nobody", Filter{User: "%"}, ""},
			{"reference, in another case", Filter{User: " abcdefghij "}, "policy-changed//gone"},
			{"blanks are nobody's name", Filter{User: " "}, "policy-changed//gone roles-changed//Amina logged-in/Amina/ created/Amina/"},
			{"from", Filter{From: start.Add(3 * time.Hour)}, "policy-changed//gone roles-changed//Amina"},
			{"until", Filter{Until: start.Add(2 * time.Hour)}, "created/Amina/"},
			{"all of them", Filter{Event: "logged-in", User: "amina", From: start, Until: w.now}, "logged-in/Amina/"},
		} {
			list, next, err := List(t.Context(), w.db, c.filter)
			if err != nil {
				t.Fatal(err)
			}
			if got := short(list); got != c.want || next != "" {
				t.Errorf("%s: %q, next %q; want %q", c.name, got, next, c.want)
			}
		}
	})
}

func short(list []api.AuditEntry) string {
	var out []string
	for _, e := range list {
		out = append(out, e.Event+"/"+e.User+"/"+e.Actor)
	}
	return strings.Join(out, " ")
}

func TestList_goesOnBehindACursor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const size, n = 100, 205
		var want []string
		err := w.db.Update(t.Context(), func(tx *store.Tx) error {
			want = nil
			for i := range n {
				// Two at the same microsecond, one on either side of a page's end.
				if i%2 == 0 {
					w.now = w.now.Add(time.Second)
				}
				want = slices.Insert(want, 0, fmt.Sprint(i))
				w.Note(tx, LoggedIn, "a1", Fact("note", fmt.Sprint(i)))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		walk := func(f Filter, size int) (got []string) {
			for range n {
				list, next, err := List(t.Context(), w.db, f)
				if err != nil || len(list) > size {
					t.Fatalf("%d entries, %v", len(list), err)
				}
				for _, e := range list {
					got = append(got, e.Details[0].After)
				}
				if f.After = next; next == "" {
					break
				}
			}
			return got
		}
		if got := walk(Filter{User: "a1"}, size); !slices.Equal(got, want) {
			t.Errorf("got %v", got)
		}
		slices.Reverse(want)
		for _, limit := range []int{7, n, 1000} {
			if got := walk(Filter{User: "a1", Oldest: true, Limit: limit}, limit); !slices.Equal(got, want) {
				t.Errorf("%d at a time, the oldest first: got %v", limit, got)
			}
		}
		for _, after := range []string{"x", "1", "1e3.x", "'; DROP TABLE audit"} {
			_, _, err := List(t.Context(), w.db, Filter{After: after})
			if p, ok := errors.AsType[*api.Problem](err); !ok || p.Code != api.CodeInvalid {
				t.Errorf("cursor %q: %v", after, err)
			}
		}
	})
}
