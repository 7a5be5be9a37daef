// Package node knows which nodes run a service. Each has a row in the database,
// which it writes again as long as it runs and removes when it stops; one that was
// killed is forgotten after Life.
//
// It is asked before tables are migrated that older nodes still use, and before a
// new master key is put to use that not every node has.
//
// Start reading at Join.
package node

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"plenary/service/store"
)

const (
	// RenewEvery is the time between two signs of life.
	RenewEvery = 20 * time.Second
	// Life is how long a node counts as running after its last one.
	Life = 65 * time.Second
	// forget is after how long the row of a node that was killed is removed.
	forget = 24 * time.Hour
)

// Node is one process that serves.
type Node struct {
	ID      string
	Name    string // of its machine
	Version string // of plenaryd
	Schema  int64  // newest migration that it knows
	Keys    []string
	Started time.Time
}

func (n Node) String() string { return fmt.Sprintf("%s (version %s)", n.Name, n.Version) }

// Lease is a node's own row.
type Lease struct {
	db  *store.DB
	now func() time.Time

	Node
}

// Join makes a node known; its ID and Started are made here.
func Join(ctx context.Context, db *store.DB, n Node, now func() time.Time) (*Lease, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return nil, fmt.Errorf("node: make id: %w", err)
	}
	n.ID, n.Started = id.String(), now()
	l := &Lease{db: db, now: now, Node: n}
	if err := db.UpdateOne(store.MayRepeat(ctx), func(tx *store.Tx) error {
		tx.Do(`DELETE FROM nodes WHERE seen_at <= $1`, store.Micros(now().Add(-forget)))
		return nil
	}); err != nil {
		return nil, err
	}
	return l, l.Renew(ctx, n.Keys)
}

// Renew is a sign of life, and says which master keys the node has.
func (l *Lease) Renew(ctx context.Context, keys []string) error {
	return l.db.UpdateOne(store.MayRepeat(ctx), func(tx *store.Tx) error {
		tx.Do(`INSERT INTO nodes (id, name, version, schema, keys, started_at, seen_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE SET keys = excluded.keys, seen_at = excluded.seen_at`,
			l.ID, l.Name, l.Version, l.Schema, strings.Join(keys, " "), store.Micros(l.Started), store.Micros(l.now()))
		return nil
	})
}

// Leave says that the node has stopped.
func (l *Lease) Leave(ctx context.Context) error {
	return l.db.UpdateOne(ctx, func(tx *store.Tx) error {
		tx.Do(`DELETE FROM nodes WHERE id = $1`, l.ID)
		return nil
	})
}

// Others are the nodes that run beside this one.
func (l *Lease) Others(ctx context.Context) ([]Node, error) {
	all, err := Running(ctx, l.db, l.now())
	var others []Node
	for _, n := range all {
		if n.ID != l.ID {
			others = append(others, n)
		}
	}
	return others, err
}

// Running are all nodes that have given a sign of life within Life.
func Running(ctx context.Context, db *store.DB, now time.Time) ([]Node, error) {
	var list []Node
	err := db.Peek(ctx, func(tx *store.Tx) error {
		list = nil
		for scan := range tx.Each(`SELECT id, name, version, schema, keys, started_at FROM nodes WHERE seen_at > $1
			ORDER BY started_at, id`, store.Micros(now.Add(-Life))) {
			var n Node
			var keys string
			var started int64
			scan(&n.ID, &n.Name, &n.Version, &n.Schema, &keys, &started)
			n.Keys, n.Started = strings.Fields(keys), store.Time(started)
			list = append(list, n)
		}
		return nil
	})
	return list, err
}

// Names says which nodes they are, for people.
func Names(list []Node) string {
	names := make([]string, len(list))
	for i, n := range list {
		names[i] = n.String()
	}
	return strings.Join(names, ", ")
}

// Forget removes all nodes: none of them uses a database that was just restored.
func Forget(ctx context.Context, db *store.DB) error {
	return db.UpdateOne(ctx, func(tx *store.Tx) error {
		tx.Do(`DELETE FROM nodes`)
		return nil
	})
}
