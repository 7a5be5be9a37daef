//go:build e2e

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"time"

	"plenary/api"
	"plenary/client"
)

const (
	idlePrograms = 5000
	idleWatched  = time.Minute
	// What an idle program does (app.Sync): a round every so often with some jitter, in
	// which it asks for the person's registrations and for meetings; and a new token before
	// the old one ends.
	idlePause  = 2 * time.Minute
	idleJitter = 30 * time.Second
	idleToken  = 9*time.Minute + 30*time.Second
)

// idleProgram is a program at which nobody looks.
type idleProgram struct {
	client                  *client.Client
	session                 api.Session
	registrations, meetings string // ETags
}

// Token makes it the source of its own token.
func (p *idleProgram) Token(context.Context, string) (string, error) { return p.session.Access, nil }

// round is what a program asks for in one round; news tells whether there was any.
func (p *idleProgram) round(ctx context.Context) (news bool, err error) {
	_, etag, more, err := p.client.As(p).Registrations(ctx, p.registrations)
	if err != nil {
		return false, err
	}
	p.registrations, news = etag, more
	_, etag, more, err = p.client.Meetings(ctx, p.meetings)
	p.meetings = etag
	return news || more, err
}

// idleCrowd measures how much of a core a service on SQLite takes for 5,000 programs that
// are logged in and that nobody uses, each with a registration.
func idleCrowd(b *bench) ([]float64, error) {
	s, err := b.onSQLite("idle-crowd")
	if err != nil {
		return nil, err
	}
	defer s.Stop()
	h, err := newHall(s, filepath.Join(s.Data(), "plenaryd.db"), idlePrograms)
	if err != nil {
		return nil, err
	}
	if _, err := h.register(onlyMeeting); err != nil {
		return nil, err
	}
	programs := make([]*idleProgram, idlePrograms)
	err = inParallel(idlePrograms, atOnce, func(i int) error {
		c, err := client.New(s.Address, client.Options{Version: "1.0.0"})
		if err != nil {
			return err
		}
		programs[i] = &idleProgram{client: c, session: h.sessions[i]}
		_, err = programs[i].round(context.Background())
		c.CloseIdle() // they have been idle for longer than connections are kept
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := calm(s.Pid()); err != nil { // e-mails leave, and words for searches are written
		return nil, err
	}
	before, err := cpu(s.Pid())
	if err != nil {
		return nil, err
	}
	start := time.Now()
	rounds, refreshes, err := beIdle(programs)
	if err != nil {
		return nil, err
	}
	after, err := cpu(s.Pid())
	took := time.Since(start)
	fmt.Printf("  %d rounds and %d new tokens in %v\n", rounds, refreshes, took.Round(time.Second))
	return []float64{100 * (after - before).Seconds() / took.Seconds()}, err
}

// calm waits until a process has next to nothing to do.
func calm(pid int) error {
	last, err := cpu(pid)
	for range 150 {
		if err != nil {
			return err
		}
		time.Sleep(2 * time.Second)
		var now time.Duration
		if now, err = cpu(pid); err == nil && now-last <= 2*tick {
			return nil
		}
		last = now
	}
	return errors.Join(err, errors.New("the service does not get calm"))
}

// beIdle lets programs be idle for a while, each from another moment of its pause.
func beIdle(programs []*idleProgram) (rounds, refreshes int, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), idleWatched)
	defer cancel()
	var (
		group sync.WaitGroup
		mu    sync.Mutex
	)
	for _, p := range programs {
		group.Go(func() {
			next := time.NewTimer(rand.N(idlePause - idleJitter/2))
			defer next.Stop()
			refresh := time.Now().Add(rand.N(idleToken))
			for {
				select {
				case <-ctx.Done():
					return
				case <-next.C:
				}
				next.Reset(idlePause - rand.N(idleJitter))
				fresh := time.Now().After(refresh)
				wrong := p.wake(fresh)
				mu.Lock()
				rounds++
				if fresh {
					refreshes++
					refresh = time.Now().Add(idleToken)
				}
				err = errors.Join(err, wrong)
				mu.Unlock()
				if wrong != nil {
					return
				}
			}
		})
	}
	group.Wait()
	return rounds, refreshes, err
}

// wake is one round of an idle program, with a new token where that is due.
func (p *idleProgram) wake(refresh bool) error {
	ctx := context.Background() // a round that has begun is ended
	if refresh {
		session, err := p.client.Refresh(ctx, api.Refresh{Refresh: p.session.Refresh})
		if err != nil {
			return err
		}
		p.session = session
	}
	news, err := p.round(ctx)
	if err == nil && news {
		err = errors.New("there was news in an idle round")
	}
	return err
}
