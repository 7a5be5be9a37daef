package meetings

import (
	"context"

	"plenary/app"
)

// OwnRegistrations are those of the person who is logged in.
type OwnRegistrations interface {
	RegistrationDesk
	List() []app.Mine
	Get(meeting string) (app.Mine, bool)
	Withdraw(ctx context.Context, number string) error
	Dismiss(ctx context.Context, operation string) error
	Subscribe(f func()) (cancel func())
}
