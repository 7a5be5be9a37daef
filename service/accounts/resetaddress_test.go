package accounts

import (
	"errors"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/recovery"
	tokens "plenary/service/account/token"
	"plenary/service/caller"
	"plenary/service/mail"
)

// helpOut sets a user's reset address, area@example.org, and gives the token
// with which the owner stops it.
func (w *world) helpOut(boss caller.Caller, target string) (stop string) {
	w.t.Helper()
	before := w.mailCount()
	if _, err := w.doChange(boss, api.KindResetAddress, target); err != nil {
		w.t.Fatal(err)
	}
	for _, m := range w.mails()[:len(w.mails())-before] {
		if m.Template == mail.ResetAddressSet {
			return token(w.t, m)
		}
	}
	w.t.Fatal("the owner was not told")
	return ""
}

func TestResetAddress_isForOneResetByTheUsername(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss, target := w.administrator("boss"), w.person("target", "Tar", "Get", "Example")
		for range w.Limits().IdentifierFailures {
			if w.fail("target") == nil {
				t.Fatal("logged in")
			}
		}
		if w.stateOf(target) != api.UserLocked {
			t.Fatalf("state %s", w.stateOf(target))
		}
		before := w.mailCount()
		if out, err := w.doChange(boss, api.KindResetAddress, target); err != nil || out.Waiting {
			t.Fatalf("%+v, %v", out, err)
		}
		told := map[string]mail.Shown{}
		for _, m := range w.mails()[:len(w.mails())-before] {
			told[m.Template] = m
		}
		own, ready := told[mail.ResetAddressSet], told[mail.ResetAddressReady]
		if own.To != "target@example.org" || strings.Contains(own.Text, "area@") || !strings.Contains(own.Secrets[mail.Link], "/stop?lang=en#") {
			t.Errorf("the owner got %+v", own)
		}
		if ready.To != "area@example.org" || !strings.Contains(ready.Text, "target") || len(ready.Secrets) != 0 {
			t.Errorf("the reset address got %+v", ready)
		}
		// Until then nobody gets in, by the password of before.
		_, err := w.logIn("target", goodPassword)
		wantCode(t, err, api.CodeDeactivated)
		if w.stateOf(target) != api.UserLocked {
			t.Errorf("state %s", w.stateOf(target))
		}
		// By the e-mail address, everything is as it was.
		if _, m := w.recover("target@example.org"); m.To != "target@example.org" {
			t.Errorf("the reset e-mail went to %s", m.To)
		}
		r, err := w.Recover(t.Context(), api.Recover{Flow: tokens.New(), Identifier: "TARGET"})
		if err != nil || r.Address != account.Mask("area@example.org") {
			t.Errorf("%+v, %v", r, err)
		}
		flow, m := w.recover("target")
		if m.To != "area@example.org" {
			t.Fatalf("the reset e-mail went to %s", m.To)
		}
		if err := w.Reset(t.Context(), api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: otherPassword}); err != nil {
			t.Fatal(err)
		}
		w.mustLogIn("target", otherPassword)
		if w.stateOf(target) != api.UserActive {
			t.Errorf("state %s", w.stateOf(target))
		}
		u, err := w.User(t.Context(), boss, target)
		if err != nil || u.ResetAddress == nil || !u.ResetAddress.Used || u.ResetAddress.By != "boss" {
			t.Errorf("%+v, %v", u.ResetAddress, err)
		}
		if _, m := w.recover("target"); m.To != "target@example.org" {
			t.Errorf("the second reset e-mail went to %s", m.To)
		}
		wantCode(t, w.StopResetAddress(t.Context(), api.Link{Token: token(t, own)}), api.CodeCodeExpired)
		// What is left of it goes with its time.
		w.pass(account.UsedAddressLife + time.Hour)
		if err := w.Housekeep(t.Context()); err != nil || w.rows(`SELECT COUNT(*) FROM reset_addresses`) != 0 {
			t.Errorf("left after a month: %v", err)
		}
	})
}

