package registrations_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

func organizationOf(id string) api.Organization {
	return api.Organization{ID: id, Name: "Organization " + strings.ToUpper(strings.TrimPrefix(id, "org-")), Country: "CH", Membership: "academia"}
}

// member makes an account of an organization.
func (w *world) member(name, organization string) string {
	id := w.person(name, "en")
	o := organizationOf(organization)
	w.mu.Lock()
	a := w.people[id]
	a.Organization = o
	w.people[id] = a
	w.mu.Unlock()
	w.past(func(tx *store.Tx) {
		tx.Do(`INSERT INTO accounts (id, username, username_key, email, email_key, title, first_name, family_name, phone, language,
				country, membership, organization_id, organization_name, news, created_at, activated_at, search, sort_key)
			VALUES ($1, $2, $2, $3, $3, '', $4, '', '', 'en', 'CH', 'academia', $5, $6, 0, 0, 0, '', $7)`,
			id, a.Username, a.Email, a.FirstName, o.ID, o.Name, []byte(id))
	})
	return id
}

// appointed makes an account that is appointed for an organization.
func (w *world) appointed(name, organization, kind string) string {
	w.t.Helper()
	id := w.member(name, organization)
	w.names(id, organization, kind)
	return id
}

func (w *world) names(id, organization, kind string) {
	w.t.Helper()
	if err := w.delegations.Appoint(w.t.Context(), aManager, id, api.Appoint{Kind: kind, OrganizationID: organization}); err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	a := w.people[id]
	a.Appointed = kind
	w.people[id] = a
}

// moves gives an account another organization, as a person's own change does.
func (w *world) moves(id, organization string) {
	w.t.Helper()
	o := organizationOf(organization)
	w.past(func(tx *store.Tx) {
		tx.HoldOwner(id)
		tx.Do(`UPDATE accounts SET organization_id = $1, organization_name = $2 WHERE id = $3`, o.ID, o.Name, id)
		tx.Do(`DELETE FROM focal_points WHERE account_id = $1`, id)
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	a := w.people[id]
	a.Organization, a.Appointed = o, ""
	w.people[id] = a
}

func byFocalPoint(d *api.MeetingDetails) { d.Approval, d.Capacity = api.ApprovalFocalPoint, 0 }

func (w *world) stateOf(number string) (state string) {
	w.t.Helper()
	r, err := w.Registration(w.t.Context(), number)
	if err != nil {
		w.t.Fatal(err)
	}
	return r.State
}

// Who may decide on whose registration, and what the others are told. Each decides by
// itself, by several at once, and by withdrawing, so that no way is open that another one
// closes.
func TestDecide_onlyForTheOwnOrganization(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(byFocalPoint)
		who := map[string]string{
			"focal point": w.appointed("Fay", "org-a", api.FocalPoint), "assistant": w.appointed("Asa", "org-a", api.Assistant),
			"member": w.member("Ana", "org-a"), "other focal point": w.appointed("Olu", "org-b", api.FocalPoint),
			"other member": w.member("Bea", "org-b"), "nobody's member": w.member("Cem", "org-c"), "manager": w.manager("Max"),
		}
		moved := w.appointed("Mia", "org-d", api.FocalPoint)
		w.moves(moved, "org-a")
		who["moved here"] = moved
		was := w.appointed("Will", "org-e", api.FocalPoint)
		if err := w.delegations.End(t.Context(), aManager, was); err != nil {
			t.Fatal(err)
		}
		who["was focal point"] = was
		for _, c := range []struct{ by, on, want string }{
			{"focal point", "member", ""},
			{"focal point", "assistant", ""},
			{"assistant", "member", ""},
			{"assistant", "assistant", "forbidden"},
			{"member", "member", "forbidden"},
			{"member", "assistant", "not-found"},
			{"focal point", "other member", "not-found"},
			{"assistant", "other member", "not-found"},
			{"other focal point", "member", "not-found"},
			{"other focal point", "nobody's member", "not-found"},
			{"moved here", "member", "not-found"},
			{"was focal point", "member", "not-found"},
			{"nobody's member", "nobody's member", "forbidden"},
			{"focal point", "nobody's member", "not-found"},
			{"manager", "member", ""},
			{"manager", "nobody's member", ""},
		} {
			for _, approve := range []bool{true, false} {
				number := w.register(who[c.on]).Registration.Number
				before := w.stateOf(number)
				reason := ""
				if !approve {
					reason = "because"
				}
				many := w.do(who[c.by], api.OpDecideMany, api.DecideMany{Registrations: []string{"R-0000-0000", number}, Approve: approve, Reason: reason})
				wantErrors := []api.FieldError{{Pointer: "/registrations/0", Code: "not-found"}}
				if c.want != "" {
					wantErrors = append(wantErrors, api.FieldError{Pointer: "/registrations/1", Code: c.want})
					one := w.do(who[c.by], api.OpDecide, api.Decide{Registration: number, Approve: approve, Reason: reason})
					if string(one.Code) != c.want || w.stateOf(number) != before {
						t.Errorf("%s on %s: %s, and it is %s", c.by, c.on, one.Code, w.stateOf(number))
					}
				} else if state := w.stateOf(number); state != api.Confirmed && state != api.Refused {
					t.Errorf("%s on %s: it is %s", c.by, c.on, state)
				}
				if many.Outcome != api.Done || !slices.Equal(many.Errors, wantErrors) {
					t.Errorf("%s on %s, among several: %+v", c.by, c.on, many)
				}
				if !approve && c.want == "" {
					continue // refused: it is over
				}
				if r := w.do(who[c.on], api.OpWithdraw, api.Withdraw{Registration: number}); r.Outcome != api.Done {
					t.Fatalf("%s withdraws: %+v", c.on, r)
				}
			}
		}
	})
}

