package registrations

import (
	"context"
	"fmt"
	"slices"

	"plenary/api"
	"plenary/rules"
	"plenary/service/mail"
	"plenary/service/store"
)

// MailAgain makes an e-mail about a registration anew, from the registration as
// it is now, to the address that its account has now. It is a mail.Again: it
// refuses with api.CodeWrongState where the e-mail is not true any more, the
// meeting is over, or nobody is there to be told.
func (rs *Registrations) MailAgain(_ context.Context, row mail.Mail) (func(*store.Tx) error, error) {
	return func(tx *store.Tx) error { return rs.tellAgain(tx, row) }, nil
}

func (rs *Registrations) tellAgain(tx *store.Tx, row mail.Mail) error {
	r, err := readRegistration(tx, row.Subject)
	if api.HasCode(err, api.CodeNotFound) {
		return api.Refuse(api.CodeWrongState)
	}
	if err != nil {
		return err
	}
	meeting, err := rs.Meetings.Read(tx, r.Meeting)
	if err != nil {
		return err
	}
	if !slices.Contains(rules.ToldIn(row.Template), r.State) || meeting.End().Before(rs.Now()) || r.accountID == "" && r.email == "" {
		return api.Refuse(api.CodeWrongState)
	}
	// Who is being erased is not written to.
	if r.accountID != "" && !tx.HoldOwner(r.accountID) {
		return api.Refuse(api.CodeWrongState)
	}
	who, err := rs.whoseIs(tx, r)
	if api.HasCode(err, api.CodeNotFound) {
		return api.Refuse(api.CodeWrongState)
	}
	if err != nil {
		return fmt.Errorf("registrations: find whom to tell again: %w", err)
	}
	rs.tellAbout(tx, meeting, r, who, row.Template, r.lastTold())
	return nil
}

// lastTold is what the newest line of history says: the refusal of one that was refused, and
// what was changed last, while nothing has followed that.
func (r *registration) lastTold() told {
	last := r.lastEvent()
	return told{reason: last.Reason, changed: last.Changed}
}

// lastEvent is the newest line of history; empty where there is none.
func (r *registration) lastEvent() api.Event {
	if len(r.History) == 0 {
		return api.Event{}
	}
	return r.History[len(r.History)-1]
}
