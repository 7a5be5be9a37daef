package app

import (
	"context"

	"plenary/api"
)

// Phase of a session.
type Phase int

// Phases of a session.
const (
	LoggedOut Phase = iota
	LoggedIn        // also without network
	Ended           // by the service: log in again; what is stored stays, and what waits is sent then
)

// SessionState is who is logged in.
type SessionState struct {
	Phase   Phase
	Account api.Account // empty when logged out
	Kept    bool        // in the keyring, beyond the end of the program
}

// Unsent is what to do at log-out with work that has not been sent.
type Unsent int

// Choices for Unsent.
const (
	UnsentSend    Unsent = iota // now; log-out fails with ErrUnsent if that does not work
	UnsentKeep                  // sealed on this machine, until the same person logs in again
	UnsentDiscard               // lost for good
)

// Session is who is logged in on this machine.
type Session struct{}

// Restore takes up the session that is in the keyring; it works offline.
// Errors to test for: ErrNoSession, ErrPassphraseNeeded, ErrKeyLost,
// the keyring's, localdb's.
func (s *Session) Restore(ctx context.Context) (api.Account, error) {
	return api.Account{}, ErrNoSession
}

// LogIn starts a session. With keep it goes into the keyring, which is asked
// before the password leaves the machine; without, nothing goes there, and all
// is erased when the session or the program ends.
func (s *Session) LogIn(ctx context.Context, identifier, password string, keep bool) (api.Account, error) {
	return api.Account{}, ErrNoSession
}

// ResendActivation asks for the activation e-mail again.
func (s *Session) ResendActivation(ctx context.Context, identifier, password string) error {
	return nil
}

// LogOut ends the session here. Offline too: then the service learns nothing,
// but no copy of the token is left anywhere.
func (s *Session) LogOut(ctx context.Context, unsent Unsent) error { return nil }

// LogOutEverywhere ends all sessions of the account, this one included. It
// needs the network.
func (s *Session) LogOutEverywhere(ctx context.Context) error { return nil }

// Unsent is how many operations wait to be sent.
func (s *Session) Unsent() int { return 0 }

// State is the session now.
func (s *Session) State() SessionState { return SessionState{} }

// Subscribe calls f at every change, on any goroutine.
func (s *Session) Subscribe(f func(SessionState)) (cancel func()) { return func() {} }

// SubscribeKeyring calls f with true when the keyring has kept somebody waiting
// for two seconds, and with false when that is over. "Cancel" is to end the
// context of the call that waits.
func (s *Session) SubscribeKeyring(f func(waiting bool)) (cancel func()) { return func() {} }

// UsePassphrase replaces the keyring, where there is none, by a file sealed
// under a passphrase; Restore and LogIn work as before after that. Errors to
// test for: ErrWrongPassphrase.
func (s *Session) UsePassphrase(ctx context.Context, passphrase string) error { return nil }

// SetAside moves stored data whose key is lost (ErrKeyLost) or that cannot be
// read out of the way, so that the person can log in; nothing is deleted.
func (s *Session) SetAside(ctx context.Context) error { return nil }
