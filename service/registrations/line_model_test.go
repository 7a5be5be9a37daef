package registrations_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"plenary/api"
	"plenary/service/operation"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// place is a registration in the model.
type place struct {
	number, who string
	state       string
	places      int
	choices     []string
	until       time.Time // of the offer
	letters     []string
	changes     int
	erased      bool
}

func (p *place) takes() bool {
	return slices.Contains([]string{api.Confirmed, api.WaitingSecretariat, api.Offered}, p.state)
}

func (p *place) live() bool { return p.state != api.Refused && p.state != api.Withdrawn }

// hallModel is a meeting and its registrations as the rules say that they are (line.go).
type hallModel struct {
	w     *world
	t     *rapid.T
	nodes [2]*operation.Operations

	code     string
	end      time.Time
	capacity int
	hours    int
	list     bool
	approval string
	limits   map[string]int // places by choice

	people  []string
	places  []*place // in the order of arrival
	version int64
	calm    atomic.Bool // no faults
}

func (m *hallModel) taken() (n int) {
	for _, p := range m.places {
		if p.takes() {
			n += p.places
		}
	}
	return n
}

func (m *hallModel) waiting() (n int) {
	for _, p := range m.places {
		if p.state == api.WaitingList {
			n++
		}
	}
	return n
}

func (m *hallModel) takenOf(choice string) (n int) {
	for _, p := range m.places {
		if p.takes() && slices.Contains(p.choices, choice) {
			n++
		}
	}
	return n
}

func (m *hallModel) room(places int) bool { return m.capacity == 0 || m.taken()+places <= m.capacity }

func (m *hallModel) choicesFree(choices []string) bool {
	for _, c := range choices {
		if limit := m.limits[c]; limit > 0 && m.takenOf(c) >= limit {
			return false
		}
	}
	return true
}

// next is the first in line who waits for nothing but places that the meeting can have.
func (m *hallModel) next() *place {
	for _, p := range m.places {
		if p.state == api.WaitingList && (m.capacity == 0 || p.places <= m.capacity) && m.choicesFree(p.choices) {
			return p
		}
	}
	return nil
}

func (m *hallModel) arrival() string {
	if m.approval == api.ApprovalNone {
		return api.Confirmed
	}
	return api.WaitingSecretariat
}

// become changes a registration's state and tells the person.
func (m *hallModel) become(p *place, state, letter string) {
	p.state = state
	m.version++
	p.letters = append(p.letters, letter)
}

func (m *hallModel) arrive(p *place) {
	state := m.arrival()
	m.become(p, state, map[string]string{api.Confirmed: "registration-confirmed", api.WaitingSecretariat: "registration-received"}[state])
}

func (m *hallModel) moveUp() {
	for p := m.next(); p != nil && m.room(p.places) && m.w.clock().Before(m.end); p = m.next() {
		if m.hours == 0 {
			m.arrive(p)
			continue
		}
		m.become(p, api.Offered, "registration-offered")
		p.until = m.w.clock().Add(time.Duration(m.hours) * time.Hour)
		if p.until.After(m.end) {
			p.until = m.end
		}
	}
}

// deliver sends an operation until there is an answer: each has one effect, whatever
// became of its answers.
func (m *hallModel) deliver(who, kind string, payload any) api.Result {
	op := m.w.operation(who, kind, payload)
	for range 100 {
		// Each time the other node has it, which knows the meeting of some time ago.
		m.nodes[0], m.nodes[1] = m.nodes[1], m.nodes[0]
		d, err := m.nodes[0].Deliver(m.w.t.Context(), m.w.caller(who), api.Deliver{Stream: m.w.stream[who].id, Sent: m.w.clock(), Operations: []api.Operation{op}})
		if err != nil {
			m.faulty(err)
			continue
		}
		return d.Results[0]
	}
	m.t.Fatal("no answer after 100 tries")
	return api.Result{}
}

// faulty goes on where an error is one of those that were injected.
func (m *hallModel) faulty(err error) {
	if unknown := new(store.OutcomeUnknown); !errors.Is(err, storetest.ErrFault) && !errors.As(err, &unknown) {
		m.t.Fatal(err)
	}
}

