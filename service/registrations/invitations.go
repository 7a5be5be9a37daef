package registrations

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account/token"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/cursor"
	"plenary/service/job"
	"plenary/service/mail"
	"plenary/service/meetings"
	"plenary/service/store"
	"plenary/words"
)

// Limits of invitations.
const (
	maxInvitations  = 10_000 // of a meeting
	invitationsPage = 500
)

// Invite invites people to a meeting for one of its managers, all of them or nobody, once
// for each id: also those whose invitations are over or were taken back, or whose
// registrations by them have ended. Each gets an e-mail. It refuses with api.CodeInvalid,
// where an address stands twice, is invited, or has a registration by its invitation, with
// FieldRepeated, with CodeNotFound where the caller does not manage the meeting, with
// CodeWrongState for a draft, CodeMeetingCancelled, CodeTooLate for a meeting that is over,
// and as operation.Operations.Once does.
func (rs *Registrations) Invite(ctx context.Context, who caller.Caller, code string, in api.Invite) error {
	payload, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("registrations: invite: %w", err)
	}
	op := api.Operation{ID: in.ID, Kind: "invite", Payload: payload}
	_, _, err = rs.Once(ctx, who, op, meetings.Line(code), func(tx *store.Tx) (subject string, err error) {
		meeting, err := rs.lockInviting(tx, who, code)
		if err != nil {
			return "", err
		}
		until, err := rs.goodUntil(meeting, in.Until)
		if err != nil {
			return "", err
		}
		people, err := rs.invitees(tx, meeting, in)
		if err != nil {
			return "", err
		}
		for _, i := range people {
			i.by, i.until = who.AccountID, until
			if err := rs.sendInvitation(tx, meeting, i); err != nil {
				return "", err
			}
		}
		rs.Audit.Note(tx, audit.PeopleInvited, "", audit.Fact(api.DetailMeeting, code), audit.Fact(api.DetailCount, strconv.Itoa(len(people))))
		return "", nil
	})
	return err
}

// lockInviting locks a meeting to which a manager may invite.
func (rs *Registrations) lockInviting(tx *store.Tx, who caller.Caller, code string) (*meetings.Row, error) {
	meeting, err := rs.Meetings.Lock(tx, code)
	if err != nil {
		return nil, err
	}
	switch {
	case !rs.Meetings.Manages(tx, code, who.AccountID, who.Roles):
		return nil, api.Refuse(api.CodeNotFound)
	case meeting.Status == api.MeetingDraft:
		return nil, api.Refuse(api.CodeWrongState)
	case meeting.Status == api.MeetingCancelled:
		return nil, api.Refuse(api.CodeMeetingCancelled)
	case !rs.Now().Before(meeting.End()):
		return nil, api.Refuse(api.CodeTooLate)
	}
	return meeting, nil
}

// goodUntil is until when a link is good: as asked for, and not after the meeting.
func (rs *Registrations) goodUntil(meeting *meetings.Row, until time.Time) (time.Time, error) {
	if !rs.Now().Before(until) {
		return until, api.Invalid(api.FieldError{Pointer: "/until", Code: api.FieldOutOfRange})
	}
	if end := meeting.End(); end.Before(until) {
		return end, nil
	}
	return until, nil
}

// invitees are the people of Invite, each with the invitation that there was before.
func (rs *Registrations) invitees(tx *store.Tx, meeting *meetings.Row, in api.Invite) (people []invitation, err error) {
	if n := len(in.People); n == 0 || n > api.MaxInvitees {
		return nil, api.Invalid(api.FieldError{Pointer: "/people", Code: api.FieldTooMany})
	}
	there := map[string]string{} // state by key of the address
	ids := map[string]string{}
	lives := map[string]bool{} // the registration by it, which stands on it in the line
	for scan := range tx.Each(`SELECT `+invitationColumns+`, COALESCE(r.state, '') FROM meeting_invitations i
		LEFT JOIN registrations r ON r.number = i.registration WHERE i.meeting = $1`, meeting.Code) {
		var state string
		i, _ := scanInvitation(scan, &state)
		there[i.emailKey], ids[i.emailKey] = i.state(rs.Now()), i.id
		lives[i.emailKey] = state != "" && !rules.Final(state)
	}
	if tx.Err() != nil {
		return nil, tx.Err()
	}
	var errs []api.FieldError
	for n, p := range in.People {
		wrong := func(field, code string) {
			errs = append(errs, api.FieldError{Pointer: fmt.Sprintf("/people/%d/%s", n, field), Code: code})
		}
		name, ok := rules.Line(p.Name)
		switch {
		case !ok:
			wrong("name", api.FieldInvalid)
		case len([]rune(name)) > 2*rules.MaxName:
			wrong("name", api.FieldTooLong)
		}
		email, err := rules.ParseEmail(p.Email)
		key := rules.EmailKey(email)
		switch {
		case err != nil:
			wrong("email", api.FieldInvalid)
			continue
		case there[key] == api.InvitationSent, lives[key]:
			wrong("email", api.FieldRepeated)
		}
		there[key] = api.InvitationSent
		id, ok := ids[key]
		if !ok {
			made, err := uuid.NewV7()
			if err != nil {
				return nil, fmt.Errorf("registrations: make id: %w", err)
			}
			id = made.String()
		}
		people = append(people, invitation{
			id: id, meeting: meeting.Code, name: name, email: email, emailKey: key, language: words.ForLetters(p.Language).Lang(),
			window: in.PassesWindow, approval: in.PassesApproval,
		})
	}
	if len(errs) > 0 {
		return nil, api.Invalid(errs...)
	}
	if len(there) > maxInvitations {
		return nil, api.Invalid(api.FieldError{Pointer: "/people", Code: api.FieldTooMany})
	}
	return people, nil
}

