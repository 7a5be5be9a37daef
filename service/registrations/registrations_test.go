package registrations_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/google/uuid"

	"plenary/api"
	"plenary/calendar"
	"plenary/service/account"
	"plenary/service/audit"
	"plenary/service/badges"
	"plenary/service/caller"
	"plenary/service/delegations"
	"plenary/service/joining"
	"plenary/service/mail"
	"plenary/service/meetings"
	"plenary/service/operation"
	"plenary/service/registrations"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
	"plenary/service/visas"
)

// world is meetings on a database, with people, an outbox and a clock.
type world struct {
	*meetings.Meetings
	*registrations.Registrations
	badges      *badges.Badges
	visas       *visas.Visas
	delegations *delegations.Delegations
	operations  *operation.Operations
	t           *testing.T
	db          *store.DB
	key         *secret.Key

	mu     sync.Mutex
	now    time.Time
	people map[string]api.Account
	stream map[string]*stream
	looked func() // called when a profile is read, if set
}

// stream is a device's stream of operations.
type stream struct {
	id   string
	next uint64
}

const code = "C-00016512"

// aManager is somebody with the role.
var aManager = caller.Caller{AccountID: "manager", Roles: []string{api.RoleParticipant, api.RoleMeetingManager}}

var morning = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func newWorld(t *testing.T, db *store.DB) *world {
	w := &world{
		t: t, db: db, key: secret.Generate(), now: morning,
		people: map[string]api.Account{}, stream: map[string]*stream{},
	}
	storetest.Owners(t, db, "manager")
	w.start()
	w.stream["manager"] = &stream{id: uuid.NewString(), next: 1}
	return w
}

// start begins what a node has.
func (w *world) start() {
	db, clock := w.db, w.clock
	w.Meetings = meetings.New(meetings.Deps{DB: db, Audit: audit.New(w.key, clock), Now: clock})
	w.badges = badges.New(badges.Deps{DB: db, Key: w.key, Now: clock, Meeting: w.Meetings.Get})
	outbox, log := mail.NewOutbox(w.key, clock), audit.New(w.key, clock)
	w.delegations = delegations.New(delegations.Deps{DB: db, Now: clock, Accounts: account.New(account.Deps{
		DB: db, Key: w.key, Mail: outbox, Now: clock, Audit: log,
		Organization: func(id string) (api.Organization, bool) {
			o := organizationOf(id)
			return o, strings.HasPrefix(id, "org-")
		},
	})})
	w.visas = visas.New(visas.Deps{DB: db, Key: w.key, Now: clock, Audit: log, Outbox: outbox, Days: func() int { return visaDays }})
	w.Registrations = registrations.New(registrations.Deps{
		MailInfo: func(context.Context) (mail.Info, error) { return mail.Info{Organization: "Example"}, nil },
		DB:       db, Key: w.key, Meetings: w.Meetings, Badges: w.badges, Delegations: w.delegations, Audit: log, Organization: func() string { return "Example" }, Outbox: outbox, Now: clock, Address: func() string { return "https://plenary.example.int" },
		Visas:   w.visas,
		Joining: joining.New(joining.Deps{DB: db, Key: w.key, Now: clock, Address: func() string { return "https://plenary.example.int" }}),
		Profile: func(tx *store.Tx, id string) (api.Account, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			if w.looked != nil {
				w.looked()
			}
			a, ok := w.people[id]
			if !ok {
				return a, &api.Problem{Code: api.CodeNotFound}
			}
			a.Appointed = delegations.Of(tx, id).Kind
			return a, nil
		},
		Listed: func(wanted []api.Organization) []api.Organization {
			found := make([]api.Organization, len(wanted))
			for i, o := range wanted {
				if strings.HasPrefix(o.Name, "Organization ") {
					found[i] = organizationOf("org-" + strings.ToLower(strings.TrimPrefix(o.Name, "Organization ")))
				}
			}
			return found
		},
	})
	w.operations = operation.New(operation.Deps{DB: db, Key: w.key, Now: clock}, w.Registrations.Kinds())
	w.Meetings.Once, w.Registrations.Once = w.operations.Once, w.operations.Once
}

