package registrations_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// changeable is a meeting whose confirmed registrations wait again where their
// participation or meals are changed, and which asks for consents.
func changeable(d *api.MeetingDetails) {
	d.Approval, d.Reapprove = api.ApprovalSecretariat, []string{"/participation", "/answers/meals"}
	d.ParticipantList = api.ListForParticipants
	d.Consents = []api.Consent{{ID: "photos", Text: api.Text{"en": "Photos"}}}
	d.Form.Sections[0].Questions = append(d.Form.Sections[0].Questions, api.Question{
		ID: "topics", Kind: api.KindChoices, Label: api.Text{"en": "Topics"},
		Choices: []api.Choice{{ID: "a", Label: api.Text{"en": "A"}}, {ID: "b", Label: api.Text{"en": "B"}}},
	})
	d.ChangeUntil = morning.AddDate(0, 0, 10)
}

// changed is a change of a registration that the person has seen as it is.
func (w *world) changed(who string, number string, change func(*api.Register)) api.Change {
	w.t.Helper()
	r := w.own(who)
	in := api.Change{Registration: number, Register: api.Register{
		Meeting: code, Participation: r.Participation, BadgeName: r.BadgeName, JobTitle: r.JobTitle, Answers: r.Answers,
		Companions: r.Companions, Consents: r.Consents, Listed: r.Listed,
	}}
	for _, e := range r.History {
		if e.What == "changed" {
			in.Changes++
		}
	}
	if change != nil {
		change(&in.Register)
	}
	return in
}

func meals(what string) func(*api.Register) {
	return func(in *api.Register) { in.Answers = api.Answers{"meals": {what}} }
}

func job(in *api.Register) { in.JobTitle = "Engineer" }

// Who changes what, when, in which state, and what becomes of it.
func TestChange_table(t *testing.T) {
	approved := func(w *world, _, number string) {
		if _, err := w.decide(number, api.Decide{Approve: true}); err != nil {
			w.t.Fatal(err)
		}
	}
	refused := func(w *world, _, number string) {
		if _, err := w.decide(number, api.Decide{Reason: "no"}); err != nil {
			w.t.Fatal(err)
		}
	}
	withdrawn := func(w *world, who, number string) {
		w.do(who, api.OpWithdraw, api.Withdraw{Registration: number})
	}
	without := func(d *api.MeetingDetails) { changeable(d); d.Approval = api.ApprovalNone }
	for name, c := range map[string]struct {
		meeting func(*api.MeetingDetails) // nil: changeable
		before  func(w *world, who, number string)
		change  func(*api.Register)
		at      time.Time // zero: morning
		by      string    // zero: whose it is
		want    api.Code
		state   string
		event   bool
		version uint16 // of the code
	}{
		"while it waits":                  {change: meals("vegan"), state: api.WaitingSecretariat, event: true},
		"confirmed":                       {before: approved, change: job, state: api.Confirmed, event: true},
		"confirmed, to be approved again": {before: approved, change: meals("vegan"), state: api.WaitingSecretariat, event: true},
		"confirmed, the name on the badge": {
			before: approved, change: func(in *api.Register) { in.BadgeName = "Ana B." },
			state: api.Confirmed, event: true, version: 1,
		},
		"nobody approves":             {meeting: without, change: meals("vegan"), state: api.Confirmed, event: true},
		"nothing at all":              {before: approved, state: api.Confirmed},
		"after registration closed":   {change: job, at: morning.AddDate(0, 0, 5), state: api.WaitingSecretariat, event: true},
		"at the deadline":             {change: job, at: morning.AddDate(0, 0, 10), want: api.CodeTooLate, state: api.WaitingSecretariat},
		"nothing after the deadline":  {at: morning.AddDate(0, 0, 10), state: api.WaitingSecretariat},
		"no deadline of its own":      {meeting: func(d *api.MeetingDetails) { changeable(d); d.ChangeUntil = time.Time{} }, change: job, at: morning.AddDate(0, 0, 1), want: api.CodeTooLate, state: api.WaitingSecretariat},
		"once it was refused":         {before: refused, change: job, want: api.CodeWrongState, state: api.Refused},
		"once it was withdrawn":       {before: withdrawn, change: job, want: api.CodeWrongState, state: api.Withdrawn},
		"by somebody else":            {change: job, by: "other", want: api.CodeNotFound, state: api.WaitingSecretariat},
		"by a manager":                {change: job, by: "manager", want: api.CodeNotFound, state: api.WaitingSecretariat},
		"what the form does not take": {change: meals("more than ten characters"), want: api.CodeInvalid, state: api.WaitingSecretariat},
		"another meeting":             {change: func(in *api.Register) { in.Meeting = "C-00000001" }, want: api.CodeInvalid, state: api.WaitingSecretariat},
		"a consent that there is not": {change: func(in *api.Register) { in.Consents = []string{"x"} }, want: api.CodeInvalid, state: api.WaitingSecretariat},
	} {
		t.Run(name, func(t *testing.T) {
			meeting := c.meeting
			if meeting == nil {
				meeting = changeable
			}
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				w := newWorld(t, db)
				w.meeting(meeting)
				ana := w.person("Ana", "en")
				asked := ask(api.OnSite)
				asked.Answers = api.Answers{"meals": {"meat"}, "topics": {"a"}}
				number := w.do(ana, api.OpRegister, asked).Registration.Number
				if c.before != nil {
					c.before(w, ana, number)
				}
				who := map[string]string{"": ana, "other": w.person("Other", "en"), "manager": "manager"}[c.by]
				if !c.at.IsZero() {
					w.set(c.at)
				}
				history := len(w.own(ana).History)
				r := w.do(who, api.OpChange, w.changed(ana, number, c.change))
				if r.Code != c.want {
					t.Fatalf("%s %+v, want %s", r.Code, r.Errors, c.want)
				}
				if r.Code != "" && r.Registration != nil {
					t.Errorf("refused with %+v", r.Registration)
				}
				now := w.own(ana)
				if now.State != c.state || (len(now.History) > history) != c.event {
					t.Errorf("%s with %+v", now.State, now.History)
				}
				if r.Code == "" && !reflect.DeepEqual(r.Registration.Answers, now.Answers) {
					t.Errorf("answered %+v, and it is %+v", r.Registration, now)
				}
				if now.State == api.Confirmed {
					if b, err := w.verified(now.Code); err != nil || b.Version != c.version {
						t.Errorf("the code: %+v, %v", b, err)
					}
				}
			})
		})
	}
}

