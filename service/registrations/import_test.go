package registrations_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/caller"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// guestOf is somebody to be imported.
func guestOf(name, email, organization string) api.ImportedPerson {
	in := api.ImportedPerson{RegisterFor: api.RegisterFor{Register: ask(api.OnSite), FamilyName: name, Email: email}, Organization: organization, Country: "CH"}
	in.BadgeName = name
	return in
}

func (w *world) importing(check bool, id string, people ...api.ImportedPerson) (api.Imported, error) {
	w.t.Helper()
	return w.ImportRegistrations(w.t.Context(), aManager, code, api.ImportRegistrations{ID: id, Check: check, Rows: people})
}

// said is what an import says of its rows: the state, or the code with the fields.
func said(out api.Imported) string {
	var rows []string
	for _, r := range out.Rows {
		text := r.State + string(r.Code)
		for _, e := range r.Errors {
			text += " " + e.Pointer + ":" + e.Code
		}
		if r.Account {
			text += " account"
		}
		if r.Entered {
			text += " entered"
		}
		rows = append(rows, text)
	}
	return strings.Join(rows, "; ")
}

func (w *world) everybody() string {
	return people(w.listed(api.RegistrationFilter{Sort: api.SortByCreated}))
}

func TestImport_allOrNobody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.Approval = 0, api.ApprovalSecretariat })
		ana := w.member("Ana", "org-a")
		good := []api.ImportedPerson{
			guestOf("Bo", "bo@example.org", "Nowhere Ltd"), guestOf("Cy", "", "Organization B"), guestOf("Whoever", w.people[ana].Email, ""),
		}
		const want = "confirmed entered; confirmed; confirmed account"
		bad := slices.Concat(good, []api.ImportedPerson{guestOf("", "", "Nowhere Ltd")})
		id := uuid.NewString()
		for _, check := range []bool{true, false} {
			out, err := w.importing(check, id, bad...)
			if err != nil || out.Done || said(out) != want+"; invalid /badge_name:required /family_name:required" && said(out) != want+"; invalid /family_name:required /badge_name:required" {
				t.Fatalf("with a bad row: %s, %v", said(out), err)
			}
		}
		out, err := w.importing(true, id, good...)
		if err != nil || out.Done || said(out) != want {
			t.Fatalf("checked: %s, %v", said(out), err)
		}
		if w.everybody() != "" || w.taken() != 0 || len(w.mails()) != 0 {
			t.Fatalf("a check, or a bad row, left %q, %d places, %d e-mails", w.everybody(), w.taken(), len(w.mails()))
		}
		if out, err = w.importing(false, id, good...); err != nil || !out.Done || said(out) != want {
			t.Fatalf("imported: %s, %v", said(out), err)
		}
		if got := w.everybody(); got != "Bo, Cy, Ana" || w.taken() != 3 {
			t.Errorf("registered are %s, %d places", got, w.taken())
		}
		own, err := w.Own(t.Context(), w.caller(ana), "")
		if err != nil || len(own.Registrations) != 1 || own.Registrations[0].State != api.Confirmed ||
			own.Registrations[0].Organization != "Organization A" || history(&own.Registrations[0]) != "sent by secretariat, approved by secretariat" {
			t.Errorf("the account has %+v, %v", own, err)
		}
		if mails := w.mails(); len(mails) != 2 {
			t.Errorf("e-mails: %v", mails)
		}
		// The answer was lost.
		if out, err = w.importing(false, id, good...); err != nil || !out.Done || w.taken() != 3 || len(w.mails()) != 2 {
			t.Errorf("once more: %+v, %v, %d places", out, err, w.taken())
		}
		if _, err = w.importing(false, id, good[:1]...); !api.HasCode(err, api.CodeKeyReused) {
			t.Errorf("something else under the same id: %v", err)
		}
		// The program was killed, and has made another id.
		out, err = w.importing(false, uuid.NewString(), good...)
		if err != nil || out.Done || said(out) != "already-registered; already-registered; already-registered account" || w.taken() != 3 {
			t.Errorf("under another id: %s, %v", said(out), err)
		}
	})
}

