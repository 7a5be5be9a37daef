//go:build e2e

package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"plenary/api"
)

const (
	crowd      = 200 // log-ins that come at once
	lookEvery  = 10 * time.Millisecond
	wrongEvery = 10 // every so many of them with a wrong password
)

// crowdLogsIn lets 200 people log in at the same moment and measures what the
// service takes of the memory meanwhile (MB, the largest resident set), how long
// /healthz takes (ms, the longest), and how many answers were none of 200, 401,
// 429 and 503 with Retry-After.
func crowdLogsIn(b *bench) ([]float64, error) {
	people, err := b.people(crowd)
	if err != nil {
		return nil, err
	}
	s := newStranger(b.demo.Address)
	var strange, right atomic.Int64
	watch := watchService(b.demo.Address, b.demo.Pid())
	var group sync.WaitGroup
	errs := make([]error, crowd)
	for i, p := range people {
		group.Go(func() {
			password := p.Password
			if i%wrongEvery == 0 {
				password = "Not-the-right-1-at-all"
			}
			r, err := s.logIn(api.LogIn{Identifier: p.Identifier, Password: password})
			switch {
			case err != nil:
				errs[i] = err
			case r.StatusCode == http.StatusOK:
				right.Add(1)
			case r.StatusCode == http.StatusUnauthorized:
			case (r.StatusCode == http.StatusTooManyRequests || r.StatusCode == http.StatusServiceUnavailable) && r.Header.Get("Retry-After") != "":
			default:
				strange.Add(1)
			}
		})
	}
	group.Wait()
	memory, health, err := watch()
	if err := errors.Join(append(errs, err)...); err != nil {
		return nil, err
	}
	fmt.Printf("  %d of %d logged in, %d answers that should not be; at most %d MB, /healthz within %v\n",
		right.Load(), crowd, strange.Load(), memory>>20, health)
	return []float64{float64(memory) / (1 << 20), float64(health) / float64(time.Millisecond), float64(strange.Load())}, nil
}

// watchService looks at the service until the function that it returns is called.
func watchService(address string, pid int) (end func() (memory int64, health time.Duration, err error)) {
	var (
		memory  int64
		health  time.Duration
		failed  error
		stop    = make(chan struct{})
		stopped = make(chan struct{})
		client  = &http.Client{Timeout: time.Minute}
	)
	go func() {
		defer close(stopped)
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for {
			start := time.Now()
			r, err := client.Get(address + "/healthz")
			if err != nil {
				failed = err
				return
			}
			r.Body.Close()
			health = max(health, time.Since(start))
			if r.StatusCode != http.StatusOK {
				failed = fmt.Errorf("/healthz says %s", r.Status)
			}
			now, err := resident(pid)
			failed = errors.Join(failed, err)
			memory = max(memory, now)
			select {
			case <-tick.C:
			case <-stop:
				return
			}
		}
	}()
	return func() (int64, time.Duration, error) {
		close(stop)
		<-stopped
		return memory, health, failed
	}
}

// resident gives a process's resident set in bytes.
func resident(pid int) (int64, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(content)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmRSS:" {
			kb, err := strconv.ParseInt(fields[1], 10, 64)
			return kb << 10, err
		}
	}
	return 0, errors.New("the kernel does not tell the resident set")
}
