package accounts

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/staff"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
)

// what an account of TestWhatEnds has, and how many of each.
var accountHas = map[string]string{
	"own session":               `SELECT COUNT(*) FROM sessions WHERE id = '%[2]s'`,
	"other sessions":            `SELECT COUNT(*) FROM sessions WHERE account_id = '%[1]s' AND id <> '%[2]s'`,
	"devices":                   `SELECT COUNT(*) FROM devices WHERE account_id = '%[1]s'`,
	"recovery":                  `SELECT COUNT(*) FROM recoveries WHERE account_id = '%[1]s' AND reset_address = ''`,
	"recovery by reset address": `SELECT COUNT(*) FROM recoveries WHERE account_id = '%[1]s' AND reset_address <> ''`,
	"reset address":             `SELECT COUNT(*) FROM reset_addresses WHERE account_id = '%[1]s'`,
	"approvals":                 `SELECT COUNT(*) FROM approvals WHERE account_id = '%[1]s' AND kind <> 'reset-address'`,
	"approval of reset address": `SELECT COUNT(*) FROM approvals WHERE account_id = '%[1]s' AND kind = 'reset-address'`,
	"approvals asked for":       `SELECT COUNT(*) FROM approvals WHERE asked_by = '%[1]s'`,
}

// TestWhatEnds walks the table of what ends with what by the real operations: what
// is named ends, and all the rest stays.
func TestWhatEnds(t *testing.T) {
	type scene struct {
		*world
		id      string
		p, boss caller.Caller
		stop    string // token of the link that stops the reset address
	}
	for _, c := range []struct {
		what account.Happening
		used bool // the reset address
		do   func(s scene) error
		ends string
	}{
		{account.PasswordChanged, false, func(s scene) error {
			_, err := s.ChangePassword(s.t.Context(), s.p, api.ChangePassword{Current: goodPassword, New: otherPassword})
			return err
		}, "devices, other sessions, recovery, recovery by reset address, reset address"},
		{
			account.PasswordChanged, true, func(s scene) error { return s.SetPassword(s.t.Context(), "target", otherPassword) },
			"devices, other sessions, own session, recovery, recovery by reset address",
		},
		{account.EmailChanged, false, func(s scene) error {
			if err := s.ChangeEmail(s.t.Context(), s.p, api.ChangeEmail{Email: "new@example.org"}); err != nil {
				return err
			}
			_, err := s.ConfirmEmail(s.t.Context(), s.p, api.ConfirmEmail{Code: s.lastMail(mail.EmailCode).Secrets[mail.Code]})
			return err
		}, "other sessions, recovery, recovery by reset address"},
		{
			account.EmailChanged, true, func(s scene) error { return s.AdoptEmail(s.t.Context(), s.p) },
			"other sessions, recovery, recovery by reset address, reset address",
		},
		{account.LoggedOutEverywhere, false, func(s scene) error { return s.LogOutEverywhere(s.t.Context(), s.p) }, "other sessions, own session"},
		{
			account.SessionsEndedByStaff, false, func(s scene) error { return s.staffDoes(s.boss, s.id, api.KindEndSessions) },
			"other sessions, own session, recovery, recovery by reset address",
		},
		{
			account.DeactivatedByStaff, false, func(s scene) error { return s.staffDoes(s.boss, s.id, api.KindDeactivate) },
			"approval of reset address, approvals, approvals asked for, devices, other sessions, own session, recovery, recovery by reset address, reset address",
		},
		{
			account.DeactivatedByStaff, true, func(s scene) error { return s.Deactivate(s.t.Context(), "target") },
			"approval of reset address, approvals, approvals asked for, devices, other sessions, own session, recovery, recovery by reset address",
		},
		{
			account.RolesChanged, false, func(s scene) error { return s.SetRoles(s.t.Context(), "target", []string{api.RoleMeetingManager}) },
			"recovery by reset address, reset address",
		},
		{account.ResetAddressReplaced, true, func(s scene) error {
			_, err := s.setAddress(s.boss, s.id, "other@example.org")
			return err
		}, "recovery by reset address"}, // and another address is there
		{
			account.ResetAddressRemoved, false, func(s scene) error { return s.staffDoes(s.boss, s.id, api.KindRemoveResetAddress) },
			"recovery by reset address, reset address",
		},
		{
			account.ResetAddressRemoved, true, func(s scene) error { return s.staffDoes(s.boss, s.id, api.KindRemoveResetAddress) },
			"recovery by reset address, reset address",
		},
		{
			account.ResetAddressStopped, false, func(s scene) error { return s.StopResetAddress(s.t.Context(), api.Link{Token: s.stop}) },
			"approval of reset address, recovery by reset address, reset address",
		},
		{account.Erased, false, func(s scene) error {
			if _, err := s.AskDeletion(s.t.Context(), s.p); err != nil {
				return err
			}
			s.sql(`UPDATE deletions SET due_at = 0`)
			return s.Housekeep(s.t.Context())
		}, "approval of reset address, approvals, devices, other sessions, own session, recovery, recovery by reset address, reset address"},
	} {
		t.Run(fmt.Sprintf("%s, reset address used %v", c.what, c.used), func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				s := scene{world: w, boss: w.administrator("boss"), id: w.person("target", "Tar", "Get", "Example")}
				w.recover("target@example.org")
				if _, err := w.setAddress(s.boss, s.id, "area@example.org"); err != nil {
					t.Fatal(err)
				}
				mails := w.mails()
				told := slices.IndexFunc(mails, func(m mail.Shown) bool { return m.Template == mail.ResetAddressSet })
				s.stop = token(t, mails[told])
				w.recover("target")
				if c.used {
					w.sql(`UPDATE reset_addresses SET used_at = 1`)
				}
				s.p = w.who("target")
				w.mustLogIn("target", goodPassword)
				for i, kind := range []string{api.KindRoles, api.KindResetAddress, api.KindActivate} {
					id, err := account.NewID()
					if err != nil {
						t.Fatal(err)
					}
					about, by := s.id, s.boss.AccountID
					if i == 2 {
						about, by = by, about
					}
					w.sql(`INSERT INTO approvals (id, account_id, kind, change, reason, asked_by, asked_at, expires_at) VALUES ($1, $2, $3, '{}', 'why', $4, $5, $6)`,
						id, about, kind, by, store.Micros(w.Now()), store.Micros(w.Now().Add(staff.ApprovalLife)))
				}
				count := func(what string) int { return w.rows(fmt.Sprintf(accountHas[what], s.id, s.p.SessionID)) }
				before := map[string]int{}
				for what := range accountHas {
					if before[what] = count(what); before[what] == 0 {
						t.Fatalf("the account has no %s", what)
					}
				}
				if err := c.do(s); err != nil {
					t.Fatal(err)
				}
				var ended []string
				for _, what := range slices.Sorted(maps.Keys(accountHas)) {
					switch after := count(what); {
					case after == 0:
						ended = append(ended, what)
					case after != before[what]:
						t.Errorf("%s: %d of %d are left", what, after, before[what])
					}
				}
				if got := strings.Join(ended, ", "); got != c.ends {
					t.Errorf("ended: %s\nwant: %s", cmp.Or(got, "nothing"), c.ends)
				}
			})
		})
	}
}
