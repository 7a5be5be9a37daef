package bulk

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/audit"
	"plenary/service/store"
)

// Outcomes of a row of an import.
const (
	ImportCreated   = api.OutcomeCreated
	ImportUpdated   = api.OutcomeUpdated // fields of an existing account that were empty were filled
	ImportUnchanged = "unchanged"
	ImportRefused   = "refused"
)

// Imported is what became of a row.
type Imported struct {
	Line     int    // in the file, from 1; the header is the first
	Username string // empty where the row has none that is possible
	Outcome  string
	Why      string // of a refusal, in English; nothing of what the row says
}

// Import is a file of users that came from an older system.
type Import struct {
	// File is CSV or XLSX: a header with the columns username, email and, if wished,
	// title, first_name, family_name, phone, language, country, membership and
	// organization, then a row for each user.
	File io.Reader
	// Organizations is the directory.
	Organizations []api.Organization
	// DryRun judges all rows and changes nothing.
	DryRun bool
	// Sheet is told which sheet of a workbook is read, and which others have something in
	// them; it may be nil.
	Sheet func(name string, others []string)
	// Report is called for each row, in their order, once what became of it is
	// certain.
	Report func(Imported) error
}

// Batch are the rows of one transaction.
const Batch = 200

// migratedRow is the setting that tells that there are accounts without a
// password: their owners' first log-in goes through "Forgot password?".
const migratedRow = "migrated"

// MigratedState is in SQL what Migrated stands on.
const MigratedState = `SELECT value FROM settings WHERE name = '` + migratedRow + `'`

