package meetings

import (
	"cmp"
	"context"
	"strings"
	"unicode/utf8"

	"plenary/api"
	"plenary/rules"
	"plenary/service/store"
)

// MaxReason is the longest reason for a decision, in characters.
const MaxReason = 500

// Decide approves or refuses a registration, within the caller's transaction.
// actor is the account of the meeting manager who decides, which it holds first. Somebody on the
// waiting list can be approved too, and comes beyond the capacity then. It
// refuses with api.CodeInvalid (a refusal needs a reason), CodeNotFound,
// CodeWrongState, or CodeForbidden when the actor's account is gone.
func (m *Meetings) Decide(ctx context.Context, tx *store.Tx, actor, number string, d api.Decision) (api.Registration, error) {
	reason := strings.TrimSpace(d.Reason)
	switch {
	case !d.Approve && reason == "":
		return api.Registration{}, invalid(api.FieldError{Pointer: "/reason", Code: api.FieldRequired})
	case utf8.RuneCountInString(reason) > MaxReason:
		return api.Registration{}, invalid(api.FieldError{Pointer: "/reason", Code: api.FieldTooLong})
	}
	if there, err := tx.Hold(ctx, actor); err != nil || !there {
		return api.Registration{}, cmp.Or(err, refuse(api.CodeForbidden))
	}
	r, meeting, err := lockRegistration(ctx, tx, number)
	if err != nil {
		return api.Registration{}, err
	}
	event, what := rules.EventApprove, eventApproved
	if !d.Approve {
		event, what = rules.EventRefuse, eventRefused
	}
	if err := r.move(ctx, tx, meeting, event,
		api.Event{At: m.Now(), What: what, By: bySecretariat, Reason: reason}, actor); err != nil {
		return api.Registration{}, err
	}
	if err := m.tell(ctx, tx, meeting, r, templateOf[event], reason); err != nil {
		return api.Registration{}, err
	}
	if err := m.promote(ctx, tx, meeting); err != nil {
		return api.Registration{}, err
	}
	return r.Registration, nil
}