func (m *hallModel) until(do func(context.Context) error) {
	for range 100 {
		err := do(m.w.t.Context())
		if err == nil {
			return
		}
		m.faulty(err)
	}
	m.t.Fatal("not done after 100 tries")
}

func (m *hallModel) want(r api.Result, code api.Code) bool {
	if r.Code != code {
		m.t.Fatalf("got %+v, want %q", r, code)
	}
	return code == ""
}

// definition is the meeting as it is now.
func (m *hallModel) definition() api.MeetingDetails {
	choice := func(id string) api.Choice {
		return api.Choice{ID: id, Label: api.Text{"en": id}, Places: m.limits[id]}
	}
	return api.MeetingDetails{MeetingPrivate: api.MeetingPrivate{Platform: "https://remote.example.int/1"}, Meeting: api.Meeting{
		Code: m.code, Title: api.Text{"en": "Day"}, Place: api.Text{"en": "Geneva"}, Zone: "Europe/Zurich",
		Sessions:         []api.MeetingSession{{Title: api.Text{"en": "Day"}, Start: m.end.Add(-time.Hour), End: m.end}},
		RegistrationFrom: morning, RegistrationUntil: m.end,
		Capacity: m.capacity, WaitingList: m.list, OfferHours: m.hours, Companions: 3,
		Participation: []string{api.OnSite}, Approval: m.approval, Contact: "meetings@example.int",
		Form: api.Form{Sections: []api.FormSection{{Title: api.Text{"en": "Trips"}, Questions: []api.Question{
			{ID: "trips", Kind: api.KindChoices, Label: api.Text{"en": "Trips"}, Choices: []api.Choice{choice("a"), choice("b"), choice("c")}},
		}}}},
	}}
}

func (m *hallModel) describe() {
	d := m.definition()
	m.until(func(ctx context.Context) error {
		reports, err := m.w.Import(ctx, []api.MeetingDetails{d})
		if err == nil && reports[0].Outcome == "refused" {
			m.t.Fatalf("%+v", reports)
		}
		return err
	})
}

// any is a registration, mostly one in the state that is of interest.
func (m *hallModel) any(t *rapid.T, state string) *place {
	var some, these []*place
	for _, p := range m.places {
		if p.erased {
			continue
		}
		some = append(some, p)
		if p.state == state {
			these = append(these, p)
		}
	}
	if len(these) > 0 && rapid.IntRange(0, 4).Draw(t, "whichever") > 0 {
		some = these
	}
	if len(some) == 0 {
		t.Skip("nobody is registered")
	}
	return rapid.Custom(func(t *rapid.T) *place { return some[rapid.IntRange(0, len(some)-1).Draw(t, "which")] }).Draw(t, "registration")
}

// asking is what somebody asks for: alone or with others, and with trips.
func (m *hallModel) asking(t *rapid.T) (asked api.Register, places int, choices []string) {
	asked = api.Register{Meeting: m.code, Participation: api.OnSite, BadgeName: "Somebody"}
	for range rapid.SampledFrom([]int{0, 0, 0, 1, 2, 3}).Draw(t, "companions") {
		asked.Companions = append(asked.Companions, api.Companion{Name: "Else"})
	}
	for _, c := range []string{"a", "b", "c"} {
		if rapid.IntRange(0, 3).Draw(t, "trip "+c) == 0 {
			choices = append(choices, c)
		}
	}
	if len(choices) > 0 {
		asked.Answers = api.Answers{"trips": choices}
	}
	return asked, 1 + len(asked.Companions), choices
}

