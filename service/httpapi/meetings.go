package httpapi

import (
	"context"

	"plenary/api"
	"plenary/service/caller"
)

type meetingsQuery struct {
	After       string `query:"after" maxLength:"400" doc:"next of the page before"`
	Changes     bool   `query:"changes" doc:"whether what has changed since the list of If-None-Match is enough"`
	IfNoneMatch string `header:"If-None-Match" maxLength:"400"`
}

// listMeetings answers with what is new to who says which list there is, or with all.
func (s *API) listMeetings(ctx context.Context, q *meetingsQuery) (*outIfChanged[api.Meetings], error) {
	whole := openListIfChanged(s.Meetings.ETag, func(ctx context.Context, after string) (api.Meetings, error) {
		if q.Changes && after == "" {
			if page, ok, err := s.Meetings.Changes(ctx, q.IfNoneMatch); ok || err != nil {
				return page, err
			}
		}
		return s.Meetings.List(ctx, after)
	})
	return whole(ctx, &pageIfChanged{After: q.After, IfNoneMatch: q.IfNoneMatch})
}

func (s *API) registerMeetings() {
	open(s, operation{
		Route: "GET /v1/meetings", ID: "list-meetings", Tag: "meetings",
		Summary: "All meetings, upcoming first; the ETag is that of the whole list, and stays while a meeting fills by less than a sixteenth",
	}, s.listMeetings)

	type oneMeeting struct {
		Code string `path:"code" maxLength:"20"`
	}
	open(s, operation{
		Route: "GET /v1/meetings/{code}", ID: "get-meeting", Tag: "meetings",
		Summary: "One meeting",
		Codes:   []api.Code{api.CodeNotFound},
	}, func(ctx context.Context, in *oneMeeting) (*out[api.Meeting], error) {
		return answer(s.Meetings.Get(ctx, in.Code))
	})

	open(s, operation{
		Route: "GET /v1/meetings/{code}/keys", ID: "list-meeting-keys", Tag: "meetings",
		Summary: "The public keys by which codes of a meeting's registrations are verified without network",
		Codes:   []api.Code{api.CodeNotFound},
	}, func(ctx context.Context, in *oneMeeting) (*out[api.MeetingKeys], error) {
		return answer(s.Badges.Keys(ctx, in.Code))
	})

	secured(s, operation{
		Route: "GET /v1/registrations", ID: "list-registrations", Tag: "meetings",
		Summary: "One's own registrations, newest first; the ETag is that of the whole list",
	}, listIfChanged(s.Registrations.OwnETag, s.Registrations.Own))

	secured(s, operation{
		Route: "GET /v1/registrations/{id}", ID: "get-registration", Tag: "meetings",
		Summary: "One registration by its number, for its owner and for the managers of its meeting",
	}, askAbout(s.Registrations.One))
	secured(s, operation{
		Route: "POST /v1/registrations/{id}/join", ID: "join", Tag: "meetings",
		Summary: "The address at which one joins a session now, with a token if the meeting has them; recorded as attendance",
		Codes:   []api.Code{api.CodeNotFound, api.CodeWrongState},
	}, askAboutWith(s.Registrations.Join))
	open(s, operation{
		Route: "GET /.well-known/jwks.json", ID: "list-join-keys", Tag: "meetings",
		Summary: "The keys with which platforms verify join tokens",
	}, openAsk(s.Joining.Published))

	type ofMeeting struct {
		Code  string `path:"code" maxLength:"20"`
		After string `query:"after" maxLength:"400" doc:"next of the page before"`
	}
	secured(s, operation{
		Route: "GET /v1/meetings/{code}/registrations", ID: "list-meeting-registrations", Tag: "meetings", Roles: []string{api.RoleMeetingManager},
		Summary: "A meeting's registrations in the order in which they came; for its managers, or for all with the role where it has none",
	}, func(ctx context.Context, who caller.Caller, in *ofMeeting) (*out[api.Registrations], error) {
		return answer(s.Registrations.Of(ctx, who, in.Code, in.After))
	})
}