// anotherNode gives the operations of one with the same database and people.
func (w *world) anotherNode() *operation.Operations {
	m, r, o := w.Meetings, w.Registrations, w.operations
	defer func() { w.Meetings, w.Registrations, w.operations = m, r, o }()
	w.start()
	return w.operations
}

// person makes an account, with its stream.
func (w *world) person(name, lang string) string {
	id := uuid.NewString()
	storetest.Owners(w.t, w.db, id)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.people[id] = api.Account{
		ID: id, Username: strings.ToLower(name), Email: strings.ToLower(name) + "@example.org",
		FirstName: name, Language: lang,
		Organization: api.Organization{Name: "Example University", Country: "CH", Membership: "academia"},
	}
	w.stream[id] = &stream{id: uuid.NewString(), next: 1}
	return id
}

// profiled calls f whenever a profile is read.
func (w *world) profiled(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.looked = f
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) set(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = now
}

// meeting is one that takes 2 people, from yesterday to tomorrow, changed as
// the test needs it.
func (w *world) meeting(change func(*api.MeetingDetails)) {
	w.t.Helper()
	d := api.MeetingDetails{MeetingPrivate: api.MeetingPrivate{Platform: "https://remote.example.int/1"}, Meeting: api.Meeting{
		Code:  code,
		Title: api.Text{"en": "Sixth X.509 Day", "fr": "Sixième Journée X.509"},
		Place: api.Text{"en": "Geneva", "fr": "Genève"},
		Zone:  "Europe/Zurich",
		Sessions: []api.MeetingSession{{
			Title: api.Text{"en": "Day"}, Start: morning.AddDate(0, 1, 0), End: morning.AddDate(0, 1, 0).Add(time.Hour),
		}},
		RegistrationFrom: morning.AddDate(0, 0, -1), RegistrationUntil: morning.AddDate(0, 0, 1),
		Capacity: 2, WaitingList: true, Companions: 1,
		Participation: []string{api.OnSite, api.Remote}, Approval: api.ApprovalNone, Contact: "meetings@example.int",
		Form: api.Form{Sections: []api.FormSection{{
			Title: api.Text{"en": "Practical"},
			Questions: []api.Question{
				{ID: "meals", Kind: api.KindText, Label: api.Text{"en": "Meals"}, Max: 10},
			},
		}}},
	}}
	if change != nil {
		change(&d)
	}
	reports, err := w.Import(w.t.Context(), []api.MeetingDetails{d})
	if err != nil || reports[0].Outcome == "refused" {
		w.t.Fatalf("import: %+v, %v", reports, err)
	}
}

// operation is the next one of a person's stream.
func (w *world) operation(who, kind string, payload any) api.Operation {
	s := w.stream[who]
	raw, err := json.Marshal(payload)
	if err != nil {
		w.t.Fatal(err)
	}
	op := api.Operation{ID: uuid.Must(uuid.NewV7()).String(), Number: s.next, Kind: kind, Made: w.now, Payload: raw}
	s.next++
	return op
}

func (w *world) deliver(who string, ops ...api.Operation) (api.Delivered, error) {
	return w.deliverAs(w.t.Context(), who, api.Deliver{Stream: w.stream[who].id, Sent: w.now, Operations: ops})
}

// deliverAs delivers for somebody; "manager" is a meeting manager, and so is who was
// made one.
func (w *world) deliverAs(ctx context.Context, who string, d api.Deliver) (api.Delivered, error) {
	return w.operations.Deliver(ctx, w.caller(who), d)
}

