package meetings

import (
	"context"
	"encoding/json"
	"fmt"

	"plenary/api"
	"plenary/rules"
	"plenary/service/caller"
	"plenary/service/store"
)

// countedAnswers is in how many registrations it is looked for what a change of a form does
// to answers: the newest. A hall of more people answers the same questions.
const countedAnswers = 100_000

// effects counts what another form does to the answers that there are; nothing where the
// description is refused anyway. It reads without a lock: what somebody answers in the
// moment before the change is not counted.
func (m *Meetings) effects(ctx context.Context, who caller.Caller, code string, in *api.SaveMeeting) (effects []api.FormEffect, err error) {
	err = m.DB.View(ctx, func(tx *store.Tx) error {
		effects = nil
		r, err := m.Read(tx, code)
		if api.HasCode(err, api.CodeNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		change := rules.NewFormChange(&r.Form, &in.Form)
		if !change.Matters() || r.Edition != in.Edition || !m.Manages(tx, code, who.AccountID, who.Roles) || judge(r, in) != nil {
			return nil
		}
		for scan := range tx.Each(`SELECT answers FROM registrations WHERE meeting = $1 AND state NOT IN ($2, $3)
			ORDER BY place_in_line DESC LIMIT $4`, code, api.Refused, api.Withdrawn, countedAnswers) {
			var written string
			if !scan(&written) {
				break
			}
			var answers api.Answers
			if err := json.Unmarshal([]byte(written), &answers); err != nil {
				return fmt.Errorf("meetings: read answers: %w", err)
			}
			change.Count(answers)
		}
		effects = change.Effects()
		return tx.Err()
	})
	return effects, err
}
