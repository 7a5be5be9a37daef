package mail

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"sync"
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

// office is an outbox and what administrators do with it.
type office struct {
	*post
	*Admin
	t *testing.T
}

// loopback is what the operator of the tests allows.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

func newOffice(t *testing.T, db *store.DB, start *Server) *office {
	t.Helper()
	p := newPost(t, db, nil)
	storetest.Owners(t, db, "ada", "bob")
	o := &office{post: p, t: t, Admin: node(t, p, p.key, start)}
	p.Sender.Server = o.Settings.Refresh
	return o
}

// node is what administrators meet on one of the nodes.
func node(t *testing.T, p *post, key *secret.Key, start *Server) *Admin {
	t.Helper()
	limits := Limits{None: true, Networks: loopback, TLSConfig: mailtest.Trust(t), Timeout: plenty}
	settings := NewSettings(p.db, key, limits, start, "desk@example.int", slog.New(slog.DiscardHandler))
	if _, err := settings.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	again := func(_ context.Context, m Mail) (func(*store.Tx) error, error) {
		return func(tx *store.Tx) error {
			n := reset(m.To)
			n.Template, n.Subject = m.Template, m.Subject
			p.Queue(tx, n)
			return nil
		}, nil
	}
	return NewAdmin(Deps{
		DB: p.db, Settings: settings, Now: p.Sender.Now, Audit: audit.New(key, p.Sender.Now),
		Info: func(context.Context) (Info, error) { return info, nil },
		Account: func(_ context.Context, id string) (api.Account, error) {
			return api.Account{ID: id, Email: id + "@example.org", Language: "en"}, nil
		},
		Accounts: again, Registrations: again,
	})
}

// of are the settings that lead to a server of a test.
func of(s *mailtest.Server) api.MailSettings {
	return api.MailSettings{Host: s.Host, Port: s.Port, Security: None, Sender: "no-reply@example.int"}
}

func withTLS(s *mailtest.Server, password string) api.MailSettings {
	in := of(s)
	in.Security, in.User, in.Password = TLS, "plenary", password
	return in
}

// save saves settings as whoever has just read those of now.
func save(t *testing.T, a *Admin, account string, in api.MailSettings) error {
	t.Helper()
	now, err := a.Show(t.Context(), caller.Caller{})
	if err != nil {
		t.Fatal(err)
	}
	in.Version = now.Version
	return a.Save(t.Context(), caller.Caller{AccountID: account}, in)
}

// refusal is the contract's code of an error, or empty.
func refusal(err error) api.Code {
	if p, ok := errors.AsType[*api.Problem](err); ok {
		return p.Code
	}
	if err != nil {
		return "not a problem: " + api.Code(err.Error())
	}
	return ""
}

// noted gives the details of the audit log's entries of an event, oldest first: of each
// what a field is after, or its name.
func (o *office) noted(event audit.Event) (noted []string) {
	o.t.Helper()
	err := o.post.db.View(o.t.Context(), func(tx *store.Tx) error {
		noted = nil
		for _, text := range tx.Strings(`SELECT details FROM audit WHERE event = $1 ORDER BY id`, string(event)) {
			var details []audit.Detail
			if err := json.Unmarshal([]byte(text), &details); err != nil {
				return err
			}
			var said []string
			for _, d := range details {
				said = append(said, cmp.Or(d.After, d.Field))
			}
			noted = append(noted, strings.Join(said, " "))
		}
		return nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return noted
}

func TestSave_keepsWhatWorksForEveryNode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		first, second := newMailServer(t), mailtest.Start(t, logIn(true, "PLAIN"))
		o := newOffice(t, db, serverOf(first.Host, first.Port))
		other := node(t, o.post, o.key, serverOf(first.Host, first.Port))
		if shown, err := o.Show(t.Context(), caller.Caller{}); err != nil || shown.Origin != "command-line" || shown.Port != first.Port {
			t.Fatalf("at first: %+v, %v", shown, err)
		}
		in := withTLS(second, "s3cret")
		in.ReplyTo = "desk@Example.INT"
		if err := save(t, o.Admin, "ada", in); err != nil {
			t.Fatal(err)
		}
		want := api.MailSettings{
			Host: second.Host, Port: second.Port, Security: TLS, User: "plenary", PasswordSet: true,
			Sender: "no-reply@example.int", ReplyTo: "desk@example.int", NoneAllowed: true, Origin: "saved",
		}
		shown, err := other.Show(t.Context(), caller.Caller{})
		if want.Version = shown.Version; err != nil || shown != want || shown.Version == "" {
			t.Errorf("on the other node: %+v, %v", shown, err)
		}
		o.queue(reset("ana@example.org"))
		if n := o.round(); n != 1 || len(first.Inbox()) != 0 || len(second.Inbox()) != 1 {
			t.Fatalf("sent %d; arrived %d and %d", n, len(first.Inbox()), len(second.Inbox()))
		}
		if got := second.Inbox()[0].Message(t).Header.Get("Reply-To"); got != "<desk@example.int>" {
			t.Errorf("Reply-To %q", got)
		}
		if got := o.noted(audit.MailSettingsChanged); !slices.Equal(got, []string{"port security user password reply-to"}) {
			t.Errorf("audit: %q", got)
		}
	})
}