func (w *world) caller(who string) caller.Caller {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := caller.Caller{AccountID: who, Reference: "REF", Account: w.people[who], Roles: []string{api.RoleParticipant}}
	if slices.Contains(c.Account.Roles, api.RoleVisa) {
		c.Roles = append(c.Roles, api.RoleVisa)
	}
	if who == aManager.AccountID || slices.Contains(c.Account.Roles, api.RoleMeetingManager) {
		c.Roles = append(c.Roles, api.RoleMeetingManager)
	}
	return c
}

// do delivers one operation and gives its result.
func (w *world) do(who, kind string, payload any) api.Result {
	w.t.Helper()
	d, err := w.deliver(who, w.operation(who, kind, payload))
	if err != nil || len(d.Results) != 1 {
		w.t.Fatalf("deliver: %+v, %v", d, err)
	}
	return d.Results[0]
}

func ask(participation string) api.Register {
	return api.Register{Meeting: code, Participation: participation, BadgeName: "Somebody"}
}

func (w *world) register(who string) api.Result {
	w.t.Helper()
	return w.do(who, api.OpRegister, ask(api.OnSite))
}

func (w *world) taken() int {
	w.t.Helper()
	m, err := w.Get(w.t.Context(), code)
	if err != nil {
		w.t.Fatal(err)
	}
	return m.Taken
}

// state is that of a registration as a manager sees it; by is another one than aManager.
func (w *world) state(number string, by ...string) string {
	w.t.Helper()
	who := aManager
	if len(by) > 0 {
		who = w.caller(by[0])
	}
	page, err := w.Of(w.t.Context(), who, code, "")
	if err != nil {
		w.t.Fatal(err)
	}
	for _, r := range page.Registrations {
		if r.Number == number {
			return r.State
		}
	}
	w.t.Fatalf("no registration %s", number)
	return ""
}

// mails gives the outbox, oldest first, as "recipient: subject".
func (w *world) mails() []string {
	w.t.Helper()
	var lines []string
	for _, s := range slices.Backward(w.shown()) {
		lines = append(lines, strings.TrimSuffix(s.To, "@example.org")+": "+s.Subject)
	}
	return lines
}

// shown gives the outbox, newest first.
func (w *world) shown() (all []mail.Shown) {
	w.t.Helper()
	for m, err := range mail.Outgoing(w.t.Context(), w.db, w.key, mail.Info{Organization: "Example", Confirm: w.Confirm}) {
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, m)
	}
	return all
}

// decide gives the registration on which the manager has decided, or the refusal.
func (w *world) decide(number string, d api.Decide) (api.Registration, error) {
	w.t.Helper()
	d.Registration = number
	r := w.do("manager", api.OpDecide, d)
	if r.Outcome != api.Done {
		return api.Registration{}, &api.Problem{Code: r.Code, Errors: r.Errors}
	}
	return *r.Registration, nil
}

func wantCode(t *testing.T, err error, code api.Code) {
	t.Helper()
	p, ok := err.(*api.Problem)
	if !ok || p.Code != code {
		t.Errorf("error %v, want %s", err, code)
	}
}

func history(r *api.Registration) string {
	var what []string
	for _, e := range r.History {
		what = append(what, e.What+" by "+e.By)
	}
	return strings.Join(what, ", ")
}

func TestRegister_confirmsAtOnceWithoutApproval(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(nil)
		ana := w.person("Ana", "fr")
		r := w.do(ana, api.OpRegister, ask(api.Remote))
		if r.Outcome != api.Done || r.Registration.State != api.Confirmed {
			t.Fatalf("result %+v", r)
		}
		if got := history(r.Registration); got != "sent by person, approved by service" {
			t.Errorf("history: %s", got)
		}
		if r.Registration.Platform != "https://remote.example.int/1" {
			t.Errorf("a confirmed remote participant is not told the platform: %q", r.Registration.Platform)
		}
		if got := w.mails(); !slices.Equal(got, []string{"ana: Inscription confirmée\u00a0: Sixième Journée X.509"}) {
			t.Errorf("mails: %q", got)
		}
		page, err := w.Own(t.Context(), caller.Caller{AccountID: ana}, "")
		own := page.Registrations
		if err != nil || len(own) != 1 || own[0].Number != r.Registration.Number || own[0].Version == 0 || own[0].Version != r.Registration.Version {
			t.Errorf("own registrations: %+v, %v", own, err)
		}
	})
}

