package registrations_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/mail"
	"plenary/service/operation"
	"plenary/service/registrations"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// offering is a meeting with one place, which was given back, and offered to the first of
// the line for two days.
func (w *world) offering(line ...string) (first api.Registration) {
	w.t.Helper()
	w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.OfferHours = 1, 48 })
	gone := w.person("Gone", "en")
	number := w.register(gone).Registration.Number
	var numbers []string
	for _, who := range line {
		numbers = append(numbers, w.register(who).Registration.Number)
	}
	w.do(gone, api.OpWithdraw, api.Withdraw{Registration: number})
	first, err := w.Registration(w.t.Context(), numbers[0])
	if err != nil || first.State != api.Offered || !first.OfferUntil.Equal(w.clock().Add(48*time.Hour)) {
		w.t.Fatalf("%+v, %v", first, err)
	}
	return first
}

func (w *world) answer(who, number string, accept bool) api.Result {
	w.t.Helper()
	return w.do(who, api.OpAnswerOffer, api.AnswerOffer{Registration: number, Accept: accept})
}

func (w *world) lapse() {
	w.t.Helper()
	if err := w.LapseOffers(w.t.Context()); err != nil {
		w.t.Error(err)
	}
}

// due tells whether the job that ends offers has something to do.
func (w *world) due() (due bool) {
	w.t.Helper()
	for _, job := range w.Registrations.Jobs() {
		if job.Name == "lapse-offers" {
			if err := w.db.Peek(w.t.Context(), func(tx *store.Tx) error {
				due = tx.Has(`SELECT 1 FROM settings WHERE `+job.If+` LIMIT 1`, store.Micros(w.clock()))
				return nil
			}); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	return due
}

func TestOffer_accepted(t *testing.T) {
	for _, c := range []struct{ approval, state, letter string }{
		{api.ApprovalNone, api.Confirmed, "Registration confirmed"},
		{api.ApprovalSecretariat, api.WaitingSecretariat, "Received, not yet confirmed"},
	} {
		t.Run(c.approval, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				w := newWorld(t, db)
				ana, bob := w.person("Ana", "en"), w.person("Bob", "en")
				first := w.offering(ana, bob)
				w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.OfferHours, d.Approval = 1, 48, c.approval })
				if got := w.state(w.numberOf(bob)); got != api.WaitingList {
					t.Errorf("the second in line is %s", got)
				}
				if r := w.answer(bob, first.Number, true); r.Code != api.CodeNotFound {
					t.Errorf("somebody else's: %+v", r)
				}
				if r := w.answer(bob, w.numberOf(bob), true); r.Code != api.CodeWrongState {
					t.Errorf("not offered: %+v", r)
				}
				w.set(first.OfferUntil.Add(-time.Microsecond))
				r := w.answer(ana, first.Number, true)
				if r.Outcome != api.Done || r.Registration.State != c.state || !r.Registration.OfferUntil.IsZero() || w.taken() != 1 {
					t.Fatalf("%+v, %d taken", r, w.taken())
				}
				if got := history(r.Registration); !strings.HasSuffix(got, "waitlisted by service, offered by service, accepted by person") {
					t.Errorf("history: %s", got)
				}
				if got := w.mails(); !slices.Contains(got, "ana: A place is offered to you: Sixth X.509 Day") || got[len(got)-1] != "ana: "+c.letter+": Sixth X.509 Day" {
					t.Errorf("e-mails: %q", got)
				}
				w.set(first.OfferUntil)
				w.lapse()
				if got := w.state(first.Number); got != c.state {
					t.Errorf("afterwards it is %s", got)
				}
				if r := w.answer(ana, first.Number, false); r.Code != api.CodeWrongState {
					t.Errorf("answered again: %+v", r)
				}
			})
		})
	}
}

