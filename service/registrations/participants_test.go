package registrations_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// agreeing registers somebody who agrees, or not, to stand in the list.
func (w *world) agreeing(name string, agrees bool) string {
	w.t.Helper()
	who := w.person(name, "en")
	in := ask(api.OnSite)
	in.BadgeName, in.Listed = "Badge of "+name, agrees
	if r := w.do(who, api.OpRegister, in); r.Outcome != api.Done {
		w.t.Fatalf("%+v", r)
	}
	return who
}

// Whoever the setting lets sees exactly those who are confirmed and have agreed.
func TestParticipants_consentMatrix(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.ParticipantList = 5, api.ListForAll })
		boss, other := w.manager("Boss"), w.person("Other", "en")
		w.appoint(code, boss)
		in, silent := w.agreeing("Ines", true), w.agreeing("Silent", false)
		gone, refused, changed := w.agreeing("Gone", true), w.agreeing("Refused", true), w.agreeing("Changed", true)
		w.do(gone, api.OpWithdraw, api.Withdraw{Registration: w.own(gone).Number})
		w.do(changed, api.OpChange, api.Change{Registration: w.own(changed).Number, Register: ask(api.OnSite)})
		w.past(func(tx *store.Tx) {
			tx.Do(`UPDATE registrations SET state = 'refused' WHERE number = $1`, w.own(refused).Number)
		})
		w.agreeing("Fifth", false)
		w.agreeing("Sixth", false)
		waits := w.agreeing("Waits", true)
		if s := w.own(waits).State; s != api.WaitingList {
			t.Fatalf("%s", s)
		}
		set := func(list string) {
			t.Helper()
			m := w.managed(w.caller(boss))
			m.ParticipantList = list
			if _, err := w.Save(t.Context(), w.caller(boss), code, api.SaveMeeting{MeetingDetails: m.MeetingDetails, Edition: m.Edition}); err != nil {
				t.Fatal(err)
			}
		}
		for list, want := range map[string]map[string]api.Code{
			"":                      {in: api.CodeNotFound, silent: api.CodeNotFound, other: api.CodeNotFound, boss: api.CodeNotFound},
			api.ListForParticipants: {in: "", silent: "", gone: api.CodeForbidden, refused: api.CodeForbidden, waits: api.CodeForbidden, other: api.CodeForbidden, boss: ""},
			api.ListForAll:          {in: "", silent: "", gone: "", waits: "", other: "", boss: ""},
		} {
			set(list)
			for who, code1 := range want {
				page, err := w.Participants(t.Context(), w.caller(who), api.ParticipantFilter{Meeting: code})
				if got := codeOf(t, err); got != code1 {
					t.Errorf("%q: %q, want %q", list, got, code1)
				}
				if code1 == "" && !slices.Equal(page.Participants, []api.Participant{{Name: "Ines", Organization: "Example University", Country: "CH"}}) {
					t.Errorf("%q shows %+v", list, page.Participants)
				}
			}
		}
	})
}

// Nobody is found by what the list does not show, nor who does not stand in it.
func TestParticipants_search(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.ParticipantList = 0, api.ListForAll })
		ines := w.agreeing("Ines", true)
		w.agreeing("Inka", false)
		number := w.own(ines).Number
		for query, want := range map[string]int{"ine": 1, "university in": 1, "ink": 0, "badge": 0, number: 0, strings.TrimPrefix(number, "R-")[:4]: 0} {
			page, err := w.Participants(t.Context(), w.caller(ines), api.ParticipantFilter{Meeting: code, Query: query})
			if err != nil || len(page.Participants) != want {
				t.Errorf("%q finds %+v, %v", query, page.Participants, err)
			}
		}
	})
}

// Pages go through all of them, each once.
func TestParticipants_pages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.ParticipantList = 0, api.ListForAll })
		who := ""
		for i := range 230 {
			who = w.agreeing(fmt.Sprintf("P%03d", i), i%2 == 0 || i > 60)
		}
		for _, query := range []string{"", "p"} {
			f, all := api.ParticipantFilter{Meeting: code, Query: query}, []string{}
			for {
				page, err := w.Participants(t.Context(), w.caller(who), f)
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range page.Participants {
					all = append(all, p.Name)
				}
				if at, err := base64.RawURLEncoding.DecodeString(page.Next); err != nil || strings.Contains(string(at), "R-") {
					t.Errorf("a number stands in %s, %v", at, err)
				}
				if f.After = page.Next; f.After == "" {
					break
				}
			}
			if len(all) != 200 || !slices.IsSorted(all) || len(slices.Compact(all)) != 200 {
				t.Errorf("%q: %d participants", query, len(all))
			}
		}
	})
}
