// Package manage has the pages of meeting managers: the list of the meetings that they manage;
// for each its state, its managers, its description and its form; the registrations for it,
// on which they decide, with the import, the form and the invitations that bring people in; the
// e-mails to its participants, and its statistics; and the cases of visa support. Start reading
// at list.go, meeting.go and registrations.go.
package manage

import (
	"context"

	"plenary/api"
	"plenary/app"
)

// Manager is what meeting managers do with their meetings. Cancelling fails with
// api.CodeProofNeeded without a fresh proof (see kit.Prover).
type Manager interface {
	ManagedMeetings(ctx context.Context) (app.ManagedMeetings, error)
	ManagedMeeting(ctx context.Context, code string) (api.ManagedMeeting, error)
	CreateMeeting(ctx context.Context, in api.CreateMeeting) (api.ManagedMeeting, error)
	SaveMeeting(ctx context.Context, code string, in api.SaveMeeting) (api.ManagedMeeting, error)
	ChangeMeetingStatus(ctx context.Context, code string, in api.ChangeMeetingStatus) (api.ManagedMeeting, error)
	CancelMeeting(ctx context.Context, code string, in api.CancelMeeting) (api.ManagedMeeting, error)
	DeleteMeeting(ctx context.Context, code string) error
	Managers(ctx context.Context) ([]api.Manager, error)
	SaveManagers(ctx context.Context, code string, in api.SaveManagers) (api.ManagedMeeting, error)

	// What was typed of a description is kept on this computer until it is saved.
	MeetingDraft(code string) (app.MeetingDraft, bool)
	KeepMeetingDraft(ctx context.Context, code string, d app.MeetingDraft) error
	DropMeetingDraft(ctx context.Context, code string) error
}
