package accounts

import (
	"errors"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/login"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/mail"
)

func (w *world) sendNotices() {
	w.t.Helper()
	if err := w.SendNotices(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func TestSendNotices_tellsOwnersOnceThatTheyAreLocked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		lock := func(identifier string) {
			t.Helper()
			for code(t, w.fail(identifier)) != api.CodeDeactivated {
			}
		}
		lock("nobody")
		lock("amina")
		if n := w.rows(`SELECT COUNT(*) FROM lock_notices`); n != 2 {
			t.Errorf("%d notices, want one for each name, existing or not", n)
		}
		lock("amina@example.org")
		if n := w.told(mail.Locked); n != 0 {
			t.Error("told while a request was answered")
		}
		// Two nodes at the same time.
		if got := count(t, 2, func(int) error { return w.SendNotices(t.Context()) }); got[""] != 2 {
			t.Errorf("got %v", got)
		}
		if m := w.lastMail(mail.Locked); m.To != "amina@example.org" || w.told(mail.Locked) != 1 || w.noted(audit.Locked) != 1 {
			t.Errorf("to %s, told %d times, noted %d times", m.To, w.told(mail.Locked), w.noted(audit.Locked))
		}
		if n := w.rows(`SELECT COUNT(*) FROM lock_notices`); n != 0 {
			t.Errorf("%d notices are left", n)
		}
		// After the way back, a new lock is news.
		flow, m := w.recover("amina")
		wantCode(t, w.Reset(t.Context(), api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: otherPassword}), "")
		lock("amina")
		w.sendNotices()
		if n := w.told(mail.Locked); n != 2 {
			t.Errorf("told %d times", n)
		}
	})
}

func TestLogIn_tellsOfANewDevice(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := signUpOf("amina@example.org", "amina")
		in.Language = "fr"
		w.signUp(in)
		wantCode(t, w.Activate(t.Context(), api.Activate{Flow: in.Flow, Code: w.lastMail(mail.Activate).Secrets[mail.Code], Password: in.Password}), "")
		first := w.mustLogIn("amina", goodPassword)
		known := api.LogIn{Identifier: "amina", Password: goodPassword, Device: first.Device}
		if _, err := w.LogIn(t.Context(), known); err != nil {
			t.Fatal(err)
		}
		if n := w.told(mail.NewDevice); n != 0 {
			t.Fatalf("told %d times of the first log-in, and of a known device", n)
		}
		w.mustLogIn("amina", goodPassword)
		m := w.lastMail(mail.NewDevice)
		if m.To != "amina@example.org" || !strings.Contains(m.Text, "Plenary 1.0, Linux, dimanche 10 mai 2026 à 08:00 UTC") {
			t.Errorf("to %s: %s", m.To, m.Text)
		}
		if w.noted(audit.NewDevice) != 1 {
			t.Error("the audit log lacks the new device")
		}
	})
}

