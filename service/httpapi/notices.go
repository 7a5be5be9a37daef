package httpapi

import "plenary/api"

// maxMailBody is that of an e-mail to participants in six languages, each letter escaped.
const maxMailBody = 256 << 10

// registerNotices is for those who manage a meeting: what they write to participants, and
// its numbers.
func (s *API) registerNotices() {
	secured(s, operation{
		Route: "GET /v1/managed/meetings/{id}/notices", ID: "list-notices", Tag: "managed", Roles: managers,
		Summary: "What people were told of a meeting, and how far that is",
	}, askAbout(s.Meetings.Notices))
	secured(s, operation{
		Route: "POST /v1/managed/meetings/{id}/notices/preview", ID: "preview-mail", Tag: "managed", Roles: managers,
		Summary: "An e-mail to participants as it would arrive, and how many would get it",
		Codes:   []api.Code{api.CodeWrongState}, MaxBody: maxMailBody,
	}, askAboutWith(s.Registrations.PreviewMail))
	secured(s, operation{
		Route: "GET /v1/managed/meetings/{id}/statistics", ID: "get-statistics", Tag: "managed", Roles: managers,
		Summary: "How many have registered for a meeting: by day, state, participation, membership type and country",
	}, askAbout(s.Registrations.Statistics))
}
