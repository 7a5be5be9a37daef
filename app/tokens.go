package app

import (
	"context"
	"fmt"
	"time"

	"plenary/api"
	"plenary/client"
)

const (
	// accessMargin is how long before its end an access token is replaced.
	accessMargin = 30 * time.Second
	// refreshLimit bounds a refresh, which goes on when its caller has left:
	// the service may have counted it already.
	refreshLimit = time.Minute
)

// refreshing is a refresh under way, shared by all who wait for it.
type refreshing struct {
	done chan struct{}
	err  error
	// exchange: it is none, but see exchange; whoever waits looks at the tokens again.
	exchange bool
}

// tokens is the client.TokenSource of one session: a call that began with it never goes
// on as somebody else.
type tokens struct {
	session *Session
	vault   *vault // nil: nobody is logged in
}

// tokens are those of whoever is logged in.
func (s *Session) tokens() client.TokenSource { return tokens{s, s.open()} }

// Token returns an access token of the session, refreshed if need be. Errors to test
// for: ErrNoSession, and those of the refresh.
func (t tokens) Token(ctx context.Context, refused string) (string, error) {
	if t.vault == nil {
		return "", fmt.Errorf("use the session: %w", ErrNoSession)
	}
	return t.session.token(ctx, t.vault, refused)
}

// as is the client in the session of v.
func (s *Session) as(v *vault) *client.Client { return s.core.client.As(tokens{s, v}) }

// accountSeen keeps what the service answered of a session's account.
func (s *Session) accountSeen(of client.TokenSource, a api.Account) {
	if t, ok := of.(tokens); ok {
		s.profileSeen(t.vault, a)
	}
}

// token returns an access token that lasts, refreshed if need be, and one other
// than refused. Several callers refresh once.
func (s *Session) token(ctx context.Context, v *vault, refused string) (string, error) {
	v.mu.Lock()
	now := s.core.serviceNow()
	if v.access != "" && v.access != refused && now.Before(v.expires.Add(-accessMargin)) {
		defer v.mu.Unlock()
		return v.access, nil
	}
	if v.refresh == "" {
		v.mu.Unlock()
		return "", fmt.Errorf("use the session: %w", &api.Problem{Status: 401, Code: api.CodeSessionEnded})
	}
	r := v.refreshing
	if r == nil {
		r = &refreshing{done: make(chan struct{})}
		if !s.core.spawn(func() { s.refresh(v, r) }) {
			v.mu.Unlock()
			return "", fmt.Errorf("refresh the session: %w", context.Canceled)
		}
		v.refreshing = r
	}
	v.mu.Unlock()
	select {
	case <-ctx.Done():
		return "", fmt.Errorf("refresh the session: %w", ctx.Err())
	case <-r.done:
	}
	switch {
	case r.exchange:
		return s.token(ctx, v, refused)
	case r.err != nil:
		return "", r.err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.access, nil
}

// exchange does what gives the session other tokens and voids those of before, for
// whoever is logged in: nobody refreshes meanwhile. It goes on when its caller has
// left, since the service may have done it.
func (s *Session) exchange(ctx context.Context, call exchange) error {
	v := s.open()
	for refused := ""; ; {
		access, err := tokens{s, v}.Token(ctx, refused)
		if err != nil {
			return err
		}
		err = s.exchangeOnce(ctx, v, access, call)
		if refused != "" || !api.HasCode(err, api.CodeUnauthenticated) {
			return err
		}
		refused = access
	}
}

// exchange is the call of Session.exchange, with a client that has one token only.
type exchange func(context.Context, *client.Client) (api.Session, error)

func (s *Session) exchangeOnce(ctx context.Context, v *vault, access string, call exchange) error {
	r := &refreshing{done: make(chan struct{}), exchange: true}
	if err := v.await(ctx, r); err != nil {
		return fmt.Errorf("use the session: %w", err)
	}
	if !s.core.spawn(func() { s.takeOver(v, r, access, call) }) {
		v.finish(r)
		return fmt.Errorf("use the session: %w", context.Canceled)
	}
	select {
	case <-ctx.Done():
		return fmt.Errorf("use the session: %w", ctx.Err())
	case <-r.done:
		return r.err
	}
}

// takeOver makes the call of exchange, and its tokens the session's. One that
// could not be saved counts nevertheless, since no other one does any more.
func (s *Session) takeOver(v *vault, r *refreshing, access string, call exchange) {
	ctx, cancel := context.WithTimeout(s.core.ctx, refreshLimit)
	defer cancel()
	defer v.finish(r)
	v.mu.Lock()
	old, keep := v.refresh, v.keep
	v.mu.Unlock()
	next, err := call(ctx, s.core.client.As(client.StaticToken(access)))
	if err == nil && next.Account.ID != v.account {
		err = fmt.Errorf("take the new tokens: %w: another account", client.ErrBrokenAnswer)
	}
	if r.err = err; err != nil {
		return
	}
	if keep {
		if err := s.saveRefresh(ctx, v, old, next.Refresh); err != nil {
			s.core.log.Warn("the session's new token was not saved", "cause", Explain(err).Kind)
		}
	}
	v.mu.Lock()
	if v.refresh == old { // else logged out meanwhile: what came is nobody's
		v.access, v.expires, v.refresh = next.Access, next.AccessExpires, next.Refresh
	}
	v.mu.Unlock()
	s.profileSeen(v, next.Account)
}

// await begins r once no other refresh is under way.
func (v *vault) await(ctx context.Context, r *refreshing) error {
	for {
		v.mu.Lock()
		other := v.refreshing
		if other == nil {
			v.refreshing = r
		}
		v.mu.Unlock()
		if other == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-other.done:
		}
	}
}

