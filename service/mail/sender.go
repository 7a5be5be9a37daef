package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"plenary/service/secret"
	"plenary/service/store"
)

// Sender takes e-mails out of the outbox and hands them to the mail server.
// Several may run, on several nodes: each e-mail is leased by one of them.
type Sender struct {
	Options
	grace time.Duration // for an e-mail that is being handed over when the service stops
	paced pace          // of confirmations

	mu      sync.Mutex
	rests   time.Time // no round until then: the mail server, or its settings, are in trouble
	resting int       // how many times in a row
	server  *Server   // whose trouble it is
	narrow  int       // conversations that the server bears; 0: not known to be few
	widens  time.Time // when more are tried again
}

// Options is what a Sender works with.
type Options struct {
	DB  *store.DB
	Key *secret.Key
	// Info is asked before each round, since staff can change it.
	Info func(context.Context) (Info, error)
	// Server gives the mail server, which administrators can change; it is asked
	// before e-mails are taken out of the outbox. nil means none yet: they wait.
	Server func(context.Context) (*Server, error)
	Now    func() time.Time // the service's clock
	Log    *slog.Logger
	// KeepSent keeps what an e-mail said until it expires, for the
	// demonstration's mailbox. Everywhere else it is erased once it was sent.
	KeepSent bool
}

// NewSender makes a sender; whoever runs it calls Round when there is something Due.
func NewSender(o Options) *Sender { return &Sender{Options: o, grace: stopGrace} }

const (
	pause         = time.Second     // between looks at the outbox within a round
	roundTime     = 5 * time.Minute // of one round
	conversations = 16              // with the mail server at once
	claims        = 2 * conversations
	firstRetry    = 30 * time.Second // of an e-mail, doubled with each attempt
	lastRetry     = 30 * time.Minute
	giveUp        = 5 * 24 * time.Hour // after the server was first asked to take it, an e-mail has failed
	firstRest     = 10 * time.Second   // of all e-mails, while the server is in trouble; doubled each time
	lastRest      = 5 * time.Minute
	widenAfter    = 10 * time.Minute
	stopGrace     = 15 * time.Second
)

// Round sends what is due until there is nothing left, for five minutes at most,
// and returns how many e-mails were sent. When ctx ends it begins with no other
// e-mail, and finishes those that are being handed over, for 15 seconds at most.
// While the mail server or its settings are in trouble it tries one e-mail, after
// growing pauses, and no error comes of that.
func (s *Sender) Round(ctx context.Context) (sent int, err error) {
	server, err := s.Server(ctx)
	if err != nil || server == nil || s.rest(server) {
		return 0, err
	}
	info, err := s.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("mail: read what e-mails say of the service: %w", err)
	}
	r := newRound(s, server, info)
	for end, more := time.Now().Add(roundTime), true; more && time.Now().Before(end); {
		more, err = r.take(ctx)
		r.fail(err)
	}
	close(r.queue)
	r.workers.Wait()
	return r.sent, errors.Join(r.errs...)
}

// rest says whether the mail server is to be left alone for now. Other settings are
// tried at once.
func (s *Sender) rest(server *Server) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server != server {
		s.server, s.rests, s.resting, s.narrow = server, time.Time{}, 0, 0
	}
	return s.Now().Before(s.rests)
}

// trouble makes all e-mails wait, and says for how long.
func (s *Sender) trouble() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.resting++
	rest := growing(firstRest, lastRest, s.resting)
	s.rests = s.Now().Add(rest)
	return rest
}

// probing says that the last round has ended in trouble: one e-mail is enough to see
// whether that is over.
func (s *Sender) probing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.resting > 0
}

// works ends the trouble.
func (s *Sender) works() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.resting, s.rests = 0, time.Time{}
}

// width is how many conversations there may be at once.
func (s *Sender) width() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.narrow == 0 || !s.Now().Before(s.widens) {
		return conversations
	}
	return s.narrow
}

// narrowTo is for a server that bears no more conversations.
func (s *Sender) narrowTo(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.narrow, s.widens = max(n, 1), s.Now().Add(widenAfter)
}

// pace does work one at a time, and rests after each three times as long as it took: who
// registers while thousands do is answered before their confirmations are drawn.
type pace struct {
	mu   sync.Mutex
	next time.Time
}

// longestRest is after work that took long because it waited, as for the database: an e-mail
// that somebody waits for at the screen may stand behind some dozens that were taken before.
const longestRest = 25 * time.Millisecond

func (p *pace) do(ctx context.Context, work func() error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-time.After(time.Until(p.next)):
	case <-ctx.Done():
		return ctx.Err()
	}
	begun := time.Now()
	err := work()
	p.next = time.Now().Add(min(3*time.Since(begun), longestRest))
	return err
}

// growing is the n-th pause of a row, the first being 1: doubled each time, give or
// take a fifth.
func growing(first, last time.Duration, n int) time.Duration {
	wait := first
	for range n - 1 {
		if wait = min(2*wait, last); wait == last {
			break
		}
	}
	return wait*4/5 + rand.N(wait*2/5)
}

// backOff is the wait after an attempt at an e-mail, the first being 1.
func backOff(attempts int) time.Duration { return growing(firstRetry, lastRetry, attempts) }