// Migrated tells whether accounts were ever imported from an older system.
func (a *Imports) Migrated(ctx context.Context) (yes bool, err error) {
	err = a.DB.Peek(ctx, func(tx *store.Tx) error {
		yes = tx.ReadSetting(migratedRow) != ""
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("bulk: look for imported accounts: %w", err)
	}
	return yes, nil
}

// errDryRun takes a batch back.
var errDryRun = errors.New("bulk: dry run")

// ImportUsers takes users in, row by row: active accounts without a password. Of
// an account that exists already, by its address, it fills what is empty in the
// profile and never changes address, username, password or roles; so the same
// file can come again. A row that is wrong, or that contradicts an account or an
// earlier row, is refused and stops no other.
//
// Errors: that of a header which cannot be read, before anything is taken in; else
// *Stopped.
func (a *Imports) ImportUsers(ctx context.Context, in Import) error {
	f, err := newUserFile(ctx, in.File)
	if err != nil {
		return err
	}
	if name, others := f.table.Sheet(); name != "" && in.Sheet != nil {
		in.Sheet(name, others)
	}
	run := importRun{Imports: a, Import: in, done: f.table.Row(), index: indexOrganizations(in.Organizations), seen: map[uint64]struct{}{}, seed: maphash.MakeSeed()}
	var batch []importRow
	for {
		row, err := f.read(ctx)
		if err == nil {
			batch = append(batch, run.judge(row))
		}
		if len(batch) == Batch || err != nil && len(batch) > 0 {
			if e := run.take(ctx, batch); e != nil {
				return e
			}
			batch = batch[:0]
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return run.stopped(err)
		}
	}
}

// importRun is an import under way.
type importRun struct {
	*Imports
	Import
	done  int // the line up to which everything is done
	index map[string][]api.Organization
	// seen are hashes of the addresses and usernames of earlier rows: some 40
	// bytes a row, whatever those say.
	seen map[uint64]struct{}
	seed maphash.Seed
}

// take brings a batch into the database, in one transaction, and reports it.
func (r *importRun) take(ctx context.Context, batch []importRow) error {
	var done []Imported
	// SERIALIZABLE: that an address has no account is read, and an account is made.
	err := r.DB.Update(ctx, func(tx *store.Tx) error {
		done = done[:0]
		for _, row := range batch {
			what := Imported{Line: row.line, Username: row.Username, Outcome: ImportRefused, Why: row.why}
			if row.why == "" {
				var err error
				if what.Outcome, what.Why, err = r.takeOne(tx, row.Person); err != nil {
					return fmt.Errorf("line %d: %w", row.line, err)
				}
			}
			done = append(done, what)
		}
		if r.DryRun {
			return errDryRun
		}
		return nil
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return r.stoppedIn(batch, err)
	}
	r.done = batch[len(batch)-1].line
	for _, what := range done {
		if err := r.Report(what); err != nil {
			return r.stopped(fmt.Errorf("bulk: report line %d: %w", what.Line, err))
		}
	}
	return nil
}

// takeOne makes an account of a row, or completes the one that has its address.
func (r *importRun) takeOne(tx *store.Tx, p account.Person) (outcome, why string, err error) {
	emailKey, usernameKey := rules.EmailKey(p.Email), rules.UsernameKey(p.Username)
	id, exists := account.ByEmail(tx, emailKey)
	// A name that only sign-ups for the same address hold becomes free with them.
	holders := tx.Strings(`SELECT owner FROM usernames WHERE username_key = $1
		AND owner NOT IN (SELECT id FROM sign_ups WHERE email_key = $2)`, usernameKey, emailKey)
	switch {
	case len(holders) > 0 && (!exists || holders[0] != id):
		return ImportRefused, "username: belongs to another account than the email", nil
	case exists:
		outcome, err = r.complete(tx, id, p)
	default:
		outcome, err = ImportCreated, r.createImported(tx, emailKey, p)
	}
	return outcome, "", err
}

func (r *importRun) createImported(tx *store.Tx, emailKey string, p account.Person) error {
	id, err := account.NewID()
	if err != nil {
		return err
	}
	r.EndSignUps(tx, emailKey, "")
	if p.Username, err = account.TakeUsername(tx, p.Username, id); err != nil {
		return err
	}
	const noPassword = "" // matches none
	r.Insert(tx, id, p, noPassword, nil)
	tx.Do(`INSERT INTO settings (name, value) VALUES ($1, 'yes') ON CONFLICT (name) DO NOTHING`, migratedRow)
	r.Audit.Note(tx, audit.Imported, id, audit.Fact(api.DetailOutcome, ImportCreated))
	return nil
}

// complete fills what is empty in an account's profile. The names count as one:
// some people have one of them only.
func (r *importRun) complete(tx *store.Tx, id string, p account.Person) (outcome string, err error) {
	if err := account.Hold(tx, id); err != nil {
		return "", err
	}
	now, err := r.Profile(tx, id)
	if err != nil {
		return "", err
	}
	filled := false
	fill := func(is *string, with string) {
		if *is == "" && with != "" {
			*is, filled = with, true
		}
	}
	if now.FirstName == "" && now.FamilyName == "" {
		fill(&now.FirstName, p.FirstName)
		fill(&now.FamilyName, p.FamilyName)
	}
	fill(&now.Title, p.Title)
	fill(&now.Phone, p.Phone)
	if now.Organization.Name == "" && p.Name != "" {
		if err := r.MoveTo(tx, id, p); err != nil {
			return "", err
		}
		filled = true
	} else if now.Organization.Name == "" {
		fill(&now.Organization.Country, p.Country)
		fill(&now.Organization.Membership, p.Membership)
		if filled {
			tx.Do(`UPDATE accounts SET country = $1, membership = $2 WHERE id = $3`,
				now.Organization.Country, now.Organization.Membership, id)
		}
	}
	if !filled {
		return ImportUnchanged, nil
	}
	tx.Do(`UPDATE accounts SET title = $1, first_name = $2, family_name = $3, phone = $4 WHERE id = $5`,
		now.Title, now.FirstName, now.FamilyName, now.Phone, id)
	account.Index(tx, id)
	r.Audit.Note(tx, audit.Imported, id, audit.Fact(api.DetailOutcome, ImportUpdated))
	return ImportUpdated, nil
}