// All that can be changed is, the history says from what to what, and it goes with the
// account.
func TestChange_historySaysWhatAndIsErased(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { changeable(d); d.Reapprove = nil })
		ana := w.person("Ana", "en")
		asked := ask(api.OnSite)
		asked.Answers = api.Answers{"meals": {"secretmeal"}}
		number := w.do(ana, api.OpRegister, asked).Registration.Number
		r := w.do(ana, api.OpChange, w.changed(ana, number, func(in *api.Register) {
			in.Participation, in.JobTitle, in.Consents, in.Listed = api.Remote, "Engineer", []string{"photos"}, true
			in.Answers = api.Answers{"topics": {"a", "b"}}
		}))
		if r.Outcome != api.Done {
			t.Fatalf("%+v", r)
		}
		want := []api.Changed{
			{Field: "/participation", Before: []string{api.OnSite}, After: []string{api.Remote}},
			{Field: "/badge_name", Before: []string{"Somebody"}},
			{Field: "/job_title", After: []string{"Engineer"}},
			{Field: "/answers/meals", Before: []string{"secretmeal"}},
			{Field: "/answers/topics", After: []string{"a", "b"}},
			{Field: "/consents", After: []string{"photos"}},
			{Field: "/listed", After: []string{"yes"}},
		}
		for name, seen := range map[string]api.Registration{"answered": *r.Registration, "read again": w.own(ana)} {
			last := seen.History[len(seen.History)-1]
			if last.What != "changed" || last.By != "person" || !reflect.DeepEqual(last.Changed, want) {
				t.Errorf("%s: %+v", name, last)
			}
			if seen.Participation != api.Remote || seen.BadgeName != "" || !seen.Listed || !slices.Equal(seen.Consents, []string{"photos"}) {
				t.Errorf("%s: %+v", name, seen)
			}
		}
		if !strings.Contains(w.held(ana), "secretmeal") {
			t.Errorf("what is held does not say it: %s", w.held(ana))
		}
		w.erase(ana)
		w.past(func(tx *store.Tx) {
			var changed, consents string
			var listed int64
			tx.Get(`SELECT MAX(e.changed), MAX(r.consents), MAX(r.listed) FROM registration_events e JOIN registrations r ON r.number = e.registration
				WHERE r.number = $1`, number).Into(&changed, &consents, &listed)
			if changed != "" || consents != "[]" || listed != 0 {
				t.Errorf("after the erasure: %q, %q, %d", changed, consents, listed)
			}
		})
	})
}

