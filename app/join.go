package app

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"plenary/api"
	"plenary/localdb"
)

// joinPatience is how long an address with a token is waited for: the person wants in, and
// there is the plain one.
const joinPatience = 5 * time.Second

// joinedSession is a session of a registration's meeting, from 1.
type joinedSession struct {
	registration string
	session      int
}

// Join gives the address at which the person joins a session, from 1, of the meeting of a
// registration, and keeps for sending that they do: once, and without network too. The
// address has a token where the platform takes them. With an error there may be the plain
// address all the same, at which the platform asks who comes. Errors to test for:
// ErrNoSession.
func (r *Registrations) Join(ctx context.Context, number string, session int) (address string, err error) {
	r.mu.Lock()
	v, one := r.vault, r.known[number]
	r.mu.Unlock()
	if v == nil {
		return "", fmt.Errorf("join: %w", ErrNoSession)
	}
	if err := r.attend(ctx, joinedSession{number, session}); err != nil {
		// Who wants to join is not kept from it.
		r.core.log.Warn("that a session was joined is not recorded", "cause", Explain(err).Kind)
	}
	if !one.JoinToken {
		return one.Platform, nil
	}
	ctx, cancel := context.WithTimeout(ctx, joinPatience)
	defer cancel()
	joined, err := r.session.as(v).Join(ctx, number, api.Join{Session: session})
	if err != nil {
		return one.Platform, fmt.Errorf("join: %w", err)
	}
	return joined.Address, nil
}

// attend keeps for sending that a session was joined, unless that is known.
func (r *Registrations) attend(ctx context.Context, of joinedSession) error {
	r.mu.Lock()
	known := r.joined[of]
	r.mu.Unlock()
	if known {
		return nil
	}
	if err := r.enqueueAttend(ctx, of); err != nil {
		return err
	}
	r.mu.Lock()
	if r.joined != nil {
		r.joined[of] = true
	}
	r.mu.Unlock()
	r.worked()
	r.queued()
	return nil
}

func (r *Registrations) enqueueAttend(ctx context.Context, of joinedSession) error {
	store, give, err := r.write(ctx)
	if err != nil {
		return err
	}
	defer give()
	pending, err := store.Pending()
	if err != nil || waitsToAttend(pending, of) {
		return err
	}
	_, err = store.Enqueue(api.OpAttend, api.Attend{Registration: of.registration, Session: of.session, At: r.core.serviceNow().UTC()})
	return err
}

// waitsToAttend tells whether an operation that waits says that a session was joined.
func waitsToAttend(pending []localdb.Operation, of joinedSession) bool {
	for _, op := range pending {
		var in api.Attend
		if op.Kind == api.OpAttend && json.Unmarshal(op.Payload, &in) == nil && (joinedSession{in.Registration, in.Session}) == of {
			return true
		}
	}
	return false
}
