package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"plenary/api"
)

// Self is what one does with one's own account, logged in. What answers or
// changes the account is in the session's state from then on.
//
// Errors to test for: ErrNoSession, the client's, the service's; many of these
// ask for a fresh proof (api.CodeProofNeeded), which Prove gives.
type Self struct{ session *Session }

// do calls f with an access token of whoever is logged in.
func (s *Self) do(ctx context.Context, what string, f func(access string) error) error {
	return s.session.withAccess(ctx, what, f)
}

// account does what answers the account, and keeps it.
func (s *Self) account(ctx context.Context, what string, f func(access string) (api.Account, error)) (api.Account, error) {
	v := s.session.open()
	a, err := ask(ctx, s.session, what, f)
	if err != nil {
		return api.Account{}, err
	}
	s.session.profileSeen(v, a)
	return a, nil
}

// changed looks at the account anew after something that changes it without
// answering it. What cannot be had now comes with the next refresh.
func (s *Self) changed(ctx context.Context) {
	if _, err := s.Account(ctx); err != nil {
		s.session.core.log.Info("the account was not looked at after its change", "cause", Explain(err).Kind)
	}
}

// Account returns the account, fresh from the service.
func (s *Self) Account(ctx context.Context) (api.Account, error) {
	return s.account(ctx, "look at the account", func(access string) (api.Account, error) {
		return s.session.core.client.Account(ctx, access)
	})
}

// Prove proves anew who is there, for api.ProofLife. Errors to test for:
// api.CodeCredentials, CodeSecondFactorNeeded, CodeSecondFactorWrong,
// CodeDeactivated, CodeTooMany.
func (s *Self) Prove(ctx context.Context, password, secondFactor string) error {
	return s.do(ctx, "prove who is there", func(access string) error {
		return s.session.core.client.Prove(ctx, access, api.Reauthenticate{Password: password, SecondFactor: secondFactor})
	})
}

// ChangePassword ends all other sessions and all known devices; this session goes on
// with new tokens.
func (s *Self) ChangePassword(ctx context.Context, in api.ChangePassword) error {
	return s.session.exchange(ctx, "change the password", func(ctx context.Context, access string) (api.Session, error) {
		return s.session.core.client.ChangePassword(ctx, access, in)
	})
}

// ChangeProfile returns the account as it is then.
func (s *Self) ChangeProfile(ctx context.Context, in api.ChangeProfile) (api.Account, error) {
	return s.account(ctx, "change the profile", func(access string) (api.Account, error) {
		return s.session.core.client.ChangeProfile(ctx, access, in)
	})
}

// ChangeUsername returns the account as it is then; a taken name got a number.
func (s *Self) ChangeUsername(ctx context.Context, username string) (api.Account, error) {
	return s.account(ctx, "change the username", func(access string) (api.Account, error) {
		return s.session.core.client.ChangeUsername(ctx, access, api.ChangeUsername{Username: username})
	})
}

// ChangeEmail has a code sent to the new address, for ConfirmEmail.
func (s *Self) ChangeEmail(ctx context.Context, email string) error {
	err := s.do(ctx, "change the e-mail address", func(access string) error {
		return s.session.core.client.ChangeEmail(ctx, access, api.ChangeEmail{Email: email})
	})
	if err == nil {
		s.changed(ctx)
	}
	return err
}

// ConfirmEmail ends all other sessions. Errors to test for: api.CodeCodeWrong,
// CodeCodeExpired.
func (s *Self) ConfirmEmail(ctx context.Context, code string) (api.Account, error) {
	return s.account(ctx, "confirm the e-mail address", func(access string) (api.Account, error) {
		return s.session.core.client.ConfirmEmail(ctx, access, api.ConfirmEmail{Code: code})
	})
}

// AdoptEmail makes the reset address that was used the account's own.
func (s *Self) AdoptEmail(ctx context.Context) error {
	err := s.do(ctx, "adopt the reset address", func(access string) error { return s.session.core.client.AdoptEmail(ctx, access) })
	if err == nil {
		s.changed(ctx)
	}
	return err
}

// SecondFactor tells how two-step log-in stands.
func (s *Self) SecondFactor(ctx context.Context) (api.SecondFactor, error) {
	return ask(ctx, s.session, "ask about two-step log-in", func(access string) (api.SecondFactor, error) {
		return s.session.core.client.SecondFactor(ctx, access)
	})
}

// SetUpSecondFactor makes a new secret, which counts once it is confirmed.
func (s *Self) SetUpSecondFactor(ctx context.Context) (api.SecondFactorSetup, error) {
	return ask(ctx, s.session, "set up two-step log-in", func(access string) (api.SecondFactorSetup, error) {
		return s.session.core.client.SetUpSecondFactor(ctx, access)
	})
}

