package registrations

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/rules"
	"plenary/service/caller"
	"plenary/service/cursor"
	"plenary/service/store"
)

// registrationsPage is how many registrations a page has.
const registrationsPage = 200

// ownCursor is where the list of one's own registrations goes on: after a
// registration. It is opaque for clients.
type ownCursor struct {
	Created int64  `json:"c"`
	Number  string `json:"n"`
}

func readOwnCursor(after string) (ownCursor, error) {
	c := ownCursor{Created: 1 << 62}
	if after != "" && (!cursor.Read(after, &c) || !isNumber(c.Number)) {
		return c, api.Invalid(api.FieldError{Pointer: "/after", Code: api.FieldInvalid})
	}
	return c, nil
}

// ofOwner chooses a person's registrations behind an ownCursor, newest first.
const ofOwner = `WHERE r.account_id = $1 AND (r.created_at < $2 OR (r.created_at = $2 AND r.number > $3))
	ORDER BY r.created_at DESC, r.number LIMIT $4`

// Own gives a page of a person's registrations, newest first. after is
// api.Registrations.Next of the page before; a broken one is refused with
// api.CodeInvalid.
func (rs *Registrations) Own(ctx context.Context, who caller.Caller, after string) (page api.Registrations, err error) {
	c, err := readOwnCursor(after)
	if err != nil {
		return page, err
	}
	var found []*registration
	err = rs.DB.View(ctx, func(tx *store.Tx) (err error) {
		found, err = queryRegistrations(tx, ofOwner, who.AccountID, c.Created, c.Number, registrationsPage+1)
		page = api.Registrations{Registrations: []api.Registration{}}
		for i, r := range found {
			if i == registrationsPage {
				last := found[i-1]
				page.Next = cursor.Write(ownCursor{Created: store.Micros(last.created), Number: last.Number})
				break
			}
			page.Registrations = append(page.Registrations, r.forOwner())
		}
		if err != nil {
			return err
		}
		return rs.answered(tx, page.Registrations)
	})
	for i := range page.Registrations {
		if err == nil {
			err = rs.sign(ctx, &page.Registrations[i], found[i].codeVersion, found[i].end)
		}
	}
	return page, err
}

// userRegistrationsPage is how many of a user's registrations a page has.
const userRegistrationsPage = 50

// OfUser gives a page of the registrations of a user, newest first, for
// administrators. after is api.UserRegistrations.Next of the page before.
//
// Errors: api.CodeNotFound where there is neither an account nor a sign-up; api.CodeInvalid.
func (rs *Registrations) OfUser(ctx context.Context, _ caller.Caller, id, after string) (page api.UserRegistrations, err error) {
	c, err := readOwnCursor(after)
	if err != nil {
		return page, err
	}
	if uuid.Validate(id) != nil {
		return page, api.Refuse(api.CodeNotFound)
	}
	err = rs.DB.View(ctx, func(tx *store.Tx) error {
		page = api.UserRegistrations{Registrations: []api.UserRegistration{}}
		if !tx.Has(`SELECT 1 FROM owners WHERE id = $1`, id) {
			return api.Refuse(api.CodeNotFound)
		}
		found, err := queryRegistrations(tx, ofOwner, id, c.Created, c.Number, userRegistrationsPage+1)
		if err != nil {
			return err
		}
		for i, r := range found {
			if i == userRegistrationsPage {
				last := found[i-1]
				page.Next = cursor.Write(ownCursor{Created: store.Micros(last.created), Number: last.Number})
				break
			}
			of, err := rs.Meetings.Read(tx, r.Meeting)
			if err != nil {
				return err
			}
			page.Registrations = append(page.Registrations, api.UserRegistration{
				Number: r.Number, Meeting: r.Meeting, Title: of.Title, Start: of.Start(), End: of.End(), Zone: of.Zone,
				State: r.State, Participation: r.Participation, Sent: r.created,
			})
		}
		return nil
	})
	return page, err
}

