package httpapi

import (
	"context"
	"net/http"

	"plenary/api"
	"plenary/service/accounts"
)

// registerOrganizations is for those that people entered because the directory
// does not have them.
func (s *API) registerOrganizations() {
	secured(s, operation{
		Method: http.MethodGet, Path: "/v1/organizations/entered", ID: "list-entered-organizations", Tag: "management",
		Summary: "Organizations that people entered, the oldest first, with the likeliest ones of the directory",
		Roles:   administrators,
	}, func(ctx context.Context, _ accounts.Principal, in *page) (*out[api.EnteredOrganizations], error) {
		return answer(s.Organizations.Entered(ctx, in.After))
	})
	secured(s, operation{
		Method: http.MethodPost, Path: "/v1/organizations/entered/{id}/accept", ID: "accept-organization", Tag: "management",
		Status: statusNoContent, Summary: "Add an entered organization to the directory",
		Roles: administrators, Proof: true,
	}, func(ctx context.Context, _ accounts.Principal, in *changeOf[api.AcceptOrganization]) (*none, error) {
		return nil, s.Organizations.Accept(ctx, in.ID, in.Body)
	})
	secured(s, operation{
		Method: http.MethodPost, Path: "/v1/organizations/entered/{id}/merge", ID: "merge-organization", Tag: "management",
		Status: statusNoContent, Summary: "Make those who entered an organization members of one of the directory",
		Roles: administrators, Proof: true,
	}, func(ctx context.Context, _ accounts.Principal, in *changeOf[api.MergeOrganization]) (*none, error) {
		return nil, s.Organizations.Merge(ctx, in.ID, in.Body.OrganizationID)
	})
}