// Of two computers one was not told what the other has changed: it is, and loses nothing
// that a decision meanwhile has not touched.
func TestChange_changedMeanwhile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(changeable)
		ana := w.person("Ana", "en")
		number := w.register(ana).Registration.Number
		here, there := w.changed(ana, number, job), w.changed(ana, number, meals("vegan"))
		approval := w.changed(ana, number, func(in *api.Register) { in.JobTitle = "Chair" })
		if _, err := w.decide(number, api.Decide{Approve: true}); err != nil {
			t.Fatal(err)
		}
		if r := w.do(ana, api.OpChange, approval); r.Outcome != api.Done {
			t.Errorf("approved meanwhile: %+v", r)
		}
		for _, late := range []api.Change{here, there} {
			if r := w.do(ana, api.OpChange, late); r.Code != api.CodeOutdated {
				t.Errorf("changed meanwhile: %+v", r)
			}
		}
		if now := w.own(ana); now.JobTitle != "Chair" || now.State != api.Confirmed {
			t.Errorf("it is %+v", now)
		}
		if r := w.do(ana, api.OpChange, approval); r.Outcome != api.Done { // its answer was lost, and it was taken back
			t.Errorf("the same once more: %+v", r)
		}
		if got := history(ptr(w.own(ana))); strings.Count(got, "changed") != 1 {
			t.Errorf("history: %s", got)
		}
	})
}

func ptr[T any](v T) *T { return &v }

// The form as it is now judges. What it does not ask for any more is dropped, and stands in
// the history; what was answered anew to a question that is gone comes back.
func TestChange_formChangedMeanwhile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(changeable)
		ana := w.person("Ana", "en")
		asked := ask(api.OnSite)
		asked.Answers, asked.Consents = api.Answers{"meals": {"meat"}, "topics": {"a", "b"}}, []string{"photos"}
		number := w.do(ana, api.OpRegister, asked).Registration.Number
		same, anew := w.changed(ana, number, job), w.changed(ana, number, meals("vegan"))
		w.meeting(func(d *api.MeetingDetails) {
			changeable(d)
			d.Reapprove, d.Consents = nil, nil
			d.Form.Sections[0].Questions = []api.Question{{
				ID: "topics", Kind: api.KindChoices, Label: api.Text{"en": "Topics"}, Choices: []api.Choice{{ID: "b", Label: api.Text{"en": "B"}}},
			}}
		})
		r := w.do(ana, api.OpChange, anew)
		if r.Code != api.CodeInvalid || !slices.Contains(r.Errors, api.FieldError{Pointer: "/answers/meals", Code: api.FieldUnknown}) {
			t.Errorf("answered anew: %+v", r)
		}
		if r := w.do(ana, api.OpChange, same); r.Outcome != api.Done {
			t.Fatalf("%+v", r)
		}
		now := w.own(ana)
		if !reflect.DeepEqual(now.Answers, api.Answers{"topics": {"b"}}) || len(now.Consents) > 0 {
			t.Errorf("it is %+v", now)
		}
		want := []api.Changed{
			{Field: "/job_title", After: []string{"Engineer"}},
			{Field: "/answers/topics", Before: []string{"a", "b"}, After: []string{"b"}},
			{Field: "/answers/meals", Before: []string{"meat"}},
			{Field: "/consents", Before: []string{"photos"}},
		}
		if got := now.History[len(now.History)-1].Changed; !reflect.DeepEqual(got, want) {
			t.Errorf("%+v", got)
		}
	})
}

