package app

import (
	"context"
	"fmt"

	"plenary/api"
)

// Invitation tells what a personal invitation to a meeting is worth to the person. Errors to
// test for: ErrNoSession, the client's, api.CodeNotFound where there is none of this token.
func (r *Registrations) Invitation(ctx context.Context, token string) (api.InvitationFound, error) {
	r.mu.Lock()
	v := r.vault
	r.mu.Unlock()
	if v == nil {
		return api.InvitationFound{}, fmt.Errorf("read the invitation: %w", ErrNoSession)
	}
	return r.session.as(v).ReadInvitation(ctx, token)
}
