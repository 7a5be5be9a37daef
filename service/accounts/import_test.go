package accounts

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"plenary/api"
	"plenary/service/account/bulk"
	"plenary/service/account/staff"
	"plenary/service/mail"
	"plenary/service/store/storetest"
)

// importUsers imports a file and gives what became of its rows.
func (w *world) importUsers(text string, dry bool) []bulk.Imported {
	w.t.Helper()
	var rows []bulk.Imported
	if err := w.ImportUsers(w.t.Context(), bulk.Import{
		File: strings.NewReader(text), Organizations: []api.Organization{itu}, DryRun: dry,
		Report: func(r bulk.Imported) error { rows = append(rows, r); return nil },
	}); err != nil {
		w.t.Fatalf("import: %v", err)
	}
	return rows
}

func outcomes(rows []bulk.Imported) string {
	var list []string
	for _, r := range rows {
		list = append(list, fmt.Sprintf("%d %s", r.Line, r.Outcome))
	}
	return strings.Join(list, ", ")
}

const migrated = "\ufeffEmail;Username;Title;First_Name;Family_Name;Phone;Language;Country;Membership;Organization\r\n" +
	"amina@example.org;amina;Dr;Amina;Okafor;+41 22 730 51 11;fr;ch;Sector-Member;EXAMPLE  Télecom\r\n" +
	"mei@example.org;mei;;;田中;;;JP;;Tokyo Lemurs\r\n" +
	"\r\n" +
	"boris@example.org;boris;;Boris;;;en;;;\r\n"

func TestImportUsers_makesAccountsThatBeginWithForgotPassword(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if rows := w.importUsers(migrated, true); outcomes(rows) != "2 created, 3 created, 5 created" {
			t.Errorf("dry run: %+v", rows)
		}
		for _, table := range []string{"accounts", "usernames", "audit", "settings"} {
			if n := w.rows(`SELECT COUNT(*) FROM ` + table); n != 0 {
				t.Errorf("the dry run left %d rows in %s", n, table)
			}
		}
		if rows := w.importUsers(migrated, false); outcomes(rows) != "2 created, 3 created, 5 created" || rows[0].Username != "amina" {
			t.Errorf("got %+v", rows)
		}
		if n := w.rows(`SELECT COUNT(*) FROM settings WHERE name = 'migrated' AND value = 'yes'`); n != 1 {
			t.Error("nothing says that there are migrated accounts")
		}
		if n := w.rows(`SELECT COUNT(*) FROM credentials WHERE password = ''`); n != 3 {
			t.Errorf("%d accounts have no password", n)
		}
		for _, password := range []string{"", goodPassword} {
			_, err := w.logIn("amina", password)
			wantCode(t, err, api.CodeCredentials)
		}
		flow, m := w.recover("amina")
		if m.To != "amina@example.org" || !strings.Contains(m.Subject, "mot de passe") {
			t.Errorf("it went to %s: %s", m.To, m.Subject)
		}
		wantCode(t, w.Reset(t.Context(), api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: goodPassword}), "")
		a := w.mustLogIn("amina", goodPassword).Account
		if a.Organization.ID != itu.ID || a.Organization.Name != itu.Name || a.Title != "Dr" || a.Phone == "" || len(a.Roles) != 1 {
			t.Errorf("got %+v", a)
		}
		if n := w.rows(`SELECT COUNT(*) FROM entered_organizations WHERE name = 'Tokyo Lemurs' AND country = 'JP' AND membership = 'unknown'`); n != 1 {
			t.Errorf("%d entered organizations", n)
		}
		// Again: nothing happens.
		before := w.rows(`SELECT COUNT(*) FROM audit`)
		if rows := w.importUsers(migrated, false); outcomes(rows) != "2 unchanged, 3 unchanged, 5 unchanged" {
			t.Errorf("again: %+v", rows)
		}
		if after := w.rows(`SELECT COUNT(*) FROM audit`); after != before {
			t.Errorf("%d entries more in the audit log", after-before)
		}
		w.mustLogIn("amina", goodPassword)
	})
}