func TestImport_namesWhatIsWrong(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		person := func(change func(*api.ImportedPerson)) api.ImportedPerson {
			p := guestOf("Dora "+uuid.NewString(), "", "Nowhere")
			p.Membership = "academia"
			change(&p)
			return p
		}
		w.meeting(func(d *api.MeetingDetails) {
			d.Capacity, d.WaitingList, d.Memberships, d.Approval = 3, false, []string{"academia"}, api.ApprovalSecretariat
			d.Form.Sections[0].Questions = append(d.Form.Sections[0].Questions, api.Question{
				ID: "tour", Kind: api.KindChoice, Label: api.Text{"en": "Tour"}, Choices: []api.Choice{
					{ID: "cern", Label: api.Text{"en": "CERN"}, Places: 1}, {ID: "lake", Label: api.Text{"en": "Lake"}},
				},
			}, api.Question{ID: "portrait", Kind: api.KindPhoto, Label: api.Text{"en": "Portrait"}, Required: true}) // which nobody else can give
		})
		first := person(func(p *api.ImportedPerson) { p.Answers = api.Answers{"tour": {"cern"}} })
		for name, c := range map[string]struct {
			change func(*api.ImportedPerson)
			want   string
		}{
			"no organization":       {func(p *api.ImportedPerson) { p.Organization = "" }, "invalid /organization:required"},
			"no country":            {func(p *api.ImportedPerson) { p.Country = "" }, "invalid /country:required"},
			"no such country":       {func(p *api.ImportedPerson) { p.Country = "XQ" }, "invalid /country:invalid"},
			"of the directory":      {func(p *api.ImportedPerson) { p.Organization, p.Country = "Organization B", "" }, "confirmed"},
			"no such membership":    {func(p *api.ImportedPerson) { p.Membership = "please-choose" }, "invalid /membership:unknown"},
			"another membership":    {func(p *api.ImportedPerson) { p.Membership = "media" }, "not-for-membership entered"},
			"no address":            {func(p *api.ImportedPerson) { p.Email = "somewhere" }, "invalid /email:invalid"},
			"no such choice":        {func(p *api.ImportedPerson) { p.Answers = api.Answers{"tour": {"moon"}} }, "invalid /answers/tour:unknown"},
			"a choice that is full": {func(p *api.ImportedPerson) { p.Answers = api.Answers{"tour": {"cern"}} }, "choice-full /answers/tour:full entered"},
			"somebody's file":       {func(p *api.ImportedPerson) { p.Answers = api.Answers{"portrait": {uuid.NewString(), "me.jpg"}} }, "invalid /answers/portrait:unknown"},
			"too long an answer":    {func(p *api.ImportedPerson) { p.Answers = api.Answers{"meals": {"12345678901"}} }, "invalid /answers/meals:too-long"},
			"twice":                 {func(p *api.ImportedPerson) { p.FamilyName = first.FamilyName }, "invalid /family_name:repeated"},
			"too many with them":    {func(p *api.ImportedPerson) { p.Companions = []api.Companion{{Name: "A"}, {Name: "B"}} }, "invalid /companions:too-many"},
			"more than come in": {func(p *api.ImportedPerson) {
				p.Companions = []api.Companion{{Name: "A"}}
			}, "confirmed entered"},
		} {
			out, err := w.importing(true, uuid.NewString(), first, person(c.change))
			if err != nil || said(out) != "confirmed entered; "+c.want {
				t.Errorf("%s: %s, %v; want %s", name, said(out), err, c.want)
			}
		}
		same := person(func(p *api.ImportedPerson) { p.Email = "e@example.org" })
		again := person(func(p *api.ImportedPerson) { p.Email = "E@EXAMPLE.org" })
		if out, err := w.importing(true, uuid.NewString(), same, again); err != nil || said(out) != "confirmed entered; invalid /email:repeated" {
			t.Errorf("an address twice: %s, %v", said(out), err)
		}
		four := []api.ImportedPerson{first, person(func(*api.ImportedPerson) {}), person(func(*api.ImportedPerson) {}), person(func(*api.ImportedPerson) {})}
		if out, err := w.importing(true, uuid.NewString(), four...); err != nil || said(out) != "confirmed entered; confirmed entered; confirmed entered; meeting-full entered" {
			t.Errorf("more than there are places: %s, %v", said(out), err)
		}
		for what, rows := range map[string][]api.ImportedPerson{"nobody": nil, "too many": make([]api.ImportedPerson, api.MaxImport+1)} {
			if _, err := w.importing(true, uuid.NewString(), rows...); !api.HasCode(err, api.CodeInvalid) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := w.importing(false, "no id", first); !api.HasCode(err, api.CodeInvalid) {
			t.Errorf("without an id: %v", err)
		}
		if _, err := w.ImportRegistrations(t.Context(), caller.Caller{AccountID: "manager"}, code, api.ImportRegistrations{ID: uuid.NewString(), Rows: four[:1]}); !api.HasCode(err, api.CodeNotFound) {
			t.Errorf("somebody without the role: %v", err)
		}
	})
}

