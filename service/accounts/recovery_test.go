package accounts

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/account/proof"
	"plenary/service/account/recovery"
	"plenary/service/account/throttle"
	tokens "plenary/service/account/token"
	"plenary/service/mail"
	"plenary/service/store"
)

// recover goes through "Forgot password?" up to the e-mail.
func (w *world) recover(identifier string) (flow string, m mail.Shown) {
	w.t.Helper()
	return w.recoverQuietly(identifier), w.lastMail(mail.Reset)
}

func TestRecover_showsTheTypedOrAMaskedAddress(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina.okafor@telecom.example.org", "amina")
		ask := func(identifier string) string {
			r, err := w.Recover(t.Context(), api.Recover{Flow: tokens.New(), Identifier: identifier})
			if err != nil {
				t.Fatal(err)
			}
			return r.Address
		}
		for identifier, want := range map[string]string{
			"amina":                             "a••••••@••••••.org",
			"AMINA":                             "a••••••@••••••.org",
			"Amina.Okafor@telecom.example.org ": "Amina.Okafor@telecom.example.org",
			"nobody@example.org":                "nobody@example.org",
		} {
			if got := ask(identifier); got != want {
				t.Errorf("%q: %q, want %q", identifier, got, want)
			}
		}
		made := ask("nobody")
		if !strings.Contains(made, "••••••@••••••.") || made != ask("nobody") || made != ask("NOBODY") {
			t.Errorf("made up: %q, then %q", made, ask("nobody"))
		}
	})
}

func TestRecover_sameFlowIsTheSameRecovery(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		in := api.Recover{Flow: tokens.New(), Identifier: "amina"}
		got := count(t, 50, func(int) error {
			_, err := w.Recover(t.Context(), in)
			return err
		})
		if got[""] != 50 || w.rows(`SELECT COUNT(*) FROM recoveries`) != 1 {
			t.Errorf("got %v", got)
		}
		in.Identifier = "somebody"
		_, err := w.Recover(t.Context(), in)
		wantCode(t, err, api.CodeKeyReused)
	})
}

func TestReset_endsEverythingAndUnlocks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		s := w.mustLogIn("amina", goodPassword)
		for range w.Limits().IdentifierFailures {
			wantCode(t, w.fail("amina"), api.CodeCredentials)
		}
		_, err := w.logIn("amina", goodPassword)
		wantCode(t, err, api.CodeDeactivated)

		flow, m := w.recover("amina")
		if !strings.HasPrefix(m.Secrets[mail.Link], "https://accounts.example.org/reset?lang=en#") || m.To != "amina@example.org" {
			t.Errorf("to %s: %s", m.To, m.Secrets[mail.Link])
		}
		good := api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: otherPassword}
		for range proof.Tries + 3 { // a right code costs no try
			wantCode(t, w.checkCode(api.RecoveryCode{Flow: flow, Code: good.Code}), "")
		}
		for _, refusedPassword := range []string{"password", "Amina.Okafor1", strings.Repeat("aB1&", 33)} {
			bad := good
			bad.Password = refusedPassword
			wantCode(t, w.Reset(t.Context(), bad), api.CodePasswordRefused)
		}
		wantCode(t, w.Reset(t.Context(), api.Reset{Flow: tokens.New(), Code: good.Code, Password: otherPassword}), api.CodeCodeExpired)
		wantCode(t, w.Reset(t.Context(), good), "")
		wantCode(t, w.Reset(t.Context(), good), api.CodeCodeExpired)

		if m := w.lastMail(mail.PasswordChanged); m.To != "amina@example.org" {
			t.Errorf("told %s", m.To)
		}
		_, err = w.Authenticate(t.Context(), s.Access)
		wantCode(t, err, api.CodeUnauthenticated)
		_, err = w.Refresh(t.Context(), api.Refresh{Refresh: s.Refresh})
		wantCode(t, err, api.CodeSessionEnded)
		_, err = w.logIn("amina", goodPassword)
		wantCode(t, err, api.CodeCredentials)
		if again := w.mustLogIn("amina", otherPassword); again.Device == s.Device {
			t.Error("the known device outlived the reset")
		}
		wantCode(t, resetLinkValid(w, token(t, m)), api.CodeCodeExpired)
	})
}

