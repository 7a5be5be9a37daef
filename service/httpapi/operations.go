package httpapi

import (
	"context"
	"net/http"

	"plenary/api"
	"plenary/service/accounts"
	once "plenary/service/operation"
)

func (s *API) registerOperations() {
	secured(s, operation{
		Method: http.MethodPost, Path: "/v1/operations", ID: "deliver-operations", Tag: "operations", Uncounted: true,
		Summary: "Deliver operations that were kept on a person's machine, in order",
		MaxBody: maxOperationsBody, Time: 3 * workTime, // up to 100 operations
		Codes: []api.Code{api.CodeStreamForked, api.CodeNumberGap, api.CodeTooMany},
	}, func(ctx context.Context, p accounts.Principal, in *in[api.Deliver]) (*out[api.Delivered], error) {
		return answer(s.Operations.Deliver(ctx,
			once.Caller{AccountID: p.AccountID, Roles: p.Roles, Reference: Reference(ctx)}, in.Body))
	})
}
