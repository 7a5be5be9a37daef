package httpapi

import (
	"context"
	"net/http"
	"time"

	"plenary/api"
)

// linkStop is what the page of a stop link shows before anything happens.
type linkStop struct {
	Username string    `json:"username"`
	Address  string    `json:"address" doc:"masked"`
	Set      time.Time `json:"set"`
	Until    time.Time `json:"until"`
}

// registerStop is registerWeb for the link with which owners stop a reset
// address that staff has set.
func (s *API) registerStop() {
	open(s, operation{
		Method: http.MethodPost, Path: "/web/stop/check", ID: "web-stop-check", Tag: "web", Hidden: true,
		Summary: "Which reset address a stop link is for; changes nothing",
		Codes:   []api.Code{api.CodeCodeExpired},
	}, func(ctx context.Context, q *in[linkToken]) (*out[linkStop], error) {
		r, err := s.Accounts.ResetAddressByLink(ctx, q.Body.Token)
		return answer(linkStop{Username: r.Username, Address: r.Address, Set: r.Set, Until: r.Until}, err)
	})
	open(s, operation{
		Method: http.MethodPost, Path: "/web/stop", ID: "web-stop", Tag: "web", Hidden: true, Status: statusNoContent,
		Summary: "Stop the reset address",
		Codes:   []api.Code{api.CodeCodeExpired},
	}, func(ctx context.Context, q *in[linkToken]) (*none, error) {
		return nil, s.Accounts.StopResetAddress(ctx, q.Body.Token)
	})
}
