package app

import (
	"context"
	"fmt"
)

// turn is a lock whose waiting can be given up: who waits for somebody that
// waits for a slow service or a keyring may press "Cancel".
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

// take waits for the turn; give gives it back.
func (t turn) take(ctx context.Context) (give func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("wait for one's turn: %w", err)
	}
	select {
	case t <- struct{}{}:
		return func() { <-t }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for one's turn: %w", ctx.Err())
	}
}