func (m *hallModel) register(t *rapid.T) {
	who := rapid.SampledFrom(m.people).Draw(t, "who")
	for range 5 {
		if !slices.ContainsFunc(m.places, func(p *place) bool { return p.who == who && p.live() }) {
			break
		}
		who = rapid.SampledFrom(m.people).Draw(t, "somebody else")
	}
	p := &place{who: who}
	var asked api.Register
	asked, p.places, p.choices = m.asking(t)
	r := m.deliver(who, api.OpRegister, asked)
	next := m.next()
	free := m.room(p.places) && (m.capacity == 0 || next == nil)
	for _, other := range m.places {
		// What else is wrong may be said instead: it is looked for first, by what was
		// known of the meeting then.
		if other.who == who && other.live() {
			if r.Outcome != api.RefusedResult {
				m.t.Fatalf("registered twice: %+v", r)
			}
			return
		}
	}
	switch {
	case !m.w.clock().Before(m.end):
		m.want(r, api.CodeRegistrationClosed)
		return
	case m.capacity > 0 && p.places > m.capacity:
		m.want(r, api.CodeInvalid)
		return
	case !free && !m.list:
		m.want(r, api.CodeMeetingFull)
		return
	case free && !m.choicesFree(p.choices):
		m.want(r, api.CodeChoiceFull)
		return
	}
	m.want(r, "")
	p.number = r.Registration.Number
	m.places = append(m.places, p)
	if free {
		m.arrive(p)
	} else {
		m.become(p, api.WaitingList, "registration-waiting-list")
	}
	if r.Registration.State != p.state {
		t.Fatalf("registered as %s, want %s", r.Registration.State, p.state)
	}
}

// changeAnswers is that somebody comes with more or fewer people, or takes other trips.
func (m *hallModel) changeAnswers(t *rapid.T) {
	p := m.any(t, rapid.SampledFrom([]string{api.Confirmed, api.Offered, api.WaitingList}).Draw(t, "state"))
	asked, places, choices := m.asking(t)
	same := places == p.places && slices.Equal(choices, p.choices)
	r := m.deliver(p.who, api.OpChange, api.Change{Registration: p.number, Changes: p.changes, Register: asked})
	gained := slices.DeleteFunc(slices.Clone(choices), func(c string) bool { return slices.Contains(p.choices, c) })
	more := places - p.places
	switch {
	case !p.live():
		m.want(r, api.CodeWrongState)
		return
	case same:
		m.want(r, "")
		return
	case !m.w.clock().Before(m.end):
		m.want(r, api.CodeTooLate)
		return
	case more > 0 && m.capacity > 0 && places > m.capacity:
		m.want(r, api.CodeInvalid)
		return
	case p.takes() && more > 0 && (!m.room(more) || m.capacity > 0 && m.next() != nil):
		m.want(r, api.CodeMeetingFull)
		return
	case p.takes() && !m.choicesFree(gained):
		m.want(r, api.CodeChoiceFull)
		return
	}
	m.want(r, "")
	p.places, p.choices = places, choices
	p.changes++
	m.become(p, p.state, "registration-changed")
	m.moveUp()
}

func (m *hallModel) withdraw(t *rapid.T) {
	p := m.any(t, rapid.SampledFrom([]string{api.Confirmed, api.Confirmed, api.WaitingList}).Draw(t, "state"))
	r := m.deliver(p.who, api.OpWithdraw, api.Withdraw{Registration: p.number})
	if !p.live() || !m.w.clock().Before(m.end) {
		m.want(r, api.CodeWrongState)
		return
	}
	m.want(r, "")
	p.until = time.Time{}
	m.become(p, api.Withdrawn, "registration-withdrawn")
	m.moveUp()
}

func (m *hallModel) decide(t *rapid.T) {
	p := m.any(t, api.WaitingSecretariat)
	approve := rapid.Bool().Draw(t, "approve")
	r := m.deliver("manager", api.OpDecide, api.Decide{Registration: p.number, Approve: approve, Reason: "because"})
	able := p.state == api.WaitingList || p.state == api.WaitingSecretariat || p.state == api.Offered && !approve
	if !able {
		m.want(r, api.CodeWrongState)
		return
	}
	m.want(r, "")
	p.until = time.Time{}
	if approve {
		m.become(p, api.Confirmed, "registration-confirmed")
	} else {
		m.become(p, api.Refused, "registration-refused")
	}
	m.moveUp()
}

func (m *hallModel) answer(t *rapid.T) {
	p := m.any(t, api.Offered)
	accept := rapid.Bool().Draw(t, "accept")
	r := m.deliver(p.who, api.OpAnswerOffer, api.AnswerOffer{Registration: p.number, Accept: accept})
	lapsed := p.state == api.Withdrawn && p.letters[len(p.letters)-1] == "registration-lapsed"
	switch {
	case lapsed, p.state == api.Offered && !m.w.clock().Before(p.until):
		m.want(r, api.CodeOfferOver)
		return
	case p.state != api.Offered:
		m.want(r, api.CodeWrongState)
		return
	}
	m.want(r, "")
	p.until = time.Time{}
	if accept {
		m.arrive(p)
	} else {
		m.become(p, api.Withdrawn, "registration-withdrawn")
		m.moveUp()
	}
}

