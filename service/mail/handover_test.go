package mail

import (
	"context"
	"testing"

	"plenary/service/audit"
	"plenary/service/caller"
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

// Whoever points the mail server elsewhere keeps nobody from being told. But a server of
// before that takes nothing any more is a good reason for a new one, which the
// administrators then hear of through that.
func TestSave_tellsAdministratorsThroughTheServerOfBeforeWhereItWorks(t *testing.T) {
	for name, tc := range map[string]struct {
		manners        mailtest.Manners // of the server of before by now
		before, behind int              // who are told through it, and through the new one
	}{
		"works":         {mailtest.Manners{}, 2, 0},
		"takes nothing": {mailtest.Manners{OnSender: refuse(550)}, 0, 2},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				before, after := newMailServer(t), newMailServer(t)
				o := newOffice(t, db, nil)
				if err := save(t, o.Admin, "ada", of(before)); err != nil {
					t.Fatal(err)
				}
				watched(o, "ada@example.org", "bob@example.org")
				before.Behave(func(m *mailtest.Manners) { *m = tc.manners })
				if err := save(t, o.Admin, "ada", of(after)); err != nil {
					t.Fatal(err)
				}
				if n := len(before.Inbox()); n != tc.before {
					t.Errorf("%d administrators were told through the server of before", n)
				}
				o.round()
				if n := len(after.Inbox()); n != tc.behind {
					t.Errorf("%d were told through the new one", n)
				}
			})
		})
	}
}

// Nor does whoever hangs up as soon as the settings are saved.
func TestSave_tellsAdministratorsAfterTheOneWhoSavedHasHungUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		before, after := newMailServer(t), newMailServer(t)
		o := newOffice(t, db, nil)
		if err := save(t, o.Admin, "ada", of(before)); err != nil {
			t.Fatal(err)
		}
		watched(o, "ada@example.org", "bob@example.org")
		now, err := o.Show(t.Context(), caller.Caller{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, hangUp := context.WithCancel(t.Context())
		before.Behave(func(m *mailtest.Manners) {
			m.OnSender = func(string) error {
				hangUp()
				return nil
			}
		})
		in := of(after)
		in.Version = now.Version
		if err := o.Save(ctx, caller.Caller{AccountID: "ada"}, in); err != nil && ctx.Err() == nil {
			t.Fatal(err)
		}
		if n := len(before.Inbox()); n != 2 {
			t.Errorf("%d administrators were told through the server of before", n)
		}
	})
}