func TestReset_countsFiveWrongCodesOfAnyNumberAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		flow, m := w.recover("amina@example.org")
		got := count(t, 50, func(i int) error {
			if i%2 == 0 {
				return w.checkCode(api.RecoveryCode{Flow: flow, Code: "00000-00000"})
			}
			return w.Reset(t.Context(), api.Reset{Flow: flow, Code: "00000-00000", Password: otherPassword})
		})
		if got[api.CodeCodeWrong] != proof.Tries || got[api.CodeCodeExpired] != 50-proof.Tries {
			t.Errorf("got %v", got)
		}
		wantCode(t, w.Reset(t.Context(), api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: otherPassword}), api.CodeCodeExpired)
		wantCode(t, w.ResetByLink(t.Context(), api.ResetByLink{Token: token(t, m), Password: otherPassword}), "") // the link is another proof
	})
}

func TestReset_takesACodeThatAnotherRecoveryAskedFor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		w.recover("amina@example.org")
		again := func(identifier string) string {
			flow := tokens.New()
			if _, err := w.Recover(t.Context(), api.Recover{Flow: flow, Identifier: identifier}); err != nil {
				t.Fatal(err)
			}
			return flow
		}
		// A stranger's wrong ones are few, and do not use the code up.
		for identifier, want := range map[string]int{"amina": recovery.OtherFlowTries, "nobody@example.org": recovery.OtherFlowTries} {
			flow := again(identifier)
			got := count(t, 30, func(int) error { return w.checkCode(api.RecoveryCode{Flow: flow, Code: "00000-00000"}) })
			if got[api.CodeCodeWrong] != want || got[api.CodeCodeExpired] != 30-want {
				t.Errorf("%s: got %v", identifier, got)
			}
		}
		w.pass(time.Hour)
		_, m := w.recover("amina@example.org")
		in := api.Reset{Flow: again("amina"), Code: m.Secrets[mail.Code], Password: "weak"}
		wantCode(t, w.checkCode(api.RecoveryCode{Flow: in.Flow, Code: in.Code}), "")
		wantCode(t, w.Reset(t.Context(), in), api.CodePasswordRefused)
		in.Password = otherPassword
		wantCode(t, w.Reset(t.Context(), in), "")
		wantCode(t, w.Reset(t.Context(), in), api.CodeCodeExpired)
		w.mustLogIn("amina", otherPassword)
	})
}

// Who has a code sent to an address does not learn by guesses under a username
// whether the two belong together, nor that either exists.
func TestCheckCode_tellsNothingOfTheOtherIdentifier(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		w.register("boris@example.org", "boris")
		w.recover("amina@example.org")
		guess := func(identifier string, n int) map[api.Code]int {
			flow := tokens.New()
			if _, err := w.Recover(t.Context(), api.Recover{Flow: flow, Identifier: identifier}); err != nil {
				t.Fatal(err)
			}
			got := map[api.Code]int{}
			for range n {
				got[code(t, w.checkCode(api.RecoveryCode{Flow: flow, Code: "00000-00000"}))]++
			}
			return got
		}
		// Once with a code that is good, and once with the account's tries used up.
		for range 2 {
			for _, identifier := range []string{"amina", "boris", "nobody"} {
				if got := guess(identifier, 3); got[api.CodeCodeWrong] != 3 {
					t.Errorf("%s: %v", identifier, got)
				}
			}
			guess("amina@example.org", 2*recovery.OtherFlowTries)
		}
		// The owner's known device has tries of its own.
		device := w.mustLogIn("amina", goodPassword).Device
		w.pass(time.Minute)
		_, m := w.recover("amina")
		flow, _ := w.recoverOn("amina@example.org", device)
		wantCode(t, w.checkCode(api.RecoveryCode{Flow: flow, Code: m.Secrets[mail.Code]}), "")
	})
}