// lapse is the job that ends offers.
func (m *hallModel) lapse(*rapid.T) {
	m.until(m.w.LapseOffers)
	due := slices.Clone(m.places)
	slices.SortStableFunc(due, func(a, b *place) int { return cmp.Compare(a.until.UnixMicro(), b.until.UnixMicro()) })
	for _, p := range due {
		if p.state == api.Offered && !m.w.clock().Before(p.until) {
			m.become(p, api.Withdrawn, "registration-lapsed")
			m.moveUp()
		}
	}
}

func (m *hallModel) change(t *rapid.T) {
	before := m.definition()
	switch rapid.SampledFrom([]string{"capacity", "capacity", "offers", "approval", "list", "choice"}).Draw(t, "what") {
	case "capacity":
		m.capacity = rapid.IntRange(0, 8).Draw(t, "capacity")
	case "offers":
		m.hours = rapid.SampledFrom([]int{0, 1, 5}).Draw(t, "hours")
	case "approval":
		m.approval = rapid.SampledFrom([]string{api.ApprovalNone, api.ApprovalSecretariat}).Draw(t, "approval")
	case "list":
		m.list = !m.list
	case "choice":
		c := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "choice")
		m.limits[c] = rapid.IntRange(0, 3).Draw(t, "places")
		m.forgetUncounted()
	}
	m.describe()
	if fmt.Sprint(before) != fmt.Sprint(m.definition()) {
		m.version++
		m.moveUp()
	}
}

// forgetUncounted takes from those who were erased the trips that had no places of their
// own at some time since: a count that begins again reads answers, and theirs are gone.
func (m *hallModel) forgetUncounted() {
	for _, p := range m.places {
		if p.erased {
			p.choices = slices.DeleteFunc(p.choices, func(c string) bool { return m.limits[c] == 0 })
		}
	}
}

func (m *hallModel) erase(t *rapid.T) {
	p := m.any(t, api.Confirmed)
	m.until(func(ctx context.Context) error {
		return m.w.db.UpdateCommitted(ctx, func(tx *store.Tx) error { return m.w.eraseIn(tx, p.who) })
	})
	for _, other := range m.places {
		if other.who != p.who {
			continue
		}
		other.erased, other.letters = true, nil
		m.version++
		if other.live() && m.w.clock().Before(m.end) {
			other.state, other.until = api.Withdrawn, time.Time{}
			m.moveUp()
			other.letters = nil
		}
	}
	m.forgetUncounted()
	m.people = slices.DeleteFunc(m.people, func(who string) bool { return who == p.who })
	m.calm.Store(true)
	m.people = append(m.people, m.w.person("New", "en"))
	m.calm.Store(false)
}

