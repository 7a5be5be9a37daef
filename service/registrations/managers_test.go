package registrations_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// past changes the database past the service.
func (w *world) past(change func(*store.Tx)) {
	w.t.Helper()
	if err := w.db.Update(w.t.Context(), func(tx *store.Tx) error { change(tx); return nil }); err != nil {
		w.t.Fatal(err)
	}
}

// manager makes an account with the role.
func (w *world) manager(name string) string {
	id := w.person(name, "en")
	w.mu.Lock()
	a := w.people[id]
	a.Roles = []string{api.RoleParticipant, api.RoleMeetingManager}
	w.people[id] = a
	w.mu.Unlock()
	w.past(func(tx *store.Tx) {
		tx.Do(`INSERT INTO accounts (id, username, username_key, email, email_key, title, first_name, family_name, phone, language,
				country, membership, organization_id, organization_name, news, created_at, activated_at, search, sort_key)
			VALUES ($1, $2, $2, $3, $3, '', $4, '', '', 'en', 'CH', 'academia', '', '', 0, 0, 0, '', $5)`,
			id, a.Username, a.Email, a.FirstName, []byte(id))
		tx.Do(`INSERT INTO account_roles (account_id, role) VALUES ($1, $2)`, id, api.RoleMeetingManager)
	})
	return id
}

func (w *world) appoint(code, who string) {
	w.past(func(tx *store.Tx) {
		tx.Do(`INSERT INTO meeting_managers (meeting, account_id, added_by, added_at) VALUES ($1, $2, '', 0)`, code, who)
	})
}

// Whoever has the role manages a meeting that nobody else does; of one that somebody
// manages, all others read and decide nothing, and are not told that there is something.
func TestManagers_onlyTheMeetings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Approval = api.ApprovalSecretariat })
		mine, other := w.manager("Mine"), w.manager("Other")
		number := w.register(w.person("Ana", "en")).Registration.Number
		participant := w.person("Part", "en")

		reads := func(who string) api.Code {
			t.Helper()
			_, err := w.Of(t.Context(), w.caller(who), code, "")
			return codeOf(t, err)
		}
		opens := func(who string) api.Code {
			t.Helper()
			r, err := w.One(t.Context(), w.caller(who), number)
			if err != nil && r.Number != "" {
				t.Errorf("refused with %+v", r)
			}
			return codeOf(t, err)
		}
		decides := func(who string) api.Code {
			t.Helper()
			r := w.do(who, api.OpDecide, api.Decide{Registration: number, Approve: true})
			if r.Outcome != api.Done && r.Registration != nil {
				t.Errorf("refused with %+v", r.Registration)
			}
			return r.Code
		}
		for _, who := range []string{mine, other} {
			if got := reads(who) + opens(who); got != "" {
				t.Errorf("without managers: %s", got)
			}
		}
		if got := reads(participant); got != api.CodeForbidden {
			t.Errorf("a participant reads: %q", got)
		}
		if got := opens(participant); got != api.CodeNotFound {
			t.Errorf("a participant opens: %q", got)
		}
		w.appoint(code, mine)
		if got := reads(other); got != api.CodeForbidden {
			t.Errorf("another manager reads: %q", got)
		}
		if got := opens(other); got != api.CodeNotFound {
			t.Errorf("another manager opens: %q", got)
		}
		if got := opens(mine); got != "" {
			t.Errorf("the manager opens: %s", got)
		}
		if got := decides(other); got != api.CodeNotFound {
			t.Errorf("another manager decides: %q", got)
		}
		if got := decides(participant); got != api.CodeNotFound {
			t.Errorf("a participant decides: %q", got)
		}
		if w.state(number, mine) != api.WaitingSecretariat {
			t.Error("somebody has decided")
		}
		// A manager who has lost the role is none.
		w.past(func(tx *store.Tx) { tx.Do(`DELETE FROM account_roles WHERE account_id = $1`, mine) })
		if got := reads(other); got != "" {
			t.Errorf("where no manager has the role any more: %s", got)
		}
		w.past(func(tx *store.Tx) {
			tx.Do(`INSERT INTO account_roles (account_id, role) VALUES ($1, $2)`, mine, api.RoleMeetingManager)
		})
		if got := decides(mine); got != "" {
			t.Errorf("the manager decides: %s", got)
		}
	})
}

