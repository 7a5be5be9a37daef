package withservice

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/app"
	"plenary/app/keyringtest"
	"plenary/client"
	"plenary/rules"
	"plenary/service/account/credential"
	"plenary/service/demo"
	"plenary/words"
)

// These tests run against the real service, in process.

const (
	email    = "amelie.dupont@example.int"
	family   = "Dupont"
	password = "Correct-Horse-7-Battery"

	openMeeting     = "C-00016339" // no form, no approval
	closedMeeting   = "C-00016105"
	approvedMeeting = "C-00016512" // by the secretariat, with a form
)

// wait waits until ok, and fails the test after a minute.
func wait(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline.C:
			t.Fatalf("waited in vain for: %s", what)
		case <-tick.C:
		}
	}
}

// logBuffer is what was logged.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// person is somebody with a machine and a service.
type person struct {
	t    *testing.T
	demo *demo.Demo
	at   string // where the program meets the service
	dir  string
	ring *keyringtest.Fake
	log  *logBuffer
	app  *app.App
}

func newPerson(t *testing.T) *person {
	t.Helper()
	return newPersonBy(t, func(address string) string { return address })
}

// newPersonBy is a person who meets the service by another address.
func newPersonBy(t *testing.T, way func(address string) string) *person {
	t.Helper()
	d, err := demo.Start(t.Context(), demo.Config{
		Dir: t.TempDir(), Version: "1.0.0", Hashing: credential.Hashing{MemoryKiB: 64, Time: 1, Threads: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	p := &person{t: t, demo: d, at: way(d.Address()), dir: t.TempDir(), ring: keyringtest.New(), log: &logBuffer{}}
	p.start()
	t.Cleanup(func() { p.app.Close() })
	return p
}

// start starts the program.
func (p *person) start() {
	p.t.Helper()
	a, err := app.Open(p.t.Context(), app.Config{
		Dir: p.dir, Service: p.at, Keyring: p.ring, Version: "1.0.0", Computer: "lemur.example.int",
		CountryNames: words.CountryNames,
		Logger:       slog.New(slog.NewTextHandler(p.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.app = a
}

// approved has the demonstration's manager approve a registration, on a machine of their own.
func (p *person) approved(number string) {
	p.t.Helper()
	c, err := client.New(p.demo.Address(), client.Options{})
	if err != nil {
		p.t.Fatal(err)
	}
	session, err := c.LogIn(p.t.Context(), api.LogIn{Identifier: p.demo.Staff()[0].Identifier, Password: p.demo.Staff()[0].Password})
	if err != nil {
		p.t.Fatal(err)
	}
	payload, err := json.Marshal(api.Decide{Registration: number, Approve: true})
	if err != nil {
		p.t.Fatal(err)
	}
	done, err := c.As(client.StaticToken(session.Access)).Deliver(p.t.Context(), api.Deliver{Stream: uuid.NewString(), Sent: time.Now(), Operations: []api.Operation{
		{ID: uuid.NewString(), Number: 1, Kind: api.OpDecide, Made: time.Now(), Payload: payload},
	}})
	if err != nil || len(done.Results) != 1 || done.Results[0].Outcome != api.Done {
		p.t.Fatalf("approved: %+v, %v", done, err)
	}
}

func (p *person) quit() {
	p.t.Helper()
	if err := p.app.Close(); err != nil {
		p.t.Fatal(err)
	}
}

// mail waits for an e-mail to the person with a code, newer than those seen.
func (p *person) mail(seen int) demo.Mail {
	p.t.Helper()
	var mails []demo.Mail
	wait(p.t, "an e-mail", func() bool {
		var err error
		if mails, err = p.demo.Mails(p.t.Context()); err != nil {
			p.t.Fatal(err)
		}
		return len(mails) > seen
	})
	return mails[0]
}

// signUp makes an account and activates it.
func (p *person) signUp() {
	p.t.Helper()
	ctx := p.t.Context()
	wait(p.t, "the directory", p.app.Directory.Ready)
	found := p.app.Directory.Search("orange", "", "", 5)
	if len(found) == 0 {
		p.t.Fatal("no organization found")
	}
	flow, err := p.app.Account.SignUp(ctx, api.SignUp{
		FirstName: "Amélie", FamilyName: family, Email: email, Language: "fr", Username: "adupont",
		Password: password, Membership: found[0].Membership, Country: found[0].Country, OrganizationID: found[0].ID,
		AcceptTerms: true, ReadPrivacy: true,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	m := p.mail(0)
	if state, err := p.app.Account.SignUpState(ctx, flow); state != api.SignUpWaiting || err != nil {
		p.t.Fatalf("state is %q, %v", state, err)
	}
	if err := p.app.Account.Activate(ctx, flow, "00000-00000", password); app.Explain(err).Kind != string(api.CodeCodeWrong) {
		p.t.Errorf("wrong code: %v", err)
	}
	if err := p.app.Account.Activate(ctx, flow, m.Code, password); err != nil {
		p.t.Fatal(err)
	}
	if state, err := p.app.Account.SignUpState(ctx, flow); state != api.SignUpActive || err != nil {
		p.t.Fatalf("state is %q, %v", state, err)
	}
}

func (p *person) logIn(keep bool) {
	p.t.Helper()
	a, err := p.app.Session.LogIn(p.t.Context(), app.LogIn{Identifier: email, Password: password, Keep: keep})
	if err != nil || a.FamilyName != family {
		p.t.Fatalf("log in: %+v, %v", a, err)
	}
}

func (p *person) state(meeting string) string {
	m, _ := p.app.Registrations.Get(meeting)
	return m.State
}

func register(meeting string) api.Register {
	return api.Register{Meeting: meeting, Participation: api.Remote, BadgeName: "Amélie " + family}
}

// filled answers what has to be answered.
func filled(t *testing.T, m api.Meeting) api.Register {
	t.Helper()
	in := api.Register{Meeting: m.Code, Participation: m.Participation[0], BadgeName: family, Answers: api.Answers{}}
	for _, s := range m.Form.Sections {
		for _, q := range s.Questions {
			if !q.Required || q.If != nil {
				continue
			}
			switch q.Kind {
			case api.KindChoice, api.KindChoices:
				in.Answers[q.ID] = []string{q.Choices[0].ID}
			case api.KindYesNo:
				in.Answers[q.ID] = []string{"no"}
			case api.KindCountry:
				in.Answers[q.ID] = []string{"CH"}
			default:
				in.Answers[q.ID] = []string{"text"}
			}
		}
	}
	return in
}

func TestPath_fromSignUpToTheConfirmation(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signUp()
	if _, err := p.app.Session.LogIn(t.Context(), app.LogIn{Identifier: email, Password: "wrong", Keep: true}); app.Explain(err).Kind != string(api.CodeCredentials) {
		t.Errorf("wrong password: %v", err)
	}
	p.logIn(true)
	wait(t, "meetings", func() bool { return len(p.app.Meetings.List()) > 5 && !p.app.Meetings.Refreshed().IsZero() })

	// Registered without approval.
	if err := p.app.Registrations.Submit(t.Context(), register(openMeeting)); err != nil {
		t.Fatal(err)
	}
	wait(t, "the confirmation", func() bool { return p.state(openMeeting) == api.Confirmed })

	// Refused by the service: it stays until it is dealt with.
	if err := p.app.Registrations.Submit(t.Context(), register(closedMeeting)); err != nil {
		t.Fatal(err)
	}
	wait(t, "the refusal", func() bool { return p.state(closedMeeting) == app.StateNeedsAttention })
	refused, _ := p.app.Registrations.Get(closedMeeting)
	if refused.Code != api.CodeRegistrationClosed || refused.Reference == "" || p.app.Sync.Status().Attention != 1 {
		t.Errorf("refused with %+v, status %+v", refused, p.app.Sync.Status())
	}
	if err := p.app.Registrations.Dismiss(t.Context(), refused.Operation); err != nil {
		t.Fatal(err)
	}
	if p.state(closedMeeting) != app.StateDraft || p.app.Sync.Status().Attention != 0 {
		t.Errorf("after it was dismissed: %q", p.state(closedMeeting))
	}
	if err := p.app.Registrations.DeleteDraft(t.Context(), closedMeeting); err != nil || p.state(closedMeeting) != "" {
		t.Errorf("after the draft was deleted: %q, %v", p.state(closedMeeting), err)
	}

	// With approval.
	meeting, err := p.app.Meetings.Find(t.Context(), approvedMeeting)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.app.Registrations.Submit(t.Context(), filled(t, meeting)); err != nil {
		t.Fatal(err)
	}
	wait(t, "the acknowledgement", func() bool { return p.state(approvedMeeting) == api.WaitingSecretariat })
	mine, _ := p.app.Registrations.Get(approvedMeeting)
	p.approved(mine.Number)
	p.app.Sync.Now()
	wait(t, "the approval", func() bool { return p.state(approvedMeeting) == api.Confirmed })

	if err := p.app.Registrations.Withdraw(t.Context(), mine.Number, ""); err != nil {
		t.Fatal(err)
	}
	wait(t, "the withdrawal", func() bool { return p.state(approvedMeeting) == api.Withdrawn })
	p.quit()
	p.nothingInClear()
}

// The demonstration's meeting that is open to all begins twenty minutes after it does.
func TestPath_joinsAndIsRecorded(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signUp()
	p.logIn(true)
	wait(t, "meetings", func() bool { return !p.app.Meetings.Refreshed().IsZero() })
	if err := p.app.Registrations.Submit(t.Context(), register(openMeeting)); err != nil {
		t.Fatal(err)
	}
	wait(t, "the confirmation", func() bool { return p.state(openMeeting) == api.Confirmed })
	mine, _ := p.app.Registrations.Get(openMeeting)
	agenda := app.Agenda(p.app.Registrations.List(), p.app.Meetings.Get, p.app.ServiceNow())
	if len(agenda) != 1 || !agenda[0].Joins() || agenda[0].Nth != 1 {
		t.Fatalf("the agenda is %+v", agenda)
	}
	if err := p.demo.SetOn(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	address, err := p.app.Registrations.Join(t.Context(), mine.Number, 1)
	if err != nil || address != mine.Platform || address == "" {
		t.Errorf("join: %q, %v", address, err)
	}
	wait(t, "what waits", func() bool { return p.app.Sync.Status().Waiting == 1 })
	if err := p.demo.SetOn(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	p.app.Sync.Now()
	wait(t, "the delivery", func() bool { s := p.app.Sync.Status(); return s.Waiting == 0 && s.Attention == 0 })
}

func TestPath_offlineAndBackAgain(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signUp()
	p.logIn(true)
	wait(t, "meetings", func() bool { return !p.app.Meetings.Refreshed().IsZero() })
	wait(t, "online", func() bool { return p.app.Sync.Status().Online })

	if err := p.demo.SetOn(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if err := p.app.Registrations.Submit(t.Context(), register(openMeeting)); err != nil {
		t.Fatal(err)
	}
	wait(t, "being offline", func() bool {
		s := p.app.Sync.Status()
		return !s.Online && s.Kind == app.KindUnreachable && s.Waiting == 1
	})
	if p.state(openMeeting) != app.StateWaitingToSend {
		t.Errorf("state is %q", p.state(openMeeting))
	}
	if err := p.app.Registrations.Submit(t.Context(), register(closedMeeting)); err != nil {
		t.Fatal(err)
	}
	second, _ := p.app.Registrations.Get(closedMeeting)
	if err := p.app.Registrations.TakeBack(t.Context(), second.Operation); err != nil || p.state(closedMeeting) != app.StateDraft {
		t.Errorf("taken back: %q, %v", p.state(closedMeeting), err)
	}

	// A new start without the service: all is there, from keyring and store.
	p.quit()
	p.start()
	a, err := p.app.Session.Restore(t.Context())
	if err != nil || a.FamilyName != family {
		t.Fatalf("restore: %+v, %v", a, err)
	}
	if s := p.app.Session.State(); s.Phase != app.LoggedIn || !s.Kept {
		t.Errorf("state is %+v", s)
	}
	if p.state(openMeeting) != app.StateWaitingToSend || len(p.app.Meetings.List()) < 5 {
		t.Errorf("after the new start: %q, %d meetings", p.state(openMeeting), len(p.app.Meetings.List()))
	}
	wait(t, "the directory", p.app.Directory.Ready)
	if err := p.app.Session.LogOut(t.Context(), app.UnsentSend); app.Explain(err).Kind != app.KindUnsent {
		t.Errorf("log-out with unsent work: %v", err)
	}

	if err := p.demo.SetOn(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	p.app.Sync.Now()
	wait(t, "the delivery", func() bool { return p.state(openMeeting) == api.Confirmed })
	// What the service says is kept first, and then the operation is settled.
	wait(t, "the end of the operation", func() bool { return p.app.Sync.Status().Waiting == 0 })
	changed := p.changeOffline()
	if n := len(p.app.Registrations.List()); n != 2 || p.state(closedMeeting) != app.StateDraft {
		t.Errorf("%d registrations, and of what was taken back: %q", n, p.state(closedMeeting))
	}
	if mine, _ := p.app.Registrations.Get(openMeeting); mine.JobTitle != changed || rules.ChangesOf(mine.History) != 1 {
		t.Errorf("the change: %+v", mine)
	}
	p.quit()
	p.nothingInClear()
}

// changeOffline changes the job title in the registration for openMeeting without network, as
// the person sees it, and once more, as another computer does that knows nothing of that.
func (p *person) changeOffline() (job string) {
	p.t.Helper()
	t := p.t
	mine, _ := p.app.Registrations.Get(openMeeting)
	change := api.Change{Registration: mine.Number, Register: rules.Registered(&mine.Registration)}
	change.JobTitle = "Chairwoman"
	if err := p.demo.SetOn(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if err := p.app.Registrations.Change(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	if mine, _ := p.app.Registrations.Get(openMeeting); mine.State != app.StateWaitingToSend || mine.Standing() != api.Confirmed {
		t.Errorf("while it waits: %+v", mine)
	}
	if err := p.demo.SetOn(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	p.app.Sync.Now()
	wait(t, "the change", func() bool { return p.state(openMeeting) == api.Confirmed && p.app.Sync.Status().Waiting == 0 })
	change.JobTitle = "Engineer"
	if err := p.app.Registrations.Change(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	wait(t, "the conflict", func() bool { return p.state(openMeeting) == app.StateNeedsAttention })
	refused, _ := p.app.Registrations.Get(openMeeting)
	if draft, ok := p.app.Registrations.ChangeDraft(mine.Number); refused.Code != api.CodeOutdated || !ok || draft.JobTitle != "Engineer" {
		t.Errorf("refused %+v, the draft is %+v", refused, draft)
	}
	if err := p.app.Registrations.DeleteChange(t.Context(), mine.Number); err != nil {
		t.Fatal(err)
	}
	if err := p.app.Registrations.Dismiss(t.Context(), refused.Operation); err != nil {
		t.Fatal(err)
	}
	return "Chairwoman"
}

func TestPath_newPasswordEndsTheSessionAndKeepsTheWork(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signUp()
	p.logIn(true)
	wait(t, "meetings", func() bool { return !p.app.Meetings.Refreshed().IsZero() })
	if err := p.demo.SetOn(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if err := p.app.Registrations.Submit(t.Context(), register(openMeeting)); err != nil {
		t.Fatal(err)
	}
	if err := p.app.Registrations.SaveDraft(t.Context(), register(approvedMeeting)); err != nil {
		t.Fatal(err)
	}
	p.quit()

	// Elsewhere, the password is reset.
	if err := p.demo.SetOn(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	there := *p
	there.dir, there.ring = t.TempDir(), keyringtest.New()
	there.start()
	recovery, err := there.app.Account.Recover(t.Context(), email)
	if err != nil || recovery.Address != email {
		t.Fatalf("recover: %+v, %v", recovery, err)
	}
	mails, err := p.demo.Mails(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := there.app.Account.SendRecovery(t.Context(), recovery.Flow); err != nil {
		t.Fatal(err)
	}
	code := p.mail(len(mails)).Code
	if _, err := there.app.Account.CheckCode(t.Context(), recovery.Flow, code); err != nil {
		t.Fatal(err)
	}
	if err := there.app.Account.Reset(t.Context(), api.Reset{Flow: recovery.Flow, Code: code, Password: "short"}); app.Explain(err).Kind != string(api.CodePasswordRefused) {
		t.Errorf("bad password: %v", err)
	}
	if err := there.app.Account.Reset(t.Context(), api.Reset{Flow: recovery.Flow, Code: code, Password: password + "2"}); err != nil {
		t.Fatal(err)
	}
	there.quit()

	// Here, the session has ended, and nothing is lost.
	p.start()
	if _, err := p.app.Session.Restore(t.Context()); err != nil {
		t.Fatal(err)
	}
	wait(t, "the session's end", func() bool { return p.app.Session.State().Phase == app.Ended })
	if p.state(openMeeting) != app.StateWaitingToSend || p.state(approvedMeeting) != app.StateDraft {
		t.Errorf("lost: %+v", p.app.Registrations.List())
	}
	if _, err := p.app.Session.LogIn(t.Context(), app.LogIn{Identifier: email, Password: password + "2", Keep: true}); err != nil {
		t.Fatal(err)
	}
	wait(t, "the delivery", func() bool { return p.state(openMeeting) == api.Confirmed })
	if p.state(approvedMeeting) != app.StateDraft {
		t.Errorf("the draft is lost: %+v", p.app.Registrations.List())
	}
}

func TestLogOut_leavesNothing(t *testing.T) {
	t.Parallel()
	for name, online := range map[string]bool{"online": true, "offline": false} {
		t.Run(name, func(t *testing.T) {
			p := newPerson(t)
			p.signUp()
			p.logIn(true)
			wait(t, "online", func() bool { return p.app.Sync.Status().Online })
			if err := p.demo.SetOn(t.Context(), online); err != nil {
				t.Fatal(err)
			}
			if err := p.app.Session.LogOut(t.Context(), app.UnsentDiscard); err != nil {
				t.Fatal(err)
			}
			if s := p.app.Session.State(); s.Phase != app.LoggedOut || s.Account.ID != "" || s.Listed == online {
				t.Errorf("state is %+v", s)
			}
			for item := range p.ring.Items() {
				if !strings.HasSuffix(item, "/devices") {
					t.Errorf("left in the keyring: %s", item)
				}
			}
			stores, err := filepath.Glob(filepath.Join(p.dir, "*", "*"))
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range stores {
				if !strings.HasPrefix(filepath.Base(s), "public") {
					t.Errorf("left on the disk: %s", filepath.Base(s))
				}
			}
			p.quit()
			p.start()
			if _, err := p.app.Session.Restore(t.Context()); app.Explain(err).Kind != app.KindNoSession {
				t.Errorf("restore: %v", err)
			}
		})
	}
}

func TestLogOut_keepsUnsentWorkUntilTheNextLogIn(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signUp()
	p.logIn(true)
	wait(t, "online", func() bool { return p.app.Sync.Status().Online })
	if err := p.demo.SetOn(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if err := p.app.Registrations.Submit(t.Context(), register(openMeeting)); err != nil {
		t.Fatal(err)
	}
	if err := p.app.Session.LogOut(t.Context(), app.UnsentKeep); err != nil {
		t.Fatal(err)
	}
	for item := range p.ring.Items() {
		if strings.HasSuffix(item, "/refresh") || strings.HasSuffix(item, "/current") {
			t.Errorf("left in the keyring: %s", item)
		}
	}
	p.quit()
	if err := p.demo.SetOn(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	p.start()
	if _, err := p.app.Session.Restore(t.Context()); app.Explain(err).Kind != app.KindNoSession {
		t.Errorf("restore: %v", err)
	}
	p.logIn(false)
	wait(t, "the delivery", func() bool { return p.state(openMeeting) == api.Confirmed })
}

func TestLogIn_notKeptLeavesNothingAtTheEnd(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signUp()
	p.logIn(false)
	if s := p.app.Session.State(); s.Phase != app.LoggedIn || s.Kept {
		t.Errorf("state is %+v", s)
	}
	if p.ring.Calls() != 0 {
		t.Errorf("the keyring was asked %d times: %v", p.ring.Calls(), p.ring.Items())
	}
	if err := p.app.Registrations.Submit(t.Context(), register(openMeeting)); err != nil {
		t.Fatal(err)
	}
	wait(t, "the confirmation", func() bool { return p.state(openMeeting) == api.Confirmed })
	p.quit()
	if len(p.ring.Items()) != 0 {
		t.Errorf("left in the keyring: %v", p.ring.Items())
	}
	left, err := filepath.Glob(filepath.Join(p.dir, "*", "*-*-*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left on the disk: %v, %v", left, err)
	}
}

func TestLogOutEverywhere_endsTheOtherMachineToo(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signUp()
	p.logIn(true)
	there := *p
	there.dir, there.ring = t.TempDir(), keyringtest.New()
	there.start()
	t.Cleanup(func() { there.app.Close() })
	there.logIn(true)
	if err := there.app.Session.LogOutEverywhere(t.Context(), app.UnsentSend); err != nil {
		t.Fatal(err)
	}
	p.app.Sync.Now()
	wait(t, "the session's end", func() bool { return p.app.Session.State().Phase == app.Ended })
}

// nothingInClear looks for the person, the password and the tokens in all files
// and in the log.
func (p *person) nothingInClear() {
	p.t.Helper()
	secrets := []string{family, email, "Amélie", password}
	for item, secret := range p.ring.Items() {
		if !strings.HasSuffix(item, "/current") {
			secrets = append(secrets, secret)
		}
	}
	look := func(where string, content []byte) {
		for _, s := range secrets {
			if bytes.Contains(content, []byte(s)) {
				p.t.Errorf("in clear in %s: %q", where, s)
			}
		}
	}
	look("the log", []byte(p.log.String()))
	err := filepath.WalkDir(p.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		look(filepath.Base(path), content)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
}
