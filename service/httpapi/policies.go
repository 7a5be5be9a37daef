package httpapi

import (
	"context"
	"net/http"

	"plenary/api"
	"plenary/service/accounts"
)

func (s *API) registerPolicies() {
	secured(s, operation{
		Method: http.MethodGet, Path: "/v1/policies", ID: "get-policies", Tag: "management",
		Summary: "The policies of the service",
		Roles:   administrators,
	}, func(ctx context.Context, _ accounts.Principal, _ *none) (*out[api.Policies], error) {
		return answer(s.Policies.Stored(ctx, s.DB))
	})
	secured(s, operation{
		Method: http.MethodPut, Path: "/v1/policies", ID: "save-policies", Tag: "management",
		Summary: "Change the policies; they count at once, on other nodes within two seconds",
		Roles:   administrators, Proof: true,
		Codes: []api.Code{api.CodeOutdated},
	}, func(ctx context.Context, p accounts.Principal, in *in[api.Policies]) (*out[api.Policies], error) {
		return answer(s.Policies.Change(ctx, s.DB, s.Audit, p.AccountID, in.Body))
	})
}