// The registration is of the organization of then: who has left it is decided on by that
// one, and not by the one to which the person has gone.
func TestDecide_afterThePersonChangedTheOrganization(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(byFocalPoint)
		fay, olu := w.appointed("Fay", "org-a", api.FocalPoint), w.appointed("Olu", "org-b", api.FocalPoint)
		ana := w.member("Ana", "org-a")
		number := w.register(ana).Registration.Number
		w.moves(ana, "org-b")
		if r := w.do(olu, api.OpDecide, api.Decide{Registration: number, Approve: true}); r.Code != api.CodeNotFound {
			t.Errorf("the new one: %+v", r)
		}
		if r := w.do(fay, api.OpDecide, api.Decide{Registration: number, Approve: true}); r.Outcome != api.Done || r.Registration.State != api.Confirmed {
			t.Errorf("that of then: %+v", r)
		}
		// It says nothing of the organization that the person has now.
		if w.confirmed(ana) {
			t.Error("the new organization is confirmed")
		}
	})
}

func (w *world) confirmed(id string) (is bool) {
	w.past(func(tx *store.Tx) {
		is = tx.Has(`SELECT 1 FROM confirmed_organizations c JOIN accounts a ON a.id = c.account_id AND a.organization_id = c.organization_id
			WHERE c.account_id = $1`, id)
	})
	return is
}

// A decision at once with the end of the appointment: it came before, or is refused.
func TestDecide_atOnceWithTheEndOfTheAppointment(t *testing.T) {
	for _, first := range []string{"decided first", "ended first"} {
		t.Run(first, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				w := newWorld(t, db)
				w.meeting(byFocalPoint)
				fay := w.appointed("Fay", "org-a", api.FocalPoint)
				number := w.register(w.member("Ana", "org-a")).Registration.Number
				op := w.operation(fay, api.OpDecide, api.Decide{Registration: number, Approve: true})
				var outcome api.Result
				decide := func(ctx context.Context) {
					d, err := w.deliverAs(ctx, fay, api.Deliver{Stream: w.stream[fay].id, Operations: []api.Operation{op}})
					if err != nil {
						t.Error(err)
						return
					}
					outcome = d.Results[0]
				}
				end := func(ctx context.Context) {
					if err := w.delegations.End(ctx, aManager, fay); err != nil {
						t.Error(err)
					}
				}
				want := api.Code("")
				if first == "decided first" {
					storetest.Pair(t, db, 1, decide, end)
				} else {
					storetest.Pair(t, db, 1, end, decide)
					want = api.CodeNotFound
				}
				if done := w.stateOf(number) == api.Confirmed; outcome.Code != want || done != (want == "") {
					t.Errorf("%+v, and the registration is %s", outcome, w.stateOf(number))
				}
			})
		})
	}
}

