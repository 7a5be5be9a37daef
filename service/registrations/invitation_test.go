package registrations_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/rules"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// invite invites addresses, and gives the tokens of their links.
func (w *world) invite(change func(*api.Invite), emails ...string) (tokens []string) {
	w.t.Helper()
	in := api.Invite{ID: uuid.NewString(), Until: w.clock().Add(240 * time.Hour)}
	for _, email := range emails {
		in.People = append(in.People, api.Invitee{Name: "Dr. " + email, Email: email, Language: "fr"})
	}
	if change != nil {
		change(&in)
	}
	if err := w.Invite(w.t.Context(), aManager, code, in); err != nil {
		w.t.Fatal(err)
	}
	for _, email := range emails {
		tokens = append(tokens, w.linkOf(email))
	}
	return tokens
}

// linkOf is the token of the newest link to an address.
func (w *world) linkOf(email string) string {
	w.t.Helper()
	for _, m := range w.shown() {
		if m.To == email && m.Template == mail.MeetingInvitation {
			_, token, _ := strings.Cut(m.Secrets[mail.Link], "#")
			return token
		}
	}
	w.t.Fatalf("no invitation to %s", email)
	return ""
}

// accepts registers somebody by an invitation.
func (w *world) accepts(who, token string) api.Result {
	w.t.Helper()
	in := ask(api.OnSite)
	in.Invitation = token
	return w.do(who, api.OpRegister, in)
}

func (w *world) invitations() (list []api.Invitation) {
	w.t.Helper()
	page, err := w.Invitations(w.t.Context(), aManager, code, "")
	if err != nil {
		w.t.Fatal(err)
	}
	return page.Invitations
}

// invitedAt are the addresses to which invitations went, or are to go.
func (w *world) invitedAt() (to []string) {
	w.t.Helper()
	w.past(func(tx *store.Tx) {
		to = tx.Strings(`SELECT recipient FROM mails WHERE template = $1 AND recipient <> '' ORDER BY recipient`, mail.MeetingInvitation)
	})
	return to
}

func outcomeOf(r api.Result) string {
	if r.Outcome == api.Done {
		return r.Registration.State
	}
	return string(r.Code)
}

