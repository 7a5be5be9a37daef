package mail

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/mail/mailtest"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// silentSteps are the steps at which a server can fall silent, in the order in which a
// test with STARTTLS and a log-in comes to them.
var silentSteps = []string{
	api.MailStepGreeting, api.MailStepEncryption, api.MailStepLogIn, api.MailStepSender, api.MailStepRecipient, api.MailStepMessage,
}

// beginTest begins a test on one node, and gives what ends it and what came of it.
func beginTest(t *testing.T, a *Admin, in api.MailSettings) (cancel func(), ended <-chan error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := a.Test(ctx, caller.Caller{AccountID: "ada"}, api.TestMail{Settings: in})
		done <- err
	}()
	return cancel, done
}

// lookOn asks a node until a test is at a step.
func lookOn(t *testing.T, a *Admin, at string) api.MailTest {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		test, err := a.LastTest(t.Context(), caller.Caller{AccountID: "ada"})
		if err == nil && test.Running && test.Steps[len(test.Steps)-1].Step == at {
			return test
		}
		select {
		case <-ctx.Done():
			t.Fatalf("it does not come to %s: %+v, %v", at, test, err)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// Whoever waits for a server that says nothing sees at which step, on whichever node
// they ask, and can end it at once.
func TestTest_faultOfASilentServerIsSeenAtItsStep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		server := mailtest.Start(t, logIn(false, "PLAIN"))
		o := newOffice(t, db, nil)
		other := node(t, o.post, o.key, nil)
		in := of(server)
		in.Security, in.User, in.Password = StartTLS, "plenary", "s3cret"
		for i, silent := range silentSteps {
			server.Behave(func(m *mailtest.Manners) { m.Silent = silent })
			cancel, ended := beginTest(t, o.Admin, in)
			test := lookOn(t, other, silent)
			want := append([]string{api.MailStepName, api.MailStepConnection}, silentSteps[:i+1]...)
			if got := names(test.Steps); !slices.Equal(got, want) {
				t.Errorf("silent at %s: it is said to have come to %v", silent, got)
			}
			for j, s := range test.Steps {
				state := api.MailStepOK
				if j == len(test.Steps)-1 {
					state = api.MailStepRunning
				}
				if s.State != state {
					t.Errorf("silent at %s: %s is %s, want %s", silent, s.Step, s.State, state)
				}
				if s.Step == api.MailStepEncryption && state == api.MailStepOK && (s.Certificate == nil || !slices.Contains(s.Certificate.Names, server.Host)) {
					t.Errorf("silent at %s: the certificate is %+v", silent, s.Certificate)
				}
			}
			if test.Recipient != "ada@example.org" || !test.At.Equal(o.Now()) {
				t.Errorf("silent at %s: %+v", silent, test)
			}
			cancel()
			if err := <-ended; err != nil {
				t.Errorf("silent at %s: %v", silent, err)
			}
			last, err := other.LastTest(t.Context(), caller.Caller{AccountID: "ada"})
			at := slices.IndexFunc(last.Steps, func(s api.MailStep) bool { return s.State == api.MailStepFailed })
			if err != nil || last.Running || last.OK || at < 0 || last.Steps[at].Step != silent || last.Steps[at].Problem != api.MailProblemStopped {
				t.Errorf("silent at %s, stopped: %+v, %v", silent, last, err)
			}
			o.later(time.Second) // each test has its own beginning
		}
		if got := o.noted(audit.MailTested); len(got) != len(silentSteps) || slices.ContainsFunc(got, func(s string) bool { return s != api.MailProblemStopped }) {
			t.Errorf("noted %q", got)
		}
	})
}

func names(steps []api.MailStep) (list []string) {
	for _, s := range steps {
		list = append(list, s.Step)
	}
	return list
}

