package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"

	"plenary/api"
)

// maxPages bounds a list, against a cursor that leads in a circle.
const maxPages = 200

// pages reads a list page by page, each of which add takes over and says where the
// next one begins, and returns the list's ETag. With the ETag of an earlier answer in
// k, changed is false and add was not called if nothing is new.
func pages[P any](ctx context.Context, c *Client, k call, add func(*P) (next string, err error)) (etag string, changed bool, err error) {
	for i := range maxPages {
		a, err := c.exchange(ctx, k)
		if err != nil {
			return "", false, err
		}
		if a.status == http.StatusNotModified {
			return k.etag, false, nil
		}
		var page P
		if err := decode(k, a, &page); err != nil {
			return "", false, err
		}
		next, err := add(&page)
		if err != nil {
			return "", false, fmt.Errorf("%s: %w", k.name, err)
		}
		switch tag := a.header.Get("ETag"); {
		case i == 0:
			etag = tag
		case tag != etag:
			etag = "" // changed between two pages: ask for all again next time
		}
		if next == "" {
			return etag, true, nil
		}
		k.query, k.etag = map[string]string{"after": next}, ""
	}
	return "", false, fmt.Errorf("%s: %w: no end", k.name, ErrBrokenAnswer)
}

// Meetings returns all meetings and the list's ETag. With the ETag of an earlier answer,
// changed is false and the list empty if nothing is new, and what is new may be all that it
// has (api.Meetings.Changes).
func (c *Client) Meetings(ctx context.Context, etag string) (list api.Meetings, newETag string, changed bool, err error) {
	k := call{name: "list the meetings", method: http.MethodGet, path: "/v1/meetings", etag: etag, limit: limitLarge, repeat: true}
	if etag != "" {
		k.query = map[string]string{"changes": "true"}
	}
	newETag, changed, err = pages(ctx, c, k, func(page *api.Meetings) (string, error) {
		for i := range page.Meetings {
			if err := checkMeeting(&page.Meetings[i]); err != nil {
				return "", err
			}
		}
		if page.Changes && (etag == "" || page.Next != "" || len(list.Meetings) > 0) {
			return "", fmt.Errorf("%w: changes of nothing", ErrBrokenAnswer)
		}
		all := append(list.Meetings, page.Meetings...)
		list = *page
		list.Meetings = all
		return page.Next, nil
	})
	if err != nil {
		return api.Meetings{}, "", false, err
	}
	return list, newETag, changed, nil
}

// Meeting returns one meeting.
func (c *Client) Meeting(ctx context.Context, code string) (api.Meeting, error) {
	var out api.Meeting
	err := c.do(ctx, call{name: "read the meeting", method: http.MethodGet, path: "/v1/meetings/" + url.PathEscape(code), repeat: true}, &out)
	if err == nil && out.Code != code {
		err = fmt.Errorf("%w: another meeting", ErrBrokenAnswer)
	}
	if err == nil {
		err = checkMeeting(&out)
	}
	if err != nil {
		return api.Meeting{}, fmt.Errorf("read the meeting: %w", err)
	}
	return out, nil
}

// meetingCode is the form of a code (api.Meeting): files and links are named
// after it.
var meetingCode = regexp.MustCompile(`^C-[0-9]{8}$`)

// checkMeeting refuses what screens could not show: a meeting without a code,
// without a session to begin and to end with, or without a way to take part.
func checkMeeting(m *api.Meeting) error {
	if len(m.Sessions) == 0 || len(m.Participation) == 0 || !meetingCode.MatchString(m.Code) {
		return fmt.Errorf("%w: a meeting without code, session or participation", ErrBrokenAnswer)
	}
	return nil
}

// Registrations returns one's own registrations and the list's ETag. With the ETag of
// an earlier answer, changed is false and the list empty if nothing is new.
func (c *Client) Registrations(ctx context.Context, etag string) (all []api.Registration, newETag string, changed bool, err error) {
	k := c.reading("list the registrations", "/v1/registrations", nil)
	k.etag = etag
	newETag, changed, err = pages(ctx, c, k, func(page *api.Registrations) (string, error) {
		all = append(all, page.Registrations...)
		return page.Next, nil
	})
	if err != nil {
		return nil, "", false, err
	}
	return all, newETag, changed, nil
}

// Join asks for the address at which one joins a session now, and has it recorded that one
// does. The address lets its holder in. It is not repeated: its caller has the plain one.
func (c *Client) Join(ctx context.Context, number string, in api.Join) (api.Joined, error) {
	return change[api.Joined](ctx, c, "join the session", http.MethodPost, "/v1/registrations/"+url.PathEscape(number)+"/join", in)
}
