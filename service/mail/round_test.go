package mail

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/caller"
	"plenary/service/mail/mailtest"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

func to(address, template string) Message {
	m := reset(address)
	m.Template = template
	return m
}

// recipients gives to whom e-mails have arrived, in order.
func recipients(s *mailtest.Server) (all []string) {
	for _, m := range s.Inbox() {
		all = append(all, m.To)
	}
	return all
}

// one makes the sender have one conversation at a time with a server, so that
// e-mails arrive in the order in which they are claimed.
func (p *post) one(server *Server) {
	p.rest(server) // it forgets what it knows of another one
	p.narrowTo(1)
}

func TestRound_recoveryOvertakesBulk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		server := newMailServer(t)
		settings := serverOf(server.Host, server.Port)
		p := newPost(t, db, settings)
		p.one(settings)
		const many = 3 * claims
		for i := range many {
			p.queue(to(fmt.Sprintf("bulk-%d@example.org", i), RegistrationConfirmed))
		}
		p.queue(to("told@example.org", NewDevice))
		var once sync.Once
		server.Behave(func(m *mailtest.Manners) {
			m.OnRecipient = func(address string) error {
				if address != "told@example.org" {
					once.Do(func() { p.queue(reset("late@example.org")) }) // while the bulk is under way
				}
				return nil
			}
		})
		p.queue(reset("ana@example.org"))
		if n := p.round(); n != many+3 {
			t.Fatalf("sent %d", n)
		}
		got := recipients(server)
		if !slices.Equal(got[:2], []string{"ana@example.org", "told@example.org"}) {
			t.Errorf("first: %q", got[:2])
		}
		// It waits for what was claimed before it at most.
		if at := slices.Index(got, "late@example.org"); at > 2*claims {
			t.Errorf("a reset e-mail asked for while others are sent left as number %d", at)
		}
	})
}

// What managers write to many leaves after what each of them waits for, however long it
// has been there.
func TestRound_massLeavesLast(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		server := newMailServer(t)
		settings := serverOf(server.Host, server.Port)
		p := newPost(t, db, settings)
		p.one(settings)
		p.queue(to("mass@example.org", RegistrationConfirmed))
		if err := db.Update(t.Context(), func(tx *store.Tx) error {
			tx.Do(`UPDATE mails SET priority = $1`, mass)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		p.later(time.Second)
		p.queue(to("bulk@example.org", RegistrationConfirmed))
		if n := p.round(); n != 2 {
			t.Fatalf("sent %d", n)
		}
		if got := recipients(server); !slices.Equal(got, []string{"bulk@example.org", "mass@example.org"}) {
			t.Errorf("in the order %q", got)
		}
	})
}

// Neither a reset nor a confirmation waits for ten thousand e-mails that managers have
// written before, not even for the same person's.
func TestRound_personalOvertakesTenThousandToAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		server := newMailServer(t)
		settings := serverOf(server.Host, server.Port)
		p := newPost(t, db, settings)
		p.one(settings)
		p.queue(to("ana@example.org", MeetingMail))
		fill(t, db, 10_000)
		p.later(time.Second)
		p.queue(to("ana@example.org", RegistrationConfirmed))
		p.queue(to("1ana@example.org", RegistrationConfirmed))
		p.queue(reset("ana@example.org"))
		var got []string
		for len(got) < 3 {
			claimed, err := p.claim(t.Context(), 1, time.Minute)
			if err != nil || len(claimed.mails) != 1 {
				t.Fatalf("%+v, %v", claimed, err)
			}
			m := claimed.mails[0]
			got = append(got, m.To+" "+m.Template)
			if err := p.finish(t.Context(), m, claimed.lease, outcome{state: Sent, at: p.Now()}); err != nil {
				t.Fatal(err)
			}
		}
		// The urgent one brings along what the same person was to get before it.
		want := []string{"ana@example.org registration-confirmed", "ana@example.org reset", "1ana@example.org registration-confirmed"}
		if !slices.Equal(got, want) {
			t.Errorf("first leave %q, want %q", got, want)
		}
	})
}