func TestOffer_declinedGoesToTheNext(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ana, bob := w.person("Ana", "en"), w.person("Bob", "en")
		first := w.offering(ana, bob)
		r := w.answer(ana, first.Number, false)
		if r.Outcome != api.Done || r.Registration.State != api.Withdrawn || w.state(w.numberOf(bob)) != api.Offered || w.taken() != 1 {
			t.Errorf("%+v, %s", r, w.state(w.numberOf(bob)))
		}
		if r := w.register(ana); r.Outcome != api.Done || r.Registration.State != api.WaitingList {
			t.Errorf("again: %+v", r)
		}
	})
}

func TestOffer_lapsesInItsTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ana, bob := w.person("Ana", "en"), w.person("Bob", "fr")
		first := w.offering(ana, bob)
		w.set(first.OfferUntil.Add(-time.Microsecond))
		w.lapse()
		if w.due() || w.state(first.Number) != api.Offered {
			t.Errorf("before its time: %v, %s", w.due(), w.state(first.Number))
		}
		w.set(first.OfferUntil)
		if !w.due() {
			t.Error("the job has nothing to do")
		}
		for _, accept := range []bool{true, false} {
			if r := w.answer(ana, first.Number, accept); r.Code != api.CodeOfferOver || w.state(first.Number) != api.Offered {
				t.Errorf("in time for the job, too late for the person: %+v", r)
			}
		}
		w.lapse()
		w.lapse()
		if w.due() || w.state(first.Number) != api.Withdrawn || w.state(w.numberOf(bob)) != api.Offered || w.taken() != 1 {
			t.Errorf("then %s, %s", w.state(first.Number), w.state(w.numberOf(bob)))
		}
		if r := w.answer(ana, first.Number, true); r.Code != api.CodeOfferOver {
			t.Errorf("accepted when somebody else has it: %+v", r)
		}
		got := w.mails()[3:]
		want := []string{
			"gone: Registration withdrawn: Sixth X.509 Day", "ana: A place is offered to you: Sixth X.509 Day",
			"ana: Place not accepted in time: Sixth X.509 Day", "bob: Une place vous est proposée\u00a0: Sixième Journée X.509",
		}
		if !slices.Equal(got, want) {
			t.Errorf("e-mails: %q", got)
		}
		for _, shown := range w.shown() {
			if shown.To != "ana@example.org" || !strings.Contains(shown.Subject, "lace") {
				continue
			}
			// By the clock of the meeting's place.
			if !strings.Contains(shown.Text, "24 November 2026, 10:00 (UTC+1)") || shown.Calendar != "" {
				t.Errorf("the time by which to answer:\n%s", shown.Text)
			}
		}
	})
}

// The focal point of the organization answers too; an assistant, a manager and the focal
// point of another one do not.
func TestOffer_answeredForSomebodyElse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ana := w.member("Ana", "org-a")
		focal, assistant := w.appointed("Fay", "org-a", api.FocalPoint), w.appointed("Art", "org-a", api.Assistant)
		other := w.appointed("Otto", "org-b", api.FocalPoint)
		first := w.offering(ana)
		for who, want := range map[string]api.Code{assistant: api.CodeForbidden, "manager": api.CodeForbidden, other: api.CodeNotFound} {
			if r := w.answer(who, first.Number, true); r.Code != want || w.state(first.Number) != api.Offered {
				t.Errorf("%s: %+v, want %s", who, r, want)
			}
		}
		r := w.answer(focal, first.Number, true)
		if r.Outcome != api.Done || r.Registration != nil || w.state(first.Number) != api.Confirmed {
			t.Fatalf("%+v", r)
		}
		seen, err := w.Registration(t.Context(), first.Number)
		if err != nil || !strings.HasSuffix(history(&seen), "accepted by focal-point") {
			t.Errorf("%s, %v", history(&seen), err)
		}
	})
}

