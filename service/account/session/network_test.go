package session

import (
	"context"
	"net/netip"
	"testing"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/store"
)

// from is the context of a request from a network address.
func from(ctx context.Context, address string) context.Context {
	return audit.From(ctx, audit.Origin{Network: netip.MustParseAddr(address)})
}

func TestNetwork_isNamedOrShortened(t *testing.T) {
	s := &Sessions{Networks: func() []api.NetworkBudget {
		return []api.NetworkBudget{
			{Network: "198.51.100.0/24", Name: "Geneva"},
			{Network: "198.51.100.7/32", Name: "Hall 1, Geneva"},
			{Network: "198.51.100.8/32"},
			{Network: "2001:db8:7::/48", Name: "Hall 2"},
		}
	}}
	for address, want := range map[string]string{
		"192.0.2.10":            "192.0.2.*",
		"::ffff:192.0.2.10":     "192.0.2.*",
		"127.0.0.1":             "127.0.0.*",
		"2001:db8:1:2:3:4:5:6":  "2001:db8:1:*",
		"2001:db8::1":           "2001:db8:0:*",
		"::1":                   "0:0:0:*",
		"fe80::1%eth0":          "fe80:0:0:*",
		"198.51.100.7":          "Hall 1, Geneva",
		"::ffff:198.51.100.7":   "Hall 1, Geneva",
		"198.51.100.8":          "Geneva",
		"2001:db8:7:ffff::1":    "Hall 2",
		"2001:db8:7::1%tunnel0": "Hall 2",
		"2001:db8:8::1":         "2001:db8:8:*",
	} {
		if got := s.network(from(t.Context(), address)); got != want {
			t.Errorf("%s is %q, want %q", address, got, want)
		}
	}
	if got := s.network(t.Context()); got != "" {
		t.Errorf("nowhere is %q", got)
	}
}

// Where a session was used last goes with when: at a refresh, at one that is repeated,
// and with new tokens. Where it began stays.
func TestSession_saysFromWhereItIsUsed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.account("amina")
		begin := func(ctx context.Context) (s api.Session) {
			if err := w.DB.Update(ctx, func(tx *store.Tx) error {
				s = w.Begin(tx, "amina", Machine{Computer: "lemur", Program: "Plenary"}, "", true)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			return s
		}
		s := begin(from(t.Context(), "192.0.2.10"))
		shows := func(when, last string) {
			t.Helper()
			w.update(func(tx *store.Tx) error {
				list := w.List(tx, "amina", "", First).Sessions
				if len(list) != 1 || list[0].Computer != "lemur" || list[0].FirstNetwork != "192.0.2.*" || list[0].LastNetwork != last {
					t.Errorf("%s: %+v, want %s", when, list, last)
				}
				return nil
			})
		}
		shows("at its beginning", "192.0.2.*")
		for _, step := range []struct{ when, from, want string }{
			{"after a refresh", "198.51.100.20", "198.51.100.*"},
			{"after the same one again", "2001:db8:1::1", "2001:db8:1:*"},
		} {
			if _, _, err := w.Refresh(from(t.Context(), step.from), s.Refresh, username(new(string))); err != nil {
				t.Fatal(err)
			}
			shows(step.when, step.want)
		}
		// Whoever shows a token that is none says nothing of the session.
		if _, _, err := w.Refresh(from(t.Context(), "203.0.113.9"), s.Access, username(new(string))); code(t, err) != api.CodeSessionEnded {
			t.Fatal(err)
		}
		shows("after a token that is none", "2001:db8:1:*")
		got, err := w.authenticate(s.Access)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.DB.Update(from(t.Context(), "203.0.113.5"), func(tx *store.Tx) error {
			_, err := w.Renew(tx, "amina", got.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		shows("with new tokens", "203.0.113.*")
	})
}
