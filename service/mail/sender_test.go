package mail

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/service/mail/mailtest"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// post is an outbox with a sender and a clock.
type post struct {
	t   *testing.T
	db  *store.DB
	key *secret.Key
	*Outbox
	*Sender

	mu   sync.Mutex
	time time.Time
}

func newPost(t *testing.T, db *store.DB, server *Server) *post {
	p := &post{t: t, db: db, key: secret.Generate(), time: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	now := func() time.Time {
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.time
	}
	p.Outbox = NewOutbox(p.key, now)
	p.Sender = p.node(server, now)
	return p
}

// node is another sender on the same outbox.
func (p *post) node(server *Server, now func() time.Time) *Sender {
	return NewSender(Options{
		DB: p.db, Key: p.key, Now: now, Log: slog.New(slog.DiscardHandler),
		Server: func(context.Context) (*Server, error) { return server, nil },
		Info: func(context.Context) (Info, error) {
			return Info{Organization: "Example Organization", ServiceDesk: "servicedesk@example.int"}, nil
		},
	})
}

func (p *post) later(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.time = p.time.Add(d)
}

func (p *post) queue(m Message) {
	p.t.Helper()
	if err := p.db.Update(p.t.Context(), func(tx *store.Tx) error {
		p.Queue(tx, m)
		return nil
	}); err != nil {
		p.t.Fatal(err)
	}
}

func (p *post) round() int {
	p.t.Helper()
	n, err := p.Round(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}

// row is what the outbox holds of the only e-mail.
func (p *post) row() (state, problem, params string, secrets []byte) {
	p.t.Helper()
	err := p.db.View(p.t.Context(), func(tx *store.Tx) error {
		if !tx.Get(`SELECT state, problem, params, secrets FROM mails`).Into(&state, &problem, &params, &secrets) {
			return sql.ErrNoRows
		}
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return state, problem, params, secrets
}

func reset(to string) Message {
	return Message{
		To: to, Language: "en", Template: Reset,
		Params:  map[string]string{"Username": "ana", "Name": "Ana"},
		Secrets: map[string]string{Link: "https://plenary.example.int/reset#SECRETTOKEN", Code: "ABCDE-FGHJK"},
	}
}

func TestRound_sendsOnceAndErases(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		server := newMailServer(t)
		p := newPost(t, db, serverOf(server.Host, server.Port))
		p.queue(reset("ana@example.org"))
		if _, _, _, sealed := p.row(); len(sealed) == 0 || strings.Contains(string(sealed), "SECRETTOKEN") {
			t.Error("the link is not sealed in the outbox")
		}
		if n := p.round(); n != 1 {
			t.Fatalf("sent %d", n)
		}
		if n := p.round(); n != 0 {
			t.Fatalf("sent again: %d", n)
		}
		inbox := server.Inbox()
		if len(inbox) != 1 || inbox[0].To != "ana@example.org" || inbox[0].From != "no-reply@example.int" {
			t.Fatalf("inbox: %+v", inbox)
		}
		state, problem, params, secrets := p.row()
		if state != Sent || problem != "" || params != "{}" || secrets != nil {
			t.Errorf("after sending: %s %q %s %q", state, problem, params, secrets)
		}
	})
}

func TestRound_manySendersSendOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		server := newMailServer(t)
		p := newPost(t, db, serverOf(server.Host, server.Port))
		for range 15 {
			p.queue(reset("ana@example.org"))
		}
		var wg sync.WaitGroup
		for range 5 {
			node := p.node(serverOf(server.Host, server.Port), p.Sender.Now)
			wg.Go(func() {
				if _, err := node.Round(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := len(server.Inbox()); n != 15 {
			t.Errorf("%d e-mails arrived, want 15", n)
		}
	})
}

func TestRound_triesAgainLater(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		server := newMailServer(t)
		p := newPost(t, db, serverOf(server.Host, server.Port))
		p.queue(reset("ana@example.org"))
		server.Behave(func(m *mailtest.Manners) { m.OnData = func() error { return mailtest.Refuse(451) } })
		if n := p.round(); n != 0 {
			t.Fatalf("sent %d", n)
		}
		if state, problem, _, _ := p.row(); state != Waiting || problem != "message: refused 451" {
			t.Errorf("after a refusal for now: %s %q", state, problem)
		}
		server.Behave(func(m *mailtest.Manners) { m.OnData = nil })
		if n := p.round(); n != 0 {
			t.Fatal("tried again at once")
		}
		p.later(time.Minute)
		if n := p.round(); n != 1 || len(server.Inbox()) != 1 {
			t.Errorf("sent %d, arrived %d", n, len(server.Inbox()))
		}
	})
}

func TestRound_connectionDroppedMidway(t *testing.T) {
	server := newMailServer(t)
	p := newPost(t, storetest.SQLite(t), serverOf(server.Host, server.Port))
	p.queue(reset("ana@example.org"))
	var once sync.Once
	server.Behave(func(m *mailtest.Manners) {
		m.OnData = func() error {
			once.Do(func() { panic(errors.New("the mail server dies")) }) // go-smtp answers 421 and closes
			return nil
		}
	})
	if n := p.round(); n != 0 {
		t.Fatalf("sent %d", n)
	}
	p.later(time.Minute)
	if n := p.round(); n != 1 {
		t.Fatalf("sent %d", n)
	}
	if n := len(server.Inbox()); n != 1 {
		t.Errorf("%d e-mails arrived", n)
	}
}

func TestRound_givesUpWhatIsRefusedForGood(t *testing.T) {
	server := newMailServer(t)
	server.Behave(func(m *mailtest.Manners) { m.OnRecipient = func(string) error { return mailtest.Refuse(550) } })
	p := newPost(t, storetest.SQLite(t), serverOf(server.Host, server.Port))
	p.queue(reset("nobody@example.org"))
	p.round()
	if state, problem, params, secrets := p.row(); state != Failed || problem != "recipient: refused 550" || params != "{}" || secrets != nil {
		t.Errorf("%s %q %s %q", state, problem, params, secrets)
	}
}

func TestRound_unreachableServer(t *testing.T) {
	server := newMailServer(t)
	settings := serverOf(server.Host, server.Port)
	settings.Port = 1 // nobody listens there
	p := newPost(t, storetest.SQLite(t), settings)
	p.queue(reset("ana@example.org"))
	p.round()
	if state, problem, _, _ := p.row(); state != Waiting || problem != "connection: connection-refused" {
		t.Errorf("%s %q", state, problem)
	}
}

// A round that has ended in trouble may have claimed the same e-mail once more.
func TestFinish_keepsTheProblemOfTheAttemptBefore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := newPost(t, db, nil)
		p.queue(reset("ana@example.org"))
		for _, o := range []outcome{
			{state: Waiting, at: p.time, problem: "connection: connection-refused"},
			{state: Waiting, at: p.time, untried: true},
		} {
			c, err := p.claim(t.Context(), claims, time.Minute)
			if err != nil || len(c.mails) != 1 {
				t.Fatal(c, err)
			}
			if err := p.finish(t.Context(), c.mails[0], c.lease, o); err != nil {
				t.Fatal(err)
			}
			if state, problem, _, _ := p.row(); state != Waiting || problem != "connection: connection-refused" {
				t.Errorf("%s %q", state, problem)
			}
		}
	})
}

