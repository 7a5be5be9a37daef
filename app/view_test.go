package app

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"plenary/api"
	"plenary/localdb"
)

func TestView_putsTogetherWhatIsKnownAndWhatWaits(t *testing.T) {
	t.Parallel()
	made := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	operation := func(id, kind string, payload any, after time.Duration) localdb.Operation {
		b, err := json.Marshal(payload)
		if err != nil {
			t.Fatal(err)
		}
		return localdb.Operation{ID: id, Kind: kind, Payload: b, Made: made.Add(after), Code: "meeting-full"}
	}
	register := func(id, meeting string) localdb.Operation {
		return operation(id, api.OpRegister, api.Register{Meeting: meeting}, 0)
	}
	confirmed := api.Registration{Number: "R-1", Meeting: "M-1", State: api.Confirmed, Operation: "op-1"}
	withdrawn := api.Registration{Number: "R-1", Meeting: "M-1", State: api.Withdrawn, Operation: "op-1"}
	offered := api.Registration{Number: "R-1", Meeting: "M-1", State: api.Offered, Operation: "op-1"}
	drafted := api.Change{Register: api.Register{Meeting: "M-1"}}
	change := api.Change{Registration: "R-1", Register: api.Register{Meeting: "M-1", JobTitle: "Chair"}}

	tests := map[string]struct {
		known   []api.Registration
		pending []localdb.Operation
		refused []localdb.Operation
		drafts  []draft
		want    []string // meeting, state, and whether it is a withdrawal
	}{
		"nothing":                             {},
		"known":                               {known: []api.Registration{confirmed}, want: []string{"M-1 confirmed false"}},
		"waiting":                             {pending: []localdb.Operation{register("op-2", "M-2")}, want: []string{"M-2 waiting-to-send false"}},
		"delivered, but the answer was lost":  {known: []api.Registration{confirmed}, pending: []localdb.Operation{register("op-1", "M-1")}, want: []string{"M-1 confirmed false"}},
		"withdrawn, again registered":         {known: []api.Registration{withdrawn}, pending: []localdb.Operation{register("op-2", "M-1")}, want: []string{"M-1 waiting-to-send false", "M-1 withdrawn false"}},
		"withdrawal waits":                    {known: []api.Registration{confirmed}, pending: []localdb.Operation{operation("op-2", api.OpWithdraw, api.Withdraw{Registration: "R-1"}, 0)}, want: []string{"M-1 waiting-to-send true"}},
		"withdrawal arrived, its answer lost": {known: []api.Registration{withdrawn}, pending: []localdb.Operation{operation("op-2", api.OpWithdraw, api.Withdraw{Registration: "R-1"}, 0)}, want: []string{"M-1 withdrawn false"}},
		"withdrawal of what is not known yet": {pending: []localdb.Operation{operation("op-2", api.OpWithdraw, api.Withdraw{Registration: "R-9"}, 0)}, want: []string{" waiting-to-send true"}},
		"withdrawal refused":                  {known: []api.Registration{confirmed}, refused: []localdb.Operation{operation("op-2", api.OpWithdraw, api.Withdraw{Registration: "R-1"}, 0)}, want: []string{"M-1 needs-attention true", "M-1 confirmed false"}},
		"acceptance waits":                    {known: []api.Registration{offered}, pending: []localdb.Operation{operation("op-2", api.OpAnswerOffer, api.AnswerOffer{Registration: "R-1", Accept: true}, 0)}, want: []string{"M-1 waiting-to-send false"}},
		"acceptance arrived, its answer lost": {known: []api.Registration{confirmed}, pending: []localdb.Operation{operation("op-2", api.OpAnswerOffer, api.AnswerOffer{Registration: "R-1", Accept: true}, 0)}, want: []string{"M-1 confirmed false"}},
		"acceptance came too late":            {known: []api.Registration{withdrawn}, refused: []localdb.Operation{operation("op-2", api.OpAnswerOffer, api.AnswerOffer{Registration: "R-1", Accept: true}, 0)}, want: []string{"M-1 needs-attention false", "M-1 withdrawn false"}},
		"refused, with the draft for it":      {refused: []localdb.Operation{register("op-2", "M-1")}, drafts: []draft{{Change: drafted}}, want: []string{"M-1 needs-attention false"}},
		"draft":                               {drafts: []draft{{Change: drafted}}, want: []string{"M-1 draft false"}},
		"draft of somebody else":              {drafts: []draft{{Change: drafted, whose: &whose{prefix: delegatePrefix}}}},
		"draft hidden by what waits":          {pending: []localdb.Operation{register("op-2", "M-1")}, drafts: []draft{{Change: drafted}}, want: []string{"M-1 waiting-to-send false"}},
		"draft after a withdrawal":            {known: []api.Registration{withdrawn}, drafts: []draft{{Change: drafted}}, want: []string{"M-1 withdrawn false", "M-1 draft false"}},
		"change waits":                        {known: []api.Registration{confirmed}, pending: []localdb.Operation{operation("op-2", api.OpChange, change, 0)}, drafts: []draft{{Change: change}}, want: []string{"M-1 waiting-to-send false"}},
		"change arrived, its answer lost":     {known: []api.Registration{{Number: "R-1", Meeting: "M-1", State: api.Confirmed, JobTitle: "Chair"}}, pending: []localdb.Operation{operation("op-2", api.OpChange, change, 0)}, want: []string{"M-1 confirmed false"}},
		"change of what is not known yet":     {pending: []localdb.Operation{operation("op-2", api.OpChange, change, 0)}, want: []string{"M-1 waiting-to-send false"}},
		"change refused":                      {known: []api.Registration{confirmed}, refused: []localdb.Operation{operation("op-2", api.OpChange, change, 0)}, want: []string{"M-1 needs-attention false", "M-1 confirmed false changing"}, drafts: []draft{{Change: change}}},
		"draft of a change":                   {known: []api.Registration{confirmed}, drafts: []draft{{Change: change}}, want: []string{"M-1 confirmed false changing"}},
		"draft of a change of what is over":   {known: []api.Registration{withdrawn}, drafts: []draft{{Change: change}}, want: []string{"M-1 withdrawn false"}},
		"operation of a later version":        {pending: []localdb.Operation{operation("op-2", "later", nil, 0)}},
		"a decision about another's":          {known: []api.Registration{confirmed}, pending: []localdb.Operation{operation("op-2", api.OpDecide, api.Decide{Registration: "R-9"}, 0)}, want: []string{"M-1 confirmed false"}},
		"payload that cannot be read":         {pending: []localdb.Operation{{ID: "x", Kind: api.OpRegister, Payload: []byte("{")}}},
		"newest first":                        {pending: []localdb.Operation{register("op-2", "M-2"), operation("op-3", api.OpRegister, api.Register{Meeting: "M-3"}, time.Hour)}, want: []string{"M-3 waiting-to-send false", "M-2 waiting-to-send false"}},
		"attention before waiting":            {pending: []localdb.Operation{operation("op-3", api.OpRegister, api.Register{Meeting: "M-3"}, time.Hour)}, refused: []localdb.Operation{register("op-2", "M-2")}, want: []string{"M-2 needs-attention false", "M-3 waiting-to-send false"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			known := map[string]api.Registration{}
			for _, one := range tt.known {
				known[one.Number] = one
			}
			v := newView(known, nil, nil)
			for _, op := range tt.refused {
				v.operation(op, StateNeedsAttention)
			}
			for _, op := range tt.pending {
				v.operation(op, StateWaitingToSend)
			}
			v.settled()
			s := v.shown()
			var got []string
			for _, m := range s.with(tt.drafts) {
				line := fmt.Sprint(m.Meeting, " ", m.State, " ", m.Kind == api.OpWithdraw)
				if m.Changing {
					line += " changing"
				}
				got = append(got, line)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
