package mail

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/mail/mailtest"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

func about(to, template, subject string) Message {
	m := reset(to)
	m.Template, m.Subject = template, subject
	return m
}

func (o *office) list(f api.MailFilter) api.OutgoingMails {
	o.t.Helper()
	page, err := o.Outgoing(o.t.Context(), caller.Caller{}, f)
	if err != nil {
		o.t.Fatal(err)
	}
	return page
}

func TestOutgoing_pagesNewestFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db, nil)
		for i := range 2*outgoingPage + 1 {
			if i%3 == 0 {
				o.later(time.Second) // some have the same time
			}
			o.queue(reset(fmt.Sprintf("p%03d@example.org", i)))
		}
		var got []string
		page := o.list(api.MailFilter{})
		for pages := 1; ; pages++ {
			for _, m := range page.Mails {
				got = append(got, m.To)
			}
			if page.Next == "" {
				if pages != 3 {
					t.Errorf("%d pages", pages)
				}
				break
			}
			if len(page.Mails) != outgoingPage {
				t.Fatalf("a page of %d", len(page.Mails))
			}
			page = o.list(api.MailFilter{After: page.Next})
		}
		if len(got) != 2*outgoingPage+1 || !slices.IsSortedFunc(got, func(a, b string) int { return strings.Compare(b, a) }) {
			t.Errorf("%d e-mails, in order: %v", len(got), got)
		}
		if page.Waiting != 2*outgoingPage+1 || page.Failed != 0 {
			t.Errorf("waiting %d, failed %d", page.Waiting, page.Failed)
		}
	})
}

func TestOutgoing_pagesAreAsLongAsAskedForAndAnExportIsNoted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db, nil)
		for i := range outgoingPage + 2 {
			o.queue(reset(fmt.Sprintf("p%03d@example.org", i)))
		}
		if page := o.list(api.MailFilter{Limit: api.MailsLimit}); len(page.Mails) != outgoingPage+2 || page.Next != "" {
			t.Errorf("%d e-mails, next %q", len(page.Mails), page.Next)
		}
		if page := o.list(api.MailFilter{Limit: 2}); len(page.Mails) != 2 || page.Next == "" {
			t.Errorf("%d e-mails, next %q", len(page.Mails), page.Next)
		}
		if err := o.ExportMails(t.Context(), caller.Caller{}, api.ExportMails{State: Failed}); err != nil {
			t.Fatal(err)
		}
		if got := o.noted(audit.MailsExported); !slices.Equal(got, []string{"failed"}) {
			t.Errorf("audit: %q", got)
		}
	})
}

func TestOutgoing_saysWhatBecameOfEach(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		server := mailtest.Start(t, mailtest.Manners{OnRecipient: func(to string) error {
			switch {
			case strings.HasPrefix(to, "nobody"):
				return mailtest.Refuse(550)
			case strings.HasPrefix(to, "later"):
				return mailtest.Refuse(450)
			}
			return nil
		}})
		o := newOffice(t, db, serverOf(server.Host, server.Port))
		expired := about("old@example.org", Activate, "s")
		expired.Expires = o.Now().Add(time.Minute)
		for _, m := range []Message{
			about("ana@example.org", Active, "a"), about("nobody@example.org", Reset, "r"), about("later@example.org", NewDevice, "d"),
			about("a_b%c!@example.org", NewDevice, "d"), about("ann@example.org", Active, ""),
		} {
			o.queue(m)
		}
		o.round()
		o.queue(expired)
		o.later(time.Minute)
		if err := o.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, tc := range []struct {
			to, state, step, problem string
			code                     int
			again                    bool
		}{
			{"ana@", Sent, "", "", 0, true},
			{"ann@", Sent, "", "", 0, false},
			{"a_b%c!@", Sent, "", "", 0, false},
			{"NOBODY@Example", Failed, api.MailStepRecipient, api.MailProblemRefusedBy, 550, true},
			{" later ", Waiting, api.MailStepRecipient, api.MailProblemRefusedBy, 450, true},
			{"old", Expired, "", "", 0, true},
		} {
			page := o.list(api.MailFilter{Query: tc.to})
			if len(page.Mails) != 1 {
				t.Errorf("%s: %+v", tc.to, page)
				continue
			}
			m := page.Mails[0]
			if m.State != tc.state || m.Step != tc.step || m.Problem != tc.problem || m.Code != tc.code || m.Again != tc.again ||
				m.Next.IsZero() != (tc.state != Waiting) || m.Done.IsZero() != (tc.state == Waiting) {
				t.Errorf("%s: %+v", tc.to, m)
			}
			if page.Waiting != 1 || page.Failed != 1 {
				t.Errorf("counts are of all: %+v", page)
			}
		}
		if page := o.list(api.MailFilter{State: Sent}); len(page.Mails) != 3 {
			t.Errorf("sent: %+v", page)
		}
		for _, literally := range []string{"a%c", "a_c", "_@", "%@"} {
			if page := o.list(api.MailFilter{Query: literally}); len(page.Mails) != 0 {
				t.Errorf("%q finds %+v", literally, page.Mails)
			}
		}
		for _, nonsense := range []string{"x", "MQ", "!!", "MSBub25zZW5zZQ"} {
			if _, err := o.Outgoing(t.Context(), caller.Caller{}, api.MailFilter{After: nonsense}); refusal(err) != api.CodeInvalid {
				t.Errorf("cursor %q: %v", nonsense, err)
			}
		}
	})
}

func TestSendAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		server := newMailServer(t)
		o := newOffice(t, db, serverOf(server.Host, server.Port))
		for _, m := range []Message{about("ana@example.org", Reset, "r"), about("bo@example.org", NewDevice, "d")} {
			o.queue(m)
		}
		o.round()
		sent, kept := o.list(api.MailFilter{Query: "ana"}).Mails[0], o.list(api.MailFilter{Query: "bo"}).Mails[0]
		if err := o.SendAgain(t.Context(), caller.Caller{}, kept.ID); refusal(err) != api.CodeWrongState {
			t.Errorf("what cannot be made anew: %v", err)
		}
		if err := o.SendAgain(t.Context(), caller.Caller{}, "0193b5a0-0000-7000-8000-000000000000"); refusal(err) != api.CodeNotFound {
			t.Errorf("what is not there: %v", err)
		}
		if err := o.SendAgain(t.Context(), caller.Caller{}, sent.ID); err != nil {
			t.Fatal(err)
		}
		if page := o.list(api.MailFilter{Query: "ana"}); len(page.Mails) != 2 || page.Mails[0].State != Waiting || page.Mails[1].State != Sent {
			t.Errorf("an e-mail of its own: %+v", page)
		}
		if n := o.round(); n != 1 || len(server.Inbox()) != 3 {
			t.Errorf("sent %d, arrived %d", n, len(server.Inbox()))
		}
		if got := o.noted(audit.MailSentAgain); !slices.Equal(got, []string{"reset " + sent.ID}) {
			t.Errorf("audit: %q", got)
		}
	})
}

func TestSendAgain_whatWaitsIsTriedAtOnce(t *testing.T) {
	server := mailtest.Start(t, mailtest.Manners{OnRecipient: refuse(450)})
	o := newOffice(t, storetest.SQLite(t), serverOf(server.Host, server.Port))
	o.queue(reset("ana@example.org"))
	o.round()
	server.Behave(func(m *mailtest.Manners) { m.OnRecipient = nil })
	if n := o.round(); n != 0 {
		t.Fatal("tried again too soon")
	}
	if err := o.SendAgain(t.Context(), caller.Caller{}, o.list(api.MailFilter{}).Mails[0].ID); err != nil {
		t.Fatal(err)
	}
	if n := o.round(); n != 1 {
		t.Errorf("sent %d", n)
	}
	if m := o.list(api.MailFilter{}).Mails[0]; m.State != Sent || m.Attempts != 2 || m.Problem != "" {
		t.Errorf("%+v", m)
	}
}

