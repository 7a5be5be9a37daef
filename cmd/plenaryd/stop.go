package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"
)

// patience is how long requests that are under way may take at the end; an EMail
// Test, the longest that is no download, answers within 15 seconds.
const patience = 20 * time.Second

// drainBehindProxy is how long a service goes on behind a proxy that has to notice
// first that it is about to stop.
const drainBehindProxy = 5 * time.Second

// stopping says how a server stops.
type stopping struct {
	turn     func()        // begins it: the service says that it is not ready any more
	drain    time.Duration // from then on until no new connection is taken
	patience time.Duration // from then on until what is still under way is cut
}

// serveUntil serves until ctx ends, and then stops in order: first whoever watches
// is told, then no new connection is taken, then what is under way is finished, or
// cut at last. All of this is no error.
func serveUntil(ctx context.Context, server *http.Server, begin func() error, stop stopping, log *slog.Logger) error {
	failed := make(chan error, 1)
	go func() { failed <- begin() }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	log.Info("stopping", slog.Duration("drain", stop.drain))
	stop.turn()
	drained := time.NewTimer(stop.drain)
	defer drained.Stop()
	select {
	case err := <-failed:
		return err
	case <-drained.C:
	}
	finishing, cancel := context.WithTimeout(context.WithoutCancel(ctx), stop.patience)
	defer cancel()
	err := server.Shutdown(finishing)
	if errors.Is(err, context.DeadlineExceeded) {
		log.Warn("requests that took too long were cut", slog.Duration("after", stop.patience))
		return server.Close()
	}
	return err
}