func TestRound_eMailsOfOnePersonLeaveInTheirOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		server := newMailServer(t)
		p := newPost(t, db, serverOf(server.Host, server.Port))
		order := []string{
			RegistrationConfirmed, NewDevice, Activate, RegistrationWithdrawn, Reset, PasswordChanged, EmailCode, RegistrationReceived, Locked,
		}
		people := []string{"ana@example.org", "bo@example.org", "cy@example.org", "di@example.org"}
		want := map[string][]string{}
		for _, template := range order {
			for _, who := range people {
				m := to(who, template)
				p.queue(m)
				want[who] = append(want[who], m.subject(t))
			}
		}
		var wg sync.WaitGroup
		for range 3 {
			node := p.node(serverOf(server.Host, server.Port), p.Sender.Now)
			wg.Go(func() {
				if _, err := node.Round(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for p.round() > 0 { // what the others held back when they ended
		}
		got := map[string][]string{}
		for _, m := range server.Inbox() {
			subject, err := new(mime.WordDecoder).DecodeHeader(m.Message(t).Header.Get("Subject"))
			if err != nil {
				t.Fatal(err)
			}
			got[m.To] = append(got[m.To], subject)
		}
		for _, who := range people {
			if !slices.Equal(got[who], want[who]) {
				t.Errorf("%s\n got %q\nwant %q", who, got[who], want[who])
			}
		}
	})
}

func (m Message) subject(t *testing.T) string {
	t.Helper()
	r, err := Render(info, m)
	if err != nil {
		t.Fatal(err)
	}
	return r.Subject
}

// An e-mail that failed and waits for its next attempt holds nothing back.
func TestRound_aFailedAttemptHoldsNoLaterEMailBack(t *testing.T) {
	server := newMailServer(t)
	p := newPost(t, storetest.SQLite(t), serverOf(server.Host, server.Port))
	p.queue(to("ana@example.org", NewDevice))
	server.Behave(func(m *mailtest.Manners) { m.OnData = func() error { return mailtest.Refuse(451) } })
	p.round()
	server.Behave(func(m *mailtest.Manners) { m.OnData = nil })
	p.queue(reset("ana@example.org"))
	if n := p.round(); n != 1 {
		t.Errorf("sent %d", n)
	}
}

func TestRound_keepsItsConversations(t *testing.T) {
	server := newMailServer(t)
	settings := serverOf(server.Host, server.Port)
	p := newPost(t, storetest.SQLite(t), settings)
	p.one(settings)
	for i := range mostHanded + 10 {
		p.queue(reset(fmt.Sprintf("ana-%d@example.org", i)))
	}
	server.Behave(func(m *mailtest.Manners) {
		m.OnRecipient = func(address string) error {
			if address == "ana-3@example.org" {
				return mailtest.Refuse(550) // after it the conversation goes on
			}
			return nil
		}
	})
	if n := p.round(); n != mostHanded+9 {
		t.Fatalf("sent %d", n)
	}
	// How many there were at once is not asked: this server notices the end of the
	// first a moment after the client, which begins the second then.
	if all, _ := server.Conversations(); all != 2 {
		t.Errorf("%d conversations; want 2 of at most %d e-mails", all, mostHanded)
	}
}

// A panic, here of a worker without a server, is no end of the process.
func TestRound_aPanicFailsTheEMailAlone(t *testing.T) {
	p := newPost(t, storetest.SQLite(t), nil)
	w := worker{round: newRound(p.Sender, nil, Info{})}
	o, more := w.attempt(t.Context(), &Mail{ID: "poisoned", Message: reset("ana@example.org")})
	if o.state != Failed || !more {
		t.Errorf("it became %+v, and the worker goes on: %v", o, more)
	}
}

// slow is a mail server that has got the message of an e-mail, and answers once it
// is let.
func slow(t *testing.T) (server *mailtest.Server, got <-chan struct{}, answer func()) {
	t.Helper()
	has, let := make(chan struct{}, 1), make(chan struct{})
	answer = sync.OnceFunc(func() { close(let) })
	server = mailtest.Start(t, mailtest.Manners{OnData: func() error {
		select {
		case has <- struct{}{}:
		default:
		}
		<-let
		return nil
	}})
	t.Cleanup(answer)
	return server, has, answer
}

// interrupted is a round of a service that stops once got says so; then it does what
// comes next, and returns when the round has ended.
func (p *post) interrupted(got <-chan struct{}, next func()) (sent int) {
	p.t.Helper()
	ctx, stop := context.WithCancel(p.t.Context())
	defer stop()
	ended := make(chan int)
	go func() {
		n, err := p.Round(ctx)
		if err != nil && !errors.Is(err, context.Canceled) {
			p.t.Error(err)
		}
		ended <- n
	}()
	<-got
	stop()
	next()
	return <-ended
}

// When the service stops, the e-mail that a mail server is taking is finished, so that
// it does not get it again; and there is no next one.
func TestRound_finishesTheEMailUnderWayWhenTheServiceStops(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		server, got, answer := slow(t)
		p := newPost(t, db, serverOf(server.Host, server.Port))
		p.queue(reset("ana@example.org"))
		p.queue(reset("bo@example.org"))
		if sent := p.interrupted(got, answer); sent != 1 {
			t.Errorf("sent %d", sent)
		}
		if p.count(`state = 'sent'`) != 1 || p.count(`state = 'waiting' AND lease = '' AND attempts = 0`) != 1 {
			t.Error("one is not sent, or the other one does not wait untried")
		}
		if sent := p.round(); sent != 1 || !slices.Equal(slices.Sorted(slices.Values(recipients(server))), []string{"ana@example.org", "bo@example.org"}) {
			t.Errorf("then sent %d, arrived %v", sent, recipients(server))
		}
	})
}

