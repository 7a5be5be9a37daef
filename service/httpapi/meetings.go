package httpapi

import (
	"context"
	"net/http"
	"strings"

	"plenary/api"
	"plenary/service/caller"
)

func (s *API) registerMeetings() {
	type listMeetings struct {
		After       string `query:"after" maxLength:"400" doc:"next of the page before"`
		IfNoneMatch string `header:"If-None-Match" maxLength:"400"`
	}
	type listedMeetings struct {
		Status int
		ETag   string `header:"ETag"`
		Body   api.Meetings
	}
	open(s, operation{
		Route: "GET /v1/meetings", ID: "list-meetings", Tag: "meetings",
		Summary: "All meetings, upcoming first; the ETag is that of the whole list, and stays while a meeting fills by less than a sixteenth",
	}, func(ctx context.Context, in *listMeetings) (*listedMeetings, error) {
		etag, err := s.Meetings.ETag(ctx)
		if err != nil {
			return nil, err
		}
		if in.After == "" && matches(in.IfNoneMatch, etag) {
			return &listedMeetings{Status: http.StatusNotModified, ETag: etag}, nil
		}
		page, err := s.Meetings.List(ctx, in.After)
		if err != nil {
			return nil, err
		}
		return &listedMeetings{Status: http.StatusOK, ETag: etag, Body: page}, nil
	})

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

	secured(s, operation{Route: "GET /v1/registrations", ID: "list-registrations", Tag: "meetings", Summary: "One's own registrations, newest first"},
		list(s.Meetings.Own))

	type ofMeeting struct {
		Code  string `path:"code" maxLength:"20"`
		After string `query:"after" maxLength:"400" doc:"next of the page before"`
	}
	secured(s, operation{
		Route: "GET /v1/meetings/{code}/registrations", ID: "list-meeting-registrations", Tag: "meetings", Roles: []string{api.RoleMeetingManager},
		Summary: "A meeting's registrations in the order in which they came",
	}, func(ctx context.Context, _ caller.Caller, in *ofMeeting) (*out[api.Registrations], error) {
		return answer(s.Meetings.Of(ctx, in.Code, in.After))
	})
}

// matches says whether an If-None-Match names the ETag.
func matches(header, etag string) bool {
	for tag := range strings.SplitSeq(header, ",") {
		if tag = strings.TrimSpace(tag); tag == "*" || strings.TrimPrefix(tag, "W/") == etag {
			return true
		}
	}
	return false
}
