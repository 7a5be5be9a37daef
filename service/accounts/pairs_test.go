package accounts

import (
	"context"
	"fmt"
	"testing"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/staff"
	tokens "plenary/service/account/token"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// leaving is a world in which an account is due to be erased.
type leaving struct {
	*world
	who     caller.Caller
	flow    string // of a recovery
	waiting string // flow of a sign-up for the same address
	code    string // for the address that is wished for
}

const leaver = "leaver@example.org"

func newLeaving(t *testing.T, db *store.DB) *leaving {
	w := newWorld(t, db)
	w.change(func(p *api.Policies) { p.DeletionDays, p.Limits.Mails, p.Limits.IdentifierFailures = 0, 100, 1 })
	w.register(leaver, "leaver")
	l := &leaving{world: w, who: w.who("leaver"), flow: tokens.New()}
	if _, err := w.Recover(t.Context(), api.Recover{Flow: l.flow, Identifier: "leaver"}); err != nil {
		t.Fatal(err)
	}
	in := signUpOf(leaver, "leaver.again")
	w.signUp(in)
	l.waiting = in.Flow
	l.code = w.askEmail(l.who, "leaver@example.net")
	if _, err := w.AskDeletion(t.Context(), l.who); err != nil {
		t.Fatal(err)
	}
	return l
}

// meanwhile is what the account, its people and strangers can do while it is
// erased. Whether they still can is theirs to find out; what stays is looked at.
var meanwhile = map[string]func(context.Context, *leaving) error{
	"change username": func(ctx context.Context, l *leaving) error {
		_, err := l.ChangeUsername(ctx, l.who, api.ChangeUsername{Username: "leaver.new"})
		return err
	},
	"change profile": func(ctx context.Context, l *leaving) error {
		now, err := l.Account(ctx, l.who.AccountID)
		if err != nil {
			return err
		}
		_, err = l.ChangeProfile(ctx, l.who, api.ChangeProfile{
			Version: now.Version, FamilyName: "Leaver", Language: "en", Country: "CH", Membership: "media", NewOrganization: &api.NewOrganization{Name: "Leaver's"},
		})
		return err
	},
	"wish for an address": func(ctx context.Context, l *leaving) error {
		return l.ChangeEmail(ctx, l.who, api.ChangeEmail{Email: "leaver@example.com"})
	},
	"confirm an address": func(ctx context.Context, l *leaving) error {
		_, err := l.ConfirmEmail(ctx, l.who, api.ConfirmEmail{Code: l.code})
		return err
	},
	"set a question": func(ctx context.Context, l *leaving) error {
		return l.SetSecretQuestion(ctx, l.who, api.SetSecretQuestion{Question: api.SecretQuestions[0], Answer: "a good answer"})
	},
	"set up a second factor": func(ctx context.Context, l *leaving) error {
		_, err := l.SetUpSecondFactor(ctx, l.who)
		return err
	},
	"take the deletion back": func(ctx context.Context, l *leaving) error { return l.TakeBackDeletion(ctx, l.who) },
	"ask for deletion": func(ctx context.Context, l *leaving) error {
		_, err := l.AskDeletion(ctx, l.who)
		return err
	},
	"log out everywhere": func(ctx context.Context, l *leaving) error { return l.LogOutEverywhere(ctx, l.who) },
	"export": func(ctx context.Context, l *leaving) error {
		_, err := l.Export(ctx, l.who)
		return err
	},
	"log in": func(ctx context.Context, l *leaving) error {
		_, err := l.LogIn(ctx, api.LogIn{Identifier: "leaver", Password: goodPassword, Machine: "leaver's"})
		return err
	},
	"guess": func(ctx context.Context, l *leaving) error {
		_, err := l.LogIn(ctx, api.LogIn{Identifier: "leaver", Password: "x"})
		return err
	},
	"begin a recovery": func(ctx context.Context, l *leaving) error {
		_, err := l.Recover(ctx, api.Recover{Flow: tokens.New(), Identifier: "leaver"})
		return err
	},
	"send a code": func(ctx context.Context, l *leaving) error { return l.SendRecovery(ctx, api.Flow{Token: l.flow}) },
	"sign up for the address": func(ctx context.Context, l *leaving) error {
		return l.SignUp(ctx, signUpOf(leaver, "leaver.third"))
	},
	"send a sign-up again": func(ctx context.Context, l *leaving) error {
		return l.ResendSignUp(ctx, api.Flow{Token: l.waiting})
	},
	"deactivate": func(ctx context.Context, l *leaving) error { return l.Deactivate(ctx, "leaver") },
	"set a password": func(ctx context.Context, l *leaving) error {
		return l.SetPassword(ctx, "leaver", otherPassword)
	},
}

// Whatever is done to an account while it is erased, before or after: nothing of
// it stays, and nothing stays of nobody.
func TestErase_atOnceWithEverythingElse(t *testing.T) {
	for what, other := range meanwhile {
		for _, order := range []string{"erased first", "erased second"} {
			t.Run(what+", "+order, func(t *testing.T) {
				storetest.Each(t, func(t *testing.T, db *store.DB) {
					l := newLeaving(t, db)
					erase := func(ctx context.Context) {
						if err := l.EraseDue(ctx); err != nil {
							t.Errorf("erase: %v", err)
						}
					}
					do := func(ctx context.Context) {
						// With an address, as every request.
						ctx = audit.From(ctx, audit.Origin{Network: home, Actor: l.who.AccountID})
						if err := other(ctx, l); err != nil {
							code(t, err) // a refusal, and no trouble
						}
					}
					if order == "erased first" {
						storetest.Pair(t, db, 1, erase, do)
					} else {
						storetest.Pair(t, db, lastOf(what), do, erase)
					}
					l.nothingStays(what)
				})
			})
		}
	}
}

// lastOf is which transaction of what is done changes something: the slots of a
// try are reserved in one before.
func lastOf(what string) int {
	switch what {
	case "log in", "guess":
		return 2
	}
	return 1
}

// nothingStays looks for the account in all tables, unless it is there.
func (l *leaving) nothingStays(what string) {
	l.t.Helper()
	for name, query := range wholeNames {
		if n := l.rows(query); n != 0 {
			l.t.Errorf("%d %s", n, name)
		}
	}
	if n := l.rows(`SELECT COUNT(*) FROM accounts`); n != 0 {
		if what != "take the deletion back" {
			l.t.Error("the account is there")
		}
		return
	}
	for table, column := range map[string]string{
		"owners": "id", "usernames": "owner", "recoveries": "account_id", "lock_notices": "account_id", "sessions": "account_id",
		"devices": "account_id", "deletions": "account_id", "sign_ups": "id", "audit_origins": "subject",
	} {
		if n := l.rows(fmt.Sprintf(`SELECT COUNT(*) FROM %s WHERE %s = $1`, table, column), l.who.AccountID); n != 0 {
			l.t.Errorf("%d rows stay in %s", n, table)
		}
	}
	if n := l.rows(`SELECT COUNT(*) FROM audit_origins WHERE actor = $1`, l.who.AccountID); n != 0 {
		l.t.Errorf("%d addresses of what it did stay", n)
	}
	// E-mails to it: none but the last, and what its address is told afterwards as
	// that of somebody who signs up.
	if n := l.rows(`SELECT COUNT(*) FROM mails m WHERE m.recipient <> '' AND m.template <> $1
		AND NOT EXISTS (SELECT 1 FROM sign_ups s WHERE s.id = m.subject)`, mail.Deleted); n != 0 {
		l.t.Errorf("%d e-mails to it stay", n)
	}
}

// Who is logged out everywhere, or has another address, by a transaction that is
// open while somebody logs in, or the other way round: the session is either begun
// after it, or ended by it.
func TestLogIn_atOnceWithTheEndOfAllSessions(t *testing.T) {
	for name, end := range map[string]func(context.Context, *world, caller.Caller) error{
		"log out everywhere": func(ctx context.Context, w *world, p caller.Caller) error { return w.LogOutEverywhere(ctx, p) },
		"another address": func(ctx context.Context, w *world, p caller.Caller) error {
			return w.DB.Update(ctx, func(tx *store.Tx) error {
				if err := account.Hold(tx, p.AccountID); err != nil {
					return err
				}
				_, err := w.SetEmail(tx, p, "amina@example.net")
				return err
			})
		},
		"deactivate": func(ctx context.Context, w *world, p caller.Caller) error { return w.Deactivate(ctx, "amina") },
		"set a password": func(ctx context.Context, w *world, p caller.Caller) error {
			return w.SetPassword(ctx, "amina", otherPassword)
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				w.register("amina@example.org", "amina")
				p := w.who("amina")
				storetest.Pair(t, w.DB, 2, func(ctx context.Context) {
					if _, err := w.LogIn(ctx, api.LogIn{Identifier: "amina", Password: goodPassword}); err != nil {
						t.Errorf("log in: %v", err)
					}
				}, func(ctx context.Context) {
					if err := end(ctx, w, p); err != nil {
						t.Errorf("end: %v", err)
					}
				})
				if n := w.rows(`SELECT COUNT(*) FROM sessions WHERE id <> $1`, p.SessionID); n != 0 {
					t.Errorf("%d sessions are left", n)
				}
			})
		})
	}
}