// A focal point has decided on the own registration by registering; on an assistant's it
// decides. An organization without one leaves it to the secretariat, and so does a
// meeting where that decides on all.
func TestRegister_whoDecides(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		fay, asa := w.appointed("Fay", "org-a", api.FocalPoint), w.appointed("Asa", "org-a", api.Assistant)
		alone := w.appointed("Al", "org-b", api.Assistant)
		for _, c := range []struct{ name, who, approval, state, history string }{
			{"focal point", fay, api.ApprovalFocalPoint, api.Confirmed, "sent by person, approved by focal-point"},
			{"assistant", asa, api.ApprovalFocalPoint, api.WaitingFocalPoint, "sent by person, acknowledged by service"},
			{"member", w.member("Ana", "org-a"), api.ApprovalFocalPoint, api.WaitingFocalPoint, "sent by person, acknowledged by service"},
			{"assistant alone", alone, api.ApprovalFocalPoint, api.WaitingSecretariat, "sent by person, acknowledged by service"},
			{"organization without", w.member("Cem", "org-c"), api.ApprovalFocalPoint, api.WaitingSecretariat, "sent by person, acknowledged by service"},
			{"no organization", w.member("Dia", ""), api.ApprovalFocalPoint, api.WaitingSecretariat, "sent by person, acknowledged by service"},
			{"focal point", fay, api.ApprovalSecretariat, api.WaitingSecretariat, "sent by person, acknowledged by service"},
			{"focal point", fay, api.ApprovalNone, api.Confirmed, "sent by person, approved by service"},
		} {
			w.meeting(func(d *api.MeetingDetails) { d.Approval, d.Capacity = c.approval, 0 })
			r := w.register(c.who)
			if r.Registration == nil || r.Registration.State != c.state || history(r.Registration) != c.history {
				t.Errorf("%s, approval %s: %+v", c.name, c.approval, r)
				continue
			}
			w.do(c.who, api.OpWithdraw, api.Withdraw{Registration: r.Registration.Number})
		}
		// Whose appointment ended a moment ago is judged again.
		w.meeting(byFocalPoint)
		if err := w.delegations.End(t.Context(), aManager, fay); err != nil {
			t.Fatal(err)
		}
		if r := w.register(fay); r.Registration.State != api.WaitingSecretariat {
			t.Errorf("whose appointment has ended: %+v", r.Registration)
		}
	})
}

// A place from the waiting list takes the same way.
func TestPromote_whoDecides(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Approval, d.Capacity = api.ApprovalFocalPoint, 1 })
		fay, first := w.appointed("Fay", "org-a", api.FocalPoint), w.member("First", "org-c")
		ana := w.member("Ana", "org-a")
		took := w.register(first).Registration.Number
		second, third := w.register(ana).Registration.Number, w.register(fay).Registration.Number
		w.do(first, api.OpWithdraw, api.Withdraw{Registration: took})
		if got := w.stateOf(second); got != api.WaitingFocalPoint {
			t.Errorf("a member: %s", got)
		}
		w.do(fay, api.OpDecide, api.Decide{Registration: second, Reason: "enough of us"})
		if got := w.stateOf(third); got != api.Confirmed {
			t.Errorf("the focal point: %s", got)
		}
	})
}