// An e-mail that waits for a mail server, or for its settings, has its five days
// from when the server was first asked to take it.
func TestRound_fiveDaysCountFromTheFirstAttemptAtTheEMail(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		server := newMailServer(t)
		settings := serverOf(server.Host, server.Port)
		p := newPost(t, db, nil)
		p.queue(reset("ana@example.org"))
		p.later(6 * 24 * time.Hour)
		p.Options.Server = func(context.Context) (*Server, error) { return settings, nil }
		server.Behave(func(m *mailtest.Manners) { m.OnSender = refuse(550) })
		p.round()
		if state, problem, _, _ := p.row(); state != Waiting || problem != "sender: refused 550" {
			t.Fatalf("settings in trouble: %s %q", state, problem)
		}
		p.later(6 * 24 * time.Hour)
		server.Behave(func(m *mailtest.Manners) {
			m.OnSender, m.OnData = nil, func() error { return mailtest.Refuse(451) }
		})
		p.round()
		if state, problem, _, _ := p.row(); state != Waiting || problem != "message: refused 451" {
			t.Fatalf("first attempt: %s %q", state, problem)
		}
		p.later(giveUp - time.Minute)
		p.round()
		if state, _, _, _ := p.row(); state != Waiting {
			t.Fatalf("within five days: %s", state)
		}
		p.later(time.Hour)
		p.round()
		if state, _, _, _ := p.row(); state != Failed {
			t.Errorf("after five days: %s", state)
		}
	})
}