// Of two administrators who have read the same settings, the second is told that
// the first was faster, on whichever node, also where the first one saves while the
// second one's are being tried.
func TestSave_ofSettingsThatAreOutdated(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		here := newOffice(t, db, nil)
		there := node(t, here.post, here.key, nil)
		before, err := here.Show(t.Context(), caller.Caller{})
		if err != nil {
			t.Fatal(err)
		}
		first, second := of(newMailServer(t)), of(newMailServer(t))
		first.Version, second.Version = before.Version, before.Version
		saved := make(chan error, 1)
		meanwhile := sync.OnceFunc(func() {
			saved <- there.Save(context.WithoutCancel(t.Context()), caller.Caller{AccountID: "bob"}, first)
		})
		slow := mailtest.Start(t, mailtest.Manners{OnRecipient: func(string) error { meanwhile(); return nil }})
		tried := of(slow)
		tried.Version = before.Version
		if err := here.Save(t.Context(), caller.Caller{AccountID: "ada"}, tried); refusal(err) != api.CodeOutdated {
			t.Errorf("saved while another one was tried: %v", err)
		}
		if err := <-saved; err != nil {
			t.Fatal(err)
		}
		unread := of(slow)
		for _, in := range []api.MailSettings{second, unread} {
			if err := here.Save(t.Context(), caller.Caller{AccountID: "ada"}, in); refusal(err) != api.CodeOutdated {
				t.Errorf("version %q: %v", in.Version, err)
			}
		}
		if now, err := here.Show(t.Context(), caller.Caller{}); err != nil || now.Port != first.Port {
			t.Errorf("they are %+v, %v", now, err)
		}
	})
}

func TestSave_badSettingsNeverReplaceWorkingOnes(t *testing.T) {
	good, bad := newMailServer(t), mailtest.Start(t, mailtest.Manners{OnRecipient: refuse(550)})
	o := newOffice(t, storetest.SQLite(t), nil)
	if !o.Settings.Missing() {
		t.Error("there is a server before there is one")
	}
	if _, err := o.LastTest(t.Context(), caller.Caller{AccountID: "ada"}); refusal(err) != api.CodeNotFound {
		t.Errorf("a test before the first one: %v", err)
	}
	if err := save(t, o.Admin, "ada", of(good)); err != nil {
		t.Fatal(err)
	}
	if o.Settings.Missing() {
		t.Error("e-mails still wait")
	}
	if err := save(t, o.Admin, "ada", of(bad)); refusal(err) != api.CodeMailFailed {
		t.Errorf("bad settings: %v", err)
	}
	if shown, err := o.Show(t.Context(), caller.Caller{}); err != nil || shown.Port != good.Port {
		t.Errorf("now: %+v, %v", shown, err)
	}
	last, err := node(t, o.post, o.key, nil).LastTest(t.Context(), caller.Caller{AccountID: "ada"}) // another node
	if err != nil || last.OK || last.Recipient != "ada@example.org" || len(last.Steps) != 8 ||
		last.Steps[6].Problem != api.MailProblemRefusedBy || last.Steps[6].Code != 550 {
		t.Errorf("last test: %+v, %v", last, err)
	}
	if _, err := o.LastTest(t.Context(), caller.Caller{AccountID: "bob"}); refusal(err) != api.CodeNotFound {
		t.Errorf("somebody else's test: %v", err)
	}
	if got := o.noted(audit.MailTested); !slices.Equal(got, []string{"worked", "recipient refused 550"}) {
		t.Errorf("audit: %q", got)
	}
	if n := len(good.Inbox()); n != 0 {
		t.Errorf("saving sent %d e-mails", n)
	}
}