// sendInvitation writes an invitation, in place of what it was before, and queues its
// e-mail with a new link.
func (rs *Registrations) sendInvitation(tx *store.Tx, meeting *meetings.Row, i invitation) error {
	text := token.New()
	flag := func(b bool) int64 {
		if b {
			return 1
		}
		return 0
	}
	tx.Do(`INSERT INTO meeting_invitations (id, meeting, name, email, email_key, language, link_hash, passes_window, passes_approval,
			invited_by, invited_at, expires_at, registration)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '')
		ON CONFLICT (id) DO UPDATE SET name = $3, email = $4, language = $6, link_hash = $7, passes_window = $8, passes_approval = $9,
			invited_by = $10, invited_at = $11, expires_at = $12, registration = ''`,
		i.id, i.meeting, i.name, i.email, i.emailKey, i.language, token.MustHash(text), flag(i.window), flag(i.approval),
		i.by, store.Micros(rs.Now()), store.Micros(i.until))
	w := words.ForLetters(i.language)
	passes := func(b bool) string {
		if b {
			return "yes"
		}
		return ""
	}
	// What was sent before leads nowhere any more.
	rs.Outbox.Erase(tx, "", i.id)
	rs.Outbox.Queue(tx, mail.Message{
		To: i.email, Language: i.language, Template: mail.MeetingInvitation, Subject: i.id,
		Params: map[string]string{
			"Name": i.name, "Meeting": meeting.Title.In(w.Lang()), "MeetingCode": meeting.Code, "Dates": dates(w, meeting),
			"Place": meeting.Place.In(w.Lang()), "Contact": meeting.Contact, "Until": moment(w, meeting, i.until),
			"Address": i.email, "Window": passes(i.window), "Approval": passes(i.approval),
		},
		Secrets: map[string]string{mail.Link: rules.InvitationPage(rs.Address(), meeting.Code, w.Lang(), text)},
		Expires: i.until,
	})
	return tx.Err()
}

// Invitations gives a page of the invitations to a meeting, by e-mail address, to one of its
// managers. It refuses with api.CodeNotFound, also for a meeting that others manage.
func (rs *Registrations) Invitations(ctx context.Context, who caller.Caller, code, after string) (page api.Invitations, err error) {
	var from struct {
		Email string `json:"e"`
	}
	if after != "" && !cursor.Read(after, &from) {
		return page, api.Invalid(api.FieldError{Pointer: "/after", Code: api.FieldInvalid})
	}
	err = rs.DB.View(ctx, func(tx *store.Tx) error {
		page = api.Invitations{Invitations: []api.Invitation{}}
		if err := rs.managedBy(tx, code, who); err != nil {
			return err
		}
		for scan := range tx.Each(`SELECT `+invitationColumns+`, COALESCE(a.first_name, ''), COALESCE(a.family_name, '')
			FROM meeting_invitations i LEFT JOIN accounts a ON a.id = i.invited_by
			WHERE i.meeting = $1 AND i.email_key > $2 ORDER BY i.email_key LIMIT $3`, code, from.Email, invitationsPage+1) {
			var first, family string
			i, _ := scanInvitation(scan, &first, &family)
			if len(page.Invitations) == invitationsPage {
				page.Next = cursor.Write(from)
				break
			}
			from.Email = i.emailKey
			page.Invitations = append(page.Invitations, api.Invitation{
				ID: i.id, Name: i.name, Email: i.email, State: i.state(rs.Now()), PassesWindow: i.window, PassesApproval: i.approval,
				Invited: i.at, By: rules.FullName(first, family), Until: i.until, Registration: i.registration,
			})
		}
		return nil
	})
	return page, err
}