// Several at once, of several meetings: each by itself, all in one operation, which gives
// the same when it is sent again.
func TestDecideMany_eachByItself(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		second := "C-00016513"
		w.meeting(byFocalPoint)
		w.meeting(func(d *api.MeetingDetails) { byFocalPoint(d); d.Code = second })
		fay := w.appointed("Fay", "org-a", api.FocalPoint)
		var numbers []string
		for i := range 6 {
			in := ask(api.OnSite)
			if i%2 == 1 {
				in.Meeting = second
			}
			numbers = append(numbers, w.do(w.member(fmt.Sprint("Ana", i), "org-a"), api.OpRegister, in).Registration.Number)
		}
		w.do(fay, api.OpDecide, api.Decide{Registration: numbers[2], Reason: "no"})
		asked := api.DecideMany{Registrations: append(slices.Clone(numbers), numbers[0], "nonsense"), Approve: true}
		want := []api.FieldError{
			{Pointer: "/registrations/2", Code: "wrong-state"},
			{Pointer: "/registrations/6", Code: "wrong-state"},
			{Pointer: "/registrations/7", Code: "not-found"},
		}
		op := w.operation(fay, api.OpDecideMany, asked)
		for _, time := range []string{"at once", "again"} {
			d, err := w.deliver(fay, op)
			if err != nil || d.Results[0].Outcome != api.Done || !slices.Equal(d.Results[0].Errors, want) {
				t.Fatalf("%s: %+v, %v", time, d, err)
			}
		}
		for i, number := range numbers {
			if got := w.stateOf(number); (got == api.Confirmed) != (i != 2) {
				t.Errorf("%d is %s", i, got)
			}
		}
		if n := w.told(mail.RegistrationConfirmed); n != 5 {
			t.Errorf("%d confirmations", n)
		}
		for _, c := range []struct {
			in      api.DecideMany
			pointer string
		}{
			{api.DecideMany{Approve: true}, "/registrations"},
			{api.DecideMany{Registrations: make([]string, api.MaxDecideMany+1), Approve: true}, "/registrations"},
			{api.DecideMany{Registrations: numbers}, "/reason"},
			{api.DecideMany{Registrations: numbers, Reason: strings.Repeat("x", 501)}, "/reason"},
		} {
			if r := w.do(fay, api.OpDecideMany, c.in); r.Code != api.CodeInvalid || r.Errors[0].Pointer != c.pointer {
				t.Errorf("%d registrations: %+v", len(c.in.Registrations), r)
			}
		}
	})
}

func (w *world) told(template string) (n int) {
	w.t.Helper()
	for _, m := range w.shown() {
		if m.Template == template {
			n++
		}
	}
	return n
}

func (w *world) registerFor(who string, change func(*api.RegisterFor)) api.Result {
	w.t.Helper()
	in := api.RegisterFor{Register: ask(api.OnSite), FirstName: "Zoë", FamilyName: "Ng", Email: "zoe@example.net", Language: "fr"}
	if change != nil {
		change(&in)
	}
	return w.do(who, api.OpRegisterFor, in)
}

// Somebody without an account is registered with a name and an address, which is written
// to in the language that was given.
func TestRegisterFor_somebodyWithoutAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(byFocalPoint)
		fay := w.appointed("Fay", "org-a", api.FocalPoint)
		r := w.registerFor(fay, nil)
		if r.Outcome != api.Done || r.Registration.State != api.Confirmed || r.Registration.Person != "Zoë Ng" ||
			history(r.Registration) != "sent by focal-point, approved by focal-point" || r.Registration.History[1].Actor != "Fay" || r.Registration.Version == 0 {
			t.Fatalf("%+v: %+v", r, r.Registration)
		}
		m := w.shown()[0]
		if m.To != "zoe@example.net" || m.Template != mail.RegistrationConfirmed || !strings.HasPrefix(m.Subject, "Inscription confirmée") ||
			!strings.Contains(m.Text, "Inscrit par") || !strings.Contains(m.Text, "Fay") || strings.Contains(m.Text, "nom d’utilisateur") {
			t.Errorf("told %s: %s\n%s", m.To, m.Subject, m.Text)
		}
		if again := w.registerFor(fay, nil); again.Code != api.CodeAlreadyRegistered {
			t.Errorf("twice: %+v", again)
		}
		if other := w.registerFor(fay, func(in *api.RegisterFor) { in.Email = "" }); other.Outcome != api.Done {
			t.Errorf("without an address: %+v", other)
		}
		// The focal point can take it back, which is told; nobody else can.
		number := r.Registration.Number
		for who, want := range map[string]api.Code{
			w.appointed("Olu", "org-b", api.FocalPoint): api.CodeNotFound, w.member("Ana", "org-a"): api.CodeNotFound,
			w.appointed("Asa", "org-a", api.Assistant): api.CodeWrongState,
		} {
			if got := w.do(who, api.OpWithdraw, api.Withdraw{Registration: number}); got.Code != want {
				t.Errorf("%s withdraws: %+v", w.people[who].FirstName, got)
			}
		}
		if got := w.do(fay, api.OpWithdraw, api.Withdraw{Registration: number}); got.Outcome != api.Done || got.Registration != nil {
			t.Errorf("the focal point withdraws: %+v", got)
		}
		if m := w.shown()[0]; m.To != "zoe@example.net" || !strings.Contains(m.Text, "point focal") || strings.Contains(m.Text, "demandé") {
			t.Errorf("told %s: %s", m.To, m.Text)
		}
	})
}

