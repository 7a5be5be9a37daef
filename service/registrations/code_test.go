package registrations_test

import (
	"bytes"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"plenary/api"
	"plenary/rules"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// verified is what a desk with the meeting's keys makes of a code.
func (w *world) verified(text string) (rules.Badge, error) {
	w.t.Helper()
	keys, err := w.badges.Keys(w.t.Context(), code)
	if err != nil {
		w.t.Fatal(err)
	}
	return rules.VerifyBadge(keys.Keys, code, text, morning)
}

func (w *world) own(account string) api.Registration {
	w.t.Helper()
	page, err := w.Own(w.t.Context(), caller.Caller{AccountID: account}, "")
	if err != nil || len(page.Registrations) != 1 {
		w.t.Fatalf("%+v, %v", page, err)
	}
	return page.Registrations[0]
}

// A confirmed registration has a code, on site and remotely, and no other has one.
func TestOwn_codeOfAConfirmedRegistration(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Approval = api.ApprovalSecretariat })
		for _, participation := range []string{api.OnSite, api.Remote} {
			ana := w.person("Ana", "en")
			number := w.do(ana, api.OpRegister, ask(participation)).Registration.Number
			if got := w.own(ana); got.Code != "" {
				t.Errorf("%s: %s has the code %s", participation, got.State, got.Code)
			}
			if _, err := w.decide(number, api.Decide{Approve: true}); err != nil {
				t.Fatal(err)
			}
			if one, err := w.One(t.Context(), caller.Caller{AccountID: ana}, number); err != nil || one.Code != w.own(ana).Code {
				t.Errorf("%s: alone it has the code %q (%v)", participation, one.Code, err)
			}
			b, err := w.verified(w.own(ana).Code)
			if err != nil || b.Registration != number || b.Kind != rules.BadgeOfConfirmation {
				t.Errorf("%s: %+v, %v", participation, b, err)
			}
			w.do(ana, api.OpWithdraw, api.Withdraw{Registration: number})
			if got := w.own(ana); got.Code != "" {
				t.Errorf("%s: withdrawn, and has the code %s", participation, got.Code)
			}
		}
	})
}

// When the meeting is put off, the code is another one, and the list says that it has
// changed; codes that were sent are good for the time of a short delay.
func TestOwn_codeGoesByTheEndOfTheMeeting(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(nil)
	ana := w.person("Ana", "en")
	w.register(ana)
	before, etag := w.own(ana).Code, w.ownETag(ana)
	w.meeting(func(d *api.MeetingDetails) {
		for i := range d.Sessions {
			d.Sessions[i].Start, d.Sessions[i].End = d.Sessions[i].Start.AddDate(0, 2, 0), d.Sessions[i].End.AddDate(0, 2, 0)
		}
	})
	after := w.own(ana).Code
	if after == before || w.ownETag(ana) == etag {
		t.Errorf("the same code: %s", after)
	}
	old, err := w.verified(before)
	if err != nil {
		t.Error(err)
	}
	if newer, err := w.verified(after); err != nil || !newer.Until.After(old.Until) || old.Until.Before(morning.AddDate(0, 3, 0)) {
		t.Errorf("until %v, before until %v (%v)", newer.Until, old.Until, err)
	}
}

func (w *world) ownETag(account string) string {
	w.t.Helper()
	etag, err := w.OwnETag(w.t.Context(), caller.Caller{AccountID: account})
	if err != nil {
		w.t.Fatal(err)
	}
	return etag
}

// The e-mail shows the code as it is when it leaves, and brings the PDF along.
func TestConfirm_forTheEMail(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(nil)
	ana := w.person("Ana", "fr")
	number := w.register(ana).Registration.Number
	c, err := w.Confirm(t.Context(), number, "fr")
	if err != nil || c.Code != w.own(ana).Code || !bytes.HasPrefix(c.PDF, []byte("%PDF-")) {
		t.Fatalf("%q, %d bytes, %v", c.Code, len(c.PDF), err)
	}
	if _, err := exec.LookPath("zbarimg"); err == nil {
		file := filepath.Join(t.TempDir(), "confirmation.pdf")
		if err := os.WriteFile(file, c.PDF, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("pdftoppm", "-png", "-r", "110", "-singlefile", file, file).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		read, err := exec.Command("zbarimg", "--nodbus", "--quiet", "--raw", file+".png").Output()
		if b, badErr := w.verified(strings.TrimSpace(string(read))); err != nil || badErr != nil || b.Registration != number {
			t.Errorf("on paper: %q, %v, %v", read, err, badErr)
		}
	}
	m := w.shown()[0]
	if !bytes.Contains(m.PDF, []byte("%PDF-")) || m.Template != mail.RegistrationConfirmed {
		t.Errorf("%s with %d bytes", m.Template, len(m.PDF))
	}
	picture, err := png.Decode(bytes.NewReader(m.QR))
	if err != nil || picture.Bounds().Dx() != (41+8)*8 {
		t.Errorf("a QR code of %v, %v", picture.Bounds(), err)
	}
	if _, err := w.Confirm(t.Context(), "R-0000-0000", "en"); !api.HasCode(err, api.CodeNotFound) {
		t.Errorf("of no registration: %v", err)
	}
	w.do(ana, api.OpWithdraw, api.Withdraw{Registration: number})
	if _, err := w.Confirm(t.Context(), number, "en"); !api.HasCode(err, api.CodeWrongState) {
		t.Errorf("of one that was withdrawn: %v", err)
	}
}
