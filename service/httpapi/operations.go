package httpapi

import (
	"context"
	"net/http"

	"plenary/api"
	"plenary/service/accounts"
)

func (s *API) registerOperations() {
	secured(s, operation{
		Method: http.MethodPost, Path: "/v1/operations", ID: "deliver-operations", Tag: "operations",
		Summary: "Deliver operations that were kept on a person's machine, in order",
		MaxBody: maxOperationsBody,
	}, func(ctx context.Context, p accounts.Principal, in *in[api.Deliver]) (*out[api.Delivered], error) {
		return answer(s.Meetings.Deliver(ctx, p.AccountID, Reference(ctx), in.Body))
	})
}