// OwnETag changes with every change of what Own gives, on whatever page: each raises
// the version of its registration, but that of a platform's address, and of the meeting's
// end, by which the code goes. It changes with what the person may do as well: programs ask
// for their account again then.
func (rs *Registrations) OwnETag(ctx context.Context, who caller.Caller) (string, error) {
	sum := sha256.New()
	err := rs.DB.Peek(ctx, func(tx *store.Tx) error {
		sum.Reset()
		fmt.Fprintf(sum, "%s %s %s\n", who.Account.Appointed, who.Account.Organization.ID, who.Roles)
		for scan := range tx.Each(`SELECT r.number, r.version, r.state, m.private, m.end_at, `+store.Epoch+registrationTables+`WHERE r.account_id = $1 ORDER BY r.number`, who.AccountID) {
			var number, state, private, epoch string
			var version, end int64
			scan(&number, &version, &state, &private, &end, &epoch)
			fmt.Fprintf(sum, "%s %d %s %s %d %s\n", number, version, state, private, end, epoch)
		}
		return nil
	})
	return `"r` + base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:12]) + `"`, err
}

func isNumber(s string) bool {
	number, ok := rules.NormalizeRegistrationNumber(s)
	return ok && number == s
}

// Of gives a page of a meeting's registrations in the order in which they came,
// for its managers. after is api.Registrations.Next of the page before. It refuses with
// api.CodeNotFound, CodeInvalid, or CodeForbidden for a meeting that others manage.
func (rs *Registrations) Of(ctx context.Context, who caller.Caller, code, after string) (page api.Registrations, err error) {
	var line int64
	if after != "" {
		if line, err = strconv.ParseInt(after, 10, 64); err != nil {
			return page, api.Invalid(api.FieldError{Pointer: "/after", Code: api.FieldInvalid})
		}
	}
	err = rs.DB.View(ctx, func(tx *store.Tx) error {
		if _, err := rs.Meetings.Read(tx, code); err != nil {
			return err
		}
		if !rs.Meetings.Manages(tx, code, who.AccountID, who.Roles) {
			return api.Refuse(api.CodeForbidden)
		}
		found, err := queryRegistrations(tx, `WHERE r.meeting = $1 AND r.place_in_line > $2
			ORDER BY r.place_in_line LIMIT $3`, code, line, registrationsPage+1)
		page = api.Registrations{Registrations: []api.Registration{}}
		for i, r := range found {
			if i == registrationsPage {
				page.Next = strconv.FormatInt(found[i-1].line, 10)
				break
			}
			page.Registrations = append(page.Registrations, r.Registration)
		}
		return err
	})
	return page, err
}

// One gives a registration to its owner, as Own does, or to a manager of its meeting, as
// Of does. It refuses everybody else, and what there is not, with api.CodeNotFound.
func (rs *Registrations) One(ctx context.Context, who caller.Caller, number string) (seen api.Registration, err error) {
	number, ok := rules.NormalizeRegistrationNumber(number)
	if !ok {
		return seen, api.Refuse(api.CodeNotFound)
	}
	var own *registration
	err = rs.DB.View(ctx, func(tx *store.Tx) error {
		r, err := readRegistration(tx, number)
		switch {
		case err != nil:
			return err
		case r.accountID == who.AccountID:
			one := []api.Registration{r.forOwner()}
			err = rs.answered(tx, one)
			seen, own = one[0], r
		case rs.Meetings.Manages(tx, r.Meeting, who.AccountID, who.Roles):
			seen, seen.May = r.Registration, mayDecide(r.State)
		default:
			return api.Refuse(api.CodeNotFound)
		}
		return err
	})
	if err == nil && own != nil {
		err = rs.sign(ctx, &seen, own.codeVersion, own.end)
	}
	return seen, err
}

// mayDecide says what a manager can decide on a registration in a state.
func mayDecide(state string) (may []string) {
	for _, step := range rules.StepsFor(state, rules.ActorManager) {
		switch step.Event {
		case rules.EventApprove, rules.EventRefuse, rules.EventRevoke:
			may = append(may, string(step.Event))
		}
	}
	return may
}

// Registration gives one registration as staff sees it, or refuses with
// api.CodeNotFound.
func (rs *Registrations) Registration(ctx context.Context, number string) (api.Registration, error) {
	var seen api.Registration
	err := rs.DB.View(ctx, func(tx *store.Tx) error {
		r, err := readRegistration(tx, number)
		if err == nil {
			seen = r.Registration
		}
		return err
	})
	return seen, err
}