// ConfirmSecondFactor turns two-step log-in on. Errors to test for:
// api.CodeSecondFactorWrong.
func (s *Self) ConfirmSecondFactor(ctx context.Context, code string) (api.RecoveryCodes, error) {
	codes, err := ask(ctx, s.session, "turn on two-step log-in", func(access string) (api.RecoveryCodes, error) {
		return s.session.core.client.ConfirmSecondFactor(ctx, access, api.ConfirmSecondFactor{Code: code})
	})
	if err == nil {
		s.changed(ctx)
	}
	return codes, err
}

// NewRecoveryCodes makes all earlier ones void.
func (s *Self) NewRecoveryCodes(ctx context.Context) (api.RecoveryCodes, error) {
	return ask(ctx, s.session, "make recovery codes", func(access string) (api.RecoveryCodes, error) {
		return s.session.core.client.NewRecoveryCodes(ctx, access)
	})
}

// RemoveSecondFactor turns two-step log-in off.
func (s *Self) RemoveSecondFactor(ctx context.Context) error {
	err := s.do(ctx, "turn off two-step log-in", func(access string) error {
		return s.session.core.client.RemoveSecondFactor(ctx, access)
	})
	if err == nil {
		s.changed(ctx)
	}
	return err
}

// SecretQuestion tells how the secret question stands.
func (s *Self) SecretQuestion(ctx context.Context) (api.SecretQuestion, error) {
	return ask(ctx, s.session, "ask about the secret question", func(access string) (api.SecretQuestion, error) {
		return s.session.core.client.SecretQuestion(ctx, access)
	})
}

// SetSecretQuestion sets it, in place of an earlier one.
func (s *Self) SetSecretQuestion(ctx context.Context, in api.SetSecretQuestion) error {
	return s.do(ctx, "set the secret question", func(access string) error {
		return s.session.core.client.SetSecretQuestion(ctx, access, in)
	})
}

// RemoveSecretQuestion removes it.
func (s *Self) RemoveSecretQuestion(ctx context.Context) error {
	return s.do(ctx, "remove the secret question", func(access string) error {
		return s.session.core.client.RemoveSecretQuestion(ctx, access)
	})
}

// Sessions lists the account's sessions, the one used last first.
func (s *Self) Sessions(ctx context.Context) ([]api.SessionInfo, error) {
	return everyPage(func(after string) ([]api.SessionInfo, string, error) {
		page, err := ask(ctx, s.session, "list the sessions", func(access string) (api.Sessions, error) {
			return s.session.core.client.Sessions(ctx, access, after)
		})
		return page.Sessions, page.Next, err
	})
}

// everyPage puts the pages of a list together, as they are while it is read.
func everyPage[T any](get func(after string) (rows []T, next string, err error)) ([]T, error) {
	all := []T{}
	for after := ""; ; {
		rows, next, err := get(after)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
		if next == "" || next == after {
			return all, nil
		}
		after = next
	}
}

// EndSession ends one of them.
func (s *Self) EndSession(ctx context.Context, id string) error {
	return s.do(ctx, "end a session", func(access string) error { return s.session.core.client.EndSession(ctx, access, id) })
}

// Export returns an api.Export as indented JSON, ready for a file.
func (s *Self) Export(ctx context.Context) ([]byte, error) {
	raw, err := ask(ctx, s.session, "export the account", func(access string) (json.RawMessage, error) {
		return s.session.core.client.Export(ctx, access)
	})
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", "  "); err != nil {
		return nil, fmt.Errorf("export the account: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// Deletion tells whether the account is to be erased, and when.
func (s *Self) Deletion(ctx context.Context) (api.Deletion, error) {
	return ask(ctx, s.session, "ask about the deletion", func(access string) (api.Deletion, error) {
		return s.session.core.client.Deletion(ctx, access)
	})
}

// AskDeletion asks for the account to be erased after the grace period.
func (s *Self) AskDeletion(ctx context.Context) (api.Deletion, error) {
	d, err := ask(ctx, s.session, "ask for the deletion", func(access string) (api.Deletion, error) {
		return s.session.core.client.AskDeletion(ctx, access)
	})
	if err == nil {
		s.changed(ctx)
	}
	return d, err
}

// TakeBackDeletion keeps the account.
func (s *Self) TakeBackDeletion(ctx context.Context) error {
	err := s.do(ctx, "take back the deletion", func(access string) error {
		return s.session.core.client.TakeBackDeletion(ctx, access)
	})
	if err == nil {
		s.changed(ctx)
	}
	return err
}

// ForgetDevice forgets that this is a known device of the account: its tokens
// are void at the service, and gone from the keyring. Without network the
// service learns nothing; no copy of a token exists any more then.
func (s *Self) ForgetDevice(ctx context.Context) error {
	if err := s.session.forgetDevice(ctx); err != nil {
		return fmt.Errorf("forget this device: %w", err)
	}
	return nil
}
