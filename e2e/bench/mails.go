//go:build e2e

package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"plenary/api"
	"plenary/e2e/await"
	"plenary/e2e/mailserver"
	"plenary/e2e/service"
	"plenary/service/store"
)

const (
	slowServer  = 300 * time.Millisecond // of a conversation
	sentAtOnce  = 3000                   // e-mails of a rate
	sentSlowly  = 400
	bulk        = 100_000 // e-mails that wait when a reset e-mail is asked for
	mostMinutes = 2
)

// mails measures how many e-mails a node sends in a second, to a mail server on this
// machine that answers at once and to one that takes 300 ms for each e-mail, and how
// long a reset e-mail takes that is asked for while 100,000 confirmations wait for
// the slow one.
func mails(b *bench) ([]float64, error) {
	server, err := mailserver.Start()
	if err != nil {
		return nil, err
	}
	defer server.Close()
	dir := filepath.Join(b.work, "mails")
	node, err := service.Start(b.binary("plenaryd"), dir, server.Address())
	if err != nil {
		return nil, err
	}
	defer node.Stop()
	p := service.Person{Identifier: "late@example.org", Password: "Window-Seat-7-Lausanne"}
	if err := node.SignUp(server, p, "Late", "Comer"); err != nil {
		return nil, err
	}
	if _, err := server.Next(p.Identifier, "Your account is active"); err != nil {
		return nil, err
	}
	db, err := store.Open(context.Background(), filepath.Join(dir, "data", "demonstration.db"), slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	defer db.Close()

	atOnce, err := mailRate(db, server, "at-once", sentAtOnce)
	if err != nil {
		return nil, err
	}
	server.Slow(slowServer)
	slowly, err := mailRate(db, server, "slowly", sentSlowly)
	if err != nil {
		return nil, err
	}
	if err := confirmations(db, "bulk", bulk); err != nil {
		return nil, err
	}
	before := server.Count()
	if err := arrived(server, before+sentSlowly/10); err != nil {
		return nil, err
	}
	flow := newFlow()
	if err := service.Call("POST", node.Address+"/v1/account/recovery", "", api.Recover{Flow: flow, Identifier: p.Identifier}, nil); err != nil {
		return nil, err
	}
	asked := time.Now()
	if err := service.Call("POST", node.Address+"/v1/account/recovery/send", "", api.Flow{Token: flow}, nil); err != nil {
		return nil, err
	}
	if _, err := server.Next(p.Identifier, "password"); err != nil {
		return nil, err
	}
	behind := time.Since(asked).Seconds()
	fmt.Printf("  %.0f a second at once, %.0f with %s each; a reset e-mail behind %d others took %.2f s\n", atOnce, slowly, slowServer, bulk, behind)
	return []float64{atOnce, slowly, behind}, nil
}

// mailRate has e-mails sent and gives how many there were in a second, from the
// first one to the last.
func mailRate(db *store.DB, server *mailserver.Server, name string, n int) (float64, error) {
	before := server.Count()
	if err := confirmations(db, name, n); err != nil {
		return 0, err
	}
	if err := arrived(server, before+1); err != nil {
		return 0, err
	}
	start := time.Now()
	if err := arrived(server, before+n); err != nil {
		return 0, err
	}
	return float64(n-1) / time.Since(start).Seconds(), nil
}

func arrived(server *mailserver.Server, n int) error {
	return await.Until(mostMinutes*time.Minute, fmt.Sprintf("%d e-mails", n), func() (bool, error) { return server.Count() >= n, nil })
}

// confirmations puts e-mails about registrations into the outbox, each to somebody
// else, as a meeting does whose capacity was raised.
func confirmations(db *store.DB, name string, n int) error {
	now := store.Micros(time.Now())
	// READ COMMITTED: rows of their own.
	return db.UpdateCommitted(context.Background(), func(tx *store.Tx) error {
		tx.Do(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
			INSERT INTO mails (id, recipient, language, template, params, qr, calendar, state, priority, created_at, next_at, expires_at, subject)
			SELECT $2 || n.i, $2 || n.i || '@example.org', 'en', 'registration-confirmed',
				'{"Username":"ana","Name":"Ana","Number":"R-7F3K-92QD","Meeting":"X.509 Day","MeetingCode":"C-00016512","Dates":"12 Jan 2027","Place":"Geneva","Participation":"onsite"}',
				'R7F3K92QD', '', 'waiting', 2, $3, $3, 0, '' FROM n`, n, name+"-", now)
		return nil
	})
}
