package registrations_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/calendar"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// managed is the meeting as its managers read it.
func (w *world) managed(who caller.Caller) api.ManagedMeeting {
	w.t.Helper()
	m, err := w.Meetings.Manage(w.t.Context(), who, code)
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

func (w *world) cancel(who caller.Caller) {
	w.t.Helper()
	in := api.CancelMeeting{Reason: "The hall has burnt down.", Edition: w.managed(who).Edition}
	if _, err := w.Cancel(w.t.Context(), who, code, in); err != nil {
		w.t.Fatal(err)
	}
}

// tellAll works notices off until there are none, through faults.
func (w *world) tellAll(faults ...storetest.Fault) {
	w.t.Helper()
	stop := storetest.InjectFaults(w.db, storetest.FaultsOf(faults...))
	defer stop()
	for range 20 {
		err := w.SendNotices(w.t.Context())
		if err != nil && !errors.Is(err, storetest.ErrFault) {
			w.t.Fatal(err)
		}
		if err == nil && w.count(`SELECT COUNT(*) FROM meeting_notices WHERE done_at = 0`) == 0 {
			return
		}
	}
	w.t.Fatal("notices stay open")
}

// mailed is an e-mail as it waits in the outbox.
func (w *world) mailed(to, template string) (params, entry string) {
	w.t.Helper()
	if err := w.db.View(w.t.Context(), func(tx *store.Tx) error {
		if !tx.Get(`SELECT params, calendar FROM mails WHERE recipient = $1 AND template = $2`, to, template).Into(&params, &entry) {
			w.t.Errorf("no e-mail %s to %s", template, to)
		}
		return nil
	}); err != nil {
		w.t.Fatal(err)
	}
	return params, entry
}

// Everybody is told of a cancellation once, and withdrawn, however often what tells them
// was killed.
func TestSendNotices_cancelledThroughFaults(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.WaitingList = 230, true })
		manager := w.caller(w.manager("Boss"))
		var people []string
		for i := range 250 {
			who := w.person(fmt.Sprintf("Person%d", i), "en")
			people = append(people, who)
			w.register(who)
		}
		gone := w.person("Gone", "en")
		w.do(gone, api.OpWithdraw, api.Withdraw{Registration: w.register(gone).Registration.Number})
		w.cancel(manager)
		// Nobody moves up, comes, or is approved meanwhile.
		if r := w.do(w.person("Late", "en"), api.OpRegister, ask(api.OnSite)); r.Code != api.CodeMeetingCancelled {
			t.Errorf("somebody comes late: %+v", r)
		}
		w.do(people[0], api.OpWithdraw, api.Withdraw{Registration: w.own(people[0]).Number})
		if n := w.count(`SELECT COUNT(*) FROM registrations WHERE state = 'waiting-list'`); n != 20 {
			t.Errorf("%d wait", n)
		}
		w.tellAll(storetest.FaultRollback, storetest.FaultSerialization, storetest.FaultLostAnswer, storetest.FaultRollback, storetest.FaultLostAnswer)
		for what, query := range map[string]string{
			"registrations that live":   `SELECT COUNT(*) FROM registrations WHERE state <> 'withdrawn'`,
			"places that are taken":     `SELECT taken FROM meeting_counts`,
			"who stand in line":         `SELECT waiting FROM meeting_counts`,
			"told twice":                `SELECT COUNT(*) FROM (SELECT subject FROM mails WHERE template = 'meeting-cancelled' GROUP BY subject HAVING COUNT(*) > 1) x`,
			"not in step with versions": `SELECT COUNT(*) FROM registrations r JOIN meeting_counts c ON c.meeting = r.meeting WHERE r.version > c.version`,
		} {
			if n := w.count(query); n != 0 {
				t.Errorf("%d %s", n, what)
			}
		}
		if n := w.count(`SELECT COUNT(*) FROM mails WHERE template = 'meeting-cancelled'`); n != 249 {
			t.Errorf("%d are told", n)
		}
		if n := w.count(`SELECT queued FROM meeting_notices`); n != 249 {
			t.Errorf("%d are counted", n)
		}
		last := w.own(people[1])
		event := last.History[len(last.History)-1]
		if event.What != "cancelled" || event.By != "service" || event.Reason != "The hall has burnt down." {
			t.Errorf("history says %+v", event)
		}
	})
}

