package httpapi

import (
	"context"
	"net/http"
	"strconv"

	"plenary/api"
	"plenary/service/accounts"
	"plenary/service/idempotency"
	"plenary/service/store"
)

// registerDecision is for meeting managers, who may press the button twice.
func (s *API) registerDecision() {
	type decide struct {
		Number string `path:"number" maxLength:"20"`
		Key    string `header:"Idempotency-Key" required:"true" minLength:"36" maxLength:"36" doc:"UUIDv7"`
		Body   api.Decision
	}
	secured(s, operation{
		Method: http.MethodPost, Path: "/v1/registrations/{number}/decision", ID: "decide-registration", Tag: "meetings",
		Summary: "Approve or refuse a registration",
		Roles:   []string{api.RoleMeetingManager},
	}, func(ctx context.Context, p accounts.Principal, in *decide) (*out[api.Registration], error) {
		asked := idempotency.Request{
			Scope: p.AccountID, Operation: "decide-registration", Key: in.Key,
			Fingerprint: s.Key.MAC("idempotency", []byte(in.Number), []byte(strconv.FormatBool(in.Body.Approve)), []byte(in.Body.Reason)),
		}
		done, err := idempotency.Do(ctx, s.DB, s.now, asked, func(ctx context.Context, tx *store.Tx) (idempotency.Outcome, error) {
			r, err := s.Meetings.Decide(ctx, tx, p.AccountID, in.Number, in.Body)
			return idempotency.Outcome{Status: http.StatusOK, ResultID: r.Number}, err
		})
		if err != nil {
			return nil, err
		}
		return answer(s.Meetings.Registration(ctx, done.ResultID))
	})
}
