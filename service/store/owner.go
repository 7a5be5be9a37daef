package store

import (
	"context"
	"fmt"
)

// Owners are accounts and sign-ups, by the id that the two share, and nobody,
// with the empty id. What belongs to an owner refers to its row, and goes with it.

// NewOwner adds an owner, unless there is one of this id.
func (tx *Tx) NewOwner(ctx context.Context, id string) error {
	if _, err := tx.Exec(ctx, `INSERT INTO owners (id) VALUES ($1) ON CONFLICT (id) DO NOTHING`, id); err != nil {
		return fmt.Errorf("store: add owner: %w", err)
	}
	return nil
}

// Hold makes every other transaction that holds the same owner wait until this
// one ends, and tells whether there is such an owner (any more). Whoever changes
// an account, adds to what it has, or ends some of that, holds it before anything
// else of it is read: then what is read stays true, under READ COMMITTED too, and
// what is ended is all there is.
//
// Nobody is never held: everybody would wait for each other.
func (tx *Tx) Hold(ctx context.Context, id string) (there bool, err error) {
	if id == "" {
		return false, nil
	}
	n, err := tx.Exec(ctx, `UPDATE owners SET turn = turn + 1 WHERE id = $1`, id)
	if err != nil {
		return false, fmt.Errorf("store: hold owner: %w", err)
	}
	return n == 1, nil
}

// RemoveOwner removes an owner and all that belongs to it. Nothing can be added to
// it from then on: who tries waits for the end of the transaction, and finds no owner.
func (tx *Tx) RemoveOwner(ctx context.Context, id string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM owners WHERE id = $1 AND id <> ''`, id); err != nil {
		return fmt.Errorf("store: remove owner: %w", err)
	}
	return nil
}
