package registrations_test

import (
	"encoding/json"
	"errors"
	"testing"

	"plenary/api"
	"plenary/rules"
	"plenary/service/operation"
)

// What comes from outside is read or refused in the contract's codes.
func FuzzPayload(f *testing.F) {
	f.Add(`{"meeting":"C-00016512","participation":"onsite","badge_name":"A","answers":{"meals":["a","b"]},"companions":[{"name":"B"}]}`)
	f.Add(`{"registration":"R-7F3K-92QD"}`)
	f.Add(`{"meeting":5}`)
	meeting := api.Meeting{
		Participation: []string{api.OnSite}, Companions: 1,
		Form: api.Form{Sections: []api.FormSection{{Questions: []api.Question{
			{ID: "meals", Kind: api.KindText}, {ID: "when", Kind: api.KindDate, If: &api.ShownIf{Question: "meals", Answer: "a"}},
		}}}},
	}
	f.Fuzz(func(t *testing.T, payload string) {
		var asked api.Register
		if err := operation.Decode(json.RawMessage(payload), &asked); err != nil {
			if p, ok := errors.AsType[*api.Problem](err); !ok || p.Code != api.CodeInvalid || len(p.Errors) == 0 {
				t.Errorf("error %v", err)
			}
			return
		}
		if len(rules.ValidateRegister(&meeting, &asked)) > 0 {
			return
		}
		for id, answer := range rules.CleanAnswers(&meeting.Form, asked.Answers) {
			if len(answer) != 1 || (id != "meals" && id != "when") {
				t.Errorf("%s: %q is kept", id, answer)
			}
		}
	})
}