// The person is told, with another code where that is another one.
func TestChange_tellsThePerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(changeable)
		ana := w.person("Ana", "fr")
		number := w.register(ana).Registration.Number
		if _, err := w.decide(number, api.Decide{Approve: true}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			change      func(*api.Register)
			says        []string
			not         string
			code        bool
			description string
		}{
			{job, []string{"Fonction"}, "confirmation", false, "the job title"},
			{func(in *api.Register) { in.BadgeName = "Ana B." }, []string{"Nom sur le badge", "nouveau code"}, "Ceci n’est pas", true, "the name on the badge"},
			{meals("vegan"), []string{"Meals", "Ceci n’est pas une confirmation"}, "nouveau code", false, "what is to be approved"},
		} {
			if r := w.do(ana, api.OpChange, w.changed(ana, number, c.change)); r.Outcome != api.Done {
				t.Fatalf("%s: %+v", c.description, r)
			}
			got := w.shown()[0]
			if !strings.HasPrefix(got.Subject, "Inscription modifiée") || (got.QR != nil) != c.code || (got.Calendar != "") != c.code {
				t.Errorf("%s: %+v", c.description, got)
			}
			for _, says := range c.says {
				if !strings.Contains(got.Text, says) {
					t.Errorf("%s: it does not say %q: %s", c.description, says, got.Text)
				}
			}
			if strings.Contains(got.Text, c.not) {
				t.Errorf("%s: it says %q: %s", c.description, c.not, got.Text)
			}
		}
	})
}

// Many changes make one e-mail to each of the meeting's managers, once, with numbers and
// what was changed, and nothing that somebody has answered.
func TestTellOfChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { changeable(d); d.Capacity = 0 })
		ana, bo := w.person("Ana", "en"), w.person("Bo", "en")
		anas, bos := w.register(ana).Registration.Number, w.register(bo).Registration.Number
		to := func(who string) (list []string) {
			for _, m := range w.shown() {
				if m.To == who {
					list = append(list, m.Text)
				}
			}
			return list
		}
		tell := func() {
			t.Helper()
			if err := w.TellOfChanges(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		w.do(ana, api.OpChange, w.changed(ana, anas, meals("secretmeal")))
		w.set(morning.Add(9 * time.Minute))
		w.do(ana, api.OpChange, w.changed(ana, anas, job))
		w.do(bo, api.OpChange, w.changed(bo, bos, job))
		tell()
		if got := to("meetings@example.int"); len(got) != 0 {
			t.Errorf("before ten minutes are over: %q", got)
		}
		w.set(morning.Add(10 * time.Minute))
		tell()
		tell()
		got := to("meetings@example.int")
		if len(got) != 1 {
			t.Fatalf("without managers, the contact is told %d times", len(got))
		}
		for _, says := range []string{anas + ": Meals, Job title", bos + ": Job title"} {
			if !strings.Contains(got[0], says) {
				t.Errorf("it does not say %q: %s", says, got[0])
			}
		}
		for _, not := range []string{"secretmeal", "Ana", "Somebody"} {
			if strings.Contains(got[0], not) {
				t.Errorf("it says %q: %s", not, got[0])
			}
		}
		mia, lost := w.manager("Mia"), w.manager("Lost")
		w.appoint(code, mia)
		w.appoint(code, lost)
		w.past(func(tx *store.Tx) { tx.Do(`DELETE FROM account_roles WHERE account_id = $1`, lost) })
		w.do(bo, api.OpChange, w.changed(bo, bos, func(in *api.Register) { in.BadgeName = "Bo B." }))
		w.set(morning.Add(time.Hour))
		tell()
		if got := to("mia@example.org"); len(got) != 1 || !strings.Contains(got[0], bos+": Name on the badge") || strings.Contains(got[0], anas) {
			t.Errorf("a manager is told %q", got)
		}
		if a, b := to("lost@example.org"), to("meetings@example.int"); len(a) != 0 || len(b) != 1 {
			t.Errorf("others are told: %q, %q", a, b)
		}
	})
}

