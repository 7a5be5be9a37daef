package registrations

import (
	"fmt"
	"strings"
	"time"

	"plenary/api"
	"plenary/calendar"
	"plenary/rules"
	"plenary/service/mail"
	"plenary/service/meetings"
	"plenary/service/store"
	"plenary/words"
)

// told is what an e-mail says of what was done, beside what the registration is now.
type told struct {
	reason  string
	changed []api.Changed
}

// tell queues the e-mail about what happened to a registration, to the address
// and in the language that its account has now, or that it has where there is no account.
func (rs *Registrations) tell(tx *store.Tx, meeting *meetings.Row, r *registration, template string, about told) error {
	who, err := rs.whoseIs(tx, r)
	if api.HasCode(err, api.CodeNotFound) {
		return nil // the account was deleted
	}
	if err != nil {
		return fmt.Errorf("registrations: find whom to tell: %w", err)
	}
	rs.tellAbout(tx, meeting, r, who, template, about)
	return nil
}

// whoseIs is the account of who is registered, as it is now, or somebody without one.
func (rs *Registrations) whoseIs(tx *store.Tx, r *registration) (api.Account, error) {
	if r.accountID != "" {
		return rs.Profile(tx, r.accountID)
	}
	return api.Account{FirstName: r.firstName, FamilyName: r.familyName, Email: r.email, Language: r.language}, nil
}

// tellAbout queues the e-mail about what happened to a registration, if there is an
// address to send it to.
func (rs *Registrations) tellAbout(tx *store.Tx, meeting *meetings.Row, r *registration, who api.Account, template string, about told) {
	if letter, ok := rs.letter(meeting, r, who, template, about); ok {
		rs.Outbox.Queue(tx, letter)
	}
}

// letter is the e-mail about what happened to a registration; there is none to who
// has no address.
func (rs *Registrations) letter(meeting *meetings.Row, r *registration, who api.Account, template string, about told) (mail.Message, bool) {
	if who.Email == "" {
		return mail.Message{}, false
	}
	w := words.ForLetters(who.Language)
	message := mail.Message{
		To:       who.Email,
		Language: who.Language,
		Template: template,
		Subject:  r.Number,
		Params: map[string]string{
			"Username":      who.Username,
			"Name":          nameOf(who),
			"Number":        r.Number,
			"Meeting":       meeting.Title.In(w.Lang()),
			"MeetingCode":   meeting.Code,
			"Dates":         dates(w, meeting),
			"Place":         meeting.Place.In(w.Lang()),
			"Participation": r.Participation,
			"Companions":    companions(r.Companions),
			"RegisteredBy":  r.registrar(),
			"State":         r.State,
			"By":            r.lastEvent().By,
			"What":          r.lastEvent().What,
			"Reason":        about.reason,
			"Fields":        changedFields(w, meeting, about.changed),
			"Contact":       meeting.Contact,
		},
		Expires: meeting.End(),
	}
	if !r.OfferUntil.IsZero() {
		message.Params["Until"] = moment(w, meeting, r.OfferUntil)
	}
	if r.State == api.Offered {
		message.Expires = r.OfferUntil
	}
	// What was changed may stand in the confirmation.
	anew := template == mail.RegistrationChanged && r.State == api.Confirmed && rules.OnCode(about.changed)
	switch {
	case template == mail.RegistrationConfirmed, anew:
		if r.Participation == api.OnSite {
			message.QR = rules.RegistrationQR(r.Number)
		}
		message.Calendar = calendar.Write(w, rs.entry(meeting, r, who), calendar.Publish)
	case template == mail.MeetingChanged && r.State == api.Confirmed:
		message.Calendar = calendar.Write(w, rs.entry(meeting, r, who), calendar.Request)
	case rules.Final(r.State) && rules.WasConfirmed(r.History): // cancelled, withdrawn or revoked
		message.Calendar = calendar.Write(w, rs.entry(meeting, r, who), calendar.Cancel)
	}
	return message, true
}

// changedFields are the names of the fields that were changed.
func changedFields(w *words.Words, meeting *meetings.Row, changed []api.Changed) string {
	fields := make([]string, len(changed))
	for i, c := range changed {
		fields[i] = c.Field
	}
	return fieldNames(w, meeting, fields)
}

// registrar is the name of who has registered somebody else, in the e-mail about that.
func (r *registration) registrar() string {
	if r.registeredBy == "" || len(r.History) > 2 {
		return ""
	}
	return r.History[0].Actor
}

// entry is a meeting as it stands in the calendar of who registered for it.
func (rs *Registrations) entry(meeting *meetings.Row, r *registration, who api.Account) calendar.Entry {
	entry := calendar.Entry{
		Meeting: &meeting.Meeting, Sequence: meeting.Revision, Number: r.Number,
		Page: rules.MeetingPage(rs.Address(), meeting.Code), Attendee: who.Email, Made: rs.Now(),
	}
	if r.Participation == api.Remote {
		entry.Remote, entry.Platform = true, meeting.Platform
	}
	return entry
}

// moment is a time in a meeting's time zone.
func moment(w *words.Words, meeting *meetings.Row, at time.Time) string {
	at = at.In(zoneOf(meeting))
	return w.Date(at) + ", " + w.Time(at) + " (" + words.Offset(at) + ")"
}

// dates is when a meeting is, in its own time zone, with the time of its first
// session's start.
func dates(w *words.Words, meeting *meetings.Row) string {
	loc := zoneOf(meeting)
	start, end := meeting.Start().In(loc), meeting.End().In(loc)
	if y1, m1, d1 := start.Date(); end.Year() == y1 && end.Month() == m1 && end.Day() == d1 {
		return w.Date(start) + ", " + w.Time(start) + " – " + w.Time(end) + " (" + words.Offset(start) + ")"
	}
	return w.DateRange(start, end) + ", " + w.Time(start) + " (" + words.Offset(start) + ")"
}

// zoneOf is the meeting's time zone, checked when the meeting was taken in.
func zoneOf(meeting *meetings.Row) *time.Location {
	loc, err := time.LoadLocation(meeting.Zone)
	if err != nil {
		return time.UTC
	}
	return loc
}

func companions(list []api.Companion) string {
	names := make([]string, len(list))
	for i, c := range list {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}