// Who was deactivated by staff gets in by the reset, and not by the password of before.
func TestResetAddress_endsADeactivationWithTheReset(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss, target := w.administrator("boss"), w.person("target", "Tar", "Get", "Example")
		if err := w.staffDoes(boss, target, api.KindDeactivate); err != nil {
			t.Fatal(err)
		}
		w.helpOut(boss, target)
		_, err := w.logIn("target", goodPassword)
		wantCode(t, err, api.CodeDeactivatedByStaff)
		_, m := w.recover("target")
		wantCode(t, w.ResetByLink(t.Context(), api.ResetByLink{Token: token(t, m), Password: otherPassword}), "")
		_, err = w.logIn("target", goodPassword)
		wantCode(t, err, api.CodeCredentials)
		w.mustLogIn("target", otherPassword)
	})
}

// Everything after which a reset address must not work any more.
func TestResetAddress_ends(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		boss := w.administrator("boss")
		n := 0
		for name, end := range map[string]func(target, username, stop string) error{
			"stopped by the owner": func(_, _, stop string) error { return w.StopResetAddress(t.Context(), api.Link{Token: stop}) },
			"taken back":           func(target, _, _ string) error { return w.staffDoes(boss, target, api.KindRemoveResetAddress) },
			"too old":              func(_, _, _ string) error { w.pass(recovery.ResetAddressLife); return nil },
			"replaced": func(target, _, _ string) error {
				_, err := w.setAddress(boss, target, "other@example.org")
				return err
			},
			"another password by the own address": func(_, username, _ string) error {
				_, m := w.recover(username + "@example.org")
				return w.ResetByLink(t.Context(), api.ResetByLink{Token: token(t, m), Password: otherPassword})
			},
			"another password by the operator": func(_, username, _ string) error { return w.SetPassword(t.Context(), username, otherPassword) },
			"deactivated":                      func(target, _, _ string) error { return w.staffDoes(boss, target, api.KindDeactivate) },
		} {
			n++
			username := "target" + string(rune('a'+n))
			target := w.person(username, "Tar", "Get", "Example")
			stop := w.helpOut(boss, target)
			flow, m := w.recover(username)
			if m.To != "area@example.org" {
				t.Fatalf("%s: the reset e-mail went to %s", name, m.To)
			}
			if err := end(target, username, stop); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if err := w.ResetByLink(t.Context(), api.ResetByLink{Token: token(t, m), Password: "Th1rd-Password&More"}); code(t, err) != api.CodeCodeExpired {
				t.Errorf("%s: by link %v", name, err)
			}
			if err := w.Reset(t.Context(), api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: "Th1rd-Password&More"}); code(t, err) != api.CodeCodeExpired {
				t.Errorf("%s: by code %v", name, err)
			}
			wantCode(t, w.StopResetAddress(t.Context(), api.Link{Token: stop}), api.CodeCodeExpired)
			_, err := w.ResetAddressByLink(t.Context(), api.Link{Token: stop})
			wantCode(t, err, api.CodeCodeExpired)
		}
	})
}

// A recovery that began at the very moment at which staff set another address
// has the one of before.
func TestResetAddress_ofBeforeIsNotTakenForTheNewOne(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		boss, target := w.administrator("boss"), w.person("target", "Tar", "Get", "Example")
		w.helpOut(boss, target)
		_, m := w.recover("target")
		w.sql(`UPDATE reset_addresses SET email = 'other@example.org'`)
		wantCode(t, w.ResetByLink(t.Context(), api.ResetByLink{Token: token(t, m), Password: otherPassword}), api.CodeCodeExpired)
		w.mustLogIn("target", goodPassword)
	})
}

