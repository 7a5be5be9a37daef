package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/google/uuid"

	"plenary/service/secret"
	"plenary/service/store"
)

// Sender takes e-mails out of the outbox and hands them to the mail server.
// Several may run, on several nodes: each e-mail is leased by one of them.
type Sender struct {
	Options
}

// Options is what a Sender works with.
type Options struct {
	DB  *store.DB
	Key *secret.Key
	// Info is asked before each round, since staff can change it.
	Info func(context.Context) (Info, error)
	// Server gives the mail server, which administrators can change; it is asked
	// before each round. nil means none yet: e-mails wait.
	Server func(context.Context) (*Server, error)
	Now    func() time.Time // the service's clock
	Log    *slog.Logger
	// KeepSent keeps what an e-mail said until it expires, for the
	// demonstration's mailbox. Everywhere else it is erased once it was sent.
	KeepSent bool
}

// NewSender makes a sender; Run starts it.
func NewSender(o Options) *Sender { return &Sender{Options: o} }

const (
	pause      = time.Second      // between looks at the outbox
	batch      = 20               // e-mails per round
	workers    = 4                // connections to the mail server at once
	firstRetry = 30 * time.Second // doubled with each attempt
	lastRetry  = 30 * time.Minute
	giveUp     = 5 * 24 * time.Hour  // after that without success, an e-mail has failed
	keepRows   = 90 * 24 * time.Hour // for staff: which e-mails went out
)