// An offer is for no longer than there is a meeting, and is not made after it.
func TestOffer_endsWithTheMeeting(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	ana := w.person("Ana", "en")
	first := w.offering(ana, w.person("Bob", "en"))
	meeting, err := w.Get(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	w.set(meeting.End().Add(-time.Hour))
	w.lapse()
	r, err := w.Registration(t.Context(), w.numberOfName("Bob"))
	if err != nil || r.State != api.Offered || !r.OfferUntil.Equal(meeting.End()) {
		t.Errorf("%+v, %v", r, err)
	}
	w.set(meeting.End())
	w.lapse()
	if w.state(first.Number) != api.Withdrawn || w.state(r.Number) != api.Withdrawn || w.taken() != 0 {
		t.Errorf("%s, %s", w.state(first.Number), w.state(r.Number))
	}
}

func (w *world) numberOfName(name string) string {
	for id, a := range w.people {
		if a.FirstName == name {
			return w.numberOf(id)
		}
	}
	w.t.Fatalf("no %s", name)
	return ""
}

// Who has no account cannot be asked: the place is given.
func TestOffer_isGivenToWhoCannotAnswer(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.OfferHours = 1, 48 })
	ana := w.person("Ana", "en")
	number := w.register(ana).Registration.Number
	entered, err := w.Enter(t.Context(), []registrations.Entry{{Person: "Else", Country: "CH", Register: ask(api.OnSite)}})
	if err != nil || entered[0].State != api.WaitingList {
		t.Fatalf("%+v, %v", entered, err)
	}
	w.do(ana, api.OpWithdraw, api.Withdraw{Registration: number})
	if got := w.state(entered[0].Number); got != api.Confirmed {
		t.Errorf("it is %s", got)
	}
}

// The next in line keeps the places that are free and too few for those who come along:
// nobody behind gets them, nor a newcomer, and they are enough one day.
func TestLine_keepsPlacesForCompanions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.Companions = 3, 2 })
		with := func(n int) api.Register {
			asked := ask(api.OnSite)
			for range n {
				asked.Companions = append(asked.Companions, api.Companion{Name: "Else"})
			}
			return asked
		}
		one, two := w.person("One", "en"), w.person("Two", "en")
		first, second := w.do(one, api.OpRegister, with(0)).Registration, w.do(two, api.OpRegister, with(1)).Registration
		if second.State != api.Confirmed || w.taken() != 3 {
			t.Fatalf("%s, %d taken", second.State, w.taken())
		}
		family, single := w.do(w.person("Fam", "en"), api.OpRegister, with(2)).Registration, w.register(w.person("Sin", "en")).Registration
		w.do(two, api.OpWithdraw, api.Withdraw{Registration: second.Number})
		if w.state(family.Number) != api.WaitingList || w.state(single.Number) != api.WaitingList || w.taken() != 1 {
			t.Errorf("with 2 of 3 places: %s, %s", w.state(family.Number), w.state(single.Number))
		}
		if r := w.register(w.person("New", "en")).Registration; r.State != api.WaitingList {
			t.Errorf("a newcomer is %s", r.State)
		}
		w.do(one, api.OpWithdraw, api.Withdraw{Registration: first.Number})
		if w.state(family.Number) != api.Confirmed || w.state(single.Number) != api.WaitingList || w.taken() != 3 {
			t.Errorf("with 3 of 3 places: %s, %s", w.state(family.Number), w.state(single.Number))
		}
		if r := w.do(w.person("Big", "en"), api.OpRegister, with(2)); r.Registration.State != api.WaitingList {
			t.Errorf("%+v", r)
		}
		// A place less takes nothing from anybody; those who need more than there are wait,
		// and keep nobody.
		w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.Companions = 2, 2 })
		if w.state(family.Number) != api.Confirmed || w.taken() != 3 {
			t.Errorf("after a place less: %s, %d taken", w.state(family.Number), w.taken())
		}
		if r := w.do(w.person("Too", "en"), api.OpRegister, with(2)); r.Code != api.CodeInvalid || r.Errors[0].Pointer != "/companions" {
			t.Errorf("more than the meeting has: %+v", r)
		}
		w.do(w.idOf("Fam"), api.OpWithdraw, api.Withdraw{Registration: family.Number})
		if w.state(single.Number) != api.Confirmed || w.state(w.numberOfName("New")) != api.Confirmed || w.state(w.numberOfName("Big")) != api.WaitingList {
			t.Errorf("%s, %s, %s", w.state(single.Number), w.state(w.numberOfName("New")), w.state(w.numberOfName("Big")))
		}
	})
}