// A decision at once with an appointment: by the one who is no manager any more it is
// refused, or it came before.
func TestManagers_decideAtOnceWithAnAppointment(t *testing.T) {
	for _, first := range []string{"decided first", "appointed first"} {
		t.Run(first, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				w := newWorld(t, db)
				w.meeting(func(d *api.MeetingDetails) { d.Approval = api.ApprovalSecretariat })
				mine, other := w.manager("Mine"), w.manager("Other")
				number := w.register(w.person("Ana", "en")).Registration.Number
				op := w.operation(other, api.OpDecide, api.Decide{Registration: number, Approve: true})
				var outcome api.Result
				decide := func(ctx context.Context) {
					d, err := w.deliverAs(ctx, other, api.Deliver{Stream: w.stream[other].id, Operations: []api.Operation{op}})
					if err != nil {
						t.Error(err)
						return
					}
					outcome = d.Results[0]
				}
				appoint := func(ctx context.Context) {
					if err := db.UpdateCommitted(ctx, func(tx *store.Tx) error {
						if _, err := w.Lock(tx, code); err != nil {
							return err
						}
						tx.Do(`INSERT INTO meeting_managers (meeting, account_id, added_by, added_at) VALUES ($1, $2, '', 0)`, code, mine)
						return nil
					}); err != nil {
						t.Error(err)
					}
				}
				if first == "decided first" {
					storetest.Pair(t, db, 1, decide, appoint)
				} else {
					storetest.Pair(t, db, 1, appoint, decide)
				}
				state := w.state(number, mine)
				if done := outcome.Outcome == api.Done; done != (state == api.Confirmed) || !done && outcome.Code != api.CodeNotFound {
					t.Errorf("%+v, and the registration is %s", outcome, state)
				}
			})
		})
	}
}

// Staff of the meeting sees who did what; whose registration it is, sees what they were,
// and why.
func TestHistory_namesWhoDidItForStaffOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Approval = api.ApprovalSecretariat })
		boss, ana := w.manager("Boss"), w.person("Ana", "en")
		number := w.register(ana).Registration.Number
		decided := w.do(boss, api.OpDecide, api.Decide{Registration: number, Reason: "no seat left"})
		page, err := w.Of(t.Context(), w.caller(boss), code, "")
		if err != nil {
			t.Fatal(err)
		}
		for name, r := range map[string]*api.Registration{"at once": decided.Registration, "in the list": &page.Registrations[0]} {
			last := r.History[len(r.History)-1]
			if last.Actor != "Boss" || last.By != "secretariat" || last.Reason != "no seat left" || last.At.IsZero() {
				t.Errorf("%s: %+v", name, last)
			}
		}
		own, err := w.Own(t.Context(), w.caller(ana), "")
		if err != nil {
			t.Fatal(err)
		}
		one, err := w.One(t.Context(), w.caller(ana), number)
		if err != nil {
			t.Fatal(err)
		}
		for _, given := range []any{own, one} {
			seen, err := json.Marshal(given)
			if err != nil || strings.Contains(string(seen), "Boss") || !strings.Contains(string(seen), "no seat left") {
				t.Errorf("one's own: %s", seen)
			}
		}
		if held := w.held(ana); strings.Contains(held, "Boss") || !strings.Contains(held, "secretariat") {
			t.Errorf("held: %s", held)
		}
		w.past(func(tx *store.Tx) { tx.Do(`DELETE FROM accounts WHERE id = $1`, boss) })
		page, err = w.Of(t.Context(), aManager, code, "")
		if err != nil || page.Registrations[0].History[2].Actor != "" || page.Registrations[0].History[2].By != "secretariat" {
			t.Errorf("once the account is gone: %+v, %v", page, err)
		}
	})
}

func codeOf(t *testing.T, err error) api.Code {
	t.Helper()
	if err == nil {
		return ""
	}
	p, ok := err.(*api.Problem)
	if !ok {
		t.Fatal(err)
	}
	return p.Code
}
