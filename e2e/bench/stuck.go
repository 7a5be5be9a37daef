//go:build e2e

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"plenary/api"
	"plenary/e2e/postgres"
	"plenary/e2e/service"
	"plenary/service/store"
)

const (
	stuckFor = 30 * time.Second
	comeBack = time.Second // after "busy"
)

// loginsWithStuckMeeting measures by how much longer log-ins take (the slowest of a
// hundred) while another client of PostgreSQL holds, for 30 seconds, the row of a
// meeting for which 64 people try to register.
func loginsWithStuckMeeting(b *bench) ([]float64, error) {
	s, stop, err := b.onPostgres("stuck", nil)
	if err != nil {
		return nil, err
	}
	defer stop()
	database := postgres.DSN(b.database.Address, "stuck")
	h, err := newHall(s, database, registrants)
	if err != nil {
		return nil, err
	}
	people, err := s.people(accounts)
	if err != nil {
		return nil, err
	}
	before, err := logInsFor(stuckFor, s.Address, people)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), stuckFor)
	defer cancel()
	held, released := holdMeeting(ctx, database)
	if err := <-held; err != nil {
		return nil, err
	}
	tried := h.tryToRegister(ctx)
	during, err := logInsFor(stuckFor, s.Address, people)
	cancel()
	if err := errors.Join(err, <-released, <-tried); err != nil {
		return nil, err
	}
	fmt.Printf("  slowest of a hundred log-ins: %v undisturbed (of %d), %v with a stuck meeting (of %d)\n",
		quantile(before, 0.99), len(before), quantile(during, 0.99), len(during))
	return []float64{float64(quantile(during, 0.99)) / float64(quantile(before, 0.99))}, nil
}

// logInsFor lets people log in, one after the other, for some time, and gives what
// each took.
func logInsFor(d time.Duration, address string, people []service.Person) ([]time.Duration, error) {
	var all []time.Duration
	for start := time.Now(); time.Since(start) < d; {
		p := people[len(all)%len(people)]
		took, err := timed(func() error {
			var s api.Session
			return service.Call("POST", address+"/v1/session", "", api.LogIn{Identifier: p.Identifier, Password: p.Password}, &s)
		})
		if err != nil {
			return nil, fmt.Errorf("logging in: %w", err)
		}
		all = append(all, took)
	}
	return all, nil
}

// errLetGo takes back what holdMeeting has done.
var errLetGo = errors.New("let go")

// holdMeeting holds the row of the meeting until the context ends. held tells when it
// has it, released when it has let go.
func holdMeeting(stop context.Context, database string) (held, released <-chan error) {
	has, gone := make(chan error, 1), make(chan error, 1)
	go func() {
		defer close(gone)
		db, err := store.Open(context.Background(), database, slog.New(slog.DiscardHandler))
		if err != nil {
			has <- err
			return
		}
		defer db.Close()
		patient, cancel := context.WithTimeout(context.Background(), 2*stuckFor)
		defer cancel()
		// READ COMMITTED: it changes nothing.
		err = db.UpdateCommitted(patient, func(tx *store.Tx) error {
			tx.Do(`UPDATE meeting_counts SET version = version WHERE meeting = $1`, onlyMeeting)
			if tx.Err() != nil {
				return nil
			}
			has <- nil
			<-stop.Done()
			return errLetGo
		})
		if !errors.Is(err, errLetGo) {
			has <- err
			gone <- err
		}
	}()
	return has, gone
}

// tryToRegister lets everybody try to register until the context ends.
func (h *hall) tryToRegister(ctx context.Context) <-chan error {
	ended := make(chan error, 1)
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: registrants}}
	go func() {
		defer close(ended)
		var group sync.WaitGroup
		for _, token := range h.tokens {
			group.Go(func() {
				for ctx.Err() == nil {
					err := registerOne(client, h.Address, token, onlyMeeting)
					if !errors.Is(err, errBusy) {
						if err != nil {
							select {
							case ended <- err:
							default:
							}
						}
						return
					}
					select {
					case <-ctx.Done():
					case <-time.After(comeBack):
					}
				}
			})
		}
		group.Wait()
	}()
	return ended
}
