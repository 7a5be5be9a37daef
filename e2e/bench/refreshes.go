//go:build e2e

package main

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"plenary/api"
	"plenary/e2e/service"
)

// newFlow makes the token of a sign-up or a recovery.
func newFlow() string {
	token := make([]byte, 32)
	rand.Read(token)
	return base64.RawURLEncoding.EncodeToString(token)
}

const (
	refreshers   = 64 // sessions that refresh at once, each one after the other
	refreshesFor = 5 * time.Second
	syncsFor     = time.Second
)

// refreshes measures how many refreshes of sessions the service answers in a
// second, over HTTP on this machine, and says beside it how many writes of a
// page the disk syncs one after the other.
func refreshes(b *bench) ([]float64, error) {
	demo, err := b.service()
	if err != nil {
		return nil, err
	}
	rate, err := refreshRate(demo)
	if err != nil {
		return nil, err
	}
	syncs, err := syncsPerSecond(filepath.Join(b.work, "syncs"))
	if err != nil {
		return nil, err
	}
	fmt.Printf("  %.0f refreshes a second; the disk syncs %.0f writes of 4 KiB a second, one after the other\n", rate, syncs)
	return []float64{rate}, nil
}

// refreshesOnPostgres is the same with a PostgreSQL on this machine.
func refreshesOnPostgres(b *bench) ([]float64, error) {
	site, stop, err := b.onPostgres("refreshes", nil)
	if err != nil {
		return nil, err
	}
	defer stop()
	rate, err := refreshRate(site)
	return []float64{rate}, err
}

func refreshRate(at *site) (float64, error) {
	people, err := at.people(refreshers)
	if err != nil {
		return 0, err
	}
	tokens := make([]string, refreshers)
	err = inParallel(refreshers, atOnce, func(i int) error {
		var s api.Session
		err := service.Call("POST", at.Address+"/v1/session", "",
			api.LogIn{Identifier: people[i].Identifier, Password: people[i].Password, Keep: true}, &s)
		tokens[i] = s.Refresh
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("logging in: %w", err)
	}
	var (
		done   atomic.Int64
		group  sync.WaitGroup
		failed = make(chan error, refreshers)
		s      = newStranger(at.Address)
		start  = time.Now()
	)
	for i := range refreshers {
		group.Go(func() {
			for time.Since(start) < refreshesFor {
				next, err := s.refresh(tokens[i])
				if err != nil {
					failed <- err
					return
				}
				tokens[i] = next
				done.Add(1)
			}
		})
	}
	group.Wait()
	took := time.Since(start)
	select {
	case err := <-failed:
		return 0, err
	default:
	}
	return float64(done.Load()) / took.Seconds(), nil
}

func syncsPerSecond(path string) (float64, error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	page := make([]byte, 4096)
	n, start := 0, time.Now()
	for time.Since(start) < syncsFor {
		if _, err := f.Write(page); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
		n++
	}
	return float64(n) / time.Since(start).Seconds(), nil
}
