package accounts

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/signup"
	"plenary/service/account/throttle"
	tokens "plenary/service/account/token"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// A node that was killed in the middle of as many log-ins as there may be keeps its
// people out for no longer than two leases.
func TestLogIn_afterANodeDiedWithItsSlots(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := w.register("amina@example.org", "amina")
		for range w.Limits().IdentifierFailures {
			if err := w.Reserve(t.Context(), []throttle.Budget{w.IdentifierBudget("amina")}); err != nil {
				t.Fatal(err)
			}
		}
		w.pass(2 * throttle.Lease)
		w.mustLogIn("amina", in.Password)
		if n := w.rows(`SELECT COALESCE(SUM(in_flight + in_flight_before), 0) FROM limits`); n != 0 {
			t.Errorf("%d slots are still in flight", n)
		}
	})
}

// A log-in whose commit was answered by nobody gives its slots back once, and not
// another try's too.
func TestLogIn_whoseAnswerWasLostGivesBackItsOwnSlots(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := w.register("amina@example.org", "amina")
		other := []throttle.Budget{w.IdentifierBudget("amina")}
		if err := w.Reserve(t.Context(), other); err != nil {
			t.Fatal(err)
		}
		stop := storetest.InjectFaults(w.DB, storetest.FaultsOf(storetest.NoFault, storetest.FaultLostAnswer)) // after the slots were reserved
		_, err := w.logIn("amina", in.Password)
		stop()
		if _, unknown := errors.AsType[*store.OutcomeUnknown](err); !unknown {
			t.Fatalf("got %v", err)
		}
		if n := w.rows(`SELECT COALESCE(SUM(in_flight), 0) FROM limits`); n != 1 {
			t.Errorf("%d slots are in flight, want the other try's", n)
		}
	})
}

// Whoever has a whole site (/48) of IPv6 networks has a budget for all of them.
func TestLogIn_limitsASite(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.change(func(p *api.Policies) { p.Limits.NetworkFailures = 2 })
		w.register("amina@example.org", "amina")
		tryFrom := func(address string) error {
			_, err := w.LogIn(from(t.Context(), address), api.LogIn{Identifier: "nobody" + tokens.New()[:8], Password: "x"})
			return err
		}
		for i := range 2 * account.SiteShare {
			wantCode(t, tryFrom(fmt.Sprintf("2001:db8:0:%x::1", i)), api.CodeCredentials)
		}
		wantCode(t, tryFrom("2001:db8:0:ffff::1"), api.CodeTooMany)
		wantCode(t, tryFrom("2001:db8:1:ffff::1"), api.CodeCredentials)
		w.change(func(p *api.Policies) {
			p.Networks = []api.NetworkBudget{{Network: "2001:db8::/48", Failures: 100, Requests: 100}}
		})
		wantCode(t, tryFrom("2001:db8:0:ffff::1"), api.CodeCredentials)
	})
}

// Many who sign up behind one address do not wait for each other's transactions:
// that address' counter is in none of them.
func TestSignUp_holdsNoCounterOfItsNetworkOnPostgres(t *testing.T) {
	w := newWorld(t, storetest.Postgres(t))
	network := func() []throttle.Budget { return w.RequestNetwork(t.Context(), signup.SignUpNetwork) }
	transaction := 0
	stop := storetest.HoldOpen(w.DB, func(context.Context) {
		if transaction++; transaction != 2 { // that of the sign-up
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		slots := network()
		if err := errors.Join(w.Reserve(ctx, slots), w.GiveBack(ctx, slots, false)); err != nil {
			t.Errorf("somebody else behind the address: %v", err)
		}
	})
	in := signUpOf("amina@example.org", "amina")
	err := w.SignUp(t.Context(), in)
	stop()
	if err != nil || transaction < 3 {
		t.Fatalf("%v, in %d transactions", err, transaction)
	}
	w.signUp(in) // the same flow again is no other sign-up
	if n := w.failures(network()[0]); n != 1 {
		t.Errorf("%d sign-ups are counted", n)
	}
}

// Whose account is held by somebody else waits, and does not keep the others behind
// the same address waiting.
func TestLogIn_holdsTheCounterOfItsNetworkLastOnPostgres(t *testing.T) {
	w := newWorld(t, storetest.Postgres(t))
	w.register("amina@example.org", "amina")
	w.register("bela@example.org", "bela")
	p := w.who("amina")
	held, release, both := make(chan struct{}), make(chan struct{}), sync.WaitGroup{}
	both.Go(func() {
		if err := w.DB.UpdateCommitted(t.Context(), func(tx *store.Tx) error {
			err := account.Hold(tx, p.AccountID)
			close(held)
			<-release
			return err
		}); err != nil {
			t.Errorf("hold: %v", err)
		}
	})
	<-held
	both.Go(func() {
		if _, err := w.logIn("amina", goodPassword); err != nil {
			t.Errorf("amina: %v", err)
		}
	})
	for w.rows(`SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) == 0 {
		runtime.Gosched()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	slots := w.LogInNetwork(t.Context())
	if err := errors.Join(w.Reserve(ctx, slots), w.GiveBack(ctx, slots, false)); err != nil {
		t.Errorf("somebody else behind the address: %v", err)
	}
	close(release)
	both.Wait()
}

func TestSpentBudgets_costNoHash(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		amina := w.register("amina@example.org", "amina")
		waiting := signUpOf("bela@example.org", "bela")
		w.signUp(waiting)
		flow := api.Flow{Token: tokens.New()}
		if _, err := w.Recover(t.Context(), api.Recover{Flow: flow.Token, Identifier: amina.Email}); err != nil {
			t.Fatal(err)
		}
		for err := error(nil); err == nil; {
			err = w.SendRecovery(t.Context(), flow)
		}
		for err := error(nil); err == nil; {
			err = w.ResendSignUp(t.Context(), api.Flow{Token: waiting.Flow})
		}
		w.Credentials.Hasher = nil // whoever hashes now panics
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		wantCode(t, w.SendRecovery(ctx, flow), api.CodeTooMany)
		wantCode(t, w.ResendSignUp(ctx, api.Flow{Token: waiting.Flow}), api.CodeTooMany)
		wantCode(t, w.SignUp(ctx, signUpOf("bela@example.org", "bela.two")), api.CodeTooMany)
	})
}

func TestTooMany_saysHowLongToWait(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		for name, c := range map[string]struct {
			full throttle.Full
			want time.Duration
		}{
			"used up":               {throttle.Full{Spent: true, Until: start.Add(time.Hour)}, time.Hour},
			"used up, nearly over":  {throttle.Full{Spent: true, Until: start.Add(time.Millisecond)}, time.Second},
			"a growing wait":        {throttle.Full{BackingOff: true, Until: start.Add(8 * time.Second)}, 8 * time.Second},
			"others hold the slots": {throttle.Full{Until: start.Add(24 * time.Hour)}, throttle.LongestWait},
		} {
			if got := retryAfter(t, w.ExplainFull(&c.full)); got != c.want {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
	})
}
