package httpapi

import (
	"context"
	"net/http"

	"plenary/api"
	"plenary/service/accounts"
)

func (s *API) registerSettings() {
	secured(s, operation{
		Method: http.MethodGet, Path: "/v1/settings", ID: "get-settings", Tag: "management",
		Summary: "What the service says of itself: the organization's name, the service desk, addresses of pages",
		Roles:   administrators,
	}, func(ctx context.Context, _ accounts.Principal, _ *none) (*out[api.ServiceSettings], error) {
		return answer(s.Settings(ctx))
	})
	secured(s, operation{
		Method: http.MethodPut, Path: "/v1/settings", ID: "save-settings", Tag: "management",
		Summary: "Change it; it counts at once, on other nodes within seconds",
		Roles:   administrators, Proof: true,
		Codes: []api.Code{api.CodeOutdated},
	}, func(ctx context.Context, _ accounts.Principal, in *in[api.ServiceSettings]) (*out[api.ServiceSettings], error) {
		return answer(s.ChangeSettings(ctx, in.Body))
	})
}