// Run sends until ctx ends. What is under way then is finished or given back.
func (s *Sender) Run(ctx context.Context) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	var swept time.Time
	for {
		if now := s.Now(); now.Sub(swept) >= time.Minute {
			if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
				s.Log.Error("sweeping the outbox failed", slog.Any("error", err))
			}
			swept = now
		}
		if _, err := s.Round(ctx); err != nil && ctx.Err() == nil {
			s.Log.Error("sending from the outbox failed", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Sweep gives up e-mails that have expired and erases what they said, erases
// secrets whose time is over, and forgets what was settled long ago.
func (s *Sender) Sweep(ctx context.Context) error {
	now := s.Now()
	erase := ", params = '{}', qr = '', calendar = ''"
	if s.KeepSent {
		erase = ""
	}
	// READ COMMITTED: conditional UPDATEs, and rows of long ago.
	err := s.DB.WriteCommitted(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, q := range []string{
			`UPDATE mails SET state = '` + Expired + `', done_at = $1` + erase + `
				WHERE state = '` + Waiting + `' AND expires_at > 0 AND expires_at <= $1`,
			`UPDATE mails SET secrets = NULL WHERE secrets IS NOT NULL AND expires_at > 0 AND expires_at <= $1`,
		} {
			if _, err := tx.Exec(ctx, q, store.Micros(now)); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `DELETE FROM mails WHERE done_at > 0 AND done_at <= $1`, store.Micros(now.Add(-keepRows))); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM mail_tests WHERE begun_at <= $1`, store.Micros(now.Add(-keepTests)))
		return err
	})
	if err != nil {
		return fmt.Errorf("mail: sweep: %w", err)
	}
	return nil
}

// Round tries what is due, up to 20 e-mails, and returns how many were sent.
func (s *Sender) Round(ctx context.Context) (sent int, err error) {
	server, err := s.Server(ctx)
	if err != nil || server == nil {
		return 0, err
	}
	due, err := s.due(ctx)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	info, err := s.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("mail: read what e-mails say of the service: %w", err)
	}
	var (
		queue = make(chan string)
		mu    sync.Mutex
		wg    sync.WaitGroup
		errs  []error
	)
	for range min(workers, len(due)) {
		wg.Go(func() {
			for id := range queue {
				ok, err := s.try(ctx, server, info, id)
				mu.Lock()
				if ok {
					sent++
				}
				errs = append(errs, err)
				mu.Unlock()
			}
		})
	}
	for _, id := range due {
		queue <- id
	}
	close(queue)
	wg.Wait()
	return sent, errors.Join(errs...)
}

func (s *Sender) due(ctx context.Context) (ids []string, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		ids, err = tx.Texts(ctx, `SELECT id FROM mails WHERE state = $1 AND next_at <= $2 AND lease_until <= $2
			ORDER BY next_at, id LIMIT $3`, Waiting, store.Micros(s.Now()), batch)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("mail: look for due e-mails: %w", err)
	}
	return ids, nil
}

// try leases one e-mail, sends it and writes down what became of it. It is
// false without an error if another sender was faster, or if it failed and is
// to be tried later.
func (s *Sender) try(ctx context.Context, server *Server, info Info, id string) (sent bool, err error) {
	lease := uuid.NewString()
	q, err := s.claim(ctx, id, lease, 2*server.timeout())
	if err != nil || q == nil {
		return false, err
	}
	err = handOver(ctx, server, info, q)
	if ctx.Err() != nil && err != nil {
		// Stopped, not failed: the next one may try at once.
		return false, s.settle(context.WithoutCancel(ctx), id, lease, Waiting, s.Now(), "")
	}
	failed, _ := errors.AsType[*sendError](err)
	switch {
	case err == nil:
		return true, s.settle(context.WithoutCancel(ctx), id, lease, Sent, s.Now(), "")
	case failed == nil:
		return false, err
	case failed.permanent, s.Now().Sub(q.created) > giveUp:
		s.Log.Warn("an e-mail failed for good", slog.String("mail", id), slog.String("template", q.Template), slog.String("problem", failed.stored()))
		return false, s.settle(ctx, id, lease, Failed, s.Now(), failed.stored())
	default:
		next := s.Now().Add(backOff(q.attempts))
		s.Log.Warn("an e-mail is tried again later", slog.String("mail", id), slog.String("template", q.Template),
			slog.String("problem", failed.stored()), slog.Int("attempts", q.attempts), slog.Time("next", next))
		return false, s.settle(ctx, id, lease, Waiting, next, failed.stored())
	}
}

// handOver writes an e-mail and gives it to the mail server. Its error is a
// *sendError.
func handOver(ctx context.Context, server *Server, info Info, q *queued) error {
	if q.broken != nil {
		return unreadable(q.broken)
	}
	rendered, err := Render(info, q.Message)
	if err != nil {
		return unreadable(err)
	}
	return server.send(ctx, q.id, info.Organization, rendered)
}

// backOff is the wait after an attempt, the first being 1: 30 seconds, doubled
// each time up to half an hour, give or take a fifth.
func backOff(attempts int) time.Duration {
	wait := firstRetry
	for range attempts - 1 {
		if wait = min(2*wait, lastRetry); wait == lastRetry {
			break
		}
	}
	return wait*4/5 + rand.N(wait*2/5)
}

// claim leases an e-mail for longer than an attempt can take. It returns nil if
// somebody else has it.
func (s *Sender) claim(ctx context.Context, id, lease string, life time.Duration) (*queued, error) {
	var claimed *queued
	// READ COMMITTED: the lease is taken by one conditional UPDATE, then the row is read.
	err := s.DB.WriteCommitted(ctx, func(ctx context.Context, tx *store.Tx) error {
		claimed = nil
		now := s.Now()
		n, err := tx.Exec(ctx, `UPDATE mails SET lease = $1, lease_until = $2, attempts = attempts + 1
			WHERE id = $3 AND state = $4 AND next_at <= $5 AND lease_until <= $5 AND (expires_at = 0 OR expires_at > $5)`,
			lease, store.Micros(now.Add(life)), id, Waiting, store.Micros(now))
		if err != nil || n == 0 {
			return err
		}
		q, err := scan(s.Key, tx.QueryRow(ctx, `SELECT `+columns+` FROM mails WHERE id = $1`, id))
		claimed = &q
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("mail: lease an e-mail: %w", err)
	}
	return claimed, nil
}

// settle ends a lease. What a settled e-mail said is erased.
func (s *Sender) settle(ctx context.Context, id, lease, state string, at time.Time, problem string) error {
	// READ COMMITTED: one row, while the lease is this sender's.
	err := s.DB.WriteCommitted(ctx, func(ctx context.Context, tx *store.Tx) error {
		if state == Waiting {
			_, err := tx.Exec(ctx, `UPDATE mails SET next_at = $1, problem = $2, lease = '', lease_until = 0
				WHERE id = $3 AND lease = $4`, store.Micros(at), problem, id, lease)
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE mails SET state = $1, done_at = $2, problem = $3, lease_until = 0
			WHERE id = $4 AND lease = $5`, state, store.Micros(at), problem, id, lease); err != nil || s.KeepSent {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE mails SET secrets = NULL, params = '{}', qr = '', calendar = ''
			WHERE id = $1 AND lease = $2`, id, lease)
		return err
	})
	if err != nil {
		return fmt.Errorf("mail: settle an e-mail: %w", err)
	}
	return nil
}