// What an invitation passes: registration that is closed, or the approval, as it says; never
// the places, and for nobody but who was invited.
func TestInvitation_passesWhatItSays(t *testing.T) {
	window := func(in *api.Invite) { in.PassesWindow = true }
	approval := func(in *api.Invite) { in.PassesApproval = true }
	both := func(in *api.Invite) { in.PassesWindow, in.PassesApproval = true, true }
	closed := func(d *api.MeetingDetails) { d.RegistrationUntil = morning.Add(-time.Hour) }
	early := func(d *api.MeetingDetails) { d.RegistrationFrom = morning.Add(time.Hour) }
	for _, c := range []struct {
		name      string
		meeting   func(*api.MeetingDetails)
		invite    func(*api.Invite)
		meanwhile func(w *world, ana, token string) // between the e-mail and the registration
		want      string
	}{
		{"nothing, while it is open", nil, nil, nil, api.WaitingSecretariat},
		{"the approval", nil, approval, nil, api.Confirmed},
		{"the window, while it is open", nil, window, nil, api.WaitingSecretariat},
		{"nothing, after registration", closed, nil, nil, "registration-closed"},
		{"the approval, after registration", closed, approval, nil, "registration-closed"},
		{"the window, after registration", closed, window, nil, api.WaitingSecretariat},
		{"both, after registration", closed, both, nil, api.Confirmed},
		{"nothing, before registration", early, nil, nil, "registration-early"},
		{"the window, before registration", early, window, nil, api.WaitingSecretariat},
		{"both, when it is full", func(d *api.MeetingDetails) { d.Capacity, d.WaitingList = 1, false }, both, takesAPlace, "meeting-full"},
		{"both, when there is a line", func(d *api.MeetingDetails) { d.Capacity = 1 }, both, takesAPlace, api.WaitingList},
		{"both, of another membership", func(d *api.MeetingDetails) { d.Memberships = []string{"media"} }, both, nil, "not-for-membership"},
		{"both, when a manager has closed it", nil, both, status("close"), api.Confirmed},
		{"the approval, when a manager has closed it", nil, approval, status("close"), "registration-closed"},
		{"both, when it is cancelled", nil, both, func(w *world, _, _ string) {
			w.past(func(tx *store.Tx) {
				tx.Do(`UPDATE meetings SET status = 'cancelled', edition = edition + 1`)
				tx.Do(`UPDATE meeting_counts SET edition = edition + 1`)
			})
		}, "meeting-cancelled"},
		{"both, when it is over", nil, func(in *api.Invite) { both(in); in.Until = morning.AddDate(1, 0, 0) }, after(60 * 24 * time.Hour), "invitation-over"},
		{"both, when its time is over", nil, both, after(241 * time.Hour), "invitation-over"},
		{"both, taken back", nil, both, func(w *world, _, _ string) {
			if err := w.WithdrawInvitation(w.t.Context(), aManager, w.invitations()[0].ID); err != nil {
				w.t.Fatal(err)
			}
		}, "invitation-over"},
		{"both, after another e-mail", nil, both, func(w *world, _, _ string) {
			if err := w.SendInvitation(w.t.Context(), aManager, w.invitations()[0].ID, api.SendInvitation{Until: w.clock().Add(time.Hour)}); err != nil {
				w.t.Fatal(err)
			}
		}, "invitation-over"},
		{"both, used", nil, both, func(w *world, ana, token string) {
			number := w.accepts(ana, token).Registration.Number
			w.do(ana, api.OpWithdraw, api.Withdraw{Registration: number})
		}, "invitation-over"},
		{"both, of another address", nil, both, func(w *world, ana, _ string) {
			w.mu.Lock()
			defer w.mu.Unlock()
			a := w.people[ana]
			a.Email = "other@example.org"
			w.people[ana] = a
		}, "invitation-other"},
	} {
		t.Run(c.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				w := newWorld(t, db)
				w.meeting(func(d *api.MeetingDetails) {
					d.Capacity, d.Approval = 0, api.ApprovalSecretariat
					if c.meeting != nil {
						c.meeting(d)
					}
				})
				ana := w.person("Ana", "en")
				token := w.invite(c.invite, "ana@example.org")[0]
				if c.meanwhile != nil {
					c.meanwhile(w, ana, token)
				}
				before := w.invitations()
				r := w.accepts(ana, token)
				if got := outcomeOf(r); got != c.want {
					t.Fatalf("%s, want %s", got, c.want)
				}
				now := w.invitations()[0]
				switch {
				case r.Outcome != api.Done && now != before[0]:
					t.Errorf("a refused registration has changed the invitation: %+v", now)
				case r.Outcome == api.Done && (now.State != api.InvitationUsed || now.Registration != r.Registration.Number):
					t.Errorf("used, it is %+v", now)
				case r.Outcome == api.Done && outcomeOf(w.accepts(ana, token)) == api.Confirmed:
					t.Error("it was used twice")
				}
			})
		})
	}
}

func takesAPlace(w *world, _, _ string) {
	w.t.Helper()
	if r := w.register(w.person("Bo", "en")); r.Outcome != api.Done {
		w.t.Fatal(r.Code)
	}
}

func after(d time.Duration) func(*world, string, string) {
	return func(w *world, _, _ string) { w.pass(d) }
}

