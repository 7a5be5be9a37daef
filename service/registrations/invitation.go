package registrations

import (
	"context"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account/token"
	"plenary/service/caller"
	"plenary/service/meetings"
	"plenary/service/store"
)

// invitation is one to a meeting (table meeting_invitations).
type invitation struct {
	id, meeting, name, email, emailKey, language string
	window, approval                             bool
	by                                           string // account
	at, until                                    time.Time
	registration                                 string
	withdrawn                                    bool
}

const invitationColumns = `i.id, i.meeting, i.name, i.email, i.email_key, i.language, i.passes_window, i.passes_approval,
	i.invited_by, i.invited_at, i.expires_at, i.registration, CASE WHEN i.link_hash IS NULL THEN 1 ELSE 0 END`

func scanInvitation(scan func(dest ...any) bool, more ...any) (i invitation, ok bool) {
	var window, approval, withdrawn, at, until int64
	ok = scan(append([]any{
		&i.id, &i.meeting, &i.name, &i.email, &i.emailKey, &i.language, &window, &approval,
		&i.by, &at, &until, &i.registration, &withdrawn,
	}, more...)...)
	i.window, i.approval, i.withdrawn = window == 1, approval == 1, withdrawn == 1
	i.at, i.until = store.Time(at), store.Time(until)
	return i, ok
}

// state is what has become of it.
func (i *invitation) state(now time.Time) string {
	switch {
	case i.registration != "":
		return api.InvitationUsed
	case i.withdrawn:
		return api.InvitationWithdrawn
	case !now.Before(i.until):
		return api.InvitationExpired
	}
	return api.InvitationSent
}

// invitationOf finds the invitation of a link.
func invitationOf(tx *store.Tx, text string) (invitation, bool) {
	hash, ok := token.Hash(text)
	if !ok {
		return invitation{}, false
	}
	return scanInvitation(tx.Get(`SELECT `+invitationColumns+` FROM meeting_invitations i WHERE i.link_hash = $1`, hash).Into)
}

// bring adds to what speaks for somebody who registers for a locked meeting what their
// invitation says, which is none for an empty token. It refuses with
// api.CodeInvitationOver one that is used, taken back, over or for another meeting, and with
// CodeInvitationOther one for somebody else. Whoever changes it holds the meeting.
func (rs *Registrations) bring(tx *store.Tx, meeting *meetings.Row, who api.Account, text string, bringing *welcome) (*invitation, error) {
	if text == "" {
		return nil, nil
	}
	i, ok := invitationOf(tx, text)
	switch {
	case tx.Err() != nil:
		return nil, tx.Err()
	case !ok || i.meeting != meeting.Code || i.state(rs.Now()) != api.InvitationSent:
		return nil, api.Refuse(api.CodeInvitationOver)
	case i.emailKey != rules.EmailKey(who.Email):
		return nil, api.Refuse(api.CodeInvitationOther)
	}
	bringing.late, bringing.approved, bringing.by = i.window, i.approval, i.by
	if i.approval && i.by != "" {
		by, err := rs.Profile(tx, i.by)
		if err != nil && !api.HasCode(err, api.CodeNotFound) {
			return nil, err
		}
		bringing.name = nameOf(by)
	}
	return &i, nil
}

// use has an invitation be used up by a registration; none does nothing.
func (i *invitation) use(tx *store.Tx, number string) {
	if i != nil {
		tx.Do(`UPDATE meeting_invitations SET registration = $1 WHERE id = $2`, number, i.id)
	}
}

// approvalOf is the way in which a locked meeting approves somebody who stands in its line:
// whom a manager has approved beforehand, by registering or inviting them, waits for nobody.
func approvalOf(tx *store.Tx, meeting *meetings.Row, r *registration) string {
	approved := len(r.History) > 0 && r.History[0].By == rules.ActorManager.By()
	if approved || tx.Has(`SELECT 1 FROM meeting_invitations WHERE meeting = $1 AND registration = $2 AND passes_approval = 1`, meeting.Code, r.Number) {
		return api.ApprovalNone
	}
	return meeting.Approval
}

// ReadInvitation says what an invitation is worth to whoever asks. It refuses with
// api.CodeNotFound where there is none of this token any more.
func (rs *Registrations) ReadInvitation(ctx context.Context, who caller.Caller, in api.ReadInvitation) (out api.InvitationFound, err error) {
	err = rs.DB.Peek(ctx, func(tx *store.Tx) error {
		i, ok := invitationOf(tx, in.Token)
		if !ok {
			return api.Refuse(api.CodeNotFound)
		}
		out = api.InvitationFound{
			Meeting: i.meeting, State: i.state(rs.Now()), Mine: i.emailKey == rules.EmailKey(who.Account.Email),
			PassesWindow: i.window, PassesApproval: i.approval, Until: i.until,
		}
		return nil
	})
	return out, err
}
