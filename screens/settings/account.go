package settings

import (
	"context"

	"plenary/api"
)

// SelfAccount is what the screens do with the person's own account. What the
// service does only after a fresh proof fails with api.CodeProofNeeded without
// one (see Prover).
type SelfAccount interface {
	Prove(ctx context.Context, password, secondFactor string) error
	// Account is the account, fresh from the service.
	Account(ctx context.Context) (api.Account, error)
	ProfileAccount
	IdentityAccount
	PasswordAccount
	QuestionAccount
	TwoStepAccount
	SessionsAccount
	DataAccount
}
