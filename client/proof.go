package client

import (
	"context"
	"net/http"

	"plenary/api"
)

// Prove proves anew who is there. It is never repeated: tries are counted.
func (c *Client) Prove(ctx context.Context, access string, in api.Reauthenticate) error {
	return c.change(ctx, access, "prove who is there", http.MethodPost, "/v1/session/proof", in, nil)
}

// ChangePassword gives the tokens that the session goes on with. It is never
// repeated: tries are counted.
func (c *Client) ChangePassword(ctx context.Context, access string, in api.ChangePassword) (api.Session, error) {
	var out api.Session
	err := c.change(ctx, access, "change the password", http.MethodPost, "/v1/account/password", in, &out)
	return out, checkSession(out, err)
}

const secondFactorPath = "/v1/account/second-factor"

// SecondFactor tells how two-step log-in stands.
func (c *Client) SecondFactor(ctx context.Context, access string) (api.SecondFactor, error) {
	var out api.SecondFactor
	err := c.read(ctx, access, "ask about two-step log-in", secondFactorPath, nil, &out)
	return out, err
}

// SetUpSecondFactor makes a new secret, which counts once it is confirmed.
func (c *Client) SetUpSecondFactor(ctx context.Context, access string) (api.SecondFactorSetup, error) {
	var out api.SecondFactorSetup
	err := c.change(ctx, access, "set up two-step log-in", http.MethodPost, secondFactorPath, nil, &out)
	return out, err
}

// ConfirmSecondFactor turns two-step log-in on.
func (c *Client) ConfirmSecondFactor(ctx context.Context, access string, in api.ConfirmSecondFactor) (api.RecoveryCodes, error) {
	var out api.RecoveryCodes
	err := c.change(ctx, access, "turn on two-step log-in", http.MethodPost, secondFactorPath+"/confirm", in, &out)
	return out, err
}

// NewRecoveryCodes makes all earlier ones void.
func (c *Client) NewRecoveryCodes(ctx context.Context, access string) (api.RecoveryCodes, error) {
	var out api.RecoveryCodes
	err := c.change(ctx, access, "make recovery codes", http.MethodPost, secondFactorPath+"/recovery-codes", nil, &out)
	return out, err
}

// RemoveSecondFactor turns two-step log-in off.
func (c *Client) RemoveSecondFactor(ctx context.Context, access string) error {
	return c.change(ctx, access, "turn off two-step log-in", http.MethodDelete, secondFactorPath, nil, nil)
}

const secretQuestionPath = "/v1/account/secret-question"

// SecretQuestion tells how the secret question stands.
func (c *Client) SecretQuestion(ctx context.Context, access string) (api.SecretQuestion, error) {
	var out api.SecretQuestion
	err := c.read(ctx, access, "ask about the secret question", secretQuestionPath, nil, &out)
	return out, err
}

// SetSecretQuestion sets it, in place of an earlier one.
func (c *Client) SetSecretQuestion(ctx context.Context, access string, in api.SetSecretQuestion) error {
	return c.change(ctx, access, "set the secret question", http.MethodPut, secretQuestionPath, in, nil)
}

// RemoveSecretQuestion removes it.
func (c *Client) RemoveSecretQuestion(ctx context.Context, access string) error {
	return c.change(ctx, access, "remove the secret question", http.MethodDelete, secretQuestionPath, nil, nil)
}

// RecoveryQuestion returns the secret question to whoever has the code from the
// e-mail. It is not repeated: tries are counted.
func (c *Client) RecoveryQuestion(ctx context.Context, in api.RecoveryCode) (api.RecoveryQuestion, error) {
	var out api.RecoveryQuestion
	err := c.do(ctx, call{name: "ask for the secret question", method: http.MethodPost, path: "/v1/account/recovery/question", body: in}, &out)
	return out, err
}

// CheckAnswer checks the answer to the secret question without using it up. It
// is not repeated: tries are counted.
func (c *Client) CheckAnswer(ctx context.Context, in api.RecoveryAnswer) error {
	return c.do(ctx, call{name: "check the answer", method: http.MethodPost, path: "/v1/account/recovery/answer", body: in}, nil)
}
