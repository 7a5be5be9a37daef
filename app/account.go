package app

import (
	"context"

	"plenary/api"
)

// Account is what one does to have an account, before any log-in.
type Account struct{}

// SignUp asks for an account and returns the flow, for Activate and Resend. It
// makes in.Flow itself unless it is given: give that of an attempt whose answer
// was lost, and it stays one sign-up. The flow is valid even with an error.
func (a *Account) SignUp(ctx context.Context, in api.SignUp) (api.Flow, error) {
	return api.Flow{}, nil
}

// Activate verifies the address with the code from the e-mail.
func (a *Account) Activate(ctx context.Context, flow api.Flow, code, password string) error {
	return nil
}

// Resend sends the activation e-mail of a sign-up again.
func (a *Account) Resend(ctx context.Context, flow api.Flow) error { return nil }

// SignUpState is api.SignUpWaiting, SignUpActive or SignUpEnded.
func (a *Account) SignUpState(ctx context.Context, flow api.Flow) (string, error) { return "", nil }

// Recover begins "Forgot password?" and makes the flow.
func (a *Account) Recover(ctx context.Context, identifier string) (api.Recovery, error) {
	return api.Recovery{}, nil
}

// SendRecovery sends the e-mail with link and code.
func (a *Account) SendRecovery(ctx context.Context, flow string) error { return nil }

// CheckCode checks a code without using it up.
func (a *Account) CheckCode(ctx context.Context, flow, code string) error { return nil }

// Reset sets the new password. All sessions of the account end.
func (a *Account) Reset(ctx context.Context, flow, code, password string) error { return nil }