// However many recoveries a stranger begins for a name, a code from elsewhere is looked
// for among the few that have sent one: the time of the answer does not tell which
// names exist, nor which two are one account's.
func TestCheckCode_looksAmongThoseThatSent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		for _, identifier := range []string{"amina", "amina@example.org", "nobody"} {
			for range 20 {
				if _, err := w.Recover(t.Context(), api.Recover{Flow: tokens.New(), Identifier: identifier}); err != nil {
					t.Fatal(err)
				}
			}
			var about []byte
			if err := w.DB.View(t.Context(), func(tx *store.Tx) error {
				tx.Get(`SELECT about FROM recoveries ORDER BY id DESC LIMIT 1`).Into(&about)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			looksAt := func() int {
				return w.rows(`SELECT COUNT(*) FROM (`+recovery.SentRecoveries+`) r`, about, store.Micros(w.Now().Add(-proof.Reset.Life())))
			}
			if n := looksAt(); n != 0 {
				t.Errorf("%s: looks at %d recoveries that have sent nothing", identifier, n)
			}
			w.recoverQuietly(identifier)
			if n := looksAt(); n != 1 {
				t.Errorf("%s: looks at %d recoveries, where one has sent an e-mail", identifier, n)
			}
			w.pass(proof.Reset.Life())
			if n := looksAt(); n != 0 {
				t.Errorf("%s: looks at %d recoveries whose codes have ended", identifier, n)
			}
		}
	})
}

// recoverQuietly is recover for a name that may not exist.
func (w *world) recoverQuietly(identifier string) (flow string) {
	w.t.Helper()
	flow = tokens.New()
	if _, err := w.Recover(w.t.Context(), api.Recover{Flow: flow, Identifier: identifier}); err != nil {
		w.t.Fatalf("recover: %v", err)
	}
	if err := w.SendRecovery(w.t.Context(), api.Flow{Token: flow}); err != nil {
		w.t.Fatalf("send: %v", err)
	}
	return flow
}

func TestCheckCode_fromElsewhereLooksTheSameForAll(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		for _, identifier := range []string{"amina@example.org", "nobody@example.org"} {
			flow := tokens.New() // one that sends, and another that has the code
			for _, f := range []string{flow, tokens.New()} {
				if _, err := w.Recover(t.Context(), api.Recover{Flow: f, Identifier: identifier}); err != nil {
					t.Fatal(err)
				}
				if f == flow {
					if err := w.SendRecovery(t.Context(), api.Flow{Token: f}); err != nil {
						t.Fatal(err)
					}
				}
				wantCode(t, w.checkCode(api.RecoveryCode{Flow: f, Code: "00000-00000"}), api.CodeCodeWrong)
			}
		}
	})
}

func TestReset_oneOf50Wins(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		for by, password := range map[string]string{"code": otherPassword, "link": otherPassword + "2"} {
			flow, m := w.recover("amina")
			link := token(t, m)
			got := count(t, 50, func(int) error {
				if by == "link" {
					return w.ResetByLink(t.Context(), api.ResetByLink{Token: link, Password: password})
				}
				return w.Reset(t.Context(), api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: password})
			})
			if got[""] != 1 {
				t.Errorf("%s: got %v", by, got)
			}
		}
		n := 0
		for _, m := range w.mails() {
			if m.Template == mail.PasswordChanged {
				n++
			}
		}
		if n != 2 {
			t.Errorf("told %d times", n)
		}
	})
}

func TestResetByLink(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		_, m := w.recover("amina")
		link := token(t, m)
		wantCode(t, resetLinkValid(w, link), "")
		wantCode(t, w.ResetByLink(t.Context(), api.ResetByLink{Token: link, Password: "password"}), api.CodePasswordRefused)
		wantCode(t, w.ResetByLink(t.Context(), api.ResetByLink{Token: tokens.New(), Password: otherPassword}), api.CodeCodeExpired)
		wantCode(t, w.ActivateByLink(t.Context(), api.ActivateByLink{Token: link, Password: otherPassword}), api.CodeCodeExpired) // another purpose
		wantCode(t, w.RefuseSignUp(t.Context(), api.Link{Token: link}), api.CodeCodeExpired)
		wantCode(t, w.ResetByLink(t.Context(), api.ResetByLink{Token: link, Password: otherPassword}), "")
		wantCode(t, w.ResetByLink(t.Context(), api.ResetByLink{Token: link, Password: otherPassword}), api.CodeCodeExpired)
		w.mustLogIn("amina", otherPassword)

		_, m = w.recover("amina")
		w.pass(proof.Reset.Life())
		wantCode(t, w.ResetByLink(t.Context(), api.ResetByLink{Token: token(t, m), Password: goodPassword}), api.CodeCodeExpired)
	})
}