// A manager can import while registration is closed, until the meeting is over, and puts
// people on the waiting list as they would be; who stands there is confirmed later without
// a decision.
func TestImport_whenAndHowMany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.Approval = 2, api.ApprovalSecretariat })
		w.pass(48 * time.Hour)
		var rows []api.ImportedPerson
		for n := range 4 {
			rows = append(rows, guestOf(fmt.Sprint("Guest ", n), "", "Nowhere"))
		}
		out, err := w.importing(false, uuid.NewString(), rows...)
		if err != nil || !out.Done || said(out) != "confirmed entered; confirmed entered; waiting-list entered; waiting-list entered" {
			t.Fatalf("%s, %v", said(out), err)
		}
		first := w.listed(api.RegistrationFilter{Sort: api.SortByCreated})[0].Number
		w.past(func(tx *store.Tx) { tx.Do(`UPDATE registrations SET account_id = 'gone' WHERE number = $1`, first) })
		w.person("Gone", "en")
		w.past(func(tx *store.Tx) { tx.AddOwner("gone") })
		w.mu.Lock()
		w.people["gone"], w.stream["gone"] = api.Account{ID: "gone", Email: "gone@example.org"}, &stream{id: uuid.NewString(), next: 1}
		w.mu.Unlock()
		w.past(func(tx *store.Tx) { // the manager's account is erased; what it has approved stays so
			tx.HoldOwner(aManager.AccountID)
			if err := w.Erase(tx, aManager.AccountID); err != nil {
				t.Error(err)
			}
		})
		if r := w.do("gone", api.OpWithdraw, api.Withdraw{Registration: first}); r.Outcome != api.Done {
			t.Fatalf("withdrawn: %+v", r)
		}
		states := ""
		for _, r := range w.listed(api.RegistrationFilter{Sort: api.SortByCreated}) {
			states += r.State + " "
		}
		if states != "withdrawn confirmed confirmed waiting-list " {
			t.Errorf("the line has not moved up without a decision: %s", states)
		}
		w.set(morning.AddDate(0, 2, 0))
		if out, err := w.importing(true, uuid.NewString(), rows[0]); err != nil || said(out) != "registration-closed entered" && !strings.HasPrefix(said(out), "already-registered") {
			t.Errorf("after the meeting: %s, %v", said(out), err)
		}
		if out, _ := w.importing(true, uuid.NewString(), guestOf("Zoe", "", "Nowhere")); said(out) != "registration-closed entered" {
			t.Errorf("after the meeting: %s", said(out))
		}
	})
}

// The same import from two windows at once is done once, and two different ones do not
// take more places than there are.
func TestImport_parallel(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.WaitingList = 10, false })
		var rows [2][]api.ImportedPerson
		for n := range 12 {
			rows[n%2] = append(rows[n%2], guestOf(fmt.Sprint("Guest ", n), fmt.Sprintf("g%d@example.org", n), "Nowhere"))
		}
		ids := []string{uuid.NewString(), uuid.NewString()}
		done := make(chan bool, 6)
		for n := range 6 {
			go func() {
				out, err := w.ImportRegistrations(t.Context(), aManager, code, api.ImportRegistrations{ID: ids[n%2], Rows: rows[n%2]})
				if err != nil {
					t.Error(err)
				}
				done <- out.Done
			}()
		}
		times := 0
		for range 6 {
			if <-done {
				times++
			}
		}
		if times != 3 || w.taken() != 6 || len(w.listed(api.RegistrationFilter{})) != 6 || len(w.mails()) != 6 {
			t.Errorf("done %d times, %d places, %d e-mails", times, w.taken(), len(w.mails()))
		}
	})
}

// What is longest is still one import.
func TestImport_twoThousand(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(func(d *api.MeetingDetails) { d.Capacity = 0 })
	rows := make([]api.ImportedPerson, api.MaxImport)
	for n := range rows {
		rows[n] = guestOf(fmt.Sprint("Guest ", n), fmt.Sprintf("g%d@example.org", n), "Nowhere")
	}
	out, err := w.importing(false, uuid.NewString(), rows...)
	if err != nil || !out.Done || w.taken() != api.MaxImport {
		t.Fatalf("done %v, %d places, %v", out.Done, w.taken(), err)
	}
	body, _ := json.Marshal(api.ImportRegistrations{Rows: rows})
	if len(body) > 8<<20 {
		t.Errorf("a body of %d bytes", len(body))
	}
}
