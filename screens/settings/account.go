package settings

import (
	"context"

	"plenary/api"
)

// Account is the person's own account at the service, as Settings reads and changes it.
// What needs a fresh proof fails with api.CodeProofNeeded without one (see kit.Prover).
type Account interface {
	Prove(ctx context.Context, password, secondFactor string) error
	// Account is the account, fresh from the service.
	Account(ctx context.Context) (api.Account, error)
	ChangeProfile(ctx context.Context, in api.ChangeProfile) (api.Account, error)

	// ChangeUsername gives the account as it is then: a taken name gets a number.
	ChangeUsername(ctx context.Context, username string) (api.Account, error)
	// ChangeEmail has a code sent to the new address.
	ChangeEmail(ctx context.Context, email string) error
	ConfirmEmail(ctx context.Context, code string) (api.Account, error)
	// AdoptEmail makes the reset address that staff has set the account's own.
	AdoptEmail(ctx context.Context) error

	// ChangePassword takes the password of now as the proof. All other sessions
	// and all known devices end.
	ChangePassword(ctx context.Context, in api.ChangePassword) error

	SecretQuestion(ctx context.Context) (api.SecretQuestion, error)
	SetSecretQuestion(ctx context.Context, in api.SetSecretQuestion) error
	RemoveSecretQuestion(ctx context.Context) error

	SecondFactor(ctx context.Context) (api.SecondFactor, error)
	SetUpSecondFactor(ctx context.Context) (api.SecondFactorSetup, error)
	ConfirmSecondFactor(ctx context.Context, code string) (api.RecoveryCodes, error)
	NewRecoveryCodes(ctx context.Context) (api.RecoveryCodes, error)
	RemoveSecondFactor(ctx context.Context) error

	// Sessions lists them, the one used last first.
	Sessions(ctx context.Context) ([]api.SessionInfo, error)
	EndSession(ctx context.Context, id string) error
	// ForgetDevice ends that this computer is a known device.
	ForgetDevice(ctx context.Context) error

	// Export is all that the service holds, as JSON for a file.
	Export(ctx context.Context) ([]byte, error)
	Deletion(ctx context.Context) (api.Deletion, error)
	AskDeletion(ctx context.Context) (api.Deletion, error)
	TakeBackDeletion(ctx context.Context) error
}