// A confirmation that is being drawn when the service stops leaves later, and whole.
func TestRound_aConfirmationLeavesWithItsPDFOrWaits(t *testing.T) {
	server := newMailServer(t)
	p := newPost(t, storetest.SQLite(t), serverOf(server.Host, server.Port))
	p.queue(reset("bo@example.org")) // its conversation is kept
	p.queue(Message{To: "ana@example.org", Language: "en", Template: RegistrationConfirmed, Subject: "R-7F3K-92QD", QR: "R7F3K92QD"})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ofTest := p.Info
	p.Info = func(ctx context.Context) (Info, error) {
		i, err := ofTest(ctx)
		i.Confirm = func(ctx context.Context, _, _ string) (Confirmation, error) {
			stop()
			return Confirmation{Code: strings.Repeat("A7", 67) + "0", PDF: []byte("%PDF-1.3")}, ctx.Err()
		}
		return i, err
	}
	if sent, err := p.Round(ctx); sent != 1 || err != nil && !errors.Is(err, context.Canceled) || p.count(`state = 'waiting' AND lease = '' AND attempts = 0`) != 1 {
		t.Errorf("sent %d, %v, or it does not wait untried", sent, err)
	}
	if p.round() != 1 || !strings.Contains(server.Inbox()[1].Data, "application/pdf") {
		t.Error("it does not leave whole")
	}
}

// A mail server that does not answer holds no stop up.
func TestRound_aServiceThatStopsWaitsForNoMailServerForLong(t *testing.T) {
	server, got, _ := slow(t)
	p := newPost(t, storetest.SQLite(t), serverOf(server.Host, server.Port))
	p.grace = 10 * time.Millisecond
	p.queue(reset("ana@example.org"))
	if sent := p.interrupted(got, func() {}); sent != 0 {
		t.Errorf("sent %d", sent)
	}
	if p.count(`state = 'waiting' AND lease = '' AND attempts = 0`) != 1 {
		t.Error("it does not wait untried")
	}
}