func TestImportUsers_completesAndNeverChangesWhatIsOnesOwn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if _, err := w.Create(t.Context(), staff.NewAccount{
			Username: "chief", Email: "Chief@example.org", Password: goodPassword, FamilyName: "Ito", Roles: []string{api.RoleMeetingManager},
		}); err != nil {
			t.Fatal(err)
		}
		text := "username,email,first_name,family_name,title,phone,language,country,membership,organization\n" +
			"boss,chief@EXAMPLE.org,Other,Name,Prof,+41227305111,ar,CH,sector-member,Example Telecom\n"
		if rows := w.importUsers(text, false); outcomes(rows) != "2 updated" {
			t.Fatalf("got %+v", rows)
		}
		a := w.mustLogIn("chief", goodPassword).Account
		if a.Username != "chief" || a.Email != "Chief@example.org" || a.FirstName != "" || a.FamilyName != "Ito" || a.Language != "en" {
			t.Errorf("it was changed: %+v", a)
		}
		if a.Title != "Prof" || a.Phone != "+41227305111" || a.Organization.ID != itu.ID {
			t.Errorf("it was not completed: %+v", a)
		}
		if n := w.rows(`SELECT COUNT(*) FROM account_roles`); n != 1 {
			t.Errorf("%d roles", n)
		}
		if rows := w.importUsers(text, false); outcomes(rows) != "2 unchanged" {
			t.Errorf("again: %+v", rows)
		}
	})
}

func TestImportUsers_refusesRowByRow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		w.register("boris@example.org", "boris")
		w.signUp(signUpOf("late@example.org", "late"))
		before := w.rows(`SELECT COUNT(*) FROM accounts`)
		header := "username,email,first_name,family_name,title,phone,language,country,membership,organization\n"
		for _, c := range []struct{ row, why string }{
			{`boris,amina@example.org,A,,,,,,,`, "username: belongs to another account than the email"},
			{`amina,new@example.org,A,,,,,,,`, "username: belongs to another account than the email"},
			{`late,new@example.org,A,,,,,,,`, "username: belongs to another account than the email"},
			{`new,new@example.org,,,,,,,,`, "family_name: required"},
			{`n,new@example.org,A,,,,,,,`, "username: invalid"},
			{`new,nobody,A,,,,,,,`, "email: invalid"},
			{"new,\"a@example.org\rBcc: b@example.org\",A,,,,,,,", "email: invalid"},
			{"new,a@example.org%0ABcc:b@example.org,A,,,,,,,", "email: invalid"},
			{"new,new@example.org,A\x00,B,,,,,,", "first_name: invalid"},
			{"new,new@example.org,\"=cmd|'/c calc'!A1\",,,,,,,", "first_name: looks like a formula"},
			{`new,new@example.org,A,,,,,,,@SUM(A1)`, "organization: looks like a formula"},
			{`new,new@example.org,A,,,call me,,,,`, "phone: invalid"},
			{`new,new@example.org,A,,,,tlh,,,`, "language: unknown"},
			{`new,new@example.org,A,,,,"en,fr",,,`, "language: unknown"},
			{`new,new@example.org,A,,,,,XX,,`, "country: invalid"},
			{`new,new@example.org,A,,,,,,king,`, "membership: invalid"},
			{`new,new@example.org,A,,,,,,,Lemurs`, "country: invalid"},
			{`new,new@example.org,A,,,,,CH,please-choose,Lemurs`, "membership: required"},
			{`new,new@example.org,` + strings.Repeat("ä", 101) + `,,,,,,,`, "first_name: too long"},
			{"new,new@example.org,A\xff,,,,,,,", "the line is not UTF-8"},
			{`new,new@example.org,"A,,,,,,,`, "the quotation marks do not match; a field has no line breaks"},
		} {
			rows := w.importUsers(header+c.row+"\n", false)
			if len(rows) != 1 || rows[0].Outcome != bulk.ImportRefused || rows[0].Why != c.why {
				t.Errorf("%q: got %+v", c.row, rows)
			}
			if len(rows) == 1 && strings.Contains(rows[0].Why+rows[0].Username, "example.org") {
				t.Errorf("%q: it says who: %+v", c.row, rows[0])
			}
		}
		if after := w.rows(`SELECT COUNT(*) FROM accounts`); after != before {
			t.Errorf("%d accounts more", after-before)
		}
		// A wrong row stops no other, and the same person comes once.
		rows := w.importUsers(header+"x,y\nnew,new@example.org,A,,,,,,,\nNEW,other@example.org,B,,,,,,,\nother,ＮＥＷ@example.org,C,,,,,,,\nother,NEW@Example.org,C,,,,,,,\n", false)
		if got := outcomes(rows); got != "2 refused, 3 created, 4 refused, 5 created, 6 refused" {
			t.Errorf("got %+v", rows)
		}
		// The username that a sign-up for the same address holds goes with it.
		if rows := w.importUsers(header+"late,late@example.org,L,,,,,,,\n", false); outcomes(rows) != "2 created" {
			t.Errorf("got %+v", rows)
		}
	})
}

