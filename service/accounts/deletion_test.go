package accounts

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/account/staff"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

const day = 24 * time.Hour

func (w *world) housekeep() {
	w.t.Helper()
	if err := w.Housekeep(w.t.Context()); err != nil {
		w.t.Fatalf("housekeeping: %v", err)
	}
}

// holds gives the tables that hold a text in any column of any row.
func (w *world) holds(text string) []string {
	w.t.Helper()
	var found []string
	for _, table := range storetest.Tables(w.t, w.DB) {
		if err := w.DB.View(w.t.Context(), func(tx *store.Tx) error {
			for columns, scan := range tx.Named(`SELECT * FROM ` + table) {
				values, places := make([]any, len(columns)), make([]any, len(columns))
				for i := range values {
					places[i] = &values[i]
				}
				scan(places...)
				for i, v := range values {
					if b, ok := v.([]byte); ok {
						v = string(b)
					}
					if strings.Contains(strings.ToLower(fmt.Sprint(v)), text) {
						found = append(found, table+"."+columns[i])
					}
				}
			}
			return nil
		}); err != nil {
			w.t.Fatal(err)
		}
	}
	return found
}

// settleMails marks all e-mails as sent, as the sender does.
func (w *world) settleMails() {
	w.t.Helper()
	w.sql(`UPDATE mails SET state = $1, done_at = 1, params = '{}', secrets = NULL,
		recipient = CASE WHEN template = $3 THEN '' ELSE recipient END WHERE state = $2`, mail.Sent, mail.Waiting, mail.Deleted)
}

func TestDeletion_leavesNothingPersonal(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := signUpOf("amina@example.org", "amina.okafor")
		in.FirstName, in.FamilyName, in.Phone = "Aminatou", "Okaforian", "+41 22 7305111"
		in.OrganizationID, in.NewOrganization = "", &api.NewOrganization{Name: "Lone Lemurs", City: "Lemurville"}
		w.signUp(in)
		if err := w.Activate(t.Context(), api.Activate{Flow: in.Flow, Code: w.lastMail(mail.Activate).Secrets[mail.Code], Password: in.Password}); err != nil {
			t.Fatal(err)
		}
		p := w.who("amina.okafor")
		w.recover("amina.okafor")
		// The address was another one, and yet another one is wished for.
		typed := w.askEmail(p, "later@example.net")
		if _, err := w.ConfirmEmail(t.Context(), p, api.ConfirmEmail{Code: typed}); err != nil {
			t.Fatal(err)
		}
		w.recover("later@example.net")
		w.askEmail(p, "wished@example.com")
		w.signUp(signUpOf("later@example.net", "second"))
		w.settleMails()

		d, err := w.AskDeletion(t.Context(), p)
		if err != nil || !d.Due.Equal(w.Now().Add(14*day)) || !d.Asked.Equal(w.Now()) || d.GraceDays != 14 {
			t.Fatalf("got %+v, %v", d, err)
		}
		if m := w.lastMail(mail.DeletionAsked); m.To != "later@example.net" || !strings.Contains(m.Text, "24 May 2026") {
			t.Errorf("the e-mail: %s %s", m.To, m.Text)
		}
		if a := w.mustAccount(p); !a.Deletion.Equal(d.Due) {
			t.Errorf("the account says %v", a.Deletion)
		}
		w.pass(14*day - time.Minute)
		w.housekeep()
		w.mustLogIn("later@example.net", goodPassword)
		w.pass(time.Minute)
		w.housekeep()
		_, err = w.logIn("later@example.net", goodPassword)
		wantCode(t, err, api.CodeCredentials)
		if m := w.lastMail(mail.Deleted); m.To != "later@example.net" {
			t.Errorf("the last e-mail went to %s", m.To)
		}
		w.settleMails()
		w.housekeep()
		for _, text := range []string{
			"amina", "okafor", "later@", "wished@", "lemur", "7305111",
		} {
			if found := w.holds(text); len(found) > 0 {
				t.Errorf("%q stands in %v", text, found)
			}
		}
		if n := w.rows(`SELECT COUNT(*) FROM audit WHERE subject = $1 AND event = 'deleted'`, p.AccountID); n != 1 {
			t.Errorf("%d entries in the audit log", n)
		}
		for _, q := range []string{
			`SELECT COUNT(*) FROM audit_origins o JOIN audit a ON a.id = o.entry WHERE a.subject = $1 OR a.actor = $1`,
			`SELECT COUNT(*) FROM usernames WHERE owner = $1`,
			`SELECT COUNT(*) FROM sessions WHERE account_id = $1`,
		} {
			if n := w.rows(q, p.AccountID); n != 0 {
				t.Errorf("%d rows: %s", n, q)
			}
		}
		w.register("later@example.net", "amina.okafor") // both are free again
	})
}