func TestRegister_refuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		for _, tc := range []struct {
			name   string
			change func(*api.MeetingDetails)
			ask    func(*api.Register)
			at     time.Time
			want   api.Code
		}{
			{name: "before it opens", at: morning.AddDate(0, 0, -2), want: api.CodeRegistrationEarly},
			{name: "at the moment of closing", at: morning.AddDate(0, 0, 1), want: api.CodeRegistrationClosed},
			{name: "an unknown meeting", ask: func(r *api.Register) { r.Meeting = "C-00000000" }, want: api.CodeNotFound},
			{name: "another membership type", change: func(d *api.MeetingDetails) {
				d.Memberships, d.Approval = []string{"member-state"}, api.ApprovalSecretariat
			}, want: api.CodeNotForMembership},
			{name: "a participation that is not offered", change: func(d *api.MeetingDetails) { d.Participation = []string{api.OnSite} }, ask: func(r *api.Register) { r.Participation = api.Remote }, want: api.CodeInvalid},
			{name: "no badge name", ask: func(r *api.Register) { r.BadgeName = " " }, want: api.CodeInvalid},
			{name: "a long answer", ask: func(r *api.Register) { r.Answers = api.Answers{"meals": {"more than ten characters"}} }, want: api.CodeInvalid},
			{name: "too many companions", ask: func(r *api.Register) { r.Companions = []api.Companion{{Name: "A"}, {Name: "B"}} }, want: api.CodeInvalid},
		} {
			t.Run(tc.name, func(t *testing.T) {
				w.set(morning)
				w.meeting(tc.change)
				if !tc.at.IsZero() {
					w.set(tc.at)
				}
				a := ask(api.OnSite)
				if tc.ask != nil {
					tc.ask(&a)
				}
				r := w.do(w.person("Ana", "en"), api.OpRegister, a)
				if r.Outcome != api.RefusedResult || r.Code != tc.want || r.Reference != "REF" {
					t.Errorf("result %+v, want %s", r, tc.want)
				}
				if tc.want == api.CodeInvalid && len(r.Errors) == 0 {
					t.Error("no field is named")
				}
				if w.taken() != 0 || len(w.mails()) != 0 {
					t.Error("a refused registration left something behind")
				}
			})
		}
	})
}

func TestRegister_onceForEachPerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(nil)
		ana := w.person("Ana", "en")
		first := w.register(ana)
		if r := w.register(ana); r.Code != api.CodeAlreadyRegistered {
			t.Fatalf("second registration: %+v", r)
		}
		if r := w.do(ana, api.OpWithdraw, api.Withdraw{Registration: first.Registration.Number}); r.Outcome != api.Done {
			t.Fatalf("withdraw: %+v", r)
		}
		if r := w.register(ana); r.Outcome != api.Done {
			t.Errorf("after withdrawing: %+v", r)
		}
		if w.taken() != 1 {
			t.Errorf("taken: %d", w.taken())
		}
	})
}

func TestRegister_fiftyAtOnceForTenPlaces(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity = 10 })
		people := make([]string, 50)
		for i := range people {
			people[i] = w.person(fmt.Sprintf("P%d", i), "en")
		}
		var (
			wg     sync.WaitGroup
			mu     sync.Mutex
			states = map[string]int{}
		)
		for _, who := range people {
			op := w.operation(who, api.OpRegister, ask(api.OnSite))
			wg.Go(func() {
				d, err := w.deliver(who, op)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
					return
				}
				states[d.Results[0].Registration.State]++
			})
		}
		wg.Wait()
		if states[api.Confirmed] != 10 || states[api.WaitingList] != 40 || w.taken() != 10 {
			t.Errorf("states %v, taken %d", states, w.taken())
		}
		m, err := w.Get(t.Context(), code)
		if err != nil || m.Version != 51 {
			t.Errorf("version %d, want 51: one for each change, without gaps (%v)", m.Version, err)
		}
	})
}

