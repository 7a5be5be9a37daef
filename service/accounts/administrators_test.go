package accounts

import (
	"context"
	"slices"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// toldOf are the addresses to which e-mails of a template went, and their subject.
func (w *world) toldOf(template string) (to []string, text string) {
	for _, m := range w.mails() {
		if m.Template == template {
			to, text = append(to, m.To), m.Text
		}
	}
	slices.Sort(to)
	return to, text
}

func TestAdministrators_areToldOfChanges(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first := w.administrator("first")
		w.administrator("second")
		gone := w.administrator("gone")
		w.sql(`INSERT INTO deactivated (account_id, since) VALUES ($1, 1)`, gone.AccountID)
		ctx := audit.From(t.Context(), audit.Origin{Actor: first.AccountID})
		if err := w.DB.Update(ctx, func(tx *store.Tx) error {
			w.Audit.Note(tx, audit.PolicyChanged, "", "limits.mails 5->10")
			w.Audit.Note(tx, audit.LoggedIn, first.AccountID, "")
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		to, text := w.toldOf(mail.ServiceChanged)
		if len(to) != 2 || !strings.HasPrefix(to[0], "first@") || !strings.HasPrefix(to[1], "second@") {
			t.Errorf("told %q", to)
		}
		if !strings.Contains(text, "the policies") || !strings.Contains(text, "By: first.") || strings.Contains(text, "5->10") {
			t.Error(text)
		}
	})
}

// Of roles that change, and of an approval that waits, whom it is about hears by an
// e-mail of their own, and an approval is announced to those who can give it.
func TestAdministrators_areToldOfRolesAndApprovals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first, second := w.administrator("first"), w.administrator("second")
		target := w.person("target", "Tar", "Get", "Example")
		ctx := audit.From(t.Context(), audit.Origin{Actor: first.AccountID})
		out, err := w.ChangeUser(ctx, first, target, api.ChangeUser{Kind: api.KindRoles, Roles: []string{api.RoleAdministrator}, Reason: "a new colleague"})
		if err != nil || !out.Waiting {
			t.Fatal(out, err)
		}
		to, text := w.toldOf(mail.ApprovalAsked)
		if len(to) != 1 || !strings.HasPrefix(to[0], "second@") || !strings.Contains(text, "target") || !strings.Contains(text, "change its roles") {
			t.Errorf("told %q: %s", to, text)
		}
		if err := w.DecideApproval(t.Context(), second, out.Approval, api.DecideApproval{Approve: true}); err != nil {
			t.Fatal(err)
		}
		if to, text = w.toldOf(mail.ServiceChanged); len(to) != 2 || !strings.Contains(text, "the roles of target") {
			t.Errorf("told %q: %s", to, text)
		}
	})
}

// Nobody writes to an administrator who is being erased.
func TestAdministrators_areNotToldWhileTheyAreErasedAtOnce(t *testing.T) {
	for _, order := range []string{"erased first", "erased second"} {
		t.Run(order, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				w.change(func(p *api.Policies) { p.DeletionDays = 0 })
				w.administrator("stays")
				leaver := w.administrator("leaver")
				if _, err := w.AskDeletion(t.Context(), leaver); err != nil {
					t.Fatal(err)
				}
				erase := func(ctx context.Context) {
					if err := w.EraseDue(ctx); err != nil {
						t.Errorf("erase: %v", err)
					}
				}
				change := func(ctx context.Context) {
					if err := w.DB.Update(ctx, func(tx *store.Tx) error {
						w.Audit.Note(tx, audit.PolicyChanged, "", "")
						return nil
					}); err != nil {
						t.Errorf("change: %v", err)
					}
				}
				if order == "erased first" {
					storetest.Pair(t, w.DB, 1, erase, change)
				} else {
					storetest.Pair(t, w.DB, 1, change, erase)
				}
				if n := w.rows(`SELECT COUNT(*) FROM accounts WHERE id = $1`, leaver.AccountID); n != 0 {
					t.Fatal("nobody was erased")
				}
				to, _ := w.toldOf(mail.ServiceChanged)
				to = slices.DeleteFunc(to, func(s string) bool { return s == "" }) // erased with the account
				if len(to) != 1 || !strings.HasPrefix(to[0], "stays@") {
					t.Errorf("told %q", to)
				}
			})
		})
	}
}