// finish ends r for all who wait for it.
func (v *vault) finish(r *refreshing) {
	v.mu.Lock()
	v.refreshing = nil
	v.mu.Unlock()
	close(r.done)
}

// refresh gets the next tokens. The successor is saved before it or its access
// token is used; until then the old one is kept, which the service answers with
// the same successor (security.md, "Refresh").
func (s *Session) refresh(v *vault, r *refreshing) {
	ctx, cancel := context.WithTimeout(s.core.ctx, refreshLimit)
	defer cancel()
	v.mu.Lock()
	old, keep := v.refresh, v.keep
	v.mu.Unlock()
	next, err := s.core.client.Refresh(ctx, api.Refresh{Refresh: old})
	if api.HasCode(err, api.CodeRefreshRace) && keep {
		// Somebody else has used the token, as a copy of this program may:
		// what they saved is the one to use.
		next, err = s.refreshSaved(ctx, v, old, err)
	}
	if err == nil && next.Account.ID != v.account {
		err = fmt.Errorf("refresh the session: %w: another account", client.ErrBrokenAnswer)
	}
	if err == nil && keep {
		err = s.saveRefresh(ctx, v, old, next.Refresh)
	}
	ended := api.HasCode(err, api.CodeSessionEnded)
	v.mu.Lock()
	switch {
	case v.refresh != old:
		// Logged out, or in anew, meanwhile: what came is nobody's.
		if err == nil {
			err = fmt.Errorf("refresh the session: %w", context.Canceled)
		}
		ended = false
	case err == nil:
		v.access, v.expires, v.refresh = next.Access, next.AccessExpires, next.Refresh
	case ended:
		v.access, v.refresh, v.keep = "", "", false
	}
	r.err, v.refreshing = err, nil
	v.mu.Unlock()
	if ended {
		s.set(v, Ended)
	}
	close(r.done)
	if err == nil {
		s.profileSeen(v, next.Account)
	}
	if ended && keep {
		s.forgetRefresh(ctx, v)
	}
}

// refreshSaved refreshes with the token in the keyring, if it is another one.
func (s *Session) refreshSaved(ctx context.Context, v *vault, old string, race error) (api.Session, error) {
	id, _ := s.core.place.known()
	saved, err := s.keyring().get(ctx, refreshItem(id, v.account))
	if err != nil || saved == old {
		return api.Session{}, race
	}
	return s.core.client.Refresh(ctx, api.Refresh{Refresh: saved})
}

// saveRefresh puts the successor of old into the keyring, unless the session was
// left meanwhile: log-out takes the tokens from the vault first, and then has
// the same worker remove what is in the keyring. It is not given up with the
// program's context: a token that the service has given counts.
func (s *Session) saveRefresh(ctx context.Context, v *vault, old, next string) error {
	id, _ := s.core.place.known()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keyringLimit)
	defer cancel()
	err := s.keyring().do(ctx, func(k Keyring) error {
		v.mu.Lock()
		left := v.refresh != old
		v.mu.Unlock()
		if left {
			return nil
		}
		return k.Set(keyringService, refreshItem(id, v.account), next)
	}, nil)
	if err != nil {
		return fmt.Errorf("save the session: %w", err)
	}
	return nil
}

// forgetRefresh removes the token of a session that the service has ended. What
// is stored stays, for the next log-in.
func (s *Session) forgetRefresh(ctx context.Context, v *vault) {
	id, _ := s.core.place.known()
	if err := s.keyring().remove(ctx, refreshItem(id, v.account)); err != nil {
		s.core.log.Warn("an ended session's token stays in the keyring", "cause", Explain(err).Kind)
	}
}
