package registrations_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/caller"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// An administrator sees what somebody is registered for, page by page, and nothing of
// what was answered.
func TestOfUser_newestFirstWithoutAnswers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ana, ben := w.person("Ana", "en"), w.person("Ben", "en")
		for i := range 51 {
			code := fmt.Sprintf("C-%08d", i+1)
			w.meeting(func(d *api.MeetingDetails) { d.Code, d.Title = code, api.Text{"en": "Meeting " + code} })
			in := ask(api.OnSite)
			in.Meeting, in.Answers = code, api.Answers{"meals": {"secretmeal"}}
			if r := w.do(ana, api.OpRegister, in); r.Code != "" {
				t.Fatalf("register: %+v", r)
			}
			w.set(w.now.Add(1))
		}
		first, err := w.OfUser(t.Context(), caller.Caller{}, ana, "")
		if err != nil || len(first.Registrations) != 50 || first.Next == "" {
			t.Fatalf("%d registrations, %v", len(first.Registrations), err)
		}
		second, err := w.OfUser(t.Context(), caller.Caller{}, ana, first.Next)
		if err != nil || len(second.Registrations) != 1 || second.Next != "" {
			t.Fatalf("%+v, %v", second, err)
		}
		seen := map[string]bool{}
		for _, r := range append(first.Registrations, second.Registrations...) {
			seen[r.Meeting] = true
			if r.Title["en"] != "Meeting "+r.Meeting || r.State != api.Confirmed || r.Number == "" || r.Start.IsZero() || r.Zone != "Europe/Zurich" || r.Sent.IsZero() {
				t.Errorf("%+v", r)
			}
		}
		if len(seen) != 51 {
			t.Errorf("%d meetings", len(seen))
		}
		if text, _ := json.Marshal(first); strings.Contains(string(text), "secretmeal") {
			t.Error("an answer is shown")
		}
		if page, err := w.OfUser(t.Context(), caller.Caller{}, ben, ""); err != nil || len(page.Registrations) != 0 {
			t.Errorf("of somebody else: %+v, %v", page, err)
		}
		for _, id := range []string{uuid.NewString(), "", "x"} {
			_, err := w.OfUser(t.Context(), caller.Caller{}, id, "")
			wantCode(t, err, api.CodeNotFound)
		}
		_, err = w.OfUser(t.Context(), caller.Caller{}, ana, "nonsense")
		wantCode(t, err, api.CodeInvalid)
	})
}