// A reset address that its owner stops while a recovery begins: whatever came
// first, nothing is sent to it.
func TestStopResetAddress_atOnceWithARecovery(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		u := w.register("amina@example.org", "amina")
		_, _ = w.Create(t.Context(), staff.NewAccount{
			Username: "admin", Email: "admin@example.org", Password: goodPassword, FirstName: "F", Roles: []string{api.RoleAdministrator}, Organization: itu,
		})
		admin, p := w.who("admin"), w.who("amina")
		if _, err := w.setAddress(admin, p.AccountID, "friend@example.org"); err != nil {
			t.Fatal(err)
		}
		stop := ""
		for _, m := range w.mails() {
			if m.Template == mail.ResetAddressSet {
				stop = token(t, m)
			}
		}
		flow := tokens.New()
		storetest.Pair(t, w.DB, 1, func(ctx context.Context) {
			if _, err := w.Recover(ctx, api.Recover{Flow: flow, Identifier: u.Username}); err != nil {
				t.Errorf("recover: %v", err)
			}
		}, func(ctx context.Context) {
			if err := w.StopResetAddress(ctx, api.Link{Token: stop}); err != nil {
				t.Errorf("stop: %v", err)
			}
		})
		wantCode(t, w.SendRecovery(t.Context(), api.Flow{Token: flow}), api.CodeCodeExpired)
		if n := w.rows(`SELECT COUNT(*) FROM mails WHERE template = $1`, mail.Reset); n != 0 {
			t.Errorf("%d e-mails went to it", n)
		}
	})
}

// One flow with two identifiers at once: one of them has it.
func TestRecover_oneFlowAtOnceForTwoNames(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		flow := tokens.New()
		var codes [2]api.Code
		ask := func(i int, name string) func(context.Context) {
			return func(ctx context.Context) {
				_, err := w.Recover(ctx, api.Recover{Flow: flow, Identifier: name})
				codes[i] = code(t, err)
			}
		}
		storetest.Pair(t, w.DB, 1, ask(0, "amina"), ask(1, "bela"))
		if codes != [2]api.Code{"", api.CodeKeyReused} {
			t.Errorf("got %q", codes)
		}
	})
}