func (w *world) idOf(name string) string {
	for id, a := range w.people {
		if a.FirstName == name {
			return id
		}
	}
	w.t.Fatalf("no %s", name)
	return ""
}

// trips is a question with a choice that one registration can have.
func trips(d *api.MeetingDetails) {
	d.Form.Sections[0].Questions = append(d.Form.Sections[0].Questions, api.Question{
		ID: "trip", Kind: api.KindChoice, Label: api.Text{"en": "Trip"}, Choices: []api.Choice{
			{ID: "boat", Label: api.Text{"en": "Boat"}, Places: 1}, {ID: "train", Label: api.Text{"en": "Train"}},
		},
	})
}

func byTrip(trip string) api.Register {
	asked := ask(api.OnSite)
	asked.Answers = api.Answers{"trip": {trip}}
	return asked
}

func TestChoice_hasPlacesOfItsOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity = 2; trips(d) })
		ana, bob, cem, dan := w.person("Ana", "en"), w.person("Bob", "en"), w.person("Cem", "en"), w.person("Dan", "en")
		first := w.do(ana, api.OpRegister, byTrip("boat")).Registration
		r := w.do(bob, api.OpRegister, byTrip("boat"))
		if r.Code != api.CodeChoiceFull || len(r.Errors) != 1 || r.Errors[0] != (api.FieldError{Pointer: "/answers/trip", Code: api.FieldFull}) {
			t.Fatalf("the second by boat: %+v", r)
		}
		second := w.do(bob, api.OpRegister, byTrip("train")).Registration
		// On the waiting list one can wait for the boat too, and is passed over while it
		// is full.
		third, fourth := w.do(cem, api.OpRegister, byTrip("boat")).Registration, w.do(dan, api.OpRegister, byTrip("train")).Registration
		if third.State != api.WaitingList || fourth.State != api.WaitingList {
			t.Fatalf("%s, %s", third.State, fourth.State)
		}
		w.do(bob, api.OpWithdraw, api.Withdraw{Registration: second.Number})
		if w.state(third.Number) != api.WaitingList || w.state(fourth.Number) != api.Confirmed {
			t.Errorf("a place by train: %s, %s", w.state(third.Number), w.state(fourth.Number))
		}
		w.do(ana, api.OpWithdraw, api.Withdraw{Registration: first.Number})
		if w.state(third.Number) != api.Confirmed {
			t.Errorf("a place by boat: %s", w.state(third.Number))
		}
		m, err := w.Get(t.Context(), code)
		if err != nil || m.ChoiceTaken["trip/boat"] != 1 {
			t.Errorf("%+v, %v", m.ChoiceTaken, err)
		}
		list, err := w.List(t.Context(), "")
		if err != nil || list.Meetings[0].ChoiceTaken["trip/boat"] != 1 {
			t.Errorf("%+v, %v", list.Meetings, err)
		}
	})
}