// manyUsers is a file of as many rows as three transactions take in.
func manyUsers() string {
	var b strings.Builder
	b.WriteString("username,email,first_name\n")
	for i := range 3 * bulk.Batch {
		fmt.Fprintf(&b, "user%d,user%d@example.org,U\n", i, i)
	}
	return b.String()
}

// Whatever stops an import, the error says up to which line all is in, and of which
// lines nobody knows; and the same file can come again.
func TestImportUsers_faultInTheMiddle(t *testing.T) {
	file := manyUsers()
	broken := func() io.Reader { // within a line
		half, _, _ := strings.Cut(file, fmt.Sprintf(",user%d@", 3*bulk.Batch/2))
		return io.MultiReader(strings.NewReader(half), iotest.ErrReader(errDisk))
	}
	whole := func() io.Reader { return strings.NewReader(file) }
	none, refused, lost := storetest.NoFault, storetest.FaultRollback, storetest.FaultLostAnswer
	for _, c := range []struct {
		name              string
		file              func() io.Reader
		faults            []storetest.Fault
		reports           int // after so many the report cannot be written; 0 means that it can
		dry               bool
		done, unknown, in int // lines, and accounts
		cause             error
	}{
		{name: "the first transaction", file: whole, faults: []storetest.Fault{refused}, done: 1, cause: storetest.ErrFault},
		{name: "the second", file: whole, faults: []storetest.Fault{none, refused}, done: 1 + bulk.Batch, in: bulk.Batch, cause: storetest.ErrFault},
		{
			name: "the answer to the second", file: whole, faults: []storetest.Fault{none, lost},
			done: 1 + bulk.Batch, unknown: 1 + 2*bulk.Batch, in: 2 * bulk.Batch, cause: storetest.ErrFault,
		},
		{name: "the disk with the file", file: broken, done: 1 + 3*bulk.Batch/2, in: 3 * bulk.Batch / 2, cause: errDisk},
		{name: "the report", file: whole, reports: bulk.Batch + 7, done: 1 + 2*bulk.Batch, in: 2 * bulk.Batch, cause: errDisk},
		{name: "a dry run", file: broken, dry: true, done: 1 + 3*bulk.Batch/2, cause: errDisk},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				stop := storetest.InjectFaults(w.DB, storetest.FaultsOf(c.faults...))
				reported := 0
				err := w.ImportUsers(t.Context(), bulk.Import{File: c.file(), DryRun: c.dry, Report: func(bulk.Imported) error {
					if reported++; reported == c.reports {
						return errDisk
					}
					return nil
				}})
				stop()
				stopped, ok := errors.AsType[*bulk.Stopped](err)
				if !ok || stopped.Done != c.done || stopped.Unknown != c.unknown || stopped.DryRun != c.dry || !errors.Is(err, c.cause) {
					t.Fatalf("got %v", err)
				}
				if c.reports == 0 && reported != c.done-1 {
					t.Errorf("%d rows were reported, all up to line %d are done", reported, c.done)
				}
				if n := w.rows(`SELECT COUNT(*) FROM accounts`); n != c.in {
					t.Errorf("%d accounts are in, want %d", n, c.in)
				}
				created := 0
				for _, r := range w.importUsers(file, false) {
					switch {
					case r.Outcome == bulk.ImportCreated:
						created++
					case r.Outcome != bulk.ImportUnchanged:
						t.Fatalf("again: %+v", r)
					}
				}
				if created != 3*bulk.Batch-c.in || w.rows(`SELECT COUNT(*) FROM accounts`) != 3*bulk.Batch {
					t.Errorf("again %d were made", created)
				}
			})
		})
	}
}

var errDisk = errors.New("the disk is gone")