func TestTest_sendsAnEMailToWhoeverAsks(t *testing.T) {
	server := newMailServer(t)
	o := newOffice(t, storetest.SQLite(t), nil)
	got, err := o.Test(t.Context(), caller.Caller{AccountID: "ada"}, api.TestMail{Settings: of(server)})
	if err != nil || !got.OK || got.Recipient != "ada@example.org" || !got.At.Equal(o.Now()) {
		t.Fatalf("%+v, %v", got, err)
	}
	inbox := server.Inbox()
	if len(inbox) != 1 || inbox[0].To != "ada@example.org" || inbox[0].Message(t).Header.Get("Subject") != "EMail Test" {
		t.Errorf("arrived: %+v", inbox)
	}
	if !o.Settings.Missing() {
		t.Error("a test has saved the settings")
	}
}

func TestWith_storedPasswordCountsForTheSamePlaceOnly(t *testing.T) {
	server := mailtest.Start(t, logIn(true, "PLAIN"))
	o := newOffice(t, storetest.SQLite(t), nil)
	if err := save(t, o.Admin, "ada", withTLS(server, "s3cret")); err != nil {
		t.Fatal(err)
	}
	same := withTLS(server, "")
	same.Sender = "other@example.int"
	if err := save(t, o.Admin, "ada", same); err != nil {
		t.Errorf("the same place: %v", err)
	}
	for name, change := range map[string]func(*api.MailSettings){
		"host":     func(s *api.MailSettings) { s.Host = "127.0.0.2" },
		"port":     func(s *api.MailSettings) { s.Port++ },
		"security": func(s *api.MailSettings) { s.Security = StartTLS },
		"user":     func(s *api.MailSettings) { s.User = "root" },
	} {
		in := withTLS(server, "")
		change(&in)
		err := save(t, o.Admin, "ada", in)
		if p, ok := errors.AsType[*api.Problem](err); !ok || p.Code != api.CodeInvalid ||
			!slices.Equal(p.Errors, []api.FieldError{{Pointer: "/password", Code: api.FieldRequired}}) {
			t.Errorf("another %s: %v", name, err)
		}
	}
	// Whoever can write to the database cannot have the password sent elsewhere.
	err := o.post.db.Update(t.Context(), func(tx *store.Tx) error {
		tx.Do(`UPDATE settings SET value = REPLACE(value, '"user":"plenary"', '"user":"mallory"') WHERE name = $1`, settingsRow)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := o.Settings.Refresh(t.Context()); s != nil || err != nil || !o.Settings.Missing() {
		t.Errorf("after somebody changed the row: %+v, %v", s, err)
	}
}

func TestSettings_passwordIsSealedAndNotShown(t *testing.T) {
	server := mailtest.Start(t, logIn(true, "PLAIN"))
	o := newOffice(t, storetest.SQLite(t), nil)
	if err := save(t, o.Admin, "ada", withTLS(server, "s3cret")); err != nil {
		t.Fatal(err)
	}
	var text string
	if err := o.post.db.View(t.Context(), func(tx *store.Tx) error {
		if !tx.Get(`SELECT value FROM settings WHERE name = $1`, settingsRow).Into(&text) {
			return sql.ErrNoRows
		}
		return nil
	}); err != nil || strings.Contains(text, "s3cret") {
		t.Errorf("in the database: %s, %v", text, err)
	}
	if shown := o.Settings.Show(); shown.Password != "" || !shown.PasswordSet {
		t.Errorf("shown: %+v", shown)
	}
	// Without the service's key e-mails wait until the password is given again.
	lost := node(t, o.post, secret.Generate(), nil)
	if shown := lost.Settings.Show(); shown.PasswordSet || shown.Host != server.Host || !lost.Settings.Missing() {
		t.Errorf("without the key: %+v", shown)
	}
	if err := save(t, lost, "bob", withTLS(server, "s3cret")); err != nil || lost.Settings.Missing() {
		t.Errorf("given again: %v", err)
	}
}

func TestWith_refusesWhatCannotBe(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t), nil)
	good := api.MailSettings{Host: "mail.example.int", Port: 587, Security: StartTLS, User: "plenary", Password: "s3cret", Sender: "no-reply@example.int"}
	if _, err := o.Settings.With(good); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name    string
		change  func(*api.MailSettings)
		pointer string
		code    string
	}{
		{"no host", func(s *api.MailSettings) { s.Host = " " }, "/host", api.FieldRequired},
		{"host with a space", func(s *api.MailSettings) { s.Host = "mail example" }, "/host", api.FieldInvalid},
		{"host with a line", func(s *api.MailSettings) { s.Host = "mail.example.int\r\nQUIT" }, "/host", api.FieldInvalid},
		{"host and port", func(s *api.MailSettings) { s.Host = "mail.example.int:25" }, "/host", api.FieldInvalid},
		{"address of the web", func(s *api.MailSettings) { s.Host = "http://mail.example.int/" }, "/host", api.FieldInvalid},
		{"no port", func(s *api.MailSettings) { s.Port = 0 }, "/port", api.FieldOutOfRange},
		{"security", func(s *api.MailSettings) { s.Security = "ssl" }, "/security", api.FieldInvalid},
		{"password in clear", func(s *api.MailSettings) { s.Security = None }, "/user", api.FieldInvalid},
		{"user with a line", func(s *api.MailSettings) { s.User = "ple\r\nnary" }, "/user", api.FieldInvalid},
		{"password with a NUL", func(s *api.MailSettings) { s.Password = "s3\x00cret" }, "/password", api.FieldInvalid},
		{"no password", func(s *api.MailSettings) { s.Password = "" }, "/password", api.FieldRequired},
		{"no sender", func(s *api.MailSettings) { s.Sender = "" }, "/sender", api.FieldRequired},
		{"sender with a name", func(s *api.MailSettings) { s.Sender = "Us <no-reply@example.int>" }, "/sender", api.FieldInvalid},
		{"sender with a header", func(s *api.MailSettings) { s.Sender = "no-reply@example.int\r\nBcc: all@example.org" }, "/sender", api.FieldInvalid},
		{"reply-to with a header", func(s *api.MailSettings) { s.ReplyTo = "a@example.int\nBcc: all@example.org" }, "/reply_to", api.FieldInvalid},
		{"two reply-tos", func(s *api.MailSettings) { s.ReplyTo = "a@example.int, b@example.int" }, "/reply_to", api.FieldInvalid},
	} {
		in := good
		tc.change(&in)
		_, err := o.Settings.With(in)
		if p, ok := errors.AsType[*api.Problem](err); !ok || p.Code != api.CodeInvalid || !slices.Equal(p.Errors, []api.FieldError{{Pointer: tc.pointer, Code: tc.code}}) {
			t.Errorf("%s: %+v", tc.name, err)
		}
	}
	_, err := o.Test(t.Context(), caller.Caller{AccountID: "ada"}, api.TestMail{})
	if p, ok := errors.AsType[*api.Problem](err); !ok || p.Errors[0].Pointer != "/settings/host" {
		t.Errorf("of a test: %v", err)
	}
}

