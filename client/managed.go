package client

import (
	"context"
	"net/http"
	"net/url"

	"plenary/api"
)

const managedPath = "/v1/managed/meetings"

func managed(code string) string { return managedPath + "/" + url.PathEscape(code) }

// ManagedMeetings returns all meetings that the account manages, what starts last first.
func (c *Client) ManagedMeetings(ctx context.Context) ([]api.ManagedMeetingRow, error) {
	return readAllPages(ctx, c, "list the managed meetings", managedPath, func(page *api.ManagedMeetings) ([]api.ManagedMeetingRow, string) {
		return page.Meetings, page.Next
	})
}

// ManagedMeeting returns a meeting as its managers see it.
func (c *Client) ManagedMeeting(ctx context.Context, code string) (api.ManagedMeeting, error) {
	return read[api.ManagedMeeting](ctx, c, "read a managed meeting", managed(code), nil)
}

// Managers returns everybody who can manage a meeting.
func (c *Client) Managers(ctx context.Context) ([]api.Manager, error) {
	out, err := read[api.Managers](ctx, c, "list the managers", "/v1/managed/managers", nil)
	return out.Managers, err
}

// CreateMeeting makes a draft. The same again, by its id, makes no other one.
func (c *Client) CreateMeeting(ctx context.Context, in api.CreateMeeting) (out api.ManagedMeeting, err error) {
	k := c.changing("create a meeting", http.MethodPost, managedPath, in)
	k.repeat = true
	err = c.do(ctx, k, &out)
	return out, err
}

// SaveMeeting describes a meeting anew. api.CodeOutdated: somebody else has changed it
// since it was read.
func (c *Client) SaveMeeting(ctx context.Context, code string, in api.SaveMeeting) (api.ManagedMeeting, error) {
	return change[api.ManagedMeeting](ctx, c, "save a meeting", http.MethodPut, managed(code), in)
}

// ChangeMeetingStatus publishes a draft, closes registration or opens it again.
func (c *Client) ChangeMeetingStatus(ctx context.Context, code string, in api.ChangeMeetingStatus) (api.ManagedMeeting, error) {
	return change[api.ManagedMeeting](ctx, c, "change the state of a meeting", http.MethodPost, managed(code)+"/status", in)
}

// CancelMeeting cancels a meeting for good; it wants a fresh proof.
func (c *Client) CancelMeeting(ctx context.Context, code string, in api.CancelMeeting) (api.ManagedMeeting, error) {
	return change[api.ManagedMeeting](ctx, c, "cancel a meeting", http.MethodPost, managed(code)+"/cancel", in)
}

// DeleteMeeting deletes a draft.
func (c *Client) DeleteMeeting(ctx context.Context, code string) error {
	return c.perform(ctx, "delete a meeting", http.MethodDelete, managed(code), nil)
}

// SaveManagers says who manages a meeting.
func (c *Client) SaveManagers(ctx context.Context, code string, in api.SaveManagers) (api.ManagedMeeting, error) {
	return change[api.ManagedMeeting](ctx, c, "save the managers of a meeting", http.MethodPut, managed(code)+"/managers", in)
}
