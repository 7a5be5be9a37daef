package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"plenary/service/node"
	"plenary/service/store"
)

// ErrPending is returned by Open for a database of an older version.
var ErrPending = errors.New("service: the database is from an older version: run plenaryd migrate")

// ErrOthersRun is returned by New for a database of an older version that other
// nodes still use.
var ErrOthersRun = errors.New("service: other nodes still use the database with an older version")

// Pending tells how many migrations a database lacks. Errors: ErrNotMade,
// store.ErrOldDatabase, store.ErrNewerDatabase.
func Pending(ctx context.Context, database string) (n int, err error) {
	db, err := connect(ctx, database, slog.New(slog.DiscardHandler))
	if err != nil {
		return 0, err
	}
	n, err = db.Pending(ctx)
	return n, errors.Join(err, db.Close())
}

// Migrate brings a database to what this version wants, whoever uses it.
func Migrate(ctx context.Context, database string, log *slog.Logger) error {
	db, err := connect(ctx, database, log)
	if err != nil {
		return err
	}
	return errors.Join(db.Migrate(ctx), db.Close())
}

// Running are the nodes that use a database now.
func Running(ctx context.Context, database string) (list []node.Node, err error) {
	db, err := connect(ctx, database, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	list, err = node.Running(ctx, db, time.Now())
	return list, errors.Join(err, db.Close())
}

// connect opens a database in which there is a service, of this version or an
// older one.
func connect(ctx context.Context, database string, log *slog.Logger) (*store.DB, error) {
	db, err := store.Connect(ctx, database, log)
	if errors.Is(err, store.ErrEmptyDatabase) {
		return nil, ErrNotMade
	}
	return db, err
}

// join makes the service known as a node, and then brings the database to what this
// version wants: if no node of an older version uses it, or if anyway.
func (s *Service) join(ctx context.Context, anyway bool) (err error) {
	name, err := os.Hostname()
	if err != nil {
		name = "unknown"
	}
	s.lease, err = node.Join(ctx, s.db, node.Node{
		Name: name, Version: s.config.Version, Schema: store.Newest(), Keys: s.config.Key.IDs(),
	}, s.config.Now)
	if err != nil {
		return err
	}
	pending, err := s.db.Pending(ctx)
	if err != nil || pending == 0 {
		return err
	}
	others, err := s.lease.Others(ctx)
	if err != nil {
		return err
	}
	older := slices.DeleteFunc(others, func(n node.Node) bool { return n.Schema >= s.lease.Schema })
	if len(older) > 0 && !anyway {
		return fmt.Errorf("%w: %s", ErrOthersRun, node.Names(older))
	}
	s.log.Info("migrating the database", slog.Int("migrations", pending))
	return s.db.Migrate(ctx)
}

// keepNode is the node's sign of life until ctx ends. Which master key is in use, and
// whether a newer version has migrated the database, it learns by its copies.
func (s *Service) keepNode(ctx context.Context) {
	tick := time.NewTicker(node.RenewEvery)
	defer tick.Stop()
	failing := ""
	for {
		select {
		case <-tick.C:
		case <-s.renew:
		case <-ctx.Done():
			return
		}
		err := s.lease.Renew(ctx, s.config.Key.IDs())
		now := ""
		if err != nil {
			now = err.Error()
		}
		if now != "" && now != failing && ctx.Err() == nil {
			s.log.Log(ctx, store.Level(err), "this node's sign of life", slog.Any("error", err))
		}
		failing = now
	}
}

// notNewer is store.ErrNewerDatabase once a newer version has migrated the database.
func (s *Service) notNewer(ctx context.Context) error {
	_, err := s.db.Pending(ctx)
	return err
}

// Renew makes the node say at once which master keys it has.
func (s *Service) Renew() {
	select {
	case s.renew <- struct{}{}:
	default:
	}
}

// Restored is for a database that was restored, before a node uses it: the rows of all
// nodes go, and what programs know by numbers that have since been given out is void.
func (s *Service) Restored(ctx context.Context) error {
	// READ COMMITTED: one statement.
	err := s.db.UpdateCommitted(ctx, func(tx *store.Tx) error {
		tx.NewEpoch()
		return nil
	})
	return errors.Join(err, node.Forget(ctx, s.db))
}
