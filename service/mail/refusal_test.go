package mail

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/mail/mailtest"
	"plenary/service/store"
	"plenary/service/store/storetest"

	"github.com/emersion/go-smtp"
)

// What mail servers answer, at which step, and what the service makes of it.
var answers = []struct {
	step, answer string
	problem      string
	permanent    bool // about this e-mail: it has failed
	all          bool // about the settings, and so about every e-mail
}{
	{api.MailStepLogIn, "535 5.7.139 Authentication unsuccessful", api.MailProblemNotAllowed, false, true},
	{api.MailStepLogIn, "534 5.7.9 Application-specific password required", api.MailProblemAppPassword, false, true},
	{api.MailStepLogIn, "530 5.7.57 Client not authenticated", api.MailProblemLogInOff, false, true},
	{api.MailStepLogIn, "535 5.7.8 Username and Password not accepted", api.MailProblemPassword, false, true},
	{api.MailStepLogIn, "535 Authentication failed", api.MailProblemPassword, false, true},
	{api.MailStepLogIn, "454 4.7.0 Temporary authentication failure", api.MailProblemRefusedBy, false, true},
	{api.MailStepSender, "530 5.7.0 Authentication required", api.MailProblemLogInWanted, false, true},
	{api.MailStepSender, "550 5.7.60 Client does not have permissions to send as this sender", api.MailProblemSender, false, true},
	{api.MailStepSender, "553 Sender refused", api.MailProblemRefusedBy, false, true},
	{api.MailStepMessage, "554 5.2.252 SendAsDenied", api.MailProblemSender, false, true},
	{api.MailStepMessage, "550 5.7.60 Client does not have permissions to send as this sender", api.MailProblemSender, false, true},
	{api.MailStepMessage, "550 5.7.26 Unauthenticated email is not accepted", api.MailProblemRefusedBy, false, true},
	{api.MailStepRecipient, "550 5.7.54 Unable to relay recipient in non-accepted domain", api.MailProblemRelay, false, false},
	{api.MailStepRecipient, "554 5.7.1 Relay access denied", api.MailProblemRelay, false, false},
	{api.MailStepRecipient, "550 5.1.8 Bad sender", api.MailProblemRefusedBy, false, false},

	{api.MailStepRecipient, "550 5.1.1 User unknown", api.MailProblemRefusedBy, true, false},
	{api.MailStepRecipient, "550 No such user", api.MailProblemRefusedBy, true, false},
	{api.MailStepRecipient, "550 5.7.13 Mailbox disabled", api.MailProblemRefusedBy, true, false},
	{api.MailStepRecipient, "452 4.2.2 Mailbox full", api.MailProblemRefusedBy, false, false},
	{api.MailStepRecipient, "550 5.6.7 Address with such letters", api.MailProblemLetters, true, false},
	{api.MailStepMessage, "554 5.7.1 Message refused as spam", api.MailProblemRefusedBy, true, false},
	{api.MailStepMessage, "552 5.3.4 Message too big", api.MailProblemRefusedBy, true, false},
	{api.MailStepMessage, "554 Refused", api.MailProblemRefusedBy, true, false},
	{api.MailStepMessage, "451 4.7.1 Greylisted", api.MailProblemRefusedBy, false, false},
	// A code of another class than the number says nothing.
	{api.MailStepRecipient, "550 4.7.54 odd", api.MailProblemRefusedBy, true, false},
}

func TestDiagnose_readsTheEnhancedCode(t *testing.T) {
	for _, tc := range answers {
		var code int
		text := strings.SplitN(tc.answer, " ", 2)
		if _, err := fmt.Sscan(text[0], &code); err != nil {
			t.Fatal(err)
		}
		e := diagnose(tc.step, &textproto.Error{Code: code, Msg: text[1]})
		if e.problem != tc.problem || e.permanent != tc.permanent || e.ofServer() != tc.all || e.code != code {
			t.Errorf("%s, %s: %+v, of the server %v", tc.step, tc.answer, e, e.ofServer())
		}
		if stored := e.stored(); strings.Contains(stored, "e-mail") || e.enhanced != "" && !strings.HasSuffix(stored, " "+e.enhanced) {
			t.Errorf("%s is stored as %q", tc.answer, stored)
		}
	}
}

