package httpapi

import "plenary/api"

func (s *API) registerOperations() {
	// It takes longer than others: up to 100 operations.
	secured(s, operation{
		Route: "POST /v1/operations", ID: "deliver-operations", Tag: "operations", Uncounted: true, MaxBody: maxOperationsBody, Time: 3 * workTime,
		Summary: "Deliver operations that were kept on a person's machine, in order",
		Codes:   []api.Code{api.CodeStreamForked, api.CodeNumberGap, api.CodeTooMany},
	}, askWith(s.Operations.Deliver))
}
