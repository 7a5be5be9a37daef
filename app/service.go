package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"plenary/api"
	"plenary/client"
)

// Service is the account service for whoever is logged in: with their own account, and
// for users and the service as their roles allow. Its calls are the client's, but for
// those here that do more. The account as it is answered is in the session's state from
// then on.
//
// Errors to test for: ErrNoSession, the client's, the service's (api.CodeForbidden, and
// api.CodeProofNeeded where it wants a fresh proof, which Prove gives).
type Service struct {
	*client.Client
	session *Session
}

// ChangePassword ends all other sessions and all known devices; this session goes on
// with new tokens.
func (s *Service) ChangePassword(ctx context.Context, in api.ChangePassword) error {
	return s.session.exchange(ctx, func(ctx context.Context, c *client.Client) (api.Session, error) {
		return c.ChangePassword(ctx, in)
	})
}

// Export returns an api.Export as indented JSON, ready for a file.
func (s *Service) Export(ctx context.Context) ([]byte, error) {
	raw, err := s.Client.Export(ctx)
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

// ForgetDevice forgets that this is a known device of the account: its tokens
// are void at the service, and gone from the keyring. Without network the
// service learns nothing; no copy of a token exists any more then.
func (s *Service) ForgetDevice(ctx context.Context) error {
	if err := s.session.forgetDevice(ctx); err != nil {
		return fmt.Errorf("forget this device: %w", err)
	}
	return nil
}