// lockInvitation gives an invitation with its meeting locked, to one of the meeting's
// managers.
func (rs *Registrations) lockInvitation(tx *store.Tx, who caller.Caller, id string) (invitation, *meetings.Row, error) {
	var code string
	if _, err := uuid.Parse(id); err != nil || !tx.Get(`SELECT meeting FROM meeting_invitations WHERE id = $1`, id).Into(&code) {
		return invitation{}, nil, api.Refuse(api.CodeNotFound)
	}
	meeting, err := rs.lockInviting(tx, who, code)
	if err != nil {
		return invitation{}, nil, err
	}
	i, ok := scanInvitation(tx.Get(`SELECT `+invitationColumns+` FROM meeting_invitations i WHERE i.id = $1`, id).Into)
	if !ok {
		return i, nil, api.Refuse(api.CodeNotFound)
	}
	return i, meeting, nil
}

// SendInvitation sends an invitation again, with another link in place of the one before,
// also one that is over or was taken back. It refuses with api.CodeWrongState one that was
// used, and as Invite does.
func (rs *Registrations) SendInvitation(ctx context.Context, who caller.Caller, id string, in api.SendInvitation) error {
	// READ COMMITTED: the meeting is locked before the invitation is read.
	return rs.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		i, meeting, err := rs.lockInvitation(tx, who, id)
		if err != nil {
			return err
		}
		if i.registration != "" {
			return api.Refuse(api.CodeWrongState)
		}
		if i.until, err = rs.goodUntil(meeting, in.Until); err != nil {
			return err
		}
		i.by = who.AccountID
		rs.Audit.Note(tx, audit.PeopleInvited, "", audit.Fact(api.DetailMeeting, i.meeting), audit.Fact(api.DetailCount, "1"))
		return rs.sendInvitation(tx, meeting, i)
	})
}

// WithdrawInvitation takes an invitation back: its link leads to nothing any more. It
// refuses with api.CodeWrongState one that was used, and with CodeNotFound.
func (rs *Registrations) WithdrawInvitation(ctx context.Context, who caller.Caller, id string) error {
	// READ COMMITTED: the meeting is locked before the invitation is read.
	return rs.DB.UpdateCommitted(store.MayRepeat(ctx), func(tx *store.Tx) error {
		i, _, err := rs.lockInvitation(tx, who, id)
		if err != nil {
			return err
		}
		if i.registration != "" {
			return api.Refuse(api.CodeWrongState)
		}
		tx.Do(`UPDATE meeting_invitations SET link_hash = NULL WHERE id = $1`, id)
		rs.Outbox.Erase(tx, "", id)
		rs.Audit.Note(tx, audit.InvitationWithdrawn, "", audit.Fact(api.DetailMeeting, i.meeting))
		return nil
	})
}

// eraseInvitations erases those that a condition in SQL chooses, and their e-mails, which
// went to the address as a manager wrote it. It says how many there were.
func (rs *Registrations) eraseInvitations(tx *store.Tx, chosen string, args ...any) int64 {
	rs.Outbox.EraseAbout(tx, `SELECT id FROM meeting_invitations WHERE `+chosen, args...)
	return tx.Do(`DELETE FROM meeting_invitations WHERE `+chosen, args...)
}

// keptUnused is how long an invitation that nobody has used is kept after its meeting.
const keptUnused = 90 * 24 * time.Hour

// sweepInvitations erases those that have been kept for longer.
func (rs *Registrations) sweepInvitations() job.Job {
	return job.Job{Name: "sweep-invitations", Every: 24 * time.Hour, Do: rs.SweepInvitations}
}

// SweepInvitations is the job of that.
func (rs *Registrations) SweepInvitations(ctx context.Context) error {
	// READ COMMITTED: nobody is invited to a meeting that is over.
	err := rs.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		rs.eraseInvitations(tx, `registration = '' AND meeting IN (SELECT code FROM meetings WHERE end_at > 0 AND end_at < $1)`,
			store.Micros(rs.Now().Add(-keptUnused)))
		return nil
	})
	if err != nil {
		return fmt.Errorf("registrations: sweep invitations: %w", err)
	}
	return nil
}