func TestWith_noEncryptionOnlyIfTheOperatorAllowsIt(t *testing.T) {
	p := newPost(t, storetest.SQLite(t), nil)
	in := api.MailSettings{Host: "10.0.0.1", Port: 25, Security: None, Sender: "no-reply@example.int"}
	for _, allowed := range []bool{true, false} {
		s := NewSettings(p.db, p.key, Limits{None: allowed}, nil, "desk@example.int", slog.New(slog.DiscardHandler))
		if _, err := s.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := s.With(in); (err == nil) != allowed || s.Show().NoneAllowed != allowed {
			t.Errorf("allowed %v: %v", allowed, err)
		}
	}
	// A relay on this machine, named on the command line, is as the operator set
	// it; that allows nothing elsewhere.
	relay := serverOf("127.0.0.1", 2525)
	s := NewSettings(p.db, p.key, Limits{}, relay, "desk@example.int", slog.New(slog.DiscardHandler))
	if _, err := s.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.With(in); refusal(err) != api.CodeInvalid {
		t.Errorf("elsewhere: %v", err)
	}
	in.Host, in.Port = relay.Host, relay.Port
	if got, err := s.With(in); err != nil || !got.Loopback {
		t.Errorf("the same relay: %+v, %v", got, err)
	}
	in.Port++
	in.Security = StartTLS
	if got, err := s.With(in); err != nil || got.Loopback {
		t.Errorf("another port of this machine: %+v, %v", got, err)
	}
}