func TestWaitingList_movesUpInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity = 1 })
		ana, bob, cem := w.person("Ana", "en"), w.person("Bob", "en"), w.person("Cem", "en")
		a, b, c := w.register(ana), w.register(bob), w.register(cem)
		if b.Registration.State != api.WaitingList || c.Registration.State != api.WaitingList {
			t.Fatalf("states %s, %s", b.Registration.State, c.Registration.State)
		}
		w.do(ana, api.OpWithdraw, api.Withdraw{Registration: a.Registration.Number})
		if got := w.state(b.Registration.Number); got != api.Confirmed {
			t.Errorf("the first on the list is %s", got)
		}
		if got := w.state(c.Registration.Number); got != api.WaitingList {
			t.Errorf("the second on the list is %s", got)
		}
		w.meeting(func(d *api.MeetingDetails) { d.Capacity = 5 })
		if got := w.state(c.Registration.Number); got != api.Confirmed {
			t.Errorf("after more places: %s", got)
		}
		want := []string{
			"ana: Registration confirmed: Sixth X.509 Day", "bob: On the waiting list: Sixth X.509 Day",
			"cem: On the waiting list: Sixth X.509 Day", "ana: Registration withdrawn: Sixth X.509 Day",
			"bob: Registration confirmed: Sixth X.509 Day", "cem: Registration confirmed: Sixth X.509 Day",
		}
		if got := w.mails(); !slices.Equal(got, want) {
			t.Errorf("mails:\n%s", strings.Join(got, "\n"))
		}
	})
}

func TestRegister_fullWithoutWaitingList(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.WaitingList = 1, false })
	w.register(w.person("Ana", "en"))
	if r := w.register(w.person("Bob", "en")); r.Code != api.CodeMeetingFull {
		t.Errorf("result %+v", r)
	}
}

func TestDecide(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Approval = api.ApprovalFocalPoint })
		ana, bob, cem := w.person("Ana", "en"), w.person("Bob", "en"), w.person("Cem", "en")
		a, b, c := w.register(ana), w.register(bob), w.register(cem)
		if a.Registration.State != api.WaitingSecretariat {
			t.Fatalf("without a focal point it goes to the secretariat, not: %s", a.Registration.State)
		}
		if _, err := w.decide(b.Registration.Number, api.Decide{Reason: " "}); err == nil {
			t.Error("refused without a reason")
		} else {
			wantCode(t, err, api.CodeInvalid)
		}
		got, err := w.decide(a.Registration.Number, api.Decide{Approve: true})
		if err != nil || got.State != api.Confirmed {
			t.Fatalf("approve: %+v, %v", got, err)
		}
		if got, err = w.decide(b.Registration.Number, api.Decide{Reason: " Not on the\u202e\n delegation's list "}); err != nil || got.State != api.Refused {
			t.Fatalf("refuse: %+v, %v", got, err)
		}
		if h := history(&got); h != "sent by person, acknowledged by service, refused by secretariat" {
			t.Errorf("history: %s", h)
		}
		if s := w.state(c.Registration.Number); s != api.WaitingSecretariat {
			t.Errorf("the waiting list did not move up: %s", s)
		}
		if r := w.do(bob, api.OpWithdraw, api.Withdraw{Registration: b.Registration.Number}); r.Code != api.CodeWrongState {
			t.Errorf("withdrew what was refused: %+v", r)
		}
		_, err = w.decide(a.Registration.Number, api.Decide{Approve: true})
		wantCode(t, err, api.CodeWrongState)
		_, err = w.decide("R-0000-0000", api.Decide{Approve: true})
		wantCode(t, err, api.CodeNotFound)
		if got := strings.Join(w.mails(), "\n"); !strings.Contains(got, "ana: Received, not yet confirmed") ||
			!strings.Contains(got, "bob: Registration refused") {
			t.Errorf("mails:\n%s", got)
		}
	})
}

