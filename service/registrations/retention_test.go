package registrations_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// answered registers somebody with answers, who changes one of them afterwards.
func (w *world) answered(who string) string {
	w.t.Helper()
	in := ask(api.OnSite)
	in.Answers, in.JobTitle = api.Answers{"meals": {"peanuts"}, "arrival": {"sunday"}}, "Envoy"
	in.Companions = []api.Companion{{Name: "Lou Secret"}}
	r := w.do(who, api.OpRegister, in)
	if r.Outcome != api.Done {
		w.t.Fatalf("%+v", r)
	}
	in.Answers = api.Answers{"meals": {"walnuts"}, "arrival": {"monday"}}
	if r := w.do(who, api.OpChange, api.Change{Registration: r.Registration.Number, Register: in}); r.Outcome != api.Done {
		w.t.Fatalf("%+v", r)
	}
	return r.Registration.Number
}

// forgetting is a meeting with questions of their own times.
func forgetting(days int, names bool) func(*api.MeetingDetails) {
	return func(d *api.MeetingDetails) {
		d.Capacity, d.Retention, d.RetentionNames = 0, days, names
		d.Form.Sections[0].Questions = []api.Question{
			{ID: "meals", Kind: api.KindText, Label: api.Text{"en": "Meals"}, Retention: 3},
			{ID: "arrival", Kind: api.KindText, Label: api.Text{"en": "Arrival"}},
		}
	}
}

// meetingEnd is when the meeting of the tests is over.
var meetingEnd = morning.AddDate(0, 1, 0).Add(time.Hour)

// eraseDue has the service erase what is due so many days after the meeting, through faults.
func (w *world) eraseDue(days int, faults ...storetest.Fault) {
	w.t.Helper()
	w.set(meetingEnd.Add(time.Duration(days) * 24 * time.Hour))
	stop := storetest.InjectFaults(w.db, storetest.FaultsOf(faults...))
	defer stop()
	for range 20 {
		err := w.EraseAnswers(w.t.Context())
		if err == nil {
			return
		}
		if !errors.Is(err, storetest.ErrFault) {
			w.t.Fatal(err)
		}
	}
	w.t.Fatal("it does not end")
}

// keeps tells whether a text stands in the tables of registrations.
func (w *world) keeps(text string) bool {
	w.t.Helper()
	return w.count(`SELECT (SELECT COUNT(*) FROM registrations WHERE answers LIKE '%`+text+`%' OR companions LIKE '%`+text+`%' OR job_title LIKE '%`+text+
		`%' OR first_name LIKE '%`+text+`%' OR badge_name LIKE '%`+text+`%' OR email LIKE '%`+text+
		`%') + (SELECT COUNT(*) FROM registration_events WHERE changed LIKE '%`+text+`%' OR reason LIKE '%`+text+`%')`) > 0
}

// Answers go when the time of their question, or of the meeting, is over, also out of the
// history, and never before; numbers, states and what happened stay.
func TestEraseAnswers_inTheirTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(forgetting(10, false))
		ana := w.person("Ana", "en")
		number := w.answered(ana)
		w.past(func(tx *store.Tx) {
			tx.Do(`INSERT INTO registration_files (id, account_id, meeting, question, registration, name, media, size, hash, content, created_at)
				VALUES ('f1', $1, $2, 'arrival', $3, 'ticket.pdf', 'application/pdf', 1, $4, $4, 0)`, ana, code, number, []byte{1})
		})
		before := w.own(ana)
		for _, c := range []struct {
			days         int
			meals, other bool
			events       int
		}{
			{2, true, true, 3}, {3, false, true, 4}, {9, false, true, 4}, {10, false, false, 5}, {11, false, false, 5},
		} {
			for range 2 { // again erases nothing more
				w.eraseDue(c.days)
			}
			if got := w.keeps("peanuts") || w.keeps("walnuts"); got != c.meals {
				t.Errorf("after %d days meals are there: %v", c.days, got)
			}
			for _, text := range []string{"sunday", "monday", "Lou Secret", "Envoy"} {
				if w.keeps(text) != c.other {
					t.Errorf("after %d days %s is there: %v", c.days, text, !c.other)
				}
			}
			if n := w.count(`SELECT COUNT(*) FROM registration_files`); (n == 1) != c.other {
				t.Errorf("after %d days there are %d files", c.days, n)
			}
			if n := len(w.own(ana).History); n != c.events {
				t.Errorf("after %d days history has %d lines", c.days, n)
			}
		}
		after := w.own(ana)
		if at := rules.ErasedAt(after.History); !at.Equal(meetingEnd.AddDate(0, 0, 10)) {
			t.Errorf("erased at %v", at)
		}
		if after.Number != before.Number || after.State != api.Confirmed || after.Organization != before.Organization || after.Country != "CH" || after.BadgeName != "Somebody" || after.Version <= before.Version {
			t.Errorf("left is %+v", after)
		}
		if n := w.taken(); n != 2 {
			t.Errorf("%d places are taken", n)
		}
		if n := w.count(`SELECT COUNT(*) FROM audit WHERE event = 'answers-erased'`); n != 2 {
			t.Errorf("%d entries in the audit log", n)
		}
	})
}