// For a name that does not exist everything is answered as for one that does.
func TestRecovery_looksTheSameForUnknownNames(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		w.pass(time.Hour)
		before := w.mailCount()
		for _, identifier := range []string{"amina@example.org", "nobody@example.org", "nobody"} {
			flow := tokens.New()
			if _, err := w.Recover(t.Context(), api.Recover{Flow: flow, Identifier: identifier}); err != nil {
				t.Fatal(err)
			}
			wantCode(t, w.checkCode(api.RecoveryCode{Flow: flow, Code: "00000-00000"}), api.CodeCodeWrong) // nothing sent yet: that is not told
			for range w.Limits().Mails {
				wantCode(t, w.SendRecovery(t.Context(), api.Flow{Token: flow}), "")
			}
			wantCode(t, w.SendRecovery(t.Context(), api.Flow{Token: flow}), api.CodeTooMany)
			for i := range proof.Tries + 1 {
				want := api.CodeCodeWrong
				if i == proof.Tries {
					want = api.CodeCodeExpired
				}
				wantCode(t, w.checkCode(api.RecoveryCode{Flow: flow, Code: "00000-00000"}), want)
			}
		}
		// The account's allowance is used up under its address: under its
		// username nothing is sent, and nothing said.
		flow := tokens.New()
		if _, err := w.Recover(t.Context(), api.Recover{Flow: flow, Identifier: "amina"}); err != nil {
			t.Fatal(err)
		}
		wantCode(t, w.SendRecovery(t.Context(), api.Flow{Token: flow}), "")
		if n := w.mailCount() - before; n != w.Limits().Mails {
			t.Errorf("%d e-mails", n)
		}
	})
}

// Whoever asks for e-mails in an owner's name, or behind the same network
// address, leaves the owner's known device an allowance of its own.
func TestSendRecovery_leavesKnownDevicesAnAllowance(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.change(func(p *api.Policies) { p.Limits.NetworkRequests = 3 * p.Limits.Mails })
		w.register("amina@example.org", "amina")
		device := w.mustLogIn("amina", goodPassword).Device
		ask := func(identifier, device string) error {
			flow := tokens.New()
			if _, err := w.Recover(t.Context(), api.Recover{Flow: flow, Identifier: identifier, Device: device}); err != nil {
				return err
			}
			return w.SendRecovery(t.Context(), api.Flow{Token: flow})
		}
		for range w.Limits().Mails {
			wantCode(t, ask("amina", ""), "")
		}
		wantCode(t, ask("amina", ""), api.CodeTooMany)
		wantCode(t, ask("amina", tokens.New()), api.CodeTooMany)
		for i := range w.Limits().NetworkRequests {
			if err := ask(fmt.Sprint("nobody", i), ""); i > w.Limits().NetworkRequests-w.Limits().Mails {
				wantCode(t, err, api.CodeTooMany)
			}
		}
		sent := w.told(mail.Reset)
		for range w.Limits().Mails {
			wantCode(t, ask("amina", device), "")
		}
		if n := w.told(mail.Reset) - sent; n != w.Limits().Mails {
			t.Errorf("%d e-mails to the owner", n)
		}
		wantCode(t, ask("amina", device), api.CodeTooMany)
	})
}

// An address may have letters that normalization takes for others; a reset
// unlocks it nevertheless.
func TestReset_unlocksAddressesWithUnusualLetters(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		const address = "o\ufb03ce\u00aa@example.org" // with a ligature and an ordinal sign
		w.register(address, "office")
		for range w.Limits().IdentifierFailures {
			w.pass(throttle.WidestWait)
			wantCode(t, w.fail(address), api.CodeCredentials)
		}
		wantCode(t, w.fail(address), api.CodeDeactivated)
		flow, m := w.recover(address)
		wantCode(t, w.Reset(t.Context(), api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: otherPassword}), "")
		_, err := w.logIn(address, otherPassword)
		wantCode(t, err, "")
	})
}

// resetLinkValid is nil while a reset link is good.
func resetLinkValid(w *world, link string) error {
	_, err := w.ResetByLinkOf(w.t.Context(), api.Link{Token: link})
	return err
}