func TestRound_leaseOfASenderThatDiedRunsOut(t *testing.T) {
	server := newMailServer(t)
	p := newPost(t, storetest.SQLite(t), serverOf(server.Host, server.Port))
	p.queue(reset("ana@example.org"))
	if c, err := p.claim(t.Context(), claims, time.Minute); err != nil || len(c.mails) != 1 {
		t.Fatal(c, err)
	}
	if n := p.round(); n != 0 {
		t.Fatal("sent what another sender has")
	}
	p.later(time.Hour)
	if n := p.round(); n != 1 {
		t.Errorf("sent %d after the lease", n)
	}
}

func TestSweep_expires(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		server := newMailServer(t)
		p := newPost(t, db, serverOf(server.Host, server.Port))
		m := reset("ana@example.org")
		m.Expires = p.time.Add(time.Hour)
		p.queue(m)
		p.later(2 * time.Hour)
		if n := p.round(); n != 0 {
			t.Error("sent an e-mail that had expired")
		}
		if err := p.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if state, _, params, secrets := p.row(); state != Expired || secrets != nil || params != "{}" {
			t.Errorf("%s, secrets %q, parameters %s", state, secrets, params)
		}
	})
}

func TestBackOff(t *testing.T) {
	for _, tc := range []struct {
		attempt  int
		from, to time.Duration
	}{
		{1, 24 * time.Second, 36 * time.Second},
		{2, 48 * time.Second, 72 * time.Second},
		{3, 96 * time.Second, 144 * time.Second},
		{50, 24 * time.Minute, 36 * time.Minute},
	} {
		for range 20 {
			if got := backOff(tc.attempt); got < tc.from || got > tc.to {
				t.Errorf("attempt %d: %s", tc.attempt, got)
			}
		}
	}
}

func TestQueue_refusesUnknownTemplates(t *testing.T) {
	p := newPost(t, storetest.SQLite(t), nil)
	err := p.db.Update(t.Context(), func(tx *store.Tx) error {
		p.Queue(tx, Message{To: "ana@example.org", Template: "lottery"})
		return nil
	})
	if !errors.Is(err, ErrUnknownTemplate) {
		t.Errorf("error %v", err)
	}
}

func TestPretend_leavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := newPost(t, db, nil)
		rows := -1
		err := p.db.Update(t.Context(), func(tx *store.Tx) error {
			p.Pretend(tx, reset("nobody@example.org"))
			tx.Get(`SELECT COUNT(*) FROM mails`).Into(&rows)
			return nil
		})
		if err != nil || rows != 0 {
			t.Errorf("%d e-mails, %v", rows, err)
		}
	})
}

func TestRound_withoutServerEMailsWait(t *testing.T) {
	p := newPost(t, storetest.SQLite(t), nil)
	p.queue(reset("ana@example.org"))
	if sent, err := p.Round(t.Context()); err != nil || sent != 0 {
		t.Errorf("sent %d, %v", sent, err)
	}
	if state, _, _, _ := p.row(); state != Waiting {
		t.Errorf("state %s", state)
	}
}
