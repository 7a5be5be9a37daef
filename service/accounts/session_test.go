package accounts

import (
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/account/session"
	tokens "plenary/service/account/token"
	"plenary/service/store/storetest"
)

func (w *world) refresh(token string) api.Session {
	w.t.Helper()
	s, err := w.Refresh(w.t.Context(), api.Refresh{Refresh: token})
	if err != nil {
		w.t.Fatalf("refresh: %v", err)
	}
	return s
}

func TestRefresh_repeatsTheSuccessorUntilItIsUsed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		first := w.mustLogIn("amina", goodPassword)
		second := w.refresh(first.Refresh)
		if second.Refresh == first.Refresh || second.Account.Username != "amina" {
			t.Fatalf("got %+v", second)
		}
		w.pass(time.Hour) // the answer was lost, and the machine slept
		again := w.refresh(first.Refresh)
		if again.Refresh != second.Refresh {
			t.Error("the repetition got another successor")
		}
		if _, err := w.Authenticate(t.Context(), again.Access); err != nil {
			t.Errorf("the repetition's access token: %v", err)
		}
		third := w.refresh(again.Refresh)
		if third.Refresh == again.Refresh {
			t.Error("the successor did not rotate")
		}
	})
}

func TestRefresh_answersRaceThenEndsTheFamily(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		first := w.mustLogIn("amina", goodPassword)
		other := w.mustLogIn("amina", goodPassword)
		second := w.refresh(first.Refresh)
		third := w.refresh(second.Refresh)

		w.pass(session.RaceLife)
		_, err := w.Refresh(t.Context(), api.Refresh{Refresh: first.Refresh})
		wantCode(t, err, api.CodeRefreshRace)
		if _, err := w.Authenticate(t.Context(), third.Access); err != nil {
			t.Errorf("the race ended the session: %v", err)
		}
		w.pass(time.Second)
		_, err = w.Refresh(t.Context(), api.Refresh{Refresh: first.Refresh})
		wantCode(t, err, api.CodeSessionEnded)
		for _, token := range []string{first.Refresh, second.Refresh, third.Refresh} {
			_, err = w.Refresh(t.Context(), api.Refresh{Refresh: token})
			wantCode(t, err, api.CodeSessionEnded)
		}
		_, err = w.Authenticate(t.Context(), third.Access)
		wantCode(t, err, api.CodeUnauthenticated)
		w.refresh(other.Refresh) // another session of the same account lives on
	})
}

func TestRefresh_50atOnceGetOneSuccessor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		first := w.mustLogIn("amina", goodPassword)
		successors := make([]string, 50)
		got := count(t, len(successors), func(i int) error {
			s, err := w.Refresh(t.Context(), api.Refresh{Refresh: first.Refresh})
			successors[i] = s.Refresh
			return err
		})
		if got[""] != len(successors) {
			t.Fatalf("got %v", got)
		}
		for _, s := range successors {
			if s != successors[0] {
				t.Fatal("two successors")
			}
		}
	})
}

// The database was put back to a state before: tokens that it does not know of are
// the newest, and what was given meanwhile works.
func TestRefresh_afterTheDatabaseWasRestored(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		s := w.mustLogIn("amina", goodPassword)
		for range 3 {
			s = w.refresh(s.Refresh)
		}
		newest := w.refresh(s.Refresh) // the answer did not arrive
		w.sql(`UPDATE sessions SET generation = 1`)
		if again := w.refresh(s.Refresh); again.Refresh != newest.Refresh {
			t.Error("another successor")
		}
		w.refresh(newest.Refresh)
		w.pass(session.RaceLife + time.Second)
		_, err := w.Refresh(t.Context(), api.Refresh{Refresh: s.Refresh})
		wantCode(t, err, api.CodeSessionEnded)
	})
}