// Who had the meeting in a calendar has it taken out; the reason stands in the e-mail.
func TestSendNotices_lettersOfCancellation(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.WaitingList = 1, true })
	manager := w.caller(w.manager("Boss"))
	w.register(w.person("Ana", "fr"))
	w.register(w.person("Bob", "en"))
	w.cancel(manager)
	w.tellAll()
	for _, c := range []struct {
		to     string
		method calendar.Method
	}{{"ana@example.org", calendar.Cancel}, {"bob@example.org", ""}} {
		params, entry := w.mailed(c.to, mail.MeetingCancelled)
		if !strings.Contains(params, `"Reason":"The hall has burnt down."`) {
			t.Errorf("%s is told %s", c.to, params)
		}
		objects := calendar.Objects(entry)
		if c.method == "" && len(objects) != 0 || c.method != "" && (len(objects) != 1 || objects[0].Method != c.method ||
			!strings.Contains(objects[0].Text, "SEQUENCE:1\r\n") || !strings.Contains(objects[0].Text, "mailto:"+c.to)) {
			t.Errorf("%s: %+v", c.to, objects)
		}
	}
}

// Who is registered when a session's time changes is told once, by the meeting as it is
// then; who registers later is not.
func TestSendNotices_changed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.WaitingList = 120, true })
		boss := w.caller(w.manager("Boss"))
		for i := range 130 {
			w.register(w.person(fmt.Sprintf("Person%d", i), "en"))
		}
		m := w.managed(boss)
		m.Sessions = slices.Clone(m.Sessions)
		m.Sessions[0].Start = m.Sessions[0].Start.Add(-time.Hour)
		if _, err := w.Save(t.Context(), boss, code, api.SaveMeeting{MeetingDetails: m.MeetingDetails, Edition: m.Edition}); err != nil {
			t.Fatal(err)
		}
		w.register(w.person("Late", "en"))
		w.tellAll(storetest.FaultLostAnswer, storetest.FaultRollback)
		if n := w.count(`SELECT COUNT(*) FROM mails WHERE template = 'meeting-changed'`); n != 130 {
			t.Errorf("%d are told", n)
		}
		if n := w.count(`SELECT COUNT(DISTINCT subject) FROM mails WHERE template = 'meeting-changed'`); n != 130 {
			t.Errorf("%d different ones are told", n)
		}
		_, first := w.mailed("person0@example.org", mail.MeetingChanged)
		if objects := calendar.Objects(first); len(objects) != 1 || objects[0].Method != calendar.Request || !strings.Contains(objects[0].Text, "SEQUENCE:1\r\n") {
			t.Errorf("the entry of who is confirmed: %+v", objects)
		}
		if _, waiting := w.mailed("person129@example.org", mail.MeetingChanged); waiting != "" {
			t.Error("who waits gets an entry for the calendar")
		}
	})
}

// Another address of the platform concerns who is confirmed for remote participation.
func TestSendNotices_anotherPlatform(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(func(d *api.MeetingDetails) { d.Capacity = 0 })
	boss := w.caller(w.manager("Boss"))
	w.register(w.person("Site", "en"))
	w.do(w.person("Remote", "en"), api.OpRegister, ask(api.Remote))
	m := w.managed(boss)
	m.Platform = "https://remote.example.int/2"
	if _, err := w.Save(t.Context(), boss, code, api.SaveMeeting{MeetingDetails: m.MeetingDetails, Edition: m.Edition}); err != nil {
		t.Fatal(err)
	}
	w.tellAll()
	if n := w.count(`SELECT COUNT(*) FROM mails WHERE template = 'meeting-changed'`); n != 1 {
		t.Errorf("%d are told", n)
	}
	if _, entry := w.mailed("remote@example.org", mail.MeetingChanged); !strings.Contains(entry, "remote.example.int/2") {
		t.Error("not told of the new address")
	}
}

// Closed is closed, also before registration_until; what is a draft is not there.
func TestRegister_whileClosedOrDraft(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(nil)
		boss := w.caller(w.manager("Boss"))
		status := func(act string) {
			t.Helper()
			if _, err := w.ChangeStatus(t.Context(), boss, code, api.ChangeMeetingStatus{Act: act, Edition: w.managed(boss).Edition}); err != nil {
				t.Fatal(err)
			}
		}
		w.register(w.person("Ana", "en"))
		status("close")
		if r := w.do(w.person("Bob", "en"), api.OpRegister, ask(api.OnSite)); r.Code != api.CodeRegistrationClosed {
			t.Errorf("closed: %+v", r)
		}
		status("reopen")
		w.register(w.person("Cem", "en"))
		draft, err := w.Create(t.Context(), boss, api.CreateMeeting{ID: uuid.NewString(), Title: api.Text{"en": "Copy"}, From: code})
		if err != nil {
			t.Fatal(err)
		}
		in := ask(api.OnSite)
		in.Meeting = draft.Code
		if r := w.do(w.person("Dan", "en"), api.OpRegister, in); r.Code != api.CodeNotFound {
			t.Errorf("draft: %+v", r)
		}
	})
}
