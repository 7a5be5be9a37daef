package registrations_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/mail"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// again makes an e-mail about a registration anew.
func (w *world) again(template, number string) error {
	queue, err := w.MailAgain(w.t.Context(), mail.Mail{Message: mail.Message{Template: template, Subject: number}})
	if err != nil {
		return err
	}
	return w.db.Update(w.t.Context(), func(tx *store.Tx) error { return queue(tx) })
}

func TestMailAgain_onlyWhatIsStillTrue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Approval, d.Capacity = api.ApprovalSecretariat, 0 })
		ana := w.person("Ana", "en")
		number := w.register(ana).Registration.Number
		if err := w.again(mail.RegistrationReceived, number); err != nil {
			t.Fatal(err)
		}
		wantCode(t, w.again(mail.RegistrationConfirmed, number), api.CodeWrongState)
		if _, err := w.decide(number, api.Decide{Reason: "Not on the delegation's list"}); err != nil {
			t.Fatal(err)
		}
		wantCode(t, w.again(mail.RegistrationReceived, number), api.CodeWrongState)

		w.mu.Lock()
		who := w.people[ana]
		who.Email = "ana.new@example.org"
		w.people[ana] = who
		w.mu.Unlock()
		if err := w.again(mail.RegistrationRefused, number); err != nil {
			t.Fatal(err)
		}
		if shown := w.shown(); shown[0].To != "ana.new@example.org" || !strings.Contains(shown[0].Text, "Not on the delegation's list") {
			t.Errorf("the refusal, again: %+v", shown)
		}
		if got := len(w.mails()); got != 4 {
			t.Errorf("%d e-mails: %v", got, w.mails())
		}

		wantCode(t, w.again(mail.RegistrationRefused, "R-0000-0000"), api.CodeWrongState)
		w.mu.Lock()
		delete(w.people, ana)
		w.mu.Unlock()
		wantCode(t, w.again(mail.RegistrationRefused, number), api.CodeWrongState)
	})
}

func TestMailAgain_confirmationAsItWas(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(nil)
	number := w.register(w.person("Ana", "fr")).Registration.Number
	if err := w.again(mail.RegistrationConfirmed, number); err != nil {
		t.Fatal(err)
	}
	shown := w.shown()
	if len(shown) != 2 || !slices.Equal(shown[0].QR, shown[1].QR) || shown[0].Calendar != shown[1].Calendar ||
		shown[0].Text != shown[1].Text || len(shown[0].QR) == 0 {
		t.Errorf("not the same: %+v", shown)
	}
	w.set(morning.AddDate(1, 0, 0))
	wantCode(t, w.again(mail.RegistrationConfirmed, number), api.CodeWrongState)
}

// What the rules tell people of is an e-mail that there is, or one that is to come.
func TestSteps_haveTheirLetters(t *testing.T) {
	outbox := mail.NewOutbox(secret.Generate(), time.Now)
	var coming []string
	for _, letter := range rules.Letters() {
		_, err := outbox.Queuing(mail.Message{Template: letter})
		if errors.Is(err, mail.ErrUnknownTemplate) != slices.Contains(coming, letter) {
			t.Errorf("%s: %v", letter, err)
		}
	}
}