// What fails in between is told once all the same, and a change that comes at once is in
// this e-mail or in the next.
func TestTellOfChanges_onceUnderFaults(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(changeable)
		ana := w.person("Ana", "en")
		number := w.register(ana).Registration.Number
		w.do(ana, api.OpChange, w.changed(ana, number, job))
		w.set(morning.Add(time.Hour))
		again := w.operation(ana, api.OpChange, w.changed(ana, number, meals("vegan")))
		storetest.Pair(t, db, 1, func(ctx context.Context) {
			if err := w.TellOfChanges(ctx); err != nil {
				t.Errorf("tell: %v", err)
			}
		}, func(ctx context.Context) {
			if d, err := w.deliverAs(ctx, ana, api.Deliver{Stream: w.stream[ana].id, Sent: w.now, Operations: []api.Operation{again}}); err != nil || d.Results[0].Outcome != api.Done {
				t.Errorf("change: %+v, %v", d, err)
			}
		})
		w.set(morning.Add(2 * time.Hour))
		for range 2 {
			if err := w.TellOfChanges(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		var all []string
		for _, m := range w.shown() {
			if m.To == "meetings@example.int" {
				all = append(all, m.Text)
			}
		}
		told := strings.Join(all, "\n")
		if len(all) != 2 || strings.Count(told, "Job title") != 1 || strings.Count(told, "Meals") != 1 {
			t.Errorf("%d e-mails: %s", len(all), told)
		}
	})
}

func TestChange_tooOften(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(changeable)
		ana := w.person("Ana", "en")
		number := w.register(ana).Registration.Number
		change := func(i int) api.Result {
			return w.do(ana, api.OpChange, w.changed(ana, number, func(in *api.Register) { in.JobTitle = fmt.Sprint(i) }))
		}
		for i := range 50 {
			if r := change(i); r.Outcome != api.Done {
				t.Fatalf("change %d: %+v", i, r)
			}
		}
		if r := change(50); r.Code != api.CodeTooMany {
			t.Errorf("one more: %+v", r)
		}
		w.set(morning.AddDate(0, 0, 2))
		if r := change(50); r.Outcome != api.Done {
			t.Errorf("the day after: %+v", r)
		}
	})
}

func TestWithdraw_reasonAndDeadline(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.WithdrawUntil = morning.AddDate(0, 0, 3) })
		ana, bo := w.person("Ana", "en"), w.person("Bo", "en")
		anas, bos := w.register(ana).Registration.Number, w.register(bo).Registration.Number
		if r := w.do(ana, api.OpWithdraw, api.Withdraw{Registration: anas, Reason: strings.Repeat("x", 501)}); r.Code != api.CodeInvalid {
			t.Errorf("a long reason: %+v", r)
		}
		if r := w.do(ana, api.OpWithdraw, api.Withdraw{Registration: anas, Reason: " I am ill. "}); r.Outcome != api.Done {
			t.Fatalf("%+v", r)
		}
		if h := w.own(ana).History; h[len(h)-1].Reason != "I am ill." {
			t.Errorf("history: %+v", h)
		}
		w.set(morning.AddDate(0, 0, 3))
		if r := w.do(bo, api.OpWithdraw, api.Withdraw{Registration: bos}); r.Code != api.CodeTooLate {
			t.Errorf("at the deadline: %+v", r)
		}
		if r := w.do(ana, api.OpWithdraw, api.Withdraw{Registration: anas}); r.Code != api.CodeWrongState {
			t.Errorf("what is withdrawn: %+v", r)
		}
	})
}

// A manager finds it by the name that stands on the badge now, and not by that before.
func TestChange_isFoundByTheNewName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(changeable)
		ana := w.person("Ana", "en")
		number := w.register(ana).Registration.Number
		found := func(query string) int {
			t.Helper()
			page, err := w.Registrations.Managed(t.Context(), aManager, api.RegistrationFilter{Meeting: code, Query: query})
			if err != nil {
				t.Fatal(err)
			}
			return len(page.Registrations)
		}
		if found("somebody") != 1 {
			t.Error("it is not found")
		}
		w.do(ana, api.OpChange, w.changed(ana, number, func(in *api.Register) { in.BadgeName = "Zenobia" }))
		if now, before := found("zenob"), found("somebody"); now != 1 || before != 0 {
			t.Errorf("found by the new name %d times, by that before %d times", now, before)
		}
	})
}
