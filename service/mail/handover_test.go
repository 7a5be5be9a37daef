package mail

import (
	"testing"

	"plenary/service/audit"
	"plenary/service/mail/mailtest"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// watched has administrators told of a change of the mail server, as accounts do.
func watched(o *office, to ...string) {
	o.Audit.Watch(func(tx *store.Tx, n audit.Noted) {
		if n.Event != audit.MailSettingsChanged {
			return
		}
		for _, address := range to {
			o.Queue(tx, Message{
				To: address, Language: "en", Template: ServiceChanged,
				Params: map[string]string{"What": "the mail server", "By": "ada", "When": "today"},
			})
		}
	})
}

// Whoever points the mail server elsewhere keeps nobody from being told.
func TestSave_tellsAdministratorsThroughTheServerOfBefore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		before, after := newMailServer(t), newMailServer(t)
		o := newOffice(t, db, nil)
		if err := save(t, o.Admin, "ada", of(before)); err != nil {
			t.Fatal(err)
		}
		watched(o, "ada@example.org", "bob@example.org")
		if err := save(t, o.Admin, "ada", of(after)); err != nil {
			t.Fatal(err)
		}
		if n := len(before.Inbox()); n != 2 {
			t.Errorf("%d administrators were told through the server of before", n)
		}
		o.round()
		if n := len(after.Inbox()); n != 0 {
			t.Errorf("%d were told through the new one", n)
		}
	})
}

// A server of before that takes nothing any more is a good reason for a new one, which
// the administrators then hear of through that.
func TestSave_tellsAdministratorsThroughTheNewServerWhereTheOldOneIsDead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		before, after := newMailServer(t), newMailServer(t)
		o := newOffice(t, db, nil)
		if err := save(t, o.Admin, "ada", of(before)); err != nil {
			t.Fatal(err)
		}
		watched(o, "ada@example.org", "bob@example.org")
		before.Behave(func(m *mailtest.Manners) { m.OnSender = refuse(550) })
		if err := save(t, o.Admin, "ada", of(after)); err != nil {
			t.Fatal(err)
		}
		o.round()
		if n := len(after.Inbox()); n != 2 || len(before.Inbox()) != 0 {
			t.Errorf("%d administrators were told, %d through the server of before", n, len(before.Inbox()))
		}
	})
}
