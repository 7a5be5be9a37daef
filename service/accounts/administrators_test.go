package accounts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/caller"
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
			w.Audit.Note(tx, audit.PolicyChanged, "", audit.Detail{Field: "limits.mails", Before: "5", After: "10"})
			w.Audit.Note(tx, audit.LoggedIn, first.AccountID)
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
		out, err := w.ChangeUser(ctx, first, target, api.ChangeUser{Kind: api.KindRoles, Roles: []string{api.RoleAdministrator}, Reason: "a new colleague", Version: w.versionOf(target)})
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
						w.Audit.Note(tx, audit.PolicyChanged, "")
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
				// Of the wish to leave, and of the change.
				if len(to) != 2 || !strings.HasPrefix(to[0], "stays@") || to[0] != to[1] {
					t.Errorf("told %q", to)
				}
			})
		})
	}
}

// The administrators who stay hear of each one who leaves, however that comes, and the
// only one who is left that there is nobody else.
func TestAdministrators_areToldOfOneWhoLeaves(t *testing.T) {
	for name, leave := range map[string]func(w *world, first, second caller.Caller) error{
		"deactivated by another": func(w *world, first, second caller.Caller) error {
			return w.staffDoes(first, second.AccountID, api.KindDeactivate)
		},
		"deactivated by the operator": func(w *world, _, _ caller.Caller) error { return w.Deactivate(w.t.Context(), "second") },
		"without the role": func(w *world, _, _ caller.Caller) error {
			return w.SetRoles(w.t.Context(), "second", []string{api.RoleMeetingManager})
		},
		"asks for deletion": func(w *world, _, second caller.Caller) error {
			_, err := w.AskDeletion(w.t.Context(), second)
			return err
		},
	} {
		for _, others := range []int{0, 1} {
			t.Run(fmt.Sprintf("%s, %d others stay", name, others), func(t *testing.T) {
				each(t, func(t *testing.T, w *world) {
					first, second := w.administrator("first"), w.administrator("second")
					if others > 0 {
						w.administrator("third")
					}
					wantCode(t, leave(w, first, second), "")
					to, text := w.toldOf(mail.ServiceChanged)
					if len(to) != 1+others || !strings.HasPrefix(to[0], "first@") || !strings.Contains(text, "second") {
						t.Errorf("told %q: %s", to, text)
					}
					if only := strings.Contains(text, "the only administrator who is left"); only != (others == 0) {
						t.Errorf("says that nobody else is left: %v\n%s", only, text)
					}
				})
			})
		}
	}
}

// A change of roles by which nobody leaves says nothing of who is left.
func TestAdministrators_areNotSaidToBeTheOnlyOnesAtEachChangeOfRoles(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.administrator("boss")
		w.person("target", "Tar", "Get", "Example", api.RoleMeetingManager)
		wantCode(t, w.SetRoles(t.Context(), "target", nil), "")
		to, text := w.toldOf(mail.ServiceChanged)
		if len(to) != 1 || !strings.HasPrefix(to[0], "boss@") || strings.Contains(text, "the only administrator") {
			t.Errorf("told %q: %s", to, text)
		}
	})
}

// Of others who are deactivated, or leave, nobody is told.
func TestAdministrators_areNotToldOfOthersWhoLeave(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss, target := w.administrator("boss"), w.person("target", "Tar", "Get", "Example", api.RoleMeetingManager)
		wantCode(t, w.staffDoes(boss, target, api.KindDeactivate), "")
		_, err := w.AskDeletion(t.Context(), caller.Caller{AccountID: w.person("other", "Ot", "Her", "Example")})
		wantCode(t, err, "")
		if to, text := w.toldOf(mail.ServiceChanged); len(to) != 0 {
			t.Errorf("told %q: %s", to, text)
		}
	})
}

// What tells administrators holds several of them: none waits for another who waits
// for it.
func TestAdministrators_areToldOfManyThingsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var all []caller.Caller
		for _, name := range []string{"first", "second", "third", "fourth"} {
			all = append(all, w.administrator(name))
		}
		got := count(t, 8, func(i int) error {
			p, other := all[i%len(all)], all[(i+1)%len(all)]
			switch i % 4 {
			case 0:
				return w.staffDoes(p, other.AccountID, api.KindDeactivate)
			case 1:
				_, err := w.setRoles(p, other.AccountID, api.RoleMeetingManager)
				return err
			case 2:
				_, err := w.AskDeletion(t.Context(), p)
				return err
			default:
				return w.DB.Update(t.Context(), func(tx *store.Tx) error {
					w.Audit.Note(tx, audit.PolicyChanged, "")
					return nil
				})
			}
		})
		for c := range got {
			if !slices.Contains([]api.Code{"", api.CodeForbidden, api.CodeLastAdministrator}, c) {
				t.Errorf("got %v", got)
			}
		}
	})
}