func status(act string) func(*world, string, string) {
	return func(w *world, _, _ string) {
		w.t.Helper()
		m, err := w.Manage(w.t.Context(), aManager, code)
		if err == nil {
			_, err = w.ChangeStatus(w.t.Context(), aManager, code, api.ChangeMeetingStatus{Act: act, Edition: m.Edition})
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// A meeting's invitations are for it alone, and whoever waits in line by one is confirmed
// later without a decision.
func TestInvitation_keepsItsWord(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.Approval = 1, api.ApprovalSecretariat })
		ana, bo := w.person("Ana", "en"), w.person("Bo", "en")
		first := w.register(bo).Registration.Number
		token := w.invite(func(in *api.Invite) { in.PassesApproval = true }, "ana@example.org")[0]
		r := w.accepts(ana, token)
		if outcomeOf(r) != api.WaitingList {
			t.Fatal(outcomeOf(r))
		}
		again := api.Invite{ID: uuid.NewString(), Until: w.clock().Add(time.Hour), People: []api.Invitee{{Email: "ana@example.org"}}}
		wantCode(t, w.Invite(t.Context(), aManager, code, again), api.CodeInvalid) // which would forget what she has
		w.do(bo, api.OpWithdraw, api.Withdraw{Registration: first})
		if state := w.stateOf(r.Registration.Number); state != api.Confirmed {
			t.Errorf("from the line she is %s", state)
		}
		w.do(ana, api.OpWithdraw, api.Withdraw{Registration: r.Registration.Number})
		if err := w.Invite(t.Context(), aManager, code, again); err != nil {
			t.Errorf("once she has withdrawn: %v", err)
		}
		if r := w.accepts(bo, strings.Repeat("A", 43)); r.Code != api.CodeInvitationOver {
			t.Errorf("a token of nobody: %+v", r)
		}
		if r := w.accepts(bo, "none"); r.Code != api.CodeInvitationOver {
			t.Errorf("no token: %+v", r)
		}
	})
}

func TestInvite_onceAndToEach(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(nil)
		in := api.Invite{ID: uuid.NewString(), PassesWindow: true, Until: morning.AddDate(1, 0, 0), People: []api.Invitee{
			{Name: "Dr. Ana <b>Álvarez</b>", Email: "Ana@Example.org", Language: "fr"}, {Email: "bo@example.org"},
		}}
		for range 2 {
			if err := w.Invite(t.Context(), aManager, code, in); err != nil {
				t.Fatal(err)
			}
		}
		mails := w.shown()
		if len(mails) != 2 {
			t.Fatalf("%d e-mails", len(mails))
		}
		link := ""
		for _, m := range mails {
			if m.To == "Ana@example.org" {
				link = m.Secrets[mail.Link]
				if !strings.Contains(m.Text, "Sixième Journée X.509") || strings.Contains(m.HTML, "<b>Álvarez") {
					t.Errorf("the e-mail: %s", m.HTML)
				}
			}
		}
		ref, ok := rules.ReadMeeting(link)
		if !ok || ref.Code != code || ref.Invitation == "" || !strings.HasPrefix(link, "https://plenary.example.int/m/"+code+"?lang=fr#") {
			t.Errorf("the link %s is read as %+v", link, ref)
		}
		w.past(func(tx *store.Tx) {
			if tx.Has(`SELECT 1 FROM meeting_invitations WHERE CAST(link_hash AS TEXT) LIKE $1`, "%"+ref.Invitation+"%") {
				t.Error("the database has the token")
			}
		})
		list := w.invitations()
		if len(list) != 2 || list[0].Email != "Ana@example.org" || !list[0].Until.Equal(morning.AddDate(0, 1, 0).Add(time.Hour)) {
			t.Fatalf("the list: %+v", list)
		}
		for name, c := range map[string]struct {
			change func(*api.Invite)
			want   string
		}{
			"invited already":          {func(in *api.Invite) { in.People = in.People[:1] }, "/people/0/email:repeated"},
			"twice":                    {func(in *api.Invite) { in.People = []api.Invitee{{Email: "c@example.org"}, {Email: "C@example.org"}} }, "/people/1/email:repeated"},
			"no address":               {func(in *api.Invite) { in.People = []api.Invitee{{Email: "c"}} }, "/people/0/email:invalid"},
			"what turns a name around": {func(in *api.Invite) { in.People = []api.Invitee{{Email: "c@example.org", Name: "\u202e"}} }, "/people/0/name:invalid"},
			"over already":             {func(in *api.Invite) { in.People, in.Until = []api.Invitee{{Email: "d@example.org"}}, morning }, "/until:out-of-range"},
			"nobody":                   {func(in *api.Invite) { in.People = nil }, "/people:too-many"},
		} {
			again := in
			again.ID = uuid.NewString()
			c.change(&again)
			err := w.Invite(t.Context(), aManager, code, again)
			got := ""
			if p, ok := err.(*api.Problem); ok && len(p.Errors) > 0 {
				got = p.Errors[0].Pointer + ":" + p.Errors[0].Code
			}
			if got != c.want {
				t.Errorf("%s: %v, %s", name, err, got)
			}
		}
		// Taken back, the address can be invited again.
		if err := w.WithdrawInvitation(t.Context(), aManager, list[0].ID); err != nil {
			t.Fatal(err)
		}
		if got := w.invitations()[0].State; got != api.InvitationWithdrawn {
			t.Errorf("taken back it is %s", got)
		}
		again := in
		again.ID, again.People = uuid.NewString(), in.People[:1]
		if err := w.Invite(t.Context(), aManager, code, again); err != nil || w.invitations()[0].State != api.InvitationSent {
			t.Errorf("invited again: %v, %+v", err, w.invitations()[0])
		}
	})
}