// A session that is over by the policies of now is over, and its access tokens
// with it, however long it was to last when it was last used.
func TestRefresh_afterASessionPolicyWasShortened(t *testing.T) {
	for name, shorten := range map[string]func(*api.SessionPolicy){
		"unused": func(p *api.SessionPolicy) { p.KeptIdleDays = 1 },
		"in all": func(p *api.SessionPolicy) { p.KeptAbsoluteDays = 3 },
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				w.register("amina@example.org", "amina")
				s := w.mustLogIn("amina", goodPassword)
				w.pass(2 * 24 * time.Hour)
				s = w.refresh(s.Refresh)
				w.pass(2 * 24 * time.Hour)
				again := w.refresh(s.Refresh)
				w.pass(25 * time.Hour)
				w.change(func(p *api.Policies) { shorten(&p.Sessions) })
				for _, token := range []string{again.Refresh, s.Refresh, again.Refresh} {
					next, err := w.Refresh(t.Context(), api.Refresh{Refresh: token})
					wantCode(t, err, api.CodeSessionEnded)
					if next.Access != "" {
						t.Error("it gave tokens nevertheless")
					}
				}
				if n := w.rows(`SELECT COUNT(*) FROM sessions`); n != 0 {
					t.Errorf("%d sessions", n)
				}
			})
		})
	}
}

func TestSession_endsByItself(t *testing.T) {
	for _, c := range []struct {
		name  string
		keep  bool
		steps []time.Duration // a refresh after each
		want  api.Code        // of the last one
	}{
		{"kept, used now and then", true, []time.Duration{80 * 24 * time.Hour, 80 * 24 * time.Hour}, ""},
		{"kept, idle too long", true, []time.Duration{keptIdleTime}, api.CodeSessionEnded},
		{"kept, for a year", true, []time.Duration{80 * 24 * time.Hour, 80 * 24 * time.Hour, 80 * 24 * time.Hour, 80 * 24 * time.Hour, 46 * 24 * time.Hour}, api.CodeSessionEnded},
		{"not kept, used", false, []time.Duration{11 * time.Hour, 11 * time.Hour}, ""},
		{"not kept, idle", false, []time.Duration{idleTime}, api.CodeSessionEnded},
		{"not kept, after a day", false, []time.Duration{11 * time.Hour, 11 * time.Hour, 3 * time.Hour}, api.CodeSessionEnded},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, storetest.SQLite(t))
			w.register("amina@example.org", "amina")
			s, err := w.LogIn(t.Context(), api.LogIn{Identifier: "amina", Password: goodPassword, Keep: c.keep})
			for _, step := range c.steps {
				if err != nil {
					t.Fatal(err)
				}
				w.pass(step)
				s, err = w.Refresh(t.Context(), api.Refresh{Refresh: s.Refresh})
			}
			wantCode(t, err, c.want)
		})
	}
}

func TestAuthenticate_refusesWhatIsNoAccessToken(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		s := w.mustLogIn("amina", goodPassword)
		w.pass(session.AccessLife)
		for _, token := range []string{"", "x", tokens.New(), s.Refresh, s.Device, s.Access /* ten minutes old */, s.Access + "A"} {
			_, err := w.Authenticate(t.Context(), token)
			wantCode(t, err, api.CodeUnauthenticated)
		}
		for _, token := range []string{"", "x", tokens.New(), s.Access, s.Device} {
			_, err := w.Refresh(t.Context(), api.Refresh{Refresh: token})
			wantCode(t, err, api.CodeSessionEnded)
		}
	})
}

func TestLogOut_leavesNothingThatGivesAccess(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		for _, everywhere := range []bool{false, true} {
			here, there := w.mustLogIn("amina", goodPassword), w.mustLogIn("amina", goodPassword)
			p, err := w.Authenticate(t.Context(), here.Access)
			if err != nil {
				t.Fatal(err)
			}
			end, want := w.LogOut, api.Code("")
			if everywhere {
				end, want = w.LogOutEverywhere, api.CodeSessionEnded
			}
			for range 2 {
				if err := end(t.Context(), p); err != nil {
					t.Fatal(err)
				}
			}
			_, err = w.Authenticate(t.Context(), here.Access)
			wantCode(t, err, api.CodeUnauthenticated)
			_, err = w.Refresh(t.Context(), api.Refresh{Refresh: here.Refresh})
			wantCode(t, err, api.CodeSessionEnded)
			_, err = w.Refresh(t.Context(), api.Refresh{Refresh: there.Refresh})
			wantCode(t, err, want)
		}
	})
}

func FuzzHashToken(f *testing.F) {
	f.Add(tokens.New())
	f.Add(strings.Repeat("_", 43))
	f.Fuzz(func(t *testing.T, token string) {
		if hash, ok := tokens.Hash(token); ok && (len(hash) != 32 || len(token) != tokens.Length) {
			t.Errorf("%q gives %d bytes", token, len(hash))
		}
	})
}