func TestTest_isNoWayToLookAround(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		server := newMailServer(t)
		o := newOffice(t, db, nil)
		for i := range testsAllow {
			if _, err := o.Test(t.Context(), caller.Caller{AccountID: "ada"}, api.TestMail{Settings: of(server)}); err != nil {
				t.Fatalf("test %d: %v", i, err)
			}
		}
		o.later(10 * time.Minute)
		_, err := o.Test(t.Context(), caller.Caller{AccountID: "ada"}, api.TestMail{Settings: of(server)})
		if p, ok := errors.AsType[*api.Problem](err); !ok || p.Code != api.CodeTooMany || p.RetryAfter != 50*time.Minute {
			t.Errorf("one more: %v", err)
		}
		if err := save(t, o.Admin, "ada", of(server)); refusal(err) != api.CodeTooMany {
			t.Errorf("saving: %v", err)
		}
		if _, err := o.Test(t.Context(), caller.Caller{AccountID: "bob"}, api.TestMail{Settings: of(server)}); err != nil {
			t.Errorf("somebody else: %v", err)
		}
		o.later(50 * time.Minute)
		if _, err := o.Test(t.Context(), caller.Caller{AccountID: "ada"}, api.TestMail{Settings: of(server)}); err != nil {
			t.Errorf("an hour later: %v", err)
		}
	})
}

func TestTest_oneAtATime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		asked, answer := make(chan struct{}), make(chan struct{})
		server := mailtest.Start(t, mailtest.Manners{OnData: func() error {
			asked <- struct{}{}
			<-answer
			return nil
		}})
		o := newOffice(t, db, nil)
		first := make(chan error, 1)
		go func() {
			_, err := o.Test(t.Context(), caller.Caller{AccountID: "ada"}, api.TestMail{Settings: of(server)})
			first <- err
		}()
		<-asked
		_, err := node(t, o.post, o.key, nil).Test(t.Context(), caller.Caller{AccountID: "ada"}, api.TestMail{Settings: of(server)}) // on another node
		if p, ok := errors.AsType[*api.Problem](err); !ok || p.Code != api.CodeTooMany || p.RetryAfter != testLease {
			t.Errorf("a second one meanwhile: %v", err)
		}
		close(answer)
		if err := <-first; err != nil {
			t.Error(err)
		}
		go func() { <-asked }()
		if _, err := o.Test(t.Context(), caller.Caller{AccountID: "ada"}, api.TestMail{Settings: of(server)}); err != nil {
			t.Errorf("after it: %v", err)
		}
	})
}

func TestSweep_forgetsTests(t *testing.T) {
	server := newMailServer(t)
	o := newOffice(t, storetest.SQLite(t), nil)
	if _, err := o.Test(t.Context(), caller.Caller{AccountID: "ada"}, api.TestMail{Settings: of(server)}); err != nil {
		t.Fatal(err)
	}
	o.later(keepTests + time.Minute)
	if _, err := o.LastTest(t.Context(), caller.Caller{AccountID: "ada"}); refusal(err) != api.CodeNotFound {
		t.Errorf("a day later: %v", err)
	}
	if err := o.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := o.post.db.View(t.Context(), func(tx *store.Tx) error {
		tx.Get(`SELECT COUNT(*) FROM mail_tests`).Into(&left)
		return nil
	}); err != nil || left != 0 {
		t.Errorf("%d tests are left, %v", left, err)
	}
}

func TestSave_whatWaitedIsTriedAtOnce(t *testing.T) {
	server := newMailServer(t)
	o := newOffice(t, storetest.SQLite(t), serverOf(dead(t)))
	o.queue(reset("ana@example.org"))
	if n := o.round(); n != 0 {
		t.Fatal("sent through a dead server")
	}
	if err := save(t, o.Admin, "ada", of(server)); err != nil {
		t.Fatal(err)
	}
	if n := o.round(); n != 1 {
		t.Errorf("sent %d at once", n)
	}
}
