package registrations

import (
	"context"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/caller"
	"plenary/service/joining"
	"plenary/service/meetings"
	"plenary/service/operation"
	"plenary/service/store"
)

// clockDiffers is by how much what a device takes for the service's clock may be ahead.
const clockDiffers = time.Minute

// prepareAttend records that somebody has joined a session, as their device says: it may
// have been without network since. It refuses with api.CodeNotFound, also for somebody
// else's, and with api.CodeWrongState where the session could not be joined.
func (rs *Registrations) prepareAttend(ctx context.Context, a operation.Asked) (p operation.Prepared, err error) {
	var asked api.Attend
	if err := operation.Decode(a.Payload, &asked); err != nil {
		return p, err
	}
	of, err := rs.meetingOf(ctx, asked.Registration)
	if err != nil {
		return p, err
	}
	p.Do = func(tx *store.Tx, _ *api.Result) (operation.Done, error) {
		_, _, err := rs.attend(tx, a.Actor, of, asked.Session, asked.At)
		return operation.Done{}, err
	}
	return p, nil
}

// attend records that a person has joined a session, once.
func (rs *Registrations) attend(tx *store.Tx, accountID string, of named, session int, at time.Time) (*registration, *meetings.Row, error) {
	r, err := readRegistration(tx, of.number)
	if err != nil {
		return nil, nil, err
	}
	if r.accountID != accountID {
		return nil, nil, api.Refuse(api.CodeNotFound)
	}
	meeting, err := rs.Meetings.Read(tx, of.meeting)
	if err != nil {
		return nil, nil, err
	}
	if session < 1 || session > len(meeting.Sessions) {
		return nil, nil, api.Invalid(api.FieldError{Pointer: "/session", Code: api.FieldOutOfRange})
	}
	now, joined := rs.Now(), meeting.Sessions[session-1]
	if r.State != api.Confirmed || r.Participation != api.Remote || !rules.Joinable(&joined, at) || at.After(now.Add(clockDiffers)) {
		return nil, nil, api.Refuse(api.CodeWrongState)
	}
	if at.After(now) {
		at = now
	}
	tx.Do(`INSERT INTO attendances (meeting, session, registration, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (meeting, session, registration) DO NOTHING`, of.meeting, session, of.number, store.Micros(at))
	return r, meeting, nil
}

// Join gives the address at which a person joins a session now, and records that they have.
// It refuses as the operation does.
func (rs *Registrations) Join(ctx context.Context, who caller.Caller, number string, in api.Join) (joined api.Joined, err error) {
	of, err := rs.meetingOf(ctx, number)
	if err != nil {
		return joined, err
	}
	var (
		r       *registration
		meeting *meetings.Row
	)
	// READ COMMITTED: one statement writes, a row of its own.
	err = rs.DB.UpdateCommitted(ctx, func(tx *store.Tx) (err error) {
		r, meeting, err = rs.attend(tx, who.AccountID, of, in.Session, rs.Now())
		return err
	})
	if err != nil || meeting.Token == nil {
		if err == nil {
			joined.Address = meeting.Platform
		}
		return joined, err
	}
	token, expires, err := rs.Joining.Token(ctx, *meeting.Token, joining.Person{
		AccountID: who.AccountID, Meeting: of.meeting, Name: r.BadgeName, Organization: r.Organization, Email: who.Account.Email,
	})
	if err != nil {
		return joined, err
	}
	joined.Expires = expires
	joined.Address, err = joining.With(meeting.Platform, token)
	return joined, err
}

// Attended gives the sessions that a person has joined.
func (rs *Registrations) Attended(tx *store.Tx, accountID string) ([]api.Attend, error) {
	attended := []api.Attend{}
	for scan := range tx.Each(`SELECT a.registration, a.session, a.at FROM attendances a
		JOIN registrations r ON r.number = a.registration WHERE r.account_id = $1 ORDER BY a.at, a.registration, a.session`, accountID) {
		var (
			one api.Attend
			at  int64
		)
		scan(&one.Registration, &one.Session, &at)
		one.At = store.Time(at)
		attended = append(attended, one)
	}
	return attended, tx.Err()
}
