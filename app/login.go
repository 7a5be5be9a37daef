package app

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"plenary/api"
	"plenary/client"
	"plenary/rules"
)

// LogIn is what a person gives to log in.
type LogIn struct {
	Identifier string // e-mail address or username
	Password   string
	// SecondFactor is a code of the authenticator app, or a recovery code:
	// asked for with api.CodeSecondFactorNeeded.
	SecondFactor string
	Keep         bool // "Keep me logged in on this computer"
}

// LogIn starts a session. With Keep it goes into the keyring, which is asked
// before the password leaves the machine; without, no token goes there, and all
// is erased when the session or the program ends, but for work that exists here
// alone: it stays, sealed under a key in the keyring. Work that waits from an
// earlier session of the same account is found again, and sent. With Keep, a session of
// the same person that was not kept, and that the service has ended, is kept from then on.
//
// Errors to test for: the service's (api.CodeCredentials, CodeNotActive,
// CodeDeactivated, CodeDeactivatedByStaff, CodeTooMany, CodeSecondFactorNeeded,
// CodeSecondFactorWrong), the client's, the keyring's, ErrKeyLost, ErrUnsent
// (somebody else's unsent work would be lost), localdb's. Where ctx ends before it
// returns, nobody is logged in.
func (s *Session) LogIn(ctx context.Context, in LogIn) (api.Account, error) {
	give, err := s.turn.take(ctx)
	if err != nil {
		return api.Account{}, err
	}
	defer give()
	a, err := s.logIn(ctx, in)
	if err == nil && ctx.Err() != nil {
		err = errors.Join(ctx.Err(), s.takeBack(ctx))
	}
	if err != nil {
		return api.Account{}, fmt.Errorf("log in: %w", err)
	}
	return a, nil
}

// takeBack ends the session that has just begun. Work from before stays for the next one.
func (s *Session) takeBack(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	v := s.open()
	if v == nil {
		return nil
	}
	return s.logOut(ctx, v, v.worth(), s.sayGoodbye(ctx, v))
}

func (s *Session) logIn(ctx context.Context, in LogIn) (api.Account, error) {
	id, err := s.core.place.ensure(ctx)
	if err != nil {
		return api.Account{}, err
	}
	if err := s.core.place.confirm(ctx); err != nil {
		return api.Account{}, err
	}
	var known devices
	if in.Keep {
		// This is also the proof that the keyring works.
		text, err := s.keyring().get(ctx, deviceItem(id))
		if err != nil && !errors.Is(err, ErrSecretNotFound) {
			return api.Account{}, err
		}
		known = parseDevices(text)
	}
	digest := identifierDigest(id, in.Identifier)
	session, err := s.core.client.LogIn(ctx, api.LogIn{
		Identifier: in.Identifier, Password: in.Password, SecondFactor: in.SecondFactor, Keep: in.Keep,
		Device: known.token(digest), Machine: machine(s.core.config.Version), Computer: computerName(s.core.config.Computer),
	})
	if err != nil {
		return api.Account{}, err
	}
	v, err := s.admit(ctx, session, in.Keep)
	if err != nil {
		s.abandon(ctx, session)
		return api.Account{}, err
	}
	if in.Keep && session.Device != "" {
		s.saveDevice(ctx, id, known.with(device{digest, accountDigest(id, session.Account.ID), session.Device}))
	}
	s.profileSeen(v, session.Account)
	s.enter(v, session.Account, LoggedIn)
	return session.Account, nil
}

// saveSession puts the session into the keyring, or takes an earlier one out.
func (s *Session) saveSession(ctx context.Context, v *vault, session api.Session, keep bool) error {
	id, _ := s.core.place.known()
	if !keep {
		s.setPIN(nil, false)
		if !v.kept {
			return nil
		}
		return s.keyring().remove(ctx, refreshItem(id, v.account), currentItem(id))
	}
	if err := s.keyring().setNew(ctx, refreshItem(id, v.account), session.Refresh); err != nil {
		return err
	}
	pin, err := s.pinOf(ctx, id, v)
	if err != nil {
		return err
	}
	err = s.keyring().setNew(ctx, currentItem(id), current{Account: v.account, Address: s.core.place.address, Lock: pin}.encode())
	if err == nil {
		s.setPIN(pin, false)
	}
	return err
}

// saveDevice keeps the token of a known device. Without it the next log-in has
// the same budget of tries as on any other machine, no more.
func (s *Session) saveDevice(ctx context.Context, id string, d devices) {
	text, err := json.Marshal(d)
	if err == nil {
		err = s.keyring().set(ctx, deviceItem(id), string(text))
	}
	if err != nil {
		s.core.log.Warn("the device's token was not kept", "cause", Explain(err).Kind)
	}
}

// farewell bounds what the service is told when it matters to it only.
const farewell = 5 * time.Second

// abandon tells the service that a session will not be used.
func (s *Session) abandon(ctx context.Context, session api.Session) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	if err := s.core.client.As(client.StaticToken(session.Access)).LogOut(ctx); err != nil {
		s.core.log.Warn("an unused session was left to expire", "cause", Explain(err).Kind)
	}
}

// ResendActivation asks for the activation e-mail again, for an account that is
// not active yet.
func (s *Session) ResendActivation(ctx context.Context, identifier, password string) error {
	return s.core.client.ResendActivation(ctx, api.ResendActivation{Identifier: identifier, Password: password})
}

// identifierDigest stands for an identifier in the keyring, which shows its
// items to other programs of the same person.
func identifierDigest(service, identifier string) string {
	return digest(service, rules.IdentifierKey(identifier))
}

// accountDigest stands for an account there, also after log-out.
func accountDigest(service, account string) string { return digest(service, account) }

func digest(service, text string) string {
	sum := sha256.Sum256([]byte(service + "\x00" + text))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// computerName is what the owner's list of sessions calls this computer: its host name
// without the domain, which would say more than one needs to know it by. It is short
// enough for the service, and empty where there is none.
func computerName(host string) string {
	name, _, _ := strings.Cut(rules.Visible(host), ".")
	runes := []rune(name)
	return string(runes[:min(len(runes), api.MaxComputer)])
}

// machine names this program in the owner's list of sessions and in e-mails, without
// naming the machine or the person.
func machine(version string) string {
	system := map[string]string{"linux": "Linux", "windows": "Windows", "darwin": "macOS"}[runtime.GOOS]
	return strings.TrimSpace("Plenary "+version) + ", " + system
}