func TestRound_aConversationThatTheServerEndsIsBegunAnew(t *testing.T) {
	server := mailtest.Start(t, mailtest.Manners{Ends: 2})
	settings := serverOf(server.Host, server.Port)
	p := newPost(t, storetest.SQLite(t), settings)
	p.one(settings)
	for i := range 5 {
		p.queue(reset(fmt.Sprintf("ana-%d@example.org", i)))
	}
	if n := p.round(); n != 5 || len(server.Inbox()) != 5 {
		t.Errorf("sent %d, arrived %d", n, len(server.Inbox()))
	}
	if all, _ := server.Conversations(); all != 3 {
		t.Errorf("%d conversations", all)
	}
}

func TestRound_hasManyConversationsAtOnce(t *testing.T) {
	together := make(chan struct{})
	var mu sync.Mutex
	waiting := 0
	server := mailtest.Start(t, mailtest.Manners{OnData: func() error {
		mu.Lock()
		waiting++
		first := waiting == 1 // it shows that server and settings are right
		if waiting == 1+conversations {
			close(together)
		}
		mu.Unlock()
		if !first {
			<-together
		}
		return nil
	}})
	p := newPost(t, storetest.SQLite(t), serverOf(server.Host, server.Port))
	for i := range 1 + conversations {
		p.queue(reset(fmt.Sprintf("ana-%d@example.org", i)))
	}
	if n := p.round(); n != 1+conversations {
		t.Errorf("sent %d", n)
	}
	if _, atOnce := server.Conversations(); atOnce != conversations {
		t.Errorf("%d conversations at once", atOnce)
	}
}

// A server that bears two conversations gets two, and everything arrives.
func TestRound_asManyConversationsAsTheServerBears(t *testing.T) {
	server := mailtest.Start(t, mailtest.Manners{Most: 2})
	p := newPost(t, storetest.SQLite(t), serverOf(server.Host, server.Port))
	const many = 2 * claims
	for i := range many {
		p.queue(reset(fmt.Sprintf("ana-%d@example.org", i)))
	}
	if n := p.round(); n != many || len(server.Inbox()) != many {
		t.Errorf("sent %d, arrived %d", n, len(server.Inbox()))
	}
	for _, m := range []string{Failed, Waiting} {
		var left int
		if err := p.db.View(t.Context(), func(tx *store.Tx) error {
			tx.Get(`SELECT COUNT(*) FROM mails WHERE state = $1`, m).Into(&left)
			return nil
		}); err != nil || left != 0 {
			t.Errorf("%d are %s, %v", left, m, err)
		}
	}
}

// A wrong password is tried once, however many e-mails wait: servers lock accounts
// for less. It is tried again after a while, and at once with other settings.
func TestRound_settingsInTroubleAreTriedOnceForAllEMails(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var mu sync.Mutex
		tries := 0
		server := newMailServer(t)
		server.Behave(func(m *mailtest.Manners) {
			m.OnSender = func(string) error {
				mu.Lock()
				defer mu.Unlock()
				tries++
				return mailtest.Refuse(553)
			}
		})
		first, second := serverOf(server.Host, server.Port), serverOf(server.Host, server.Port)
		now := first
		p := newPost(t, db, nil)
		p.Options.Server = func(context.Context) (*Server, error) { return now, nil }
		for i := range 2 * claims {
			p.queue(reset(fmt.Sprintf("ana-%d@example.org", i)))
		}
		for range 3 {
			p.round()
		}
		p.later(5 * time.Second)
		p.round()
		if tries != 1 {
			t.Errorf("tried %d times", tries)
		}
		p.later(10 * time.Second)
		p.round()
		if tries != 2 {
			t.Errorf("after a while: tried %d times", tries)
		}
		now = second
		p.round()
		if tries != 3 {
			t.Errorf("with other settings: tried %d times", tries)
		}
		server.Behave(func(m *mailtest.Manners) { m.OnSender = nil })
		p.later(time.Minute)
		if n := p.round(); n != 2*claims {
			t.Errorf("once they are right: sent %d", n)
		}
	})
}

