package service

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
)

func TestKeepGoing_beginsAgainAfterAPanicAndEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var log bytes.Buffer
	begun := 0
	keepGoing(ctx, slog.New(slog.NewTextHandler(&log, nil)), 0, func(ctx context.Context) {
		if begun++; begun < 3 {
			panic("amina@example.org")
		}
		cancel()
	})
	if begun != 3 {
		t.Errorf("begun %d times", begun)
	}
	if said := log.String(); strings.Count(said, "panic in the background") != 2 || strings.Contains(said, "amina") {
		t.Errorf("the log: %s", said)
	}
}
