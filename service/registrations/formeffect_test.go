package registrations_test

import (
	"slices"
	"testing"

	"plenary/api"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// What another form does to answers is counted in the registrations that live, and
// whoever acknowledges it keeps what was answered until the registration is changed.
func TestSave_countsWhatAFormDoesToAnswers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity = 0 })
		var numbers []string
		for i, meals := range []string{"", "Soup", "Soup", "Soup"} {
			who := w.person([]string{"Ana", "Boris", "Chloe", "Dora"}[i], "en")
			in := ask(api.OnSite)
			if meals != "" {
				in.Answers = api.Answers{"meals": {meals}}
			}
			r := w.do(who, api.OpRegister, in)
			numbers = append(numbers, r.Registration.Number)
			if i == 3 {
				w.do(who, api.OpWithdraw, api.Withdraw{Registration: numbers[3]})
			}
		}
		m := w.managed(aManager)
		in := api.SaveMeeting{MeetingDetails: m.MeetingDetails, Edition: m.Edition}
		in.Form = api.Form{Sections: []api.FormSection{{Title: api.Text{"en": "Other"}, Questions: []api.Question{
			{ID: "seat", Kind: api.KindText, Label: api.Text{"en": "Seat"}, Required: true},
		}}}}
		_, err := w.Save(t.Context(), aManager, code, in)
		p, ok := err.(*api.Problem)
		want := []api.FormEffect{
			{Kind: api.EffectRemoved, Question: "meals", Registrations: 2}, {Kind: api.EffectRequired, Question: "seat", Registrations: 3},
		}
		if !ok || p.Code != api.CodeEffects || !slices.Equal(p.Effects, want) {
			t.Fatalf("refused with %+v", err)
		}
		if got := w.managed(aManager); got.Edition != m.Edition {
			t.Error("changed all the same")
		}
		in.Effects = p.Effects
		if _, err := w.Save(t.Context(), aManager, code, in); err != nil {
			t.Fatal(err)
		}
		if n := w.count(`SELECT COUNT(*) FROM registrations WHERE answers LIKE '%Soup%'`); n != 3 {
			t.Errorf("%d have what was answered", n)
		}
	})
}
