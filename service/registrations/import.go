package registrations

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/meetings"
	"plenary/service/operation"
	"plenary/service/store"
	"plenary/words"
)

// errChecked takes back what a check has done.
var errChecked = errors.New("registrations: it was a check")

// ImportRegistrations registers people for a meeting for one of its managers, who has
// approved them by that: all of them or nobody, and once for each id. A check does the
// same, and takes it back.
//
// What is wrong with the rows stands in the answer. Errors: api.CodeInvalid for what is no
// import, with CodeNotFound where the caller does not manage the meeting, and those of
// operation.Operations.Once.
func (rs *Registrations) ImportRegistrations(ctx context.Context, who caller.Caller, code string, in api.ImportRegistrations) (out api.Imported, err error) {
	if n := len(in.Rows); n == 0 || n > api.MaxImport {
		return out, api.Invalid(api.FieldError{Pointer: "/rows", Code: api.FieldTooMany})
	}
	if in.Check {
		// READ COMMITTED: the meeting is locked before it is read.
		err = rs.DB.UpdateCommitted(store.InLine(ctx, meetings.Line(code)), func(tx *store.Tx) error {
			if out, err = rs.importAll(tx, who, code, in); err != nil {
				return err
			}
			return errChecked
		})
		if errors.Is(err, errChecked) {
			err = nil
		}
		out.Done = false
		return out, err
	}
	payload, err := json.Marshal(in)
	if err != nil {
		return out, fmt.Errorf("registrations: import: %w", err)
	}
	op := api.Operation{ID: in.ID, Kind: "import", Payload: payload}
	for again := false; ; again = true {
		_, before, err := rs.Once(ctx, who, op, meetings.Line(code), func(tx *store.Tx) (subject string, err error) {
			if out, err = rs.importAll(tx, who, code, in); err == nil && !out.Done {
				err = errChecked
			}
			return "", err
		})
		switch {
		case errors.Is(err, errChecked):
			return out, nil
		case errors.Is(err, operation.ErrChanged) && !again:
			continue
		case err != nil:
			return api.Imported{}, err
		case before:
			return api.Imported{Done: true}, nil
		}
		return out, nil
	}
}

// importing is an import under way.
type importing struct {
	rs      *Registrations
	tx      *store.Tx
	in      api.ImportRegistrations
	by      caller.Caller
	meeting *meetings.Row

	accounts map[string]api.Account // by the key of the e-mail address
	listed   []api.Organization     // by row; zero where the directory does not have it
	// there are people without an account who are registered, or come in the same file: by
	// e-mail address, and by name and organization.
	there, inFile map[string]bool
}

// importAll registers all whom it can, and says what became of each row.
func (rs *Registrations) importAll(tx *store.Tx, who caller.Caller, code string, in api.ImportRegistrations) (out api.Imported, err error) {
	i := &importing{rs: rs, tx: tx, in: in, by: who, there: map[string]bool{}, inFile: map[string]bool{}}
	// Before anybody's account is held; once more below, with the meeting locked.
	if err := rs.managedBy(tx, code, who); err != nil {
		return out, err
	}
	if err := i.findAccounts(); err != nil {
		return out, err
	}
	if i.meeting, err = rs.Meetings.Lock(tx, code); err != nil {
		return out, err
	}
	if !rs.Meetings.Manages(tx, code, who.AccountID, who.Roles) {
		return out, api.Refuse(api.CodeNotFound)
	}
	i.meeting.Form = rules.WithoutFiles(i.meeting.Form) // they come from the person alone
	i.findThere()
	wanted := make([]api.Organization, len(in.Rows))
	for n, row := range in.Rows {
		name, _ := rules.Line(row.Organization)
		wanted[n] = api.Organization{Name: name, Country: row.Country, Membership: row.Membership}
	}
	i.listed = rs.Listed(wanted)
	out = api.Imported{Done: true, Rows: make([]api.ImportedRow, len(in.Rows))}
	for n := range in.Rows {
		row := &out.Rows[n]
		err := i.register(n, row)
		if problem, ok := errors.AsType[*api.Problem](err); ok {
			out.Done, row.State, row.Code, row.Errors = false, "", problem.Code, problem.Errors
		} else if err != nil {
			return out, err
		}
	}
	if out.Done {
		rs.Audit.Note(tx, audit.RegistrationsImported, "",
			audit.Fact(api.DetailMeeting, code), audit.Fact(api.DetailCount, strconv.Itoa(len(in.Rows))))
	}
	return out, tx.Err()
}

