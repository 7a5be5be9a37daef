//go:build e2e

package main

import (
	"crypto/rand"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"plenary/api"
	"plenary/e2e/service"

	"golang.org/x/crypto/argon2"
)

const (
	accounts  = 100
	atOnce    = 8
	memoryKiB = 19 * 1024 // the service's parameters of argon2id, docs/security.md
	passes    = 2
	lanes     = 1
	hashBytes = 32
)

// participant gives a participant with an active account, made at first use.
func (b *bench) participant() (service.Person, error) {
	if b.person.Identifier != "" {
		return b.person, nil
	}
	p := service.Person{Identifier: "participant@example.org", Password: "Window-Seat-7-Lausanne"}
	demo, err := b.service()
	if err != nil {
		return p, err
	}
	if err := demo.SignUp(b.mail, p, "Élise", "Müller"); err != nil {
		return p, err
	}
	b.person = p
	return p, nil
}

// What else the machine does comes and goes: so log-ins and bare hashes take turns within
// a round, and of the rounds' ratios the middle one counts.
const (
	rounds = 5
	turns  = 3
)

// logins measures log-ins of distinct accounts over HTTP, eight at a time,
// against what the machine's cores can hash at most with the same parameters.
func logins(b *bench) ([]float64, error) {
	people, err := b.people(accounts)
	if err != nil {
		return nil, err
	}
	salt := make([]byte, 16)
	rand.Read(salt)
	ratios, devices := make([]float64, rounds), make([]string, len(people))
	for i := range ratios {
		var overHTTP, raw time.Duration
		for range turns {
			took, err := timed(func() error {
				return inParallel(accounts, atOnce, func(i int) error {
					p := people[i]
					var s api.Session
					err := service.Call("POST", b.demo.Address+"/v1/session", "", api.LogIn{
						Identifier: p.Identifier, Password: p.Password, Device: devices[i],
					}, &s)
					devices[i] = s.Device
					return err
				})
			})
			if err != nil {
				return nil, fmt.Errorf("logging in: %w", err)
			}
			overHTTP += took
			took, err = timed(func() error {
				return inParallel(accounts, runtime.NumCPU(), func(i int) error {
					argon2.IDKey([]byte(people[i].Password), salt, passes, memoryKiB, lanes, hashBytes)
					return nil
				})
			})
			if err != nil {
				return nil, err
			}
			raw += took
		}
		fmt.Printf("  %d log-ins in %v, as many hashes in %v\n", turns*accounts, overHTTP, raw)
		ratios[i] = float64(raw) / float64(overHTTP)
	}
	slices.Sort(ratios)
	return []float64{ratios[rounds/2]}, nil
}

func timed(work func() error) (time.Duration, error) {
	start := time.Now()
	err := work()
	return time.Since(start), err
}

// inParallel does n things, so many at a time, and gives the first error.
func inParallel(n, atOnce int, do func(i int) error) error {
	var (
		group sync.WaitGroup
		once  sync.Once
		first error
	)
	slots := make(chan struct{}, atOnce)
	for i := range n {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			if err := do(i); err != nil {
				once.Do(func() { first = err })
			}
		})
	}
	group.Wait()
	return first
}