func TestInvitations_areTheManagersAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(nil)
		max, mia := w.manager("Max"), w.manager("Mia")
		m, err := w.Manage(t.Context(), w.caller(max), code)
		if err == nil {
			_, err = w.SaveManagers(t.Context(), w.caller(max), code, api.SaveManagers{Managers: []string{max}, Edition: m.Edition})
		}
		if err != nil {
			t.Fatal(err)
		}
		in := api.Invite{ID: uuid.NewString(), Until: morning.Add(time.Hour), People: []api.Invitee{{Email: "ana@example.org"}}}
		if err := w.Invite(t.Context(), w.caller(max), code, in); err != nil {
			t.Fatal(err)
		}
		page, err := w.Invitations(t.Context(), w.caller(max), code, "")
		if err != nil || len(page.Invitations) != 1 || page.Invitations[0].By != "Max" {
			t.Fatalf("%+v, %v", page, err)
		}
		id := page.Invitations[0].ID
		in.ID = uuid.NewString()
		for name, who := range map[string]caller.Caller{"another manager": w.caller(mia), "a participant": w.caller(w.person("Pia", "en"))} {
			_, err := w.Invitations(t.Context(), who, code, "")
			wantCode(t, err, api.CodeNotFound)
			wantCode(t, w.Invite(t.Context(), who, code, in), api.CodeNotFound)
			wantCode(t, w.SendInvitation(t.Context(), who, id, api.SendInvitation{Until: morning.Add(time.Hour)}), api.CodeNotFound)
			wantCode(t, w.WithdrawInvitation(t.Context(), who, id), api.CodeNotFound)
			_, err = w.ImportRegistrations(t.Context(), who, code, api.ImportRegistrations{ID: uuid.NewString(), Check: true, Rows: []api.ImportedPerson{guestOf("A", "", "B")}})
			wantCode(t, err, api.CodeNotFound)
			if t.Failed() {
				t.Fatal(name)
			}
		}
		// Nor is anybody's account held, or read, for who does not manage the meeting.
		w.member("Ada", "org-a")
		looked := false
		w.mu.Lock()
		w.looked = func() { looked = true }
		w.mu.Unlock()
		_, err = w.ImportRegistrations(t.Context(), w.caller(mia), code, api.ImportRegistrations{
			ID: uuid.NewString(), Rows: []api.ImportedPerson{guestOf("Ada", "ada@example.org", "B")},
		})
		wantCode(t, err, api.CodeNotFound)
		w.mu.Lock()
		w.looked = nil
		w.mu.Unlock()
		if looked {
			t.Error("an account was looked at")
		}
		// Whoever has the link sees what it is worth, and not to whom it was sent.
		ana, bo := w.person("Ana", "en"), w.person("Bo", "en")
		token := w.linkOf("ana@example.org")
		for who, mine := range map[string]bool{ana: true, bo: false} {
			found, err := w.ReadInvitation(t.Context(), w.caller(who), api.ReadInvitation{Token: token})
			if err != nil || found.Mine != mine || found.Meeting != code || found.State != api.InvitationSent {
				t.Errorf("%+v, %v", found, err)
			}
		}
		_, err = w.ReadInvitation(t.Context(), w.caller(ana), api.ReadInvitation{Token: strings.Repeat("A", 43)})
		wantCode(t, err, api.CodeNotFound)
	})
}