// same compares the database with the model.
func (m *hallModel) same(t *rapid.T) {
	var got []string
	letters := map[string][]string{}
	var counts string
	if err := m.w.db.Peek(m.w.t.Context(), func(tx *store.Tx) error {
		got = nil
		for scan := range tx.Each(`SELECT number, state, places, offer_until FROM registrations WHERE meeting = $1 ORDER BY place_in_line`, m.code) {
			var number, state string
			var places, until int64
			scan(&number, &state, &places, &until)
			got = append(got, fmt.Sprint(number, " ", state, " ", places, " ", until))
		}
		clear(letters)
		for scan := range tx.Each(`SELECT m.subject, m.template FROM mails m JOIN registrations r ON r.number = m.subject
			WHERE r.meeting = $1 AND m.recipient <> '' ORDER BY m.template`, m.code) {
			var number, template string
			scan(&number, &template)
			letters[number] = append(letters[number], template)
		}
		var taken, waiting int
		var version int64
		tx.Get(`SELECT taken, waiting, version FROM meeting_counts WHERE meeting = $1`, m.code).Into(&taken, &waiting, &version)
		counts = fmt.Sprint(taken, " ", waiting, " ", version)
		for scan := range tx.Each(`SELECT choice, taken FROM choice_counts WHERE meeting = $1 AND taken <> 0 ORDER BY choice`, m.code) {
			var choice string
			scan(&choice, &taken)
			counts += fmt.Sprint(" ", choice, taken)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, p := range m.places {
		var until int64
		if !p.until.IsZero() {
			until = store.Micros(p.until)
		}
		want = append(want, fmt.Sprint(p.number, " ", p.state, " ", p.places, " ", until))
		told := slices.Sorted(slices.Values(p.letters))
		if !p.erased && !slices.Equal(letters[p.number], told) {
			t.Fatalf("%s was told %q, want %q", p.number, letters[p.number], told)
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("registrations:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	wanted := fmt.Sprint(m.taken(), " ", m.waiting(), " ", m.version)
	for _, c := range []string{"a", "b"} {
		if n := m.takenOf(c); m.limits[c] > 0 && n > 0 {
			wanted += fmt.Sprint(" ", c, n)
		}
	}
	if counts != wanted {
		t.Fatalf("counts %s, want %s", counts, wanted)
	}
	// And what nobody's model may break.
	if next := m.next(); next != nil && m.room(next.places) && m.w.clock().Before(m.end) {
		t.Fatalf("%s is next, has a place, and waits", next.number)
	}
}

// Whatever happens to a meeting's registrations, and whatever transactions fail, places,
// line, offers, e-mails and refusals are as the model says.
func TestLine_followsItsModelWithFaults(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		nodes := [2]*operation.Operations{w.operations, w.anotherNode()}
		n := 0
		rapid.Check(t, func(t *rapid.T) {
			n++
			w.set(morning)
			m := &hallModel{
				w: w, t: t, nodes: nodes, code: fmt.Sprintf("C-%08d", n), end: morning.Add(48 * time.Hour), list: true, approval: api.ApprovalNone,
				capacity: rapid.IntRange(1, 6).Draw(t, "capacity at first"), hours: rapid.SampledFrom([]int{0, 2, 5}).Draw(t, "hours at first"),
				limits: map[string]int{"a": rapid.IntRange(0, 2).Draw(t, "places of a"), "b": 0, "c": 0}, version: 1,
			}
			for range 10 {
				m.people = append(m.people, w.person("Somebody"+uuid.NewString()[:8], "en"))
			}
			// One manager decides in all of them, and the clock goes back: no hour and no
			// stream is the manager's from before.
			w.stream["manager"] = &stream{id: uuid.NewString(), next: 1}
			if err := db.UpdateCommitted(w.t.Context(), func(tx *store.Tx) error {
				tx.Do(`DELETE FROM operations WHERE account_id = 'manager'`)
				tx.Do(`DELETE FROM streams WHERE account_id = 'manager'`)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			m.describe()
			var mu sync.Mutex
			chance := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "faults"), 0))
			stop := storetest.InjectFaults(db, func() storetest.Fault {
				mu.Lock()
				defer mu.Unlock()
				if m.calm.Load() {
					return storetest.NoFault
				}
				switch n := chance.IntN(100); {
				case n < 10:
					return storetest.FaultSerialization
				case n < 15:
					return storetest.FaultRollback
				case n < 20:
					return storetest.FaultLostAnswer
				}
				return storetest.NoFault
			})
			defer stop()
			t.Repeat(map[string]func(*rapid.T){
				"register":       m.register,
				"register too":   m.register,
				"register also":  m.register,
				"withdraw":       m.withdraw,
				"change answers": m.changeAnswers,
				"decide":         m.decide,
				"answer":         m.answer,
				"answer again":   m.answer,
				"lapse":          m.lapse,
				"change":         m.change,
				"erase":          m.erase,
				"an hour passes": func(*rapid.T) { w.set(w.clock().Add(time.Hour)) },
				"the offer's hours pass": func(t *rapid.T) {
					if m.hours == 0 {
						t.Skip("it does not ask")
					}
					w.set(w.clock().Add(time.Duration(m.hours) * time.Hour))
				},
				"": m.same,
			})
		})
	})
}