// keysAtOnce is how many values one statement looks for.
const keysAtOnce = 500

// findAccounts finds the accounts that the e-mail addresses have, and holds them.
func (i *importing) findAccounts() error {
	keys := map[string]bool{}
	for _, row := range i.in.Rows {
		if email, err := rules.ParseEmail(row.Email); err == nil {
			keys[rules.EmailKey(email)] = true
		}
	}
	var ids []string
	for part := range slices.Chunk(slices.Sorted(maps.Keys(keys)), keysAtOnce) {
		places, args := make([]string, len(part)), make([]any, len(part))
		for n, key := range part {
			places[n], args[n] = "$"+strconv.Itoa(n+1), key
		}
		ids = append(ids, i.tx.Strings(`SELECT id FROM accounts WHERE email_key IN (`+strings.Join(places, ", ")+`)`, args...)...)
	}
	// In one order, so that two who import at once do not wait for each other.
	slices.Sort(ids)
	i.accounts = map[string]api.Account{}
	for _, id := range ids {
		if id != i.by.AccountID && !i.in.Check && !i.tx.HoldOwner(id) {
			continue
		}
		account, err := i.rs.Profile(i.tx, id)
		if err != nil && !api.HasCode(err, api.CodeNotFound) {
			return fmt.Errorf("registrations: find who is imported: %w", err)
		}
		if err == nil {
			i.accounts[rules.EmailKey(account.Email)] = account
		}
	}
	return nil
}

// findThere finds who is registered without an account.
func (i *importing) findThere() {
	for scan := range i.tx.Each(`SELECT email, first_name, family_name, organization FROM registrations
		WHERE account_id = '' AND meeting = $1 AND state <> $2 AND state <> $3`, i.meeting.Code, api.Refused, api.Withdrawn) {
		var email, first, family, organization string
		scan(&email, &first, &family, &organization)
		if email != "" {
			i.there[rules.EmailKey(email)] = true
		}
		i.there[samePerson(first, family, organization)] = true
	}
}

// samePerson is what two people without e-mail addresses have in common who are one.
func samePerson(first, family, organization string) string {
	return strings.Join(rules.Tokens(first+" "+family), " ") + "\n" + strings.Join(rules.Tokens(organization), " ")
}

// register registers the person of a row, or refuses with an *api.Problem.
func (i *importing) register(n int, out *api.ImportedRow) error {
	row := i.in.Rows[n]
	row.Meeting, row.Invitation = i.meeting.Code, ""
	row.Visa, row.Passport = false, nil // which the person alone asks for
	out.Person = rules.FullName(row.FirstName, row.FamilyName)
	if errs := i.wrong(n, &row); len(errs) > 0 {
		return api.Invalid(errs...)
	}
	row.RegisterFor = rules.CleanRegisterFor(&i.meeting.Meeting, row.RegisterFor)
	who, err := i.person(n, row)
	if err != nil {
		return err
	}
	out.Person, out.Account, out.Entered = nameOf(who), who.ID != "", who.Organization.ID == ""
	if who.ID != "" {
		var b before
		i.tx.Together(b.looking(i.meeting.Code, who.ID, i.rs.Now()))
		if err := b.refuseRepeated(); err != nil {
			return err
		}
	}
	bringing := welcome{speaker: rules.NoFocalPoint, late: true, approved: true, by: i.by.AccountID, name: nameOf(i.by.Account)}
	newcomer, err := i.rs.judge(i.meeting, who, i.in.ID, row.Register, bringing, i.rs.lineOf(i.tx, i.meeting))
	if err != nil {
		return err
	}
	out.State = newcomer.State
	newcomer.registeredBy = i.by.AccountID
	newcomer.History[0].By, newcomer.History[0].Actor = rules.ActorManager.By(), bringing.name
	if who.ID == "" {
		newcomer.email, newcomer.language = who.Email, who.Language
	}
	return i.write(newcomer, who)
}

