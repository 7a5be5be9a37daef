//go:build e2e

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"sync"
	"time"

	"plenary/e2e/mailserver"
	"plenary/e2e/postgres"
	"plenary/e2e/service"
	"plenary/service/store"
)

const (
	failoverPeople  = 1200
	failoverClients = 8 // half of them at each node
	failoverPace    = 50 * time.Millisecond
	failoverAfter   = 2 * time.Second // of load
	failoverLimit   = 2 * time.Minute // for all of it
)

// acknowledged is a registration that somebody was told of.
type acknowledged struct {
	number string
	node   int
	at     time.Time
}

// twoNodesFailover kills the PostgreSQL under two nodes while people register at both,
// and promotes its synchronous standby. It gives how many registrations that were
// acknowledged are not there afterwards, or are there besides, and how many seconds
// after the kill the later node acknowledged one again. Nobody touches the nodes.
func twoNodesFailover(b *bench) ([]float64, error) {
	primary, err := postgres.Start()
	if err != nil {
		return nil, err
	}
	defer primary.Stop()
	standby, err := primary.Standby()
	if err != nil {
		return nil, err
	}
	defer standby.Stop()
	if err := primary.Create("failover"); err != nil {
		return nil, err
	}
	mails, err := mailserver.Start()
	if err != nil {
		return nil, err
	}
	defer mails.Close()
	both := postgres.DSN(primary.Address+","+standby.Address, "failover") + "&target_session_attrs=read-write"
	first, err := service.StartReal(b.binary("plenaryd"), filepath.Join(b.work, "node1"), both, mails.Address())
	if err != nil {
		return nil, err
	}
	defer first.Stop()
	second, err := first.Another(filepath.Join(b.work, "node2"))
	if err != nil {
		return nil, err
	}
	defer second.Stop()
	h, err := newHall(&site{Service: first, mail: mails}, both, failoverPeople)
	if err != nil {
		return nil, err
	}

	ctx, cancel := context.WithTimeout(context.Background(), failoverLimit)
	defer cancel()
	load := h.registerAt(ctx, []string{first.Address, second.Address})
	time.Sleep(failoverAfter)
	killed := time.Now()
	primary.Stop()
	if err := standby.Promote(); err != nil {
		return nil, err
	}
	promoted := time.Since(killed)
	all, err := load()
	if err != nil {
		return nil, err
	}
	back := [2]time.Duration{failoverLimit, failoverLimit}
	for _, a := range all {
		// Whoever was answered within the promotion was answered by the server of before.
		if after := a.at.Sub(killed); after > promoted {
			back[a.node] = min(back[a.node], after)
		}
	}
	wrong, err := notThere(postgres.DSN(standby.Address, "failover"), all)
	fmt.Printf("  promoted after %v; the nodes acknowledged again %v and %v after the kill; %d acknowledged, %d of them lost or double\n",
		promoted, back[0], back[1], len(all), wrong)
	return []float64{float64(wrong), max(back[0], back[1]).Seconds()}, err
}

// registerAt lets everybody in the hall register at the nodes, and gives a function
// that waits for them. Who gets no answer, or is asked to come back, sends the same
// again.
func (h *hall) registerAt(ctx context.Context, nodes []string) (wait func() ([]acknowledged, error)) {
	var (
		mu     sync.Mutex
		all    []acknowledged
		failed error
		group  sync.WaitGroup
		client = &http.Client{Timeout: 15 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: failoverClients}}
	)
	for c := range failoverClients {
		group.Go(func() {
			node := c % len(nodes)
			for i := c; i < len(h.tokens); i += failoverClients {
				number, err := h.registerSurely(ctx, client, nodes[node], h.tokens[i])
				mu.Lock()
				if err != nil {
					failed = errors.Join(failed, err)
				} else {
					all = append(all, acknowledged{number, node, time.Now()})
				}
				mu.Unlock()
				if err != nil {
					return
				}
				time.Sleep(failoverPace)
			}
		})
	}
	return func() ([]acknowledged, error) {
		group.Wait()
		return all, failed
	}
}

// registerSurely sends a registration until it is acknowledged.
func (h *hall) registerSurely(ctx context.Context, client *http.Client, address, token string) (string, error) {
	body, err := registration(onlyMeeting)
	if err != nil {
		return "", err
	}
	for {
		number, err := deliver(client, address, token, body)
		_, unanswered := errors.AsType[*url.Error](err)
		if err == nil || !unanswered && !errors.Is(err, errBusy) {
			return number, err
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("registering: %w", errors.Join(err, ctx.Err()))
		case <-time.After(failoverPace):
		}
	}
}

// notThere counts what was acknowledged and is not in the database, and what is there
// and was not acknowledged.
func notThere(database string, all []acknowledged) (wrong int, err error) {
	ctx := context.Background()
	db, err := store.Open(ctx, database, slog.New(slog.DiscardHandler))
	if err != nil {
		return 0, err
	}
	defer db.Close()
	there := map[string]bool{}
	if err := db.Peek(ctx, func(tx *store.Tx) error {
		for _, number := range tx.Strings(`SELECT number FROM registrations`) {
			there[number] = true
		}
		return nil
	}); err != nil {
		return 0, err
	}
	for _, a := range all {
		if !there[a.number] {
			wrong++
		}
		delete(there, a.number)
	}
	return wrong + len(there), nil
}