func TestRound_stopsWithItsContextAndGivesTheRestBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		server := mailtest.Start(t, mailtest.Manners{OnData: func() error {
			cancel()
			return nil
		}})
		p := newPost(t, db, serverOf(server.Host, server.Port))
		for i := range claims {
			p.queue(reset(fmt.Sprintf("ana-%d@example.org", i)))
		}
		if _, err := p.Round(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if n := p.round(); n < claims-conversations || n > claims { // without a lease to wait for
			t.Errorf("sent %d", n)
		}
		for _, m := range o(t, p) {
			if m.State != Sent || m.Problem != "" {
				t.Errorf("%+v", m)
			}
		}
	})
}

// o lists the e-mails.
func o(t *testing.T, p *post) []api.OutgoingMail {
	t.Helper()
	page, err := (&Admin{Deps{DB: p.db}}).Outgoing(t.Context(), caller.Caller{}, api.MailFilter{})
	if err != nil {
		t.Fatal(err)
	}
	return page.Mails
}

// Sweeps go through more e-mails than fit into one of their transactions.
func TestSweep_inBatches(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := newPost(t, db, nil)
		m := reset("ana@example.org")
		m.Expires = p.time.Add(time.Hour)
		p.queue(m)
		fill(t, db, 2*sweepBatch)
		p.later(2 * time.Hour)
		if err := p.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := p.count(`state = 'expired' AND secrets IS NULL AND params = '{}'`); n != 2*sweepBatch+1 {
			t.Errorf("%d have expired", n)
		}
		p.later(keepRows)
		if err := p.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := p.count(`1 = 1`); n != 0 {
			t.Errorf("%d are left", n)
		}
	})
}

// fill copies the only e-mail n times.
func fill(t *testing.T, db *store.DB, n int) {
	t.Helper()
	if err := db.Update(t.Context(), func(tx *store.Tx) error {
		tx.Do(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
			INSERT INTO mails (id, recipient, language, template, params, secrets, qr, calendar, state, priority, created_at, next_at, expires_at, subject)
			SELECT m.id || '-' || n.i, n.i || m.recipient, m.language, m.template, m.params, m.secrets, m.qr, m.calendar, m.state, m.priority,
				m.created_at, m.next_at, m.expires_at, m.subject FROM mails m, n`, n)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func (p *post) count(condition string) (n int) {
	p.t.Helper()
	if err := p.db.View(p.t.Context(), func(tx *store.Tx) error {
		tx.Get(`SELECT COUNT(*) FROM mails WHERE ` + condition).Into(&n)
		return nil
	}); err != nil {
		p.t.Fatal(err)
	}
	return n
}

// To whom the e-mail about a deletion went is forgotten with what it said.
func TestRound_forgetsToWhomADeletionWasTold(t *testing.T) {
	server := newMailServer(t)
	p := newPost(t, storetest.SQLite(t), serverOf(server.Host, server.Port))
	p.queue(to("ana@example.org", Deleted))
	p.queue(to("bo@example.org", Active))
	if n := p.round(); n != 2 {
		t.Fatalf("sent %d", n)
	}
	if n := p.count(`recipient = ''`); n != 1 || p.count(`recipient = 'bo@example.org'`) != 1 {
		t.Errorf("%d recipients forgotten", n)
	}
}

func TestDue_saysWhetherThereIsWork(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := newPost(t, db, nil)
		due := func() (due bool) {
			err := db.View(t.Context(), func(tx *store.Tx) error {
				var n int
				tx.Get(`SELECT CASE WHEN `+Due+` THEN 1 ELSE 0 END, CAST($1 AS BIGINT)`, store.Micros(p.Sender.Now())).Into(&n, new(int64))
				due = n == 1
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return due
		}
		if due() {
			t.Error("an empty outbox has work")
		}
		for _, template := range []string{Reset, NewDevice, RegistrationConfirmed} {
			p.queue(to("ana@example.org", template))
			if !due() {
				t.Errorf("%s is not due", template)
			}
			if _, err := p.claim(t.Context(), 1, time.Minute); err != nil {
				t.Fatal(err)
			}
			if due() {
				t.Errorf("%s is due although a sender has it", template)
			}
			if err := p.db.Update(t.Context(), func(tx *store.Tx) error {
				tx.Do(`DELETE FROM mails`)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}