func FuzzEnhancedCode(f *testing.F) {
	for _, tc := range answers {
		f.Add(550, tc.answer[4:])
	}
	f.Fuzz(func(t *testing.T, code int, text string) {
		e := diagnose(api.MailStepRecipient, &textproto.Error{Code: code, Msg: text})
		if got := parseStored(e.stored()); code >= 0 && (got.enhanced != e.enhanced || got.code != e.code || got.problem != e.problem) {
			t.Errorf("%d %q: %q read as %+v", code, text, e.stored(), got)
		}
		if len(e.enhanced) > 9 {
			t.Errorf("%q", e.enhanced)
		}
	})
}

func refuseWith(code int, enhanced ...int) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{enhanced[0], enhanced[1], enhanced[2]}, Message: "SERVER-TEXT"}
}

// E-mails that are refused because of the settings wait, the list says why once, and
// they go out when the settings were put right.
func TestRound_whatTheSettingsAreRefusedForWaits(t *testing.T) {
	for name, refuse := range map[string]func(*mailtest.Manners){
		"the sender is not the user": func(m *mailtest.Manners) { m.OnData = func() error { return refuseWith(554, 5, 2, 252) } },
		"own recipients only":        func(m *mailtest.Manners) { m.OnRecipient = func(string) error { return refuseWith(550, 5, 7, 54) } },
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				bad, good := newMailServer(t), newMailServer(t)
				bad.Behave(refuse)
				o := newOffice(t, db, serverOf(bad.Host, bad.Port))
				const many = 5
				for i := range many {
					o.queue(reset(fmt.Sprintf("ana-%d@example.org", i)))
				}
				for range 4 {
					o.round()
					o.later(time.Hour)
				}
				page := o.list(api.MailFilter{})
				if page.Waiting != many || page.Failed != 0 {
					t.Fatalf("%d wait, %d have failed", page.Waiting, page.Failed)
				}
				if c := page.Cause; c == nil || c.Enhanced != "5.2.252" && c.Enhanced != "5.7.54" || c.Code == 0 {
					t.Errorf("cause: %+v", c)
				}
				if err := save(t, o.Admin, "ada", of(good)); err != nil {
					t.Fatal(err)
				}
				if n := o.round(); n != many {
					t.Errorf("sent %d once the settings were right", n)
				}
				if page := o.list(api.MailFilter{}); page.Cause != nil {
					t.Errorf("cause of nothing: %+v", page.Cause)
				}
			})
		})
	}
}

// A refusal of somebody's address is no cause for others to wait.
func TestOutgoing_oneRecipientsRefusalIsNoCause(t *testing.T) {
	server := newMailServer(t)
	server.Behave(func(m *mailtest.Manners) { m.OnRecipient = func(string) error { return refuseWith(452, 4, 2, 2) } })
	o := newOffice(t, storetest.SQLite(t), serverOf(server.Host, server.Port))
	o.queue(reset("ana@example.org"))
	o.round()
	page := o.list(api.MailFilter{})
	if page.Cause != nil || page.Waiting != 1 || page.Mails[0].Enhanced != "4.2.2" {
		t.Errorf("%+v", page)
	}
}

// EMail Test shows the enhanced code of a log-in that is refused.
func TestTrial_showsTheEnhancedCode(t *testing.T) {
	host, port := mailtest.Raw(t, func(conn net.Conn) {
		defer conn.Close()
		play(conn, []string{"220 hello", "250-hello\r\n250 SIZE", "550 5.7.60 SERVER-TEXT"})
		_, _ = io.Copy(io.Discard, conn) // until the other side has gone
	})
	s := serverOf(host, port)
	ctx, cancel := context.WithTimeout(t.Context(), plenty)
	defer cancel()
	got, failed := trial(ctx, s, info, api.Account{Email: "ana@example.org", Language: "en"}, true, func([]api.MailStep) {})
	step := got.Steps[5]
	noted := []audit.Detail{
		audit.Fact(api.DetailStep, api.MailStepSender), audit.Fact(api.DetailProblem, api.MailProblemSender), audit.Fact(api.DetailAnswer, "550 5.7.60"),
	}
	if step.Step != api.MailStepSender || step.Problem != api.MailProblemSender || step.Enhanced != "5.7.60" || !slices.Equal(failed.details(), noted) {
		t.Errorf("%+v, noted %+v", got.Steps, failed.details())
	}
}