// In rounds, however often it is killed, and names as well where the meeting says so: what
// is searched for finds nobody, and the numbers are those of before.
func TestEraseAnswers_namesThroughFaults(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(forgetting(5, true))
		boss := w.caller(w.manager("Boss"))
		fay := w.appointed("Fay", "org-a", api.FocalPoint)
		w.registerFor(fay, nil)
		for i := range 130 {
			w.answered(w.person(fmt.Sprintf("Person%d", i), "en"))
		}
		w.past(func(tx *store.Tx) {
			tx.Do(`INSERT INTO meeting_invitations (id, meeting, name, email, email_key, language, passes_window, passes_approval, invited_by, invited_at, expires_at)
				VALUES ('i1', $1, 'Una', 'una@example.org', 'una@example.org', 'en', 0, 0, '', 0, 0)`, code)
		})
		filter := api.RegistrationFilter{Meeting: code, Query: "zoe"}
		if page, err := w.Registrations.Managed(t.Context(), boss, filter); err != nil || len(page.Registrations) != 1 {
			t.Fatalf("%+v, %v", page, err)
		}
		w.eraseDue(5, storetest.FaultRollback, storetest.FaultLostAnswer, storetest.FaultSerialization, storetest.FaultLostAnswer)
		for _, text := range []string{"Person", "Somebody", "walnuts", "zoe@", "Zo", "Lou"} {
			if w.keeps(text) {
				t.Errorf("%s is there", text)
			}
		}
		if page, err := w.Registrations.Managed(t.Context(), boss, filter); err != nil || len(page.Registrations) != 0 || page.Counts[api.Confirmed] != 131 {
			t.Errorf("found are %+v, %v", page, err)
		}
		for query, want := range map[string]int{
			`SELECT COUNT(*) FROM registration_words`:                                                                         0,
			`SELECT COUNT(*) FROM registrations WHERE organization <> '' AND country <> '' AND membership <> ''`:              131,
			`SELECT COUNT(*) FROM registration_events WHERE what = 'answers-erased' AND by_whom = 'service'`:                  131,
			`SELECT COUNT(*) FROM audit WHERE event = 'answers-erased'`:                                                       1,
			`SELECT COUNT(*) FROM meeting_invitations`:                                                                        0,
			`SELECT COUNT(*) FROM meeting_retention`:                                                                          0,
			`SELECT COUNT(*) FROM registrations r JOIN meeting_counts c ON c.meeting = r.meeting WHERE r.version > c.version`: 0,
			`SELECT COUNT(*) FROM (SELECT version FROM registrations GROUP BY version HAVING COUNT(*) > 1) x`:                 0,
		} {
			if n := w.count(query); n != want {
				t.Errorf("%s: %d, want %d", query, n, want)
			}
		}
		page, err := w.Registrations.Managed(t.Context(), boss, api.RegistrationFilter{Meeting: code, Limit: 1000})
		if err != nil || len(page.Registrations) != 131 || strings.TrimSpace(page.Registrations[0].Person) != "" {
			t.Errorf("%d rows, %v", len(page.Registrations), err)
		}
	})
}

// A meeting that is moved to a later time keeps its answers until then; a time that is over
// already erases at once.
func TestEraseAnswers_followsTheDescription(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(forgetting(10, false))
	boss := w.caller(w.manager("Boss"))
	w.answered(w.person("Ana", "en"))
	m := w.managed(boss)
	m.Sessions[0].End = m.Sessions[0].End.AddDate(0, 0, 20)
	m.Form.Sections[0].Questions[0].Retention = 0
	m, err := w.Save(t.Context(), boss, code, api.SaveMeeting{MeetingDetails: m.MeetingDetails, Edition: m.Edition})
	if err != nil {
		t.Fatal(err)
	}
	if w.eraseDue(29); !w.keeps("walnuts") {
		t.Error("erased too soon")
	}
	m.Retention = 1
	if _, err := w.Save(t.Context(), boss, code, api.SaveMeeting{MeetingDetails: m.MeetingDetails, Edition: m.Edition}); err != nil {
		t.Fatal(err)
	}
	if w.eraseDue(29); w.keeps("walnuts") {
		t.Error("not erased at once")
	}
}
