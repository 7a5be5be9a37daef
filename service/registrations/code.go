package registrations

import (
	"context"
	"fmt"
	"time"

	"plenary/api"
	"plenary/confirmation"
	"plenary/rules"
	"plenary/service/mail"
	"plenary/service/store"
	"plenary/words"
)

// codeLife is how long after its meeting a code still counts: meetings are put off.
const codeLife = 90 * 24 * time.Hour

// sign puts the code into what the owner of a confirmed registration sees. end is the
// meeting's.
func (rs *Registrations) sign(ctx context.Context, seen *api.Registration, version int64, end time.Time) error {
	if seen.State != api.Confirmed {
		return nil
	}
	code, err := rs.Badges.Sign(ctx, rules.Badge{
		Kind: rules.BadgeOfConfirmation, Meeting: seen.Meeting, Registration: seen.Number,
		Version: uint16(version), Until: end.Add(codeLife).UTC().Truncate(24 * time.Hour),
	})
	if err != nil {
		return fmt.Errorf("registrations: sign the code of %s: %w", seen.Number, err)
	}
	seen.Code = code
	return nil
}

// Confirm gives what an e-mail shows of a confirmed registration and what is made when it
// leaves: the signed code and the PDF, which is left out where this machine has no font for
// a letter in it.
func (rs *Registrations) Confirm(ctx context.Context, number, language string) (c mail.Confirmation, err error) {
	var (
		document confirmation.Document
		version  int64
		end      time.Time
	)
	err = rs.DB.Peek(ctx, func(tx *store.Tx) error {
		r, err := readRegistration(tx, number)
		if err != nil {
			return err
		}
		meeting, err := rs.Meetings.Read(tx, r.Meeting)
		if err != nil {
			return err
		}
		seen := r.forOwner()
		document.Meeting, document.Registration = &meeting.Meeting, &seen
		version, end = r.codeVersion, r.end
		return nil
	})
	if err != nil {
		return c, err
	}
	if document.Registration.State != api.Confirmed {
		return c, api.Refuse(api.CodeWrongState)
	}
	if err := rs.sign(ctx, document.Registration, version, end); err != nil {
		return c, err
	}
	document.Organization, document.Made = rs.Organization(), rs.Now()
	c.Code = document.Registration.Code
	pdf, missing, err := confirmation.Write(words.ForLetters(language), document)
	if err == nil && len(missing) == 0 {
		c.PDF = pdf
	}
	return c, err
}
