package app

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// deviceWait bounds how long "Forgot password?" waits for the keyring: without
// the device's token it goes the way of any other machine.
const deviceWait = 5 * time.Second

// deviceToken returns this machine's token for an identifier, for
// "Forgot password?"; empty where there is none or the keyring does not give it.
func (s *Session) deviceToken(ctx context.Context, identifier string) string {
	ctx, cancel := context.WithTimeout(ctx, deviceWait)
	defer cancel()
	id, _ := s.core.place.known()
	if id == "" {
		return "" // nobody has ever logged in here
	}
	text, err := s.keyring().get(ctx, deviceItem(id))
	if err != nil {
		if !errors.Is(err, ErrSecretNotFound) {
			s.core.log.Info("the device's token was not read", "cause", Explain(err).Kind)
		}
		return ""
	}
	return parseDevices(text).token(identifierDigest(id, identifier))
}

// forgetDevice voids and removes the tokens of whoever is logged in.
func (s *Session) forgetDevice(ctx context.Context) error {
	give, err := s.turn.take(ctx)
	if err != nil {
		return err
	}
	defer give()
	v := s.open()
	if v == nil {
		return ErrNoSession
	}
	id, _ := s.core.place.known()
	text, err := s.keyring().get(ctx, deviceItem(id))
	switch {
	case errors.Is(err, ErrSecretNotFound):
		return nil
	case err != nil:
		return err
	}
	a := s.State().Account
	mine, others := parseDevices(text).split(func(d device) bool {
		return d.Account == accountDigest(id, v.account) ||
			d.Identifier == identifierDigest(id, a.Username) || d.Identifier == identifierDigest(id, a.Email)
	})
	s.voidDevices(ctx, v, mine)
	if len(others) == 0 {
		return s.keyring().remove(ctx, deviceItem(id))
	}
	left, err := json.Marshal(others)
	if err != nil {
		return err
	}
	return s.keyring().set(ctx, deviceItem(id), string(left))
}

// voidDevices tells the service, if it can be reached.
func (s *Session) voidDevices(ctx context.Context, v *vault, all devices) {
	ctx, cancel := context.WithTimeout(ctx, farewell)
	defer cancel()
	for _, d := range all {
		if err := s.as(v).VoidDevice(ctx, d.Token); err != nil {
			s.core.log.Warn("the service was not told that a device is forgotten", "cause", Explain(err).Kind)
		}
	}
}