// wrong judges a row by itself, and against those before it.
func (i *importing) wrong(n int, row *api.ImportedPerson) []api.FieldError {
	errs := rules.ValidateRegisterFor(&i.meeting.Meeting, &row.RegisterFor)
	add := func(pointer, code string) { errs = append(errs, api.FieldError{Pointer: pointer, Code: code}) }
	email, err := rules.ParseEmail(row.Email)
	if err != nil {
		email = ""
	}
	_, account := i.accounts[rules.EmailKey(email)]
	organization, ok := rules.Line(row.Organization)
	switch listed := i.listed[n].ID != ""; {
	case account && email != "", listed:
	case !ok:
		add("/organization", api.FieldInvalid)
	case organization == "":
		add("/organization", api.FieldRequired)
	case row.Country == "":
		add("/country", api.FieldRequired)
	case !rules.IsCountry(row.Country):
		add("/country", api.FieldInvalid)
	}
	if m := row.Membership; m != "" && (m == string(rules.PleaseChoose) || !slices.Contains(rules.Memberships(), rules.Membership(m))) {
		add("/membership", api.FieldUnknown)
	}
	switch same := samePerson(row.FirstName, row.FamilyName, organization); {
	case email != "":
		if i.inFile[rules.EmailKey(email)] {
			add("/email", api.FieldRepeated)
		}
		i.inFile[rules.EmailKey(email)] = true
	case i.inFile[same]:
		add("/family_name", api.FieldRepeated)
	default:
		i.inFile[same] = true
	}
	return errs
}

// person is who is registered by a row: an account, or somebody without one. It refuses
// with api.CodeAlreadyRegistered whoever without one is registered.
func (i *importing) person(n int, row api.ImportedPerson) (api.Account, error) {
	if account, ok := i.accounts[rules.EmailKey(row.Email)]; ok && row.Email != "" {
		return account, nil
	}
	organization := i.listed[n]
	if organization.ID == "" {
		organization.Name, _ = rules.Line(row.Organization)
		organization.Country, organization.Membership = row.Country, row.Membership
		if organization.Membership == "" {
			organization.Membership = string(rules.UnknownMembership)
		}
	}
	key := rules.EmailKey(row.Email)
	if row.Email == "" {
		key = samePerson(row.FirstName, row.FamilyName, organization.Name)
	}
	if i.there[key] {
		return api.Account{}, api.Refuse(api.CodeAlreadyRegistered)
	}
	return api.Account{
		FirstName: row.FirstName, FamilyName: row.FamilyName, Email: row.Email,
		Language: words.ForLetters(row.Language).Lang(), Organization: organization,
	}, nil
}

// write writes a registration, and counts it in the meeting as it is judged by. In a check
// nobody is told.
func (i *importing) write(n *newcomer, who api.Account) error {
	var statements []*store.Statement
	step, err := rules.StepOf(rules.StateWaitingToSend, arrivedBy(n.State), rules.ActorService)
	if err != nil {
		return fmt.Errorf("registrations: import: %w", err)
	}
	if !i.in.Check {
		// It says who registered.
		if letter, ok := i.rs.letter(i.meeting, &n.registration, who, step.Letter, told{}); ok {
			if statements, err = i.rs.Outbox.Queuing(letter); err != nil {
				return err
			}
		}
	}
	place, err := n.takePlace()
	if err != nil {
		return err
	}
	i.tx.Together(append(statements, place...)...)
	if rules.TakesPlace(n.State) {
		i.meeting.Count(n.places, n.Answers, +1)
	} else {
		i.meeting.Waiting++
	}
	return i.tx.Err()
}

// arrivedBy is the event that has led to where somebody stands whom a manager has approved.
func arrivedBy(state string) rules.RegistrationEvent {
	if state == api.WaitingList {
		return rules.EventPutOnList
	}
	return rules.EventConfirm
}
