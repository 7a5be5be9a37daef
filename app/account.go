package app

import (
	"context"
	"crypto/rand"
	"encoding/base64"

	"plenary/api"
)

// Account is what one does to have an account, before any log-in.
type Account struct {
	core    *core
	session *Session
}

// newFlow makes the token of a sign-up or a recovery: 256 random bits.
func newFlow() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b)
}

// SignUp asks for an account and returns the flow, for Activate and Resend. It
// makes in.Flow itself unless it is given: give that of an attempt whose answer
// was lost, and it stays one sign-up. The flow is valid even with an error.
// Errors to test for: api.CodeInvalid with its fields, api.CodePasswordRefused.
func (a *Account) SignUp(ctx context.Context, in api.SignUp) (api.Flow, error) {
	if in.Flow == "" {
		in.Flow = newFlow()
	}
	return api.Flow{Token: in.Flow}, a.core.client.SignUp(ctx, in)
}

// Activate verifies the address with the code from the e-mail and the password
// chosen at sign-up. Errors to test for: api.CodeCodeWrong, CodeCodeExpired,
// CodeCredentials.
func (a *Account) Activate(ctx context.Context, flow api.Flow, code, password string) error {
	return a.core.client.Activate(ctx, api.Activate{Flow: flow.Token, Code: code, Password: password})
}

// Resend sends the e-mail of a sign-up again. Errors to test for:
// api.CodeTooMany.
func (a *Account) Resend(ctx context.Context, flow api.Flow) error {
	return a.core.client.ResendSignUp(ctx, flow)
}

// SignUpState is api.SignUpWaiting, SignUpActive or SignUpEnded.
func (a *Account) SignUpState(ctx context.Context, flow api.Flow) (string, error) {
	s, err := a.core.client.SignUpState(ctx, flow)
	return s.State, err
}

// Recover begins "Forgot password?" and makes the flow. On a known device of the
// account the service is shown its token, if the keyring gives it.
func (a *Account) Recover(ctx context.Context, identifier string) (api.Recovery, error) {
	return a.core.client.Recover(ctx, api.Recover{
		Flow: newFlow(), Identifier: identifier, Device: a.session.deviceToken(ctx, identifier),
		Machine: machine(a.core.config.Version),
	})
}

// SendRecovery sends the e-mail with link and code.
func (a *Account) SendRecovery(ctx context.Context, flow string) error {
	return a.core.client.SendRecovery(ctx, api.Flow{Token: flow})
}

// CheckCode checks a code without using it up, and says for whom it is where an account
// waits for it. Errors to test for:
// api.CodeCodeWrong, CodeCodeExpired.
func (a *Account) CheckCode(ctx context.Context, flow, code string) (api.LinkedSignUp, error) {
	return a.core.client.CheckRecovery(ctx, api.RecoveryCode{Flow: flow, Code: code})
}

// RecoveryQuestion returns the secret question to whoever has the code from the
// e-mail. Errors to test for: api.CodeCodeWrong, CodeCodeExpired.
func (a *Account) RecoveryQuestion(ctx context.Context, flow, code string) (api.RecoveryQuestion, error) {
	return a.core.client.RecoveryQuestion(ctx, api.RecoveryCode{Flow: flow, Code: code})
}

// CheckAnswer checks the answer to the secret question without using it up.
// Errors to test for: api.CodeAnswerWrong, CodeCodeExpired, CodeTooMany.
func (a *Account) CheckAnswer(ctx context.Context, in api.RecoveryAnswer) error {
	return a.core.client.CheckAnswer(ctx, in)
}

// Reset sets the new password. All sessions of the account end. Errors to test
// for: api.CodePasswordRefused, CodeSecondFactorNeeded and
// CodeSecondFactorWrong, after which code and answer are still good.
func (a *Account) Reset(ctx context.Context, in api.Reset) error { return a.core.client.Reset(ctx, in) }