// Where an account of the organization has the address, it is that one's; another
// organization's is not touched, and nothing tells that it is there.
func TestRegisterFor_somebodyWithAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(byFocalPoint)
		fay, asa := w.appointed("Fay", "org-a", api.FocalPoint), w.appointed("Asa", "org-a", api.Assistant)
		ana, other := w.member("Ana", "org-a"), w.member("Bea", "org-b")
		r := w.registerFor(asa, func(in *api.RegisterFor) { in.Email = "ANA@example.org" })
		if own := w.own(ana); r.Outcome != api.Done || own.Number != r.Registration.Number || own.State != api.Confirmed || own.History[1].By != "focal-point" || own.History[1].Actor != "" {
			t.Errorf("of the organization: %+v", r)
		}
		if !w.confirmed(ana) {
			t.Error("the organization is not confirmed by that")
		}
		if again := w.register(ana); again.Code != api.CodeAlreadyRegistered {
			t.Errorf("the person afterwards: %+v", again)
		}
		r = w.registerFor(fay, func(in *api.RegisterFor) { in.Email = "bea@example.org" })
		if page, err := w.Own(t.Context(), caller.Caller{AccountID: other}, ""); err != nil || len(page.Registrations) != 0 || r.Outcome != api.Done {
			t.Errorf("of another organization: %+v, %v", page, err)
		}
		// An assistant's is decided by the focal point, whoever registers.
		r = w.registerFor(asa, func(in *api.RegisterFor) { in.Email = "asa@example.org" })
		if r.Registration.State != api.WaitingFocalPoint {
			t.Errorf("the assistant itself: %+v", r.Registration)
		}
		if got := w.do(fay, api.OpDecide, api.Decide{Registration: r.Registration.Number, Approve: true}); got.Outcome != api.Done {
			t.Errorf("the focal point on it: %+v", got)
		}
	})
}

func TestRegisterFor_refusals(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(byFocalPoint)
	fay := w.appointed("Fay", "org-a", api.FocalPoint)
	for _, c := range []struct {
		name    string
		who     string
		change  func(*api.RegisterFor)
		code    api.Code
		pointer string
	}{
		{"a member", w.member("Ana", "org-a"), nil, api.CodeForbidden, ""},
		{"a manager", w.manager("Max"), nil, api.CodeForbidden, ""},
		{"nobody's name", fay, func(in *api.RegisterFor) { in.FirstName, in.FamilyName = " ", "" }, api.CodeInvalid, "/family_name"},
		{"a long name", fay, func(in *api.RegisterFor) { in.FirstName = strings.Repeat("x", 101) }, api.CodeInvalid, "/first_name"},
		{"no address", fay, func(in *api.RegisterFor) { in.Email = "zoe" }, api.CodeInvalid, "/email"},
		{"an answer", fay, func(in *api.RegisterFor) { in.Answers = api.Answers{"meals": {strings.Repeat("x", 11)}} }, api.CodeInvalid, "/answers/meals"},
		{"a meeting", fay, func(in *api.RegisterFor) { in.Meeting = "C-99999999" }, api.CodeNotFound, ""},
	} {
		r := w.registerFor(c.who, c.change)
		if r.Code != c.code || c.pointer != "" && (len(r.Errors) != 1 || r.Errors[0].Pointer != c.pointer) {
			t.Errorf("%s: %+v", c.name, r)
		}
	}
	moved := w.operation(fay, api.OpRegisterFor, api.RegisterFor{Register: ask(api.OnSite), FirstName: "Zoë"})
	w.moves(fay, "org-b")
	if d, err := w.deliver(fay, moved); err != nil || d.Results[0].Code != api.CodeForbidden {
		t.Errorf("from another organization: %+v, %v", d, err)
	}
}