// Whoever gets in after several wrong tries may have guessed: the owner is told, once.
// Failures count that are of the account, under whichever of its names, or of its
// known device; those of others behind the same network address do not.
func TestLogIn_tellsOfFailuresBeforeIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		w.register("bela@example.org", "bela")
		device := w.mustLogIn("amina", goodPassword).Device
		fail := func(identifier, device string, times int) {
			t.Helper()
			for range times {
				_, err := w.LogIn(t.Context(), api.LogIn{Identifier: identifier, Password: "wrong", Device: device})
				wantCode(t, err, api.CodeCredentials)
				w.pass(throttle.WidestWait)
			}
		}
		// One e-mail says all of a log-in, or none was written.
		logIn := func(identifier, device, told string) {
			t.Helper()
			devices, failures := w.told(mail.NewDevice), w.told(mail.LogInAfterFailures)
			if _, err := w.LogIn(t.Context(), api.LogIn{Identifier: identifier, Password: goodPassword, Device: device, Machine: "Plenary 1.0, Linux"}); err != nil {
				t.Fatal(err)
			}
			got := map[[2]int]string{{0, 0}: nothing, {1, 0}: mail.NewDevice, {0, 1}: mail.LogInAfterFailures}[[2]int{
				w.told(mail.NewDevice) - devices, w.told(mail.LogInAfterFailures) - failures,
			}]
			if got == mail.NewDevice && strings.Contains(w.lastMail(mail.NewDevice).Text, "Several attempts to log in had failed") {
				got = both
			}
			if got != told {
				t.Errorf("%s was told %q, want %q", identifier, got, told)
			}
		}
		fail("amina", "", login.SeveralFailures-1)
		logIn("amina", "", mail.NewDevice)
		fail("amina@example.org", "", login.SeveralFailures)
		fail("nobody@example.org", "", login.SeveralFailures)
		logIn("bela", "", nothing)      // her first; and the network's failures are not hers
		logIn("amina", device, nothing) // nor those of others the known device's
		logIn("amina", "", both)        // under her other name
		if m := w.lastMail(mail.NewDevice); m.To != "amina@example.org" || !strings.Contains(m.Text, "Plenary 1.0, Linux, Sunday, 10 May 2026") {
			t.Errorf("to %s: %s", m.To, m.Text)
		}
		logIn("amina", "", mail.NewDevice) // the failures are forgotten
		fail("amina", device, login.SeveralFailures)
		logIn("bela", "", mail.NewDevice)
		logIn("amina", device, mail.LogInAfterFailures)
		if m := w.lastMail(mail.LogInAfterFailures); m.To != "amina@example.org" || !strings.Contains(m.Text, "Plenary 1.0, Linux, Sunday, 10 May 2026") {
			t.Errorf("to %s: %s", m.To, m.Text)
		}
		logIn("amina", device, nothing)
		// Each has an allowance of an hour. Where that of new devices is used up, the
		// failures are told nevertheless: whoever has the password would spend it first.
		for range login.NewDeviceMails - 1 {
			logIn("bela", "", mail.NewDevice)
		}
		for range login.NewDeviceMails {
			fail("bela", "", login.SeveralFailures)
			logIn("bela", "", mail.LogInAfterFailures)
		}
		fail("bela", "", login.SeveralFailures)
		logIn("bela", "", nothing)
	})
}

// What TestLogIn_tellsOfFailuresBeforeIt finds, beside the names of e-mails.
const (
	nothing = "nothing"
	both    = "a new device, after failures"
)

// Nobody fills a mailbox, and the queue of everybody's e-mails, with an account
// of their own: what tells its owner of something has an allowance.
func TestNotices_haveAnAllowance(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		p := w.by(w.mustLogIn("amina", goodPassword))
		for range login.NewDeviceMails + 5 {
			w.mustLogIn("amina", goodPassword)
		}
		if n := w.told(mail.NewDevice); n != login.NewDeviceMails {
			t.Errorf("told of %d new devices", n)
		}
		if n := w.noted(audit.NewDevice); n != login.NewDeviceMails+5 {
			t.Errorf("%d new devices in the audit log", n)
		}
		ask := func() error {
			_, err := w.AskDeletion(t.Context(), p)
			return errors.Join(err, w.TakeBackDeletion(t.Context(), p))
		}
		for range account.ToldChanges {
			wantCode(t, ask(), "")
		}
		wantCode(t, ask(), api.CodeTooMany)
		if n := w.told(mail.DeletionAsked); n != account.ToldChanges {
			t.Errorf("told of %d deletions", n)
		}
		question := api.SetSecretQuestion{Question: "first-street", Answer: goodAnswer}
		wantCode(t, w.SetSecretQuestion(t.Context(), p, question), api.CodeTooMany)
		_, err := w.ChangePassword(t.Context(), p, api.ChangePassword{Current: goodPassword, New: otherPassword})
		wantCode(t, err, api.CodeTooMany)
		setup, err := w.SetUpSecondFactor(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		confirm := api.ConfirmSecondFactor{Code: app{w, setup.Secret}.code()}
		if _, err := w.ConfirmSecondFactor(t.Context(), p, confirm); code(t, err) != api.CodeTooMany {
			t.Errorf("two-step log-in: %v", err)
		}
		w.pass(time.Hour)
		wantCode(t, ask(), "")
	})
}