// Where a choice gets places of its own, those who made it before count, and keep it.
func TestChoice_isCountedWhereItGetsPlaces(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) {
			d.Capacity = 10
			trips(d)
			d.Form.Sections[0].Questions[1].Choices[0].Places = 0
		})
		first, second := w.person("Ana", "en"), w.person("Bob", "en")
		w.do(first, api.OpRegister, byTrip("boat"))
		w.do(second, api.OpRegister, byTrip("boat"))
		w.meeting(func(d *api.MeetingDetails) { d.Capacity = 10; trips(d) })
		if w.count(`SELECT taken FROM choice_counts`) != 2 || w.state(w.numberOf(second)) != api.Confirmed {
			t.Error("who came before does not count")
		}
		if r := w.do(w.person("Cem", "en"), api.OpRegister, byTrip("boat")); r.Code != api.CodeChoiceFull {
			t.Errorf("%+v", r)
		}
		w.do(first, api.OpWithdraw, api.Withdraw{Registration: w.numberOf(first)})
		w.meeting(func(d *api.MeetingDetails) { d.Capacity = 10 })
		if n := w.count(`SELECT COUNT(*) FROM choice_counts`); n != 0 {
			t.Errorf("%d choices are counted", n)
		}
	})
}

func TestChoice_lastPlaceAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity = 10; trips(d) })
		var codes [2]api.Code
		register := func(i int, who string) func(context.Context) {
			op := w.operation(who, api.OpRegister, byTrip("boat"))
			return func(ctx context.Context) {
				d, err := w.deliverAs(ctx, who, api.Deliver{Stream: w.stream[who].id, Operations: []api.Operation{op}})
				if err != nil {
					t.Error(err)
					return
				}
				codes[i] = d.Results[0].Code
			}
		}
		storetest.Pair(t, db, 1, register(0, w.person("Ana", "en")), register(1, w.person("Bob", "en")))
		if codes != [2]api.Code{"", api.CodeChoiceFull} || w.taken() != 1 || w.count(`SELECT taken FROM choice_counts`) != 1 {
			t.Errorf("got %q, %d taken", codes, w.taken())
		}
	})
}

// An answer and the end of the time for it at once: one of them counts.
func TestOffer_acceptedAtOnceWithItsEnd(t *testing.T) {
	for _, c := range []struct{ first, state, next string }{
		{"answer", api.Confirmed, api.WaitingList}, {"end", api.Withdrawn, api.Offered},
	} {
		t.Run(c.first+" first", func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				w := newWorld(t, db)
				ana, bob := w.person("Ana", "en"), w.person("Bob", "en")
				offered := w.offering(ana, bob)
				op := w.operation(ana, api.OpAnswerOffer, api.AnswerOffer{Registration: offered.Number, Accept: true})
				w.set(offered.OfferUntil.Add(-time.Microsecond))
				var got api.Result
				accept := func(ctx context.Context) {
					d, err := w.deliverAs(ctx, ana, api.Deliver{Stream: w.stream[ana].id, Operations: []api.Operation{op}})
					if err != nil {
						t.Error(err)
						return
					}
					got = d.Results[0]
				}
				end := func(ctx context.Context) {
					w.set(offered.OfferUntil)
					if err := w.LapseOffers(ctx); err != nil {
						t.Error(err)
					}
				}
				want := api.Code("")
				if c.first == "answer" {
					storetest.Pair(t, db, 1, accept, end)
				} else {
					want = api.CodeOfferOver
					storetest.Pair(t, db, 1, end, accept)
				}
				if got.Code != want || w.state(offered.Number) != c.state || w.state(w.numberOf(bob)) != c.next || w.taken() != 1 {
					t.Errorf("%+v; %s, %s", got, w.state(offered.Number), w.state(w.numberOf(bob)))
				}
			})
		})
	}
}