func TestStopResetAddress_inParallelHappensOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss, target := w.administrator("boss"), w.person("target", "Tar", "Get", "Example")
		stop := w.helpOut(boss, target)
		s, err := w.ResetAddressByLink(t.Context(), api.Link{Token: stop})
		if err != nil || s.Username != "target" || s.Address != account.Mask("area@example.org") || !s.Until.Equal(start.Add(recovery.ResetAddressLife)) || !s.Set.Equal(start) {
			t.Errorf("%+v, %v", s, err)
		}
		for _, wrong := range []string{"", "x", tokens.New(), stop[:42]} {
			wantCode(t, w.StopResetAddress(t.Context(), api.Link{Token: wrong}), api.CodeCodeExpired)
		}
		if n := w.rows(`SELECT COUNT(*) FROM proofs WHERE link_hash = $1`, []byte(stop)); n != 0 {
			t.Error("the token stands in the database")
		}
		got := count(t, 50, func(int) error { return w.StopResetAddress(t.Context(), api.Link{Token: stop}) })
		if got[""] != 1 || got[api.CodeCodeExpired] != 49 {
			t.Errorf("got %v", got)
		}
		if n := w.rows(`SELECT COUNT(*) FROM audit WHERE event = 'reset-address-stopped'`); n != 1 {
			t.Errorf("%d entries", n)
		}
	})
}

// A reset by the reset address and its end, at once: one of them happens.
func TestResetAddress_usedAndStoppedAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss := w.administrator("boss")
		for round := range 2 {
			username := "target" + string(rune('a'+round))
			target := w.person(username, "Tar", "Get", "Example")
			stop := w.helpOut(boss, target)
			_, m := w.recover(username)
			link := token(t, m)
			got := count(t, 6, func(i int) error {
				if i%2 == 0 {
					return w.StopResetAddress(t.Context(), api.Link{Token: stop})
				}
				return w.ResetByLink(t.Context(), api.ResetByLink{Token: link, Password: otherPassword})
			})
			if got[""] != 1 || got[api.CodeCodeExpired] != 5 {
				t.Errorf("round %d: %v", round, got)
			}
			_, err := w.logIn(username, otherPassword)
			if p, refused := errors.AsType[*api.Problem](err); refused && p.Code != api.CodeCredentials {
				t.Error(err)
			}
			if used := w.rows(`SELECT COUNT(*) FROM reset_addresses WHERE account_id = $1 AND used_at > 0`, target) == 1; used != (err == nil) {
				t.Errorf("round %d: used %v, logged in with the new password %v", round, used, err == nil)
			}
		}
	})
}

// Nobody is asked why a reset address is taken back: nothing stands in the audit log
// that the administrator has not typed.
func TestRemoveResetAddress_recordsNoReason(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		boss, target := w.administrator("boss"), w.person("target", "Tar", "Get", "Example")
		w.helpOut(boss, target)
		reasons := w.rows(`SELECT COUNT(*) FROM reasons`)
		if err := w.staffDoes(boss, target, api.KindRemoveResetAddress); err != nil {
			t.Fatal(err)
		}
		if n := w.rows(`SELECT COUNT(*) FROM reasons`) - reasons; n != 0 {
			t.Errorf("%d reasons more", n)
		}
	})
}

// An e-mail that went to a reset address is erased with the account, whatever
// has ended the recovery that it was about.
func TestResetAddress_isErasedWithTheAccount(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		boss, target := w.administrator("boss"), w.person("target", "Tar", "Get", "Example")
		owner := w.who("target")
		for name, end := range map[string]func() error{
			"taken back": func() error { return w.staffDoes(boss, target, api.KindRemoveResetAddress) },
			"deactivated": func() error {
				if err := w.staffDoes(boss, target, api.KindDeactivate); err != nil {
					return err
				}
				return w.staffDoes(boss, target, api.KindActivate)
			},
			"another password": func() error { return w.SetPassword(t.Context(), "target", goodPassword) },
		} {
			w.helpOut(boss, target)
			if _, m := w.recover("target"); m.To != "area@example.org" {
				t.Fatalf("%s: the reset e-mail went to %s", name, m.To)
			}
			if err := end(); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if n := w.rows(`SELECT COUNT(*) FROM mails WHERE recipient = 'area@example.org' AND subject <> $1`, target); n != 0 {
				t.Errorf("%s: %d e-mails that are about nothing any more", name, n)
			}
		}
		if _, err := w.AskDeletion(t.Context(), owner); err != nil {
			t.Fatal(err)
		}
		w.pass(time.Duration(w.Policies.Now().DeletionDays) * day)
		w.housekeep()
		if found := w.holds("area@"); len(found) > 0 {
			t.Errorf("left in %q", found)
		}
	})
}