// A manager takes a confirmation back with a reason; a refusal of what waited does not, when
// it was confirmed meanwhile.
func TestDecide_revokes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) {
			d.Approval, d.Capacity, d.WaitingList = api.ApprovalNone, 1, true
		})
		a, b := w.register(w.person("Ana", "en")), w.register(w.person("Bob", "en"))
		number := a.Registration.Number
		for name, c := range map[string]struct {
			in   api.Decide
			want api.Code
		}{
			"a refusal":        {api.Decide{Registration: number, Reason: "No room"}, api.CodeWrongState},
			"without a reason": {api.Decide{Registration: number, Revoke: true}, api.CodeInvalid},
			"and approves":     {api.Decide{Registration: number, Revoke: true, Approve: true, Reason: "x"}, api.CodeInvalid},
			"of what waits":    {api.Decide{Registration: b.Registration.Number, Revoke: true, Reason: "x"}, api.CodeWrongState},
		} {
			if _, err := w.decide(c.in.Registration, c.in); err == nil {
				t.Errorf("%s: done", name)
			} else {
				wantCode(t, err, c.want)
			}
		}
		got, err := w.decide(number, api.Decide{Revoke: true, Reason: "Not of the delegation any more"})
		if err != nil || got.State != api.Refused || history(&got) != "sent by person, approved by service, revoked by secretariat" {
			t.Fatalf("%+v, %v", got, err)
		}
		if s := w.state(b.Registration.Number); s != api.Confirmed {
			t.Errorf("the waiting list did not move up: %s", s)
		}
		for _, m := range w.shown() {
			if m.Template != mail.RegistrationRefused {
				continue
			}
			if !strings.Contains(m.Text, "This confirmation has been withdrawn") || !strings.Contains(m.Text, "Not of the delegation any more") ||
				!strings.Contains(m.Text, "takes the meeting out of your calendar") || !strings.Contains(m.Calendar, "METHOD:CANCEL") {
				t.Error(m.Text)
			}
			return
		}
		t.Error("nobody was told")
	})
}

func TestWithdraw_onlyOnesOwn(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(nil)
	a := w.register(w.person("Ana", "en"))
	if r := w.do(w.person("Bob", "en"), api.OpWithdraw, api.Withdraw{Registration: a.Registration.Number}); r.Code != api.CodeNotFound {
		t.Errorf("result %+v", r)
	}
}

func TestWithdraw_notAfterTheMeeting(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(nil)
	ana := w.person("Ana", "en")
	a := w.register(ana)
	w.set(morning.AddDate(0, 2, 0))
	if r := w.do(ana, api.OpWithdraw, api.Withdraw{Registration: a.Registration.Number}); r.Code != api.CodeWrongState {
		t.Errorf("result %+v", r)
	}
}

func TestDecide_waitingListBeyondCapacity(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(func(d *api.MeetingDetails) { d.Capacity = 1 })
	w.register(w.person("Ana", "en"))
	b := w.register(w.person("Bob", "en"))
	if got, err := w.decide(b.Registration.Number, api.Decide{Approve: true}); err != nil || got.State != api.Confirmed || w.taken() != 2 {
		t.Errorf("%+v, %v, taken %d", got, err, w.taken())
	}
}

func TestEnter_takesPeopleWithoutAccounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.WaitingList = 3, false })
		entry := func(name string) registrations.Entry {
			return registrations.Entry{Person: name, Organization: "École", Country: "CH", Membership: "academia", Register: ask(api.OnSite)}
		}
		entered, err := w.Enter(t.Context(), []registrations.Entry{entry("A"), entry("B")})
		if err != nil || len(entered) != 2 || entered[1].Person != "B" || entered[1].State != api.Confirmed {
			t.Fatalf("%+v, %v", entered, err)
		}
		if _, err := w.Enter(t.Context(), []registrations.Entry{entry("C"), entry("D")}); err == nil || w.taken() != 2 {
			t.Errorf("beyond the places: %v, taken %d", err, w.taken())
		}
		if len(w.mails()) != 0 {
			t.Error("e-mails to nobody")
		}
	})
}

func TestCalendar_isAttachedToConfirmations(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(nil)
	w.do(w.person("Ana", "fr"), api.OpRegister, ask(api.Remote))
	shown := w.shown()
	read, err := ics.ParseCalendar(strings.NewReader(shown[0].Calendar))
	if err != nil {
		t.Fatal(err)
	}
	events := read.Events()
	if len(events) != 1 || len(events[0].Alarms()) != 1 {
		t.Fatalf("%d events:\n%s", len(events), shown[0].Calendar)
	}
	start, err := events[0].GetStartAt()
	if err != nil || !start.Equal(morning.AddDate(0, 1, 0)) {
		t.Errorf("start %s, %v", start, err)
	}
	if strings.Contains(strings.ReplaceAll(shown[0].Calendar, "\r\n", ""), "\n") {
		t.Error("lines do not end in CR LF, as RFC 5545 wants")
	}
	for _, want := range []string{"UID:" + calendar.UID(code, 1), "SEQUENCE:0", "SUMMARY:Sixième Journée X.509", "TRIGGER:-PT30M", "LOCATION:https://remote.example.int/1", "METHOD:PUBLISH"} {
		if !strings.Contains(shown[0].Calendar, want) {
			t.Errorf("%q is missing in:\n%s", want, shown[0].Calendar)
		}
	}
	if !strings.Contains(shown[0].Text, "22 décembre 2026, 10:00 – 11:00 (UTC+1)") {
		t.Errorf("the time of the meeting's place:\n%s", shown[0].Text)
	}
}

// The counts of a meeting are what its registrations say, whatever happens to those.
func TestCounts_areThoseOfTheRegistrations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity = 1 })
		right := func(what string) {
			t.Helper()
			for column, states := range map[string]string{
				"taken":   `'confirmed', 'waiting-focal-point', 'waiting-secretariat', 'offered'`,
				"waiting": `'waiting-list'`,
			} {
				counted := w.count(`SELECT ` + column + ` FROM meeting_counts`)
				if there := w.count(`SELECT COUNT(*) FROM registrations WHERE state IN (` + states + `)`); counted != there {
					t.Errorf("%s: %d %s, %d registrations", what, counted, column, there)
				}
			}
		}
		ana, bob, cem, dan := w.person("Ana", "en"), w.person("Bob", "en"), w.person("Cem", "en"), w.person("Dan", "en")
		a := w.register(ana).Registration
		b, c := w.register(bob).Registration, w.register(cem).Registration
		w.register(dan)
		right("one place, three in line")
		w.do(ana, api.OpWithdraw, api.Withdraw{Registration: a.Number})
		right("one moved up")
		w.do(cem, api.OpWithdraw, api.Withdraw{Registration: c.Number})
		right("one in line withdrew")
		if _, err := w.decide(w.numberOf(dan), api.Decide{Approve: true}); err != nil {
			t.Error(err)
		}
		right("beyond the capacity")
		w.erase(bob)
		right("one erased")
		if w.state(b.Number) != api.Withdrawn {
			t.Error("who was erased still comes")
		}
	})
}

func (w *world) numberOf(who string) string {
	w.t.Helper()
	own, err := w.Own(w.t.Context(), w.caller(who), "")
	if err != nil || len(own.Registrations) == 0 {
		w.t.Fatalf("%+v, %v", own, err)
	}
	return own.Registrations[0].Number
}
