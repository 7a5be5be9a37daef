package meetings

import (
	"context"

	"plenary/api"
	"plenary/app"
	"plenary/screens/forms"
)

// Registrations are those of the person who is logged in, with drafts of them.
type Registrations interface {
	forms.Files
	List() []app.Mine
	// Told is whether it is known what the person has.
	Told() bool
	// Get returns the one for a meeting.
	Get(meeting string) (app.Mine, bool)
	Subscribe(f func()) (cancel func())

	Draft(meeting string) (api.Register, bool)
	SaveDraft(ctx context.Context, in api.Register) error
	DeleteDraft(ctx context.Context, meeting string) error
	// ChangeDraft is that of a change of a registration.
	ChangeDraft(number string) (api.Change, bool)
	SaveChange(ctx context.Context, in api.Change) error
	DeleteChange(ctx context.Context, number string) error
	// Flush writes drafts that wait to be written.
	Flush(ctx context.Context) error

	// Invitation tells what a personal invitation is worth.
	Invitation(ctx context.Context, token string) (api.InvitationFound, error)
	// Submit returns once the registration is safe on the disk.
	Submit(ctx context.Context, in api.Register) error
	Change(ctx context.Context, in api.Change) error
	Withdraw(ctx context.Context, number, reason string) error
	// AnswerOffer accepts the place that is offered, or declines it, likewise.
	AnswerOffer(ctx context.Context, number string, accept bool) error
	Dismiss(ctx context.Context, operation string) error
	// TakeBack makes a draft again of what waits to be sent; it waits for a delivery.
	TakeBack(ctx context.Context, operation string) error
	// Send tries at once to send what waits.
	Send(ctx context.Context) error
	// Passport reads one's own passport at the service, which notes that; see
	// app.Registrations.Passport.
	Passport(ctx context.Context, number string) (api.Passport, error)
	// Join gives the address at which a session, from 1, is joined, and has it recorded; with
	// an error there may be the plain address all the same.
	Join(ctx context.Context, number string, session int) (address string, err error)
}