func TestSendAgain_notWhatWasErased(t *testing.T) {
	server := newMailServer(t)
	o := newOffice(t, storetest.SQLite(t), serverOf(server.Host, server.Port))
	o.queue(about("ana@example.org", Active, "account"))
	o.round()
	if err := o.post.db.Update(t.Context(), func(tx *store.Tx) error {
		o.Erase(tx, "ana@example.org", "account")
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	m := o.list(api.MailFilter{}).Mails[0]
	if m.Again || m.To != "" {
		t.Errorf("%+v", m)
	}
	if err := o.SendAgain(t.Context(), caller.Caller{}, m.ID); refusal(err) != api.CodeWrongState {
		t.Errorf("sent again: %v", err)
	}
}

func TestRound_whatCannotBeReadFailsAndBlocksNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		server := newMailServer(t)
		o := newOffice(t, db, serverOf(server.Host, server.Port))
		for range claims + 1 { // a whole round of them
			o.queue(about("lost@example.org", Reset, "r"))
		}
		o.post.Outbox = NewOutbox(secret.Generate(), o.Now)
		o.Sender.Key = o.post.Outbox.key
		o.queue(reset("ana@example.org"))
		o.round()
		o.round()
		if got := server.Inbox(); len(got) != 1 || got[0].To != "ana@example.org" {
			t.Errorf("arrived: %+v", got)
		}
		page := o.list(api.MailFilter{Query: "lost"})
		if m := page.Mails[0]; page.Failed != claims+1 || m.State != Failed || m.Problem != api.MailProblemUnreadable || m.Step != "" || !m.Again {
			t.Errorf("%d failed: %+v", page.Failed, m)
		}
	})
}

func TestSwitch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db, nil)
		state := func() map[string]api.AutomaticMail {
			all, err := o.Automatic(t.Context(), caller.Caller{})
			if err != nil {
				t.Fatal(err)
			}
			by := map[string]api.AutomaticMail{}
			for _, m := range all.Mails {
				by[m.Template] = m
			}
			return by
		}
		optional := 0
		for template, m := range state() {
			if !m.Required {
				optional++
			}
			err := o.Switch(t.Context(), caller.Caller{}, template, api.Switch{})
			if want := map[bool]api.Code{true: api.CodeWrongState, false: ""}[m.Required]; refusal(err) != want || !m.On {
				t.Errorf("%s: on %v, required %v, switched off: %v", template, m.On, m.Required, err)
			}
		}
		for template, m := range state() {
			o.queue(about("ana@example.org", template, "x"))
			if waiting := len(o.list(api.MailFilter{State: Waiting}).Mails); (waiting == 1) != m.Required || m.On != m.Required {
				t.Errorf("%s: on %v, required %v, queued %d", template, m.On, m.Required, waiting)
			}
			if _, err := o.exec(`DELETE FROM mails`); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 { // the second time changes nothing
			if err := o.Switch(t.Context(), caller.Caller{}, Active, api.Switch{On: true}); err != nil {
				t.Fatal(err)
			}
		}
		if now := state(); !now[Active].On || now[RegistrationConfirmed].On {
			t.Errorf("after one was switched on: %+v", now)
		}
		if got := o.noted(audit.MailSwitched); len(got) != optional+1 || got[optional] != "active on" {
			t.Errorf("audit: %q", got)
		}
		for _, unknown := range []string{"", "lottery", Test} {
			if err := o.Switch(t.Context(), caller.Caller{}, unknown, api.Switch{On: true}); refusal(err) != api.CodeNotFound {
				t.Errorf("%q: %v", unknown, err)
			}
		}
	})
}

// exec changes the database behind everybody's back.
func (o *office) exec(query string) (n int64, err error) {
	err = o.post.db.Update(o.t.Context(), func(tx *store.Tx) error {
		n = tx.Do(query)
		return nil
	})
	return n, err
}

func TestTemplates_goOutByThemselvesButForTheTest(t *testing.T) {
	seen := map[string]bool{}
	for tpl := range automatic {
		seen[tpl.name] = true
	}
	for _, tpl := range templates {
		if seen[tpl.name] == (tpl.name == Test) {
			t.Errorf("%s: among the automatic e-mails: %v", tpl.name, seen[tpl.name])
		}
		if len(tpl.blocks) == 0 {
			t.Errorf("%s says nothing", tpl.name)
		}
	}
	if len(seen) != len(templates)-1 {
		t.Errorf("%d automatic ones of %d", len(seen), len(templates))
	}
}
