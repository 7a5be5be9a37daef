package registrations_test

import (
	"reflect"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// Days are those of the meeting's zone; who was refused or has withdrawn is counted by
// state alone; numbers are as old as five seconds at most.
func TestStatistics(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) {
			d.Capacity, d.WaitingList, d.Zone = 2, true, "Asia/Kathmandu" // UTC+5:45
			d.RegistrationUntil = morning.AddDate(0, 0, 20)
		})
		boss := w.caller(w.manager("Boss"))
		day := time.Date(2026, 11, 23, 18, 14, 59, 0, time.UTC) // 23:59:59 there
		w.set(day)
		w.register(w.person("Ana", "en"))
		bo := w.person("Bo", "en")
		w.do(bo, api.OpWithdraw, api.Withdraw{Registration: w.register(bo).Registration.Number})
		w.set(day.Add(time.Second))
		w.do(w.person("Cy", "en"), api.OpRegister, ask(api.Remote))
		w.set(day.AddDate(0, 0, 3))
		w.register(w.person("Di", "en"))
		w.past(func(tx *store.Tx) {
			tx.Do(`UPDATE registrations SET country = 'FR', membership = 'member-state' WHERE participation = 'remote'`)
		})
		got, err := w.Statistics(t.Context(), boss, code)
		if err != nil {
			t.Fatal(err)
		}
		want := api.Statistics{
			At: day.AddDate(0, 0, 3), Registrations: 4, Living: 3,
			Days:          []api.DayCount{{Day: "2026-11-23", Count: 2}, {Day: "2026-11-24", Count: 1}, {Day: "2026-11-26", Count: 1}},
			States:        []api.Count{{ID: api.Confirmed, Count: 2}, {ID: api.WaitingList, Count: 1}, {ID: api.Withdrawn, Count: 1}},
			Participation: []api.Count{{ID: api.OnSite, Count: 2}, {ID: api.Remote, Count: 1}},
			Memberships:   []api.Count{{ID: "academia", Count: 2}, {ID: "member-state", Count: 1}},
			Countries:     []api.Count{{ID: "CH", Count: 2}, {ID: "FR", Count: 1}},
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, want %+v", got, want)
		}
		w.register(w.person("Ed", "en"))
		w.set(day.AddDate(0, 0, 3).Add(5*time.Second - time.Microsecond))
		if got, err := w.Statistics(t.Context(), boss, code); err != nil || got.Registrations != 4 {
			t.Errorf("before five seconds are over: %+v, %v", got, err)
		}
		w.set(day.AddDate(0, 0, 3).Add(5 * time.Second))
		if got, err := w.Statistics(t.Context(), boss, code); err != nil || got.Registrations != 5 {
			t.Errorf("after five seconds: %+v, %v", got, err)
		}
	})
}

func TestStatistics_forManagersOnly(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(nil)
	mine, other := w.manager("Mine"), w.manager("Other")
	w.appoint(code, mine)
	for who, want := range map[string]api.Code{mine: "", other: api.CodeNotFound, w.person("Ana", "en"): api.CodeNotFound} {
		_, err := w.Statistics(t.Context(), w.caller(who), code)
		if got := codeOf(t, err); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got, err := w.Statistics(t.Context(), w.caller(mine), code); err != nil || got.Days == nil || got.Countries == nil || got.Registrations != 0 {
		t.Errorf("of none: %+v, %v", got, err)
	}
}
