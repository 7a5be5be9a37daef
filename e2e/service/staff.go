package service

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"plenary/api"

	"github.com/google/uuid"
)

// caller is somebody who asks: the contract over plain HTTP, so that the
// tests do not judge client by client.
type caller struct {
	address string
	person  Person
	access  string
}

// Connections are kept, as each person's program keeps its own.
var httpClient = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

// Registrations lists what there is for a meeting, as its manager sees it.
func (s *Service) Registrations(meeting string) ([]api.Registration, error) {
	var all []api.Registration
	for after := ""; ; {
		var page api.Registrations
		if err := s.client.call("GET", "/v1/meetings/"+meeting+"/registrations?after="+after, nil, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Registrations...)
		if after = page.Next; after == "" {
			return all, nil
		}
	}
}

// Notices lists what people were told of a meeting, as its manager sees it.
func (s *Service) Notices(meeting string) ([]api.Notice, error) {
	var page api.Notices
	err := s.client.call("GET", "/v1/managed/meetings/"+meeting+"/notices", nil, &page)
	return page.Notices, err
}

// Approve approves a registration.
func (s *Service) Approve(number string) error {
	return s.client.deliver(api.OpDecide, api.Decide{Registration: number, Approve: true})
}

// Meetings lists the meetings that everybody can see.
func (s *Service) Meetings() ([]api.Meeting, error) {
	var page api.Meetings
	err := Call("GET", s.Address+"/v1/meetings", "", nil, &page)
	return page.Meetings, err
}

// administrator is one, who has just proved who they are.
func (s *Service) administrator() (*caller, error) {
	c := &caller{address: s.Address, person: s.Staff["administrator"]}
	return c, c.call("POST", "/v1/session/proof", api.Reauthenticate{Password: c.person.Password}, nil)
}

// ChangePolicies changes the policies as an administrator does.
func (s *Service) ChangePolicies(change func(*api.Policies)) error {
	c, err := s.administrator()
	if err != nil {
		return err
	}
	var p api.Policies
	if err := c.call("GET", "/v1/policies", nil, &p); err != nil {
		return err
	}
	change(&p)
	return c.call("PUT", "/v1/policies", p, nil)
}

// User finds a user by something of it, as an administrator does; there must be
// one.
func (s *Service) User(query string) (api.UserSummary, error) {
	c, err := s.administrator()
	if err != nil {
		return api.UserSummary{}, err
	}
	var found api.Users
	if err := c.call("GET", "/v1/users?query="+url.QueryEscape(query), nil, &found); err != nil {
		return api.UserSummary{}, err
	}
	if len(found.Users) != 1 {
		return api.UserSummary{}, fmt.Errorf("%d users are found by %q", len(found.Users), query)
	}
	return found.Users[0], nil
}

func (c *caller) call(method, path string, body, answer any) error {
	if c.access == "" {
		var session api.Session
		err := Call("POST", c.address+"/v1/session", "", api.LogIn{Identifier: c.person.Identifier, Password: c.person.Password}, &session)
		if err != nil {
			return fmt.Errorf("logging %s in: %w", c.person.Identifier, err)
		}
		c.access = session.Access
	}
	return Call(method, c.address+path, c.access, body, answer)
}

// deliver has an operation done, with its payload.
func (c *caller) deliver(kind string, in any) error {
	payload, err := json.Marshal(in)
	if err != nil {
		return err
	}
	var delivered api.Delivered
	err = c.call("POST", "/v1/operations", api.Deliver{Stream: uuid.NewString(), Sent: time.Now(), Operations: []api.Operation{
		{ID: uuid.Must(uuid.NewV7()).String(), Number: 1, Kind: kind, Made: time.Now(), Payload: payload},
	}}, &delivered)
	if err == nil && (len(delivered.Results) != 1 || delivered.Results[0].Outcome != api.Done) {
		err = fmt.Errorf("delivering %s %s: %+v", kind, payload, delivered.Results)
	}
	return err
}

// Call asks the service one thing; an answer that is an error gives an error
// with its status and code.
func Call(method, address, access string, body, answer any) error {
	var content io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return err
		}
		content = bytes.NewReader(encoded)
	}
	request, err := http.NewRequest(method, address, content)
	if err != nil {
		return err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if access != "" {
		request.Header.Set("Authorization", "Bearer "+access)
	}
	response, err := httpClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		var problem api.Problem
		err := json.NewDecoder(response.Body).Decode(&problem)
		return fmt.Errorf("%s %s: %s, code %q (%v)", method, request.URL.Path, response.Status, problem.Code, err)
	}
	if answer == nil {
		return nil
	}
	if err := json.NewDecoder(response.Body).Decode(answer); err != nil {
		return fmt.Errorf("reading the answer to %s %s: %w", method, request.URL.Path, err)
	}
	return nil
}
