package demo

import (
	"context"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

// knownDemo is a demonstration in memory.
type knownDemo struct {
	mails []Mail
	on    bool
	err   error
}

func (k *knownDemo) Staff() []StaffLogIn {
	return []StaffLogIn{
		{"manager", "Aa1-MFRGGZDFMZTWQ2LKNNWG23TPOI", api.RoleMeetingManager, ""},
		{"administrator", "Aa1-NBSWY3DPEB3W64TMMQQQ2LKNNW", api.RoleAdministrator, ""},
		{"focal.point", "Aa1-ONSWY3DPEB3W64TMMQQQ2LKNNW", "", api.FocalPoint},
	}
}

func (k *knownDemo) Mails(context.Context) ([]Mail, error)  { return k.mails, k.err }
func (k *knownDemo) On() bool                               { return k.on }
func (k *knownDemo) SetOn(_ context.Context, on bool) error { k.on = on; return k.err }
func testDemo() *knownDemo {
	return &knownDemo{
		on: true,
		mails: []Mail{
			{To: "elena.garcia@example.org", Subject: "Received, not yet confirmed: Study Group 17, Plenary", Text: "Dear Elena García,\n\nWe have received your registration for the meeting below.\n\nThis is not a confirmation yet. The focal point of your organization decides on your registration.", At: screentest.Now.Add(-time.Minute)},
			{To: "elena.garcia@example.org", Subject: "Activate your account", Text: "Hello,\n\nAn account was created with this e-mail address at example.int.\n\nPlease click the link to activate it. You will be asked for the password that you chose when you signed up:\n\nhttp://127.0.0.1:4711/activate?lang=en#AAAA\n\nOr type this code into Plenary, where it says “An email was sent to your inbox.”:\n\n7F3K9-2QD4X", At: screentest.Now.Add(-10 * time.Minute), Link: "http://127.0.0.1:4711/activate?lang=en#AAAA", Code: "7F3K9-2QD4X"},
		},
	}
}

func testMailbox(t *testing.T, e kit.Env, demo *knownDemo) (*Mailbox, fyne.Window) {
	t.Helper()
	e.Sleep = nil
	m := NewMailbox(e, demo)
	t.Cleanup(m.Close)
	return m, screentest.Show(t, m.Content(), 820, 560)
}

func TestMailbox_pictures(t *testing.T) {
	screentest.Capture(t, "mailbox", func(e kit.Env) fyne.CanvasObject {
		e.Sleep = nil
		m := NewMailbox(e, testDemo())
		m.list.ChooseID(mailID(&m.mails[1]))
		return m.Content()
	})
	screentest.Capture(t, "mailbox-staff", func(e kit.Env) fyne.CanvasObject {
		e.Sleep = nil
		m := NewMailbox(e, testDemo())
		m.tabs.Choose(1)
		return m.Content()
	})
	screentest.Capture(t, "mailbox-empty", func(e kit.Env) fyne.CanvasObject {
		e.Sleep = nil
		m := NewMailbox(e, &knownDemo{})
		return m.Content()
	})
}

func TestMailbox_copiesTheCodeAndOpensTheLink(t *testing.T) {
	e := screentest.NewEnv(t)
	e.Clipboard = &screentest.Clipboard{}
	opened := screentest.RecordOpened(&e)
	m, w := testMailbox(t, e, testDemo())
	m.env.Sleep = e.Sleep
	m.list.ChooseID(mailID(&m.mails[1]))
	screentest.Tap(t, w, "mailbox.copy")
	if got := e.Clipboard.(*screentest.Clipboard); !slices.Equal(got.Copied, []string{"7F3K9-2QD4X"}) || got.Content() != "" {
		t.Errorf("copied %q, want the code, which leaves the clipboard", got.Copied)
	}
	screentest.Says(t, m.bar.String(), "is in the clipboard", "cleared after a minute")
	screentest.Tap(t, w, "mailbox.link")
	if len(*opened) != 1 || (*opened)[0] != "http://127.0.0.1:4711/activate?lang=en#AAAA" {
		t.Errorf("opened %q, want the link", *opened)
	}
}

func TestMailbox_switchesTheService(t *testing.T) {
	demo := testDemo()
	m, w := testMailbox(t, screentest.NewEnv(t), demo)
	screentest.Tap(t, w, "mailbox.switch")
	if demo.on || m.state.Text() != "Service off" {
		t.Errorf("service on: %v, state %q, want it off and said", demo.on, m.state.Text())
	}
	screentest.Tap(t, w, "mailbox.switch")
	if !demo.on || m.state.Text() != "Service on" {
		t.Errorf("service on: %v, state %q, want it on and said", demo.on, m.state.Text())
	}
}

func TestMailbox_looksForNewsUntilItIsClosed(t *testing.T) {
	e := screentest.NewEnv(t)
	steps := &screentest.Stepped{}
	e.Run = steps
	demo := testDemo()
	demo.mails = nil
	m := NewMailbox(e, demo)
	for range 8 {
		steps.Step()
	}
	demo.mails = testDemo().mails
	for range 8 {
		steps.Step()
	}
	if len(m.mails) != 2 {
		t.Errorf("the screen has %d e-mails, want 2", len(m.mails))
	}
	m.Close()
	steps.All() // would never end if the mailbox went on looking
}

func TestMailbox_showsTheNewestUntilAnotherIsChosen(t *testing.T) {
	demo := testDemo()
	m, w := testMailbox(t, screentest.NewEnv(t), demo)
	arrives := func(subject string) {
		demo.mails = append([]Mail{{To: "a@example.org", Subject: subject, At: screentest.Now}}, demo.mails...)
		m.look()
		screentest.Settle(w)
	}
	arrives("First")
	if got := screentest.Said(w, "mailbox.subject"); got != "First" {
		t.Errorf("shows %q, want the newest", got)
	}
	m.list.ChooseID(mailID(&demo.mails[2]))
	arrives("Second")
	if got := screentest.Said(w, "mailbox.subject"); got != "Activate your account" {
		t.Errorf("shows %q, want the chosen one", got)
	}
}

func TestMailbox_aFailedLookIsForgottenAfterOneThatWorks(t *testing.T) {
	demo := testDemo()
	m, _ := testMailbox(t, screentest.NewEnv(t), demo)
	demo.err = &api.Problem{Code: api.CodeBusy}
	m.look()
	if m.bar.String() == "" {
		t.Fatal("nothing is said of it")
	}
	demo.err = nil
	m.look()
	if said := m.bar.String(); said != "" {
		t.Errorf("it says %q", said)
	}
	m.bar.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: "Copied"}}})
	m.look()
	if m.bar.String() == "" {
		t.Error("a look takes away what else is said")
	}
}
