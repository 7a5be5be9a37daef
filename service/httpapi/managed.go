package httpapi

import "plenary/api"

// managers is the role of Manage meetings.
var managers = []string{api.RoleMeetingManager}

// maxMeetingBody is that of a meeting's description: a form of 200 questions in six
// languages.
const maxMeetingBody = 1 << 20

// registerManaged is for those who manage meetings: each sees, and changes, those that
// name the caller or nobody as manager.
func (s *API) registerManaged() {
	secured(s, operation{
		Route: "GET /v1/managed/meetings", ID: "list-managed-meetings", Tag: "managed", Roles: managers,
		Summary: "The meetings that the caller manages, drafts among them",
	}, list(s.Meetings.Managed))
	secured(s, operation{
		Route: "GET /v1/managed/managers", ID: "list-managers", Tag: "managed", Roles: managers,
		Summary: "Everybody who can manage a meeting",
	}, ask(s.Meetings.Managers))
	secured(s, operation{
		Route: "POST /v1/managed/meetings", ID: "create-meeting", Tag: "managed", Roles: managers,
		Summary: "Make a draft, empty or as a copy of another meeting",
	}, askWith(s.Meetings.Create))
	secured(s, operation{
		Route: "GET /v1/managed/meetings/{id}", ID: "get-managed-meeting", Tag: "managed", Roles: managers,
		Summary: "A meeting as its managers see it",
	}, askAbout(s.Meetings.Manage))
	secured(s, operation{
		Route: "PUT /v1/managed/meetings/{id}", ID: "save-meeting", Tag: "managed", Roles: managers, MaxBody: maxMeetingBody,
		Summary: "Describe a meeting anew; those who come are told of another time or place",
		Codes:   []api.Code{api.CodeOutdated, api.CodeWrongState, api.CodeEffects},
	}, askAboutWith(s.Meetings.Save))
	secured(s, operation{
		Route: "DELETE /v1/managed/meetings/{id}", ID: "delete-meeting", Tag: "managed", Roles: managers,
		Summary: "Delete a draft",
		Codes:   []api.Code{api.CodeWrongState},
	}, doAbout(s.Meetings.Delete))
	secured(s, operation{
		Route: "POST /v1/managed/meetings/{id}/status", ID: "change-meeting-status", Tag: "managed", Roles: managers,
		Summary: "Publish a draft, close registration for a meeting, or open it again",
		Codes:   []api.Code{api.CodeOutdated, api.CodeWrongState},
	}, askAboutWith(s.Meetings.ChangeStatus))
	secured(s, operation{
		Route: "POST /v1/managed/meetings/{id}/cancel", ID: "cancel-meeting", Tag: "managed", Roles: managers, Proof: true,
		Summary: "Cancel a meeting for good; everybody who is registered is told and withdrawn",
		Codes:   []api.Code{api.CodeOutdated, api.CodeWrongState},
	}, askAboutWith(s.Meetings.Cancel))
	secured(s, operation{
		Route: "PUT /v1/managed/meetings/{id}/managers", ID: "save-meeting-managers", Tag: "managed", Roles: managers,
		Summary: "Say who manages a meeting",
		Codes:   []api.Code{api.CodeOutdated},
	}, askAboutWith(s.Meetings.SaveManagers))
}
