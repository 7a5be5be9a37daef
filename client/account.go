package client

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"

	"plenary/api"
	"plenary/rules"
)

// askService asks who answers, and proofPath for a proof of it: that is not known before.
var askService = call{name: "ask about the service", method: http.MethodGet, path: "/v1/service", repeat: true, outdated: true}

const proofPath = "/v1/service/proof"

// Service returns what anyone may know of the service, also to a version that
// is too old for all else.
func (c *Client) Service(ctx context.Context) (api.ServiceInfo, error) {
	var out api.ServiceInfo
	err := c.do(ctx, askService, &out)
	cleanInfo(&out)
	return out, err
}

// ProveService asks the service to prove that it is the one of an id and a public key,
// and that it answers at this client's address. Error to test for: ErrUnproven, where it
// does not; nothing but a challenge was sent then.
func (c *Client) ProveService(ctx context.Context, id, key string) error {
	public, err := base64.RawStdEncoding.DecodeString(key)
	if err != nil || len(public) != ed25519.PublicKeySize {
		return fmt.Errorf("prove the service: %w: no key of it is known", ErrUnproven)
	}
	challenge := make([]byte, 32)
	rand.Read(challenge) // never fails: crypto/rand ends the program instead
	in := api.ProveService{Address: c.base, Challenge: base64.RawURLEncoding.EncodeToString(challenge)}
	var out api.ServiceProof
	err = c.do(ctx, call{name: "prove the service", method: http.MethodPost, path: proofPath, body: in, repeat: true, outdated: true}, &out)
	if api.HasCode(err, api.CodeInvalid, api.CodeNotFound) {
		return fmt.Errorf("prove the service: %w: %v", ErrUnproven, err) // no problem of what was asked for
	}
	if err != nil {
		return err
	}
	signature, err := base64.RawStdEncoding.DecodeString(out.Signature)
	if err != nil || !ed25519.Verify(public, rules.ServiceStatement(id, in.Address, in.Challenge), signature) {
		return fmt.Errorf("prove the service: %w: the signature is not its own", ErrUnproven)
	}
	return nil
}

// SignUp asks for an account. The same flow is the same sign-up.
func (c *Client) SignUp(ctx context.Context, in api.SignUp) error {
	return c.do(ctx, call{name: "sign up", method: http.MethodPost, path: "/v1/account/sign-up", body: in, repeat: true}, nil)
}

// SignUpState tells what became of a sign-up.
func (c *Client) SignUpState(ctx context.Context, in api.Flow) (api.SignUpState, error) {
	var out api.SignUpState
	err := c.do(ctx, call{name: "ask about the sign-up", method: http.MethodPost, path: "/v1/account/sign-up/state", body: in, repeat: true}, &out)
	return out, err
}

// ResendSignUp sends the e-mail of a sign-up again. It is not repeated: that
// could be two e-mails.
func (c *Client) ResendSignUp(ctx context.Context, in api.Flow) error {
	return c.do(ctx, call{name: "send the e-mail again", method: http.MethodPost, path: "/v1/account/sign-up/resend", body: in}, nil)
}

// Activate verifies the address. It is not repeated: tries are counted.
func (c *Client) Activate(ctx context.Context, in api.Activate) error {
	return c.do(ctx, call{name: "activate the account", method: http.MethodPost, path: "/v1/account/activate", body: in}, nil)
}

// ResendActivation sends the activation e-mail again. It is not repeated: that
// could be two e-mails.
func (c *Client) ResendActivation(ctx context.Context, in api.ResendActivation) error {
	return c.do(ctx, call{name: "send the activation again", method: http.MethodPost, path: "/v1/account/activate/resend", body: in}, nil)
}

// LogIn starts a session. It is never repeated.
func (c *Client) LogIn(ctx context.Context, in api.LogIn) (api.Session, error) {
	var out api.Session
	err := c.do(ctx, call{name: "log in", method: http.MethodPost, path: "/v1/session", body: in}, &out)
	return out, checkSession(out, err)
}

// Refresh asks for the session's next tokens. It is never repeated here: the
// owner of the token decides when.
func (c *Client) Refresh(ctx context.Context, in api.Refresh) (api.Session, error) {
	var out api.Session
	err := c.do(ctx, call{name: "refresh the session", method: http.MethodPost, path: "/v1/session/refresh", body: in}, &out)
	return out, checkSession(out, err)
}

// LogOut ends the session.
func (c *Client) LogOut(ctx context.Context) error {
	return c.do(ctx, call{name: "log out", method: http.MethodDelete, path: "/v1/session", session: c.session(), repeat: true}, nil)
}

// LogOutEverywhere ends all sessions of the account.
func (c *Client) LogOutEverywhere(ctx context.Context) error {
	return c.do(ctx, call{name: "log out everywhere", method: http.MethodDelete, path: "/v1/sessions", session: c.session(), repeat: true}, nil)
}

// Account returns the session's account.
func (c *Client) Account(ctx context.Context) (api.Account, error) {
	return read[api.Account](ctx, c, "read the account", "/v1/account", nil)
}

// Recover begins "Forgot password?". The same flow is the same recovery.
func (c *Client) Recover(ctx context.Context, in api.Recover) (api.Recovery, error) {
	var out api.Recovery
	err := c.do(ctx, call{name: "begin the recovery", method: http.MethodPost, path: "/v1/account/recovery", body: in, repeat: true}, &out)
	return out, err
}

// SendRecovery sends the recovery's e-mail. It is not repeated: that could be
// two e-mails.
func (c *Client) SendRecovery(ctx context.Context, in api.Flow) error {
	return c.do(ctx, call{name: "send the recovery", method: http.MethodPost, path: "/v1/account/recovery/send", body: in}, nil)
}

// CheckRecovery checks a code, and says for whom it is where an account waits for it. It
// is not repeated: tries are counted.
func (c *Client) CheckRecovery(ctx context.Context, in api.RecoveryCode) (api.LinkedSignUp, error) {
	var out api.LinkedSignUp
	err := c.do(ctx, call{name: "check the code", method: http.MethodPost, path: "/v1/account/recovery/check", body: in}, &out)
	return out, err
}

// Reset sets the new password. It is not repeated: the code works once.
func (c *Client) Reset(ctx context.Context, in api.Reset) error {
	return c.do(ctx, call{name: "set the new password", method: http.MethodPost, path: "/v1/account/recovery/reset", body: in}, nil)
}