// 200 people register at once, on two nodes, while 50 places come to a full meeting with
// 20 in line: each place is somebody's, and nobody overtakes.
func TestLine_200AtOnceFor50PlacesWith20InLine(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		full := func(d *api.MeetingDetails) { d.Capacity, d.OfferHours = 1, 24 }
		w.meeting(full)
		w.register(w.person("First", "en"))
		for i := range 20 {
			if r := w.register(w.person(fmt.Sprint("L", i), "en")).Registration; r.State != api.WaitingList {
				t.Fatalf("%+v", r)
			}
		}
		nodes := []*operation.Operations{w.operations, w.anotherNode()}
		deliver := func(i int, who string, op api.Operation) {
			d, err := nodes[i%2].Deliver(t.Context(), w.caller(who), api.Deliver{Stream: w.stream[who].id, Operations: []api.Operation{op}})
			if err != nil || d.Results[0].Outcome != api.Done {
				t.Errorf("%+v, %v", d, err)
			}
		}
		var people []string
		var ops []api.Operation
		for i := range 200 {
			people = append(people, w.person(fmt.Sprint("P", i), "en"))
			ops = append(ops, w.operation(people[i], api.OpRegister, ask(api.OnSite)))
		}
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() { deliver(i, people[i], ops[i]) })
			if i == 100 {
				wg.Go(func() { w.meeting(func(d *api.MeetingDetails) { full(d); d.Capacity = 51 }) })
			}
		}
		wg.Wait()
		exact := func(takers, waiting int) {
			t.Helper()
			var took, waits []int
			if err := db.Peek(t.Context(), func(tx *store.Tx) error {
				took, waits = nil, nil
				for scan := range tx.Each(`SELECT state, place_in_line FROM registrations WHERE state <> 'withdrawn' ORDER BY place_in_line`) {
					var state string
					var line int
					scan(&state, &line)
					if state == api.WaitingList {
						waits = append(waits, line)
					} else {
						took = append(took, line)
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if len(took) != takers || len(waits) != waiting || w.taken() != takers || w.count(`SELECT waiting FROM meeting_counts`) != waiting {
				t.Errorf("%d have a place, %d wait, %d taken, %d counted in line", len(took), len(waits), w.taken(), w.count(`SELECT waiting FROM meeting_counts`))
			}
			if len(waits) > 0 && took[len(took)-1] > waits[0] {
				t.Errorf("%d has a place, %d waits", took[len(took)-1], waits[0])
			}
		}
		exact(51, 170)
		offers := w.count(`SELECT COUNT(*) FROM registrations WHERE state = 'offered'`)
		if offers < 20 {
			t.Errorf("%d are offered a place", offers)
		}
		// Nobody answers: both nodes end the offers, one of them is killed on its way.
		w.set(w.clock().Add(24 * time.Hour))
		killed, kill := context.WithCancel(t.Context())
		stop := storetest.InjectFaults(db, func() storetest.Fault {
			if w.count(`SELECT COUNT(*) FROM registrations WHERE state = 'withdrawn'`) > 3 {
				kill()
			}
			return storetest.NoFault
		})
		_ = w.LapseOffers(killed)
		stop()
		other := w.Registrations
		w.start()
		wg.Go(func() {
			if err := other.LapseOffers(t.Context()); err != nil {
				t.Error(err)
			}
		})
		wg.Go(w.lapse)
		wg.Wait()
		exact(51, 170-offers)
		if n := w.count(`SELECT COUNT(*) FROM registration_events WHERE what = 'lapsed'`); n != offers {
			t.Errorf("%d ended, of %d", n, offers)
		}
		if n := w.count(`SELECT COUNT(*) FROM mails WHERE template = '` + mail.RegistrationLapsed + `'`); n != offers {
			t.Errorf("%d were told, of %d", n, offers)
		}
	})
}

// Registering for a meeting with free places, which is what thousands do at once, asks
// the database no more than it must.
func TestRegister_fewStatements(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity = 100 })
		w.register(w.person("Ana", "en"))
		bob := w.person("Bob", "en")
		op := w.operation(bob, api.OpRegister, ask(api.OnSite))
		before := db.Statements()
		if _, err := w.deliver(bob, op); err != nil {
			t.Fatal(err)
		}
		// Who asks, the account, the stream, what the account has; then the count, the
		// registration, its history, the e-mail and the record, with the commit.
		if asked := db.Statements() - before; asked > 14 {
			t.Errorf("%d statements", asked)
		}
	})
}
