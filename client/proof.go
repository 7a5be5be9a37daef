package client

import (
	"context"
	"net/http"

	"plenary/api"
)

// Prove proves anew who is there, for api.ProofLife. It is never repeated: tries are
// counted. Errors to test for: api.CodeCredentials, CodeSecondFactorNeeded,
// CodeSecondFactorWrong, CodeDeactivated, CodeTooMany.
func (c *Client) Prove(ctx context.Context, password, secondFactor string) error {
	in := api.Reauthenticate{Password: password, SecondFactor: secondFactor}
	return c.perform(ctx, "prove who is there", http.MethodPost, "/v1/session/proof", in)
}

// ChangePassword gives the tokens that the session goes on with; all others of the
// account end. It is never repeated: tries are counted.
func (c *Client) ChangePassword(ctx context.Context, in api.ChangePassword) (api.Session, error) {
	out, err := change[api.Session](ctx, c, "change the password", http.MethodPost, "/v1/account/password", in)
	return out, checkSession(out, err)
}

const secondFactorPath = "/v1/account/second-factor"

// SecondFactor tells how two-step log-in stands.
func (c *Client) SecondFactor(ctx context.Context) (api.SecondFactor, error) {
	return read[api.SecondFactor](ctx, c, "ask about two-step log-in", secondFactorPath, nil)
}

// SetUpSecondFactor makes a new secret, which counts once it is confirmed.
func (c *Client) SetUpSecondFactor(ctx context.Context) (api.SecondFactorSetup, error) {
	return change[api.SecondFactorSetup](ctx, c, "set up two-step log-in", http.MethodPost, secondFactorPath, nil)
}

// ConfirmSecondFactor turns two-step log-in on. Error to test for:
// api.CodeSecondFactorWrong.
func (c *Client) ConfirmSecondFactor(ctx context.Context, code string) (out api.RecoveryCodes, err error) {
	in := api.ConfirmSecondFactor{Code: code}
	err = c.do(ctx, c.changingAccount("turn on two-step log-in", http.MethodPost, secondFactorPath+"/confirm", in), &out)
	return out, err
}

// NewRecoveryCodes makes all earlier ones void.
func (c *Client) NewRecoveryCodes(ctx context.Context) (api.RecoveryCodes, error) {
	return change[api.RecoveryCodes](ctx, c, "make recovery codes", http.MethodPost, secondFactorPath+"/recovery-codes", nil)
}

// RemoveSecondFactor turns two-step log-in off.
func (c *Client) RemoveSecondFactor(ctx context.Context) error {
	return c.do(ctx, c.changingAccount("turn off two-step log-in", http.MethodDelete, secondFactorPath, nil), nil)
}

const secretQuestionPath = "/v1/account/secret-question"

// SecretQuestion tells how the secret question stands.
func (c *Client) SecretQuestion(ctx context.Context) (api.SecretQuestion, error) {
	return read[api.SecretQuestion](ctx, c, "ask about the secret question", secretQuestionPath, nil)
}

// SetSecretQuestion sets it, in place of an earlier one.
func (c *Client) SetSecretQuestion(ctx context.Context, in api.SetSecretQuestion) error {
	return c.perform(ctx, "set the secret question", http.MethodPut, secretQuestionPath, in)
}

// RemoveSecretQuestion removes it.
func (c *Client) RemoveSecretQuestion(ctx context.Context) error {
	return c.perform(ctx, "remove the secret question", http.MethodDelete, secretQuestionPath, nil)
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
