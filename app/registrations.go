package app

import (
	"context"
	"time"

	"plenary/api"
)

// States of a registration on this machine, beside those of package api.
const (
	StateDraft          = "draft"
	StateWaitingToSend  = "waiting-to-send"
	StateNeedsAttention = "needs-attention"
)

// Mine is a registration as its owner sees it: what the service knows, or what
// waits here to be sent, or what the service refused.
type Mine struct {
	api.Registration
	// State is one of package api's or of those above.
	State string
	// Operation is the id of the operation that waits or was refused.
	Operation string
	// Withdrawing: the operation that waits or was refused is a withdrawal.
	Withdrawing bool
	// Code, Reference and Errors say why it was refused.
	Code      api.Code
	Reference string
	Errors    []api.FieldError
	// Made is when it was made, by the device's clock.
	Made time.Time
}

// Registrations are those of the person who is logged in.
type Registrations struct{}

// List returns all, those that need attention first, then the newest.
func (r *Registrations) List() []Mine { return nil }

// Get returns what counts for a meeting: what needs attention before what
// waits before what the service knows.
func (r *Registrations) Get(meeting string) (Mine, bool) { return Mine{}, false }

// Submit keeps a registration for sending: it is in the journal, and the
// journal on the disk, when it returns nil. The draft is gone then.
func (r *Registrations) Submit(ctx context.Context, in api.Register) error { return nil }

// Withdraw keeps a withdrawal for sending, likewise.
func (r *Registrations) Withdraw(ctx context.Context, number string) error { return nil }

// Draft returns the draft for a meeting.
func (r *Registrations) Draft(meeting string) (api.Register, bool) { return api.Register{}, false }

// SaveDraft keeps a draft. It is written about half a second later, or by
// Flush, or when the session or the program ends.
func (r *Registrations) SaveDraft(ctx context.Context, in api.Register) error { return nil }

// Flush writes drafts that have not been written yet; call it when the form is left.
func (r *Registrations) Flush(ctx context.Context) error { return nil }

// DeleteDraft deletes the draft for a meeting.
func (r *Registrations) DeleteDraft(ctx context.Context, meeting string) error { return nil }

// Dismiss removes a refused operation that the person has dealt with.
func (r *Registrations) Dismiss(ctx context.Context, operation string) error { return nil }

// Subscribe calls f after each change, on any goroutine.
func (r *Registrations) Subscribe(f func()) (cancel func()) { return func() {} }