// What waits for a focal point who is gone goes to the secretariat, and the person is told.
func TestHandOver_whenTheFocalPointIsGone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(byFocalPoint)
		fay, olu := w.appointed("Fay", "org-a", api.FocalPoint), w.appointed("Olu", "org-b", api.FocalPoint)
		ana, bea, cem := w.member("Ana", "org-a"), w.member("Bea", "org-b"), w.member("Cem", "org-c")
		fays := w.register(ana).Registration.Number
		theirs := w.register(bea).Registration.Number
		w.names(cem, "org-c", api.FocalPoint)
		deo := w.member("Deo", "org-c")
		own := w.register(deo).Registration.Number
		w.names(deo, "org-c", api.FocalPoint) // who would decide on the own one now
		handOver := func() {
			t.Helper()
			if err := w.HandOver(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		handOver()
		if got := w.stateOf(own); got != api.WaitingSecretariat {
			t.Errorf("one's own: %s", got)
		}
		if got := w.stateOf(fays); got != api.WaitingFocalPoint {
			t.Errorf("while there is a focal point: %s", got)
		}
		if err := w.delegations.End(t.Context(), aManager, fay); err != nil {
			t.Fatal(err)
		}
		handOver()
		handOver()
		if got := w.stateOf(fays); got != api.WaitingSecretariat {
			t.Errorf("once it is gone: %s", got)
		}
		if got := w.own(ana); history(&got) != "sent by person, acknowledged by service, handed-over by service" {
			t.Errorf("history: %s", history(&got))
		}
		if m := w.shown()[0]; m.To != "ana@example.org" || m.Template != mail.RegistrationReceived || !strings.Contains(m.Text, "secretariat decides") {
			t.Errorf("told %s: %s", m.To, m.Text)
		}
		if got := w.stateOf(theirs); got != api.WaitingFocalPoint {
			t.Errorf("another organization's: %s", got)
		}
		if r := w.do(fay, api.OpDecide, api.Decide{Registration: fays, Approve: true}); r.Code != api.CodeNotFound {
			t.Errorf("the one who was: %+v", r)
		}
		w.moves(olu, "org-a")
		handOver()
		if got := w.stateOf(theirs); got != api.WaitingSecretariat {
			t.Errorf("once the focal point is of another organization: %s", got)
		}
	})
}

// Who is appointed is told that something waits, once a day at most.
func TestRemindDelegations_onceADay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(byFocalPoint)
		fay := w.appointed("Fay", "org-a", api.FocalPoint)
		w.appointed("Olu", "org-b", api.FocalPoint)
		remind := func(when string, want int) {
			t.Helper()
			if err := w.RemindDelegations(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := w.told(mail.DelegationWaiting); got != want {
				t.Errorf("%s: told %d times, want %d", when, got, want)
			}
		}
		remind("nothing waits", 0)
		first := w.register(w.member("Ana", "org-a")).Registration.Number
		remind("one waits", 1)
		if m := w.shown()[0]; m.To != "fay@example.org" || !strings.Contains(m.Text, "Organization A") || !strings.Contains(m.Text, "1.") {
			t.Errorf("told %s: %s", m.To, m.Text)
		}
		w.set(morning.Add(23 * time.Hour))
		second := w.register(w.member("Eva", "org-a")).Registration.Number
		remind("another one, on the same day", 1)
		w.set(morning.Add(25 * time.Hour))
		remind("a day later", 2)
		w.do(fay, api.OpDecideMany, api.DecideMany{Registrations: []string{first, second}, Approve: true})
		w.set(morning.Add(50 * time.Hour))
		remind("once all is decided", 2)
	})
}