// A test whose node died over it is none any more, once its lease has ended.
func TestLastTest_ofANodeThatWasKilledOverIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db, nil)
		run := &testRun{Admin: o.Admin, account: "ada", at: o.Now()}
		if err := run.begin(t.Context()); err != nil {
			t.Fatal(err)
		}
		run.progress(t.Context(), []api.MailStep{{Step: api.MailStepName, State: api.MailStepRunning}})
		if test := lookOn(t, o.Admin, api.MailStepName); len(test.Steps) != 1 {
			t.Errorf("while it runs: %+v", test)
		}
		o.later(testLease)
		if _, err := o.LastTest(t.Context(), caller.Caller{AccountID: "ada"}); refusal(err) != api.CodeNotFound {
			t.Errorf("afterwards: %v", err)
		}
		// The next one is not spoiled by what the dead one writes after all.
		server := newMailServer(t)
		got, err := o.Test(t.Context(), caller.Caller{AccountID: "ada"}, api.TestMail{Settings: of(server)})
		if err != nil || !got.OK {
			t.Fatalf("%+v, %v", got, err)
		}
		run.progress(t.Context(), []api.MailStep{{Step: api.MailStepName, State: api.MailStepRunning}})
		if last, err := o.LastTest(t.Context(), caller.Caller{AccountID: "ada"}); err != nil || last.Running || !last.OK {
			t.Errorf("the next one: %+v, %v", last, err)
		}
	})
}

// A database that does not take how far a test is changes nothing for the test.
func TestTest_faultOfTheDatabaseWhileItRuns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		server := newMailServer(t)
		o := newOffice(t, db, nil)
		stop := storetest.InjectFaults(db, storetest.FaultsOf(storetest.NoFault, storetest.FaultRollback))
		got, err := o.Test(t.Context(), caller.Caller{AccountID: "ada"}, api.TestMail{Settings: of(server)})
		stop()
		if err != nil || !got.OK || len(server.Inbox()) != 1 {
			t.Errorf("%+v, %v", got, err)
		}
		if last, err := o.LastTest(t.Context(), caller.Caller{AccountID: "ada"}); err != nil || !last.OK || last.Running {
			t.Errorf("%+v, %v", last, err)
		}
	})
}

// Which certificate it is, an administrator sees also where it is refused, and there
// most of all.
func TestTrial_showsTheCertificate(t *testing.T) {
	for _, identity := range []string{mailtest.Good, mailtest.Expired, mailtest.OtherName, mailtest.Stranger, mailtest.SelfSigned} {
		for _, manners := range []mailtest.Manners{{TLS: true, Identity: identity}, {StartTLS: true, Identity: identity}} {
			at := mailtest.Start(t, manners)
			server := serverOf(at.Host, at.Port)
			server.TLSConfig, server.Timeout, server.Security = mailtest.Trust(t), plenty, StartTLS
			if manners.TLS {
				server.Security = TLS
			}
			got, _ := trial(t.Context(), server, info, api.Account{Email: "ana@example.org", Language: "en"}, true, func([]api.MailStep) {})
			if got.OK != (identity == mailtest.Good) {
				t.Errorf("%s: %+v", identity, got)
			}
			for _, s := range got.Steps {
				c := s.Certificate
				if s.Step != api.MailStepEncryption {
					if c != nil {
						t.Errorf("%s: %s has a certificate", identity, s.Step)
					}
					continue
				}
				names, issuer := []string{"127.0.0.1"}, "Test Authority"
				switch identity {
				case mailtest.OtherName:
					names = []string{"other.example.int"}
				case mailtest.SelfSigned:
					issuer = "mail.test"
				}
				if c == nil || !slices.Equal(c.Names, names) || c.Issuer != issuer || c.Until.Before(time.Now()) != (identity == mailtest.Expired) {
					t.Errorf("%s, TLS %v: the certificate is %+v", identity, manners.TLS, c)
				}
			}
		}
	}
}

func TestDescribe_textsOfOthersAreInOneShortLine(t *testing.T) {
	got := describe(&x509.Certificate{
		Issuer:   pkix.Name{CommonName: "Good\nauthority\u202e " + strings.Repeat("x", 5000)},
		DNSNames: []string{"a.example", "b\tc.example", "c.example", "d.example"},
	})
	if len(got.Names) != mostNames || strings.ContainsAny(got.Issuer+got.Names[1], "\n\t\u202e") || len([]rune(got.Issuer)) != longestName {
		t.Errorf("got %q", got)
	}
}