// Two programs of the same person that register at once use an invitation once.
func TestInvitation_usedOnceInParallel(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.Approval = 0, api.ApprovalSecretariat })
		ana := w.person("Ana", "en")
		token := w.invite(func(in *api.Invite) { in.PassesApproval = true }, "ana@example.org")[0]
		in := ask(api.OnSite)
		in.Invitation = token
		results := make(chan string, 4)
		for n := range 4 {
			op := w.operation(ana, api.OpRegister, in)
			op.Number = 1
			go func() {
				d, err := w.deliverAs(t.Context(), ana, api.Deliver{Stream: uuid.NewString(), Sent: morning, Operations: []api.Operation{op}})
				if err != nil {
					results <- err.Error()
					return
				}
				results <- outcomeOf(d.Results[0])
			}()
			_ = n
		}
		confirmed := 0
		for range 4 {
			switch got := <-results; got {
			case api.Confirmed:
				confirmed++
			case string(api.CodeInvitationOver), string(api.CodeAlreadyRegistered):
			default:
				t.Error(got)
			}
		}
		if confirmed != 1 || w.taken() != 1 {
			t.Errorf("%d confirmed, %d places", confirmed, w.taken())
		}
	})
}

func TestErase_invitations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(nil)
		ana := w.member("Ana", "org-a")
		w.invite(nil, "ANA@example.org", "bo@example.org") // as it was written
		w.past(func(tx *store.Tx) {
			tx.HoldOwner(ana)
			if err := w.Erase(tx, ana); err != nil {
				t.Error(err)
			}
		})
		if list := w.invitations(); len(list) != 1 || list[0].Email != "bo@example.org" {
			t.Errorf("after Ana was erased: %+v", list)
		}
		if to := w.invitedAt(); !slices.Equal(to, []string{"bo@example.org"}) {
			t.Errorf("e-mails are left to %q", to)
		}
	})
}

// Where names of a meeting's registrations are erased after it, who was invited is too.
func TestEraseAnswers_invitations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Retention, d.RetentionNames = 30, true })
		w.invite(nil, "ana@example.org")
		w.set(morning.AddDate(0, 3, 0))
		if err := w.EraseAnswers(t.Context()); err != nil {
			t.Fatal(err)
		}
		if list := w.invitations(); len(list) != 0 {
			t.Errorf("left are %+v", list)
		}
		if n := w.count(`SELECT COUNT(*) FROM audit WHERE event = 'answers-erased'`); n != 1 {
			t.Errorf("noted %d times", n)
		}
		if to := w.invitedAt(); len(to) != 0 {
			t.Errorf("e-mails are left to %q", to)
		}
	})
}

// Who was invited and has not come is forgotten some time after the meeting.
func TestSweepInvitations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(nil)
		token := w.invite(nil, "ana@example.org", "bo@example.org")[0]
		if r := w.accepts(w.person("Ana", "en"), token); r.Registration == nil {
			t.Fatal(outcomeOf(r))
		}
		end := morning.AddDate(0, 1, 0).Add(time.Hour)
		for _, c := range []struct {
			days int
			want []string
		}{{89, []string{"ana@example.org", "bo@example.org"}}, {91, []string{"ana@example.org"}}} {
			w.set(end.AddDate(0, 0, c.days))
			if err := w.SweepInvitations(t.Context()); err != nil {
				t.Fatal(err)
			}
			var left []string
			for _, i := range w.invitations() {
				left = append(left, i.Email)
			}
			if !slices.Equal(left, c.want) {
				t.Errorf("after %d days: %q", c.days, left)
			}
		}
	})
}