// The delegation's list has what is of the organization, and what one may do with it; not
// what was answered, and nothing once the appointment has ended.
func TestDelegation_theOrganizationsOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(byFocalPoint)
		fay, asa := w.appointed("Fay", "org-a", api.FocalPoint), w.appointed("Asa", "org-a", api.Assistant)
		ana := w.member("Ana", "org-a")
		in := ask(api.OnSite)
		in.Answers = api.Answers{"meals": {"halal"}}
		number := w.do(ana, api.OpRegister, in).Registration.Number
		in.Answers = api.Answers{"meals": {"vegan"}}
		if r := w.do(ana, api.OpChange, api.Change{Registration: number, Register: in}); r.Outcome != api.Done {
			t.Fatalf("change: %+v", r)
		}
		w.register(fay)
		w.register(asa)
		w.register(w.member("Bea", "org-b"))
		w.registerFor(fay, nil)
		etags := map[string]bool{}
		list := func(who string) map[string]api.Delegate {
			t.Helper()
			etag, err := w.DelegationETag(t.Context(), w.caller(who))
			if err != nil {
				t.Fatal(err)
			}
			etags[etag] = true
			page, err := w.Delegation(t.Context(), w.caller(who), "")
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(page)
			if err != nil || strings.Contains(string(text), "halal") || strings.Contains(string(text), "vegan") {
				t.Errorf("answers are shown: %s", text)
			}
			all := map[string]api.Delegate{}
			for _, d := range page.Registrations {
				all[d.Person] = d
			}
			return all
		}
		all := list(fay)
		for person, may := range map[string][]string{
			"Ana": {api.MayApprove, api.MayRefuse, api.MayWithdraw}, "Asa": {api.MayApprove, api.MayRefuse, api.MayWithdraw},
			"Fay": {api.MayWithdraw}, "Zoë Ng": {api.MayWithdraw},
		} {
			if d := all[person]; !slices.Equal(d.May, may) || d.Own != (person == "Fay") || d.Account != (person != "Zoë Ng") {
				t.Errorf("%s: %+v", person, d)
			}
		}
		if len(all) != 4 || all["Ana"].Confirmed || !all["Asa"].Confirmed || all["Zoë Ng"].Email != "zoe@example.net" {
			t.Errorf("%+v", all)
		}
		for person, may := range map[string][]string{"Ana": {api.MayApprove, api.MayRefuse}, "Asa": {api.MayWithdraw}, "Fay": nil} {
			if d := list(asa)[person]; !slices.Equal(d.May, may) {
				t.Errorf("the assistant on %s: %+v", person, d)
			}
		}
		n := len(etags)
		decided := w.do(fay, api.OpDecide, api.Decide{Registration: number, Approve: true})
		if text, err := json.Marshal(decided); err != nil || strings.Contains(string(text), "halal") || strings.Contains(string(text), "vegan") {
			t.Errorf("the answer to a decision: %s", text)
		}
		if d := list(fay)["Ana"]; d.State != api.Confirmed || !d.Confirmed || d.History[3].Actor != "Fay" {
			t.Errorf("once approved: %+v", d)
		}
		if len(etags) != n+1 {
			t.Error("the ETag stays")
		}
		w.set(morning.AddDate(0, 3, 0))
		if all := list(fay); len(all) != 0 {
			t.Errorf("long after the meeting: %+v", all)
		}
		if err := w.delegations.End(t.Context(), aManager, fay); err != nil {
			t.Fatal(err)
		}
		for _, who := range []string{fay, ana, aManager.AccountID} {
			_, err := w.Delegation(t.Context(), w.caller(who), "")
			_, errETag := w.DelegationETag(t.Context(), w.caller(who))
			if codeOf(t, err) != api.CodeNotFound || codeOf(t, errETag) != api.CodeNotFound {
				t.Errorf("%s: %v, %v", who, err, errETag)
			}
		}
	})
}