func TestDeletion_canBeTakenBackAndAskedAgain(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		p := w.who("amina")
		wantCode(t, w.TakeBackDeletion(t.Context(), p), "")
		if d, err := w.Deletion(t.Context(), p); err != nil || !d.Due.IsZero() || d.GraceDays != 14 {
			t.Errorf("got %+v, %v", d, err)
		}
		first, err := w.AskDeletion(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		mails := w.mailCount()
		w.pass(day)
		again, err := w.AskDeletion(t.Context(), p)
		if err != nil || !again.Due.Equal(first.Due) || w.mailCount() != mails {
			t.Errorf("asked again: %+v, %v", again, err)
		}
		wantCode(t, w.TakeBackDeletion(t.Context(), p), "")
		w.pass(30 * day)
		w.housekeep()
		w.mustLogIn("amina", goodPassword)
	})
}

func TestDeletion_atOnceByPolicy(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.change(func(p *api.Policies) { p.DeletionDays = 0 })
		w.register("amina@example.org", "amina")
		p := w.who("amina")
		if d, err := w.AskDeletion(t.Context(), p); err != nil || !d.Due.Equal(w.Now()) {
			t.Fatalf("got %+v, %v", d, err)
		}
		w.housekeep()
		_, err := w.Account(t.Context(), p.AccountID)
		wantCode(t, err, api.CodeNotFound)
	})
}

func TestDeletion_keepsTheLastAdministrator(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var all []caller.Caller
		for _, name := range []string{"first", "second", "third"} {
			id, err := w.Create(t.Context(), staff.NewAccount{
				Username: name, Email: name + "@example.org", Password: goodPassword, FirstName: "F", Roles: []string{api.RoleAdministrator}, Organization: itu,
			})
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, caller.Caller{AccountID: id})
		}
		// Those who ask at once do not all count on the other.
		got := count(t, 2, func(i int) error {
			_, err := w.AskDeletion(t.Context(), all[i])
			return err
		})
		if got[""] != 2 {
			t.Errorf("got %v", got)
		}
		_, err := w.AskDeletion(t.Context(), all[2])
		wantCode(t, err, api.CodeLastAdministrator)
		wantCode(t, w.Deactivate(t.Context(), "third"), api.CodeLastAdministrator)
		// By hand: even so, one of them stays.
		w.sql(`INSERT INTO deactivated (account_id, since) VALUES ($1, 1)`, all[2].AccountID)
		w.pass(15 * day)
		w.housekeep()
		if n := w.rows(`SELECT COUNT(*) FROM accounts a WHERE NOT EXISTS (SELECT 1 FROM deactivated d WHERE d.account_id = a.id)`); n != 1 {
			t.Errorf("%d administrators are left", n)
		}
	})
}

// What cannot be erased now is erased later, whole.
func TestDeletion_isWholeOrNot(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		p := w.who("amina")
		if _, err := w.AskDeletion(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		w.pass(15 * day)
		fails := true
		w.Held.Erase = func(*store.Tx, string) error {
			if fails {
				return fmt.Errorf("out of order")
			}
			return nil
		}
		if err := w.Housekeep(t.Context()); err == nil {
			t.Error("no trouble")
		}
		if d, err := w.Deletion(t.Context(), p); err != nil || d.Due.IsZero() {
			t.Errorf("got %+v, %v", d, err)
		}
		fails = false
		got := count(t, 4, func(int) error { return w.Housekeep(t.Context()) })
		if got[""] != 4 {
			t.Errorf("got %v", got)
		}
		told := 0
		for _, m := range w.mails() {
			if m.Template == mail.Deleted {
				told++
			}
		}
		if told != 1 {
			t.Errorf("told %d times", told)
		}
	})
}
