package service

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"

	"plenary/api"
	"plenary/e2e/mailserver"
	"plenary/rules"
)

// SignUp makes an account and activates it with the code from its e-mail, over
// the contract, for tests whose subject is what comes after.
func (s *Service) SignUp(mails *mailserver.Server, person Person, first, family string) error {
	flow, err := s.AskForAccount(person, first, family)
	if err != nil {
		return err
	}
	return s.Activate(mails, flow, person)
}

// OwnRegistrations lists a person's registrations, as the person sees them.
func (s *Service) OwnRegistrations(person Person) ([]api.Registration, error) {
	var page api.Registrations
	c := &caller{address: s.Address, person: person}
	err := c.call("GET", "/v1/registrations", nil, &page)
	return page.Registrations, err
}

// Register registers a person, as their own program does.
func (s *Service) Register(person Person, in api.Register) error {
	c := &caller{address: s.Address, person: person}
	return c.deliver(api.OpRegister, in)
}

// AskForAccount signs a person up, and gives the flow with which to activate.
func (s *Service) AskForAccount(person Person, first, family string) (flow string, err error) {
	token := make([]byte, 32)
	rand.Read(token)
	flow = base64.RawURLEncoding.EncodeToString(token)
	err = Call("POST", s.Address+"/v1/account/sign-up", "", api.SignUp{
		Flow: flow, FirstName: first, FamilyName: family, Email: person.Identifier, Language: "en",
		Username: rules.UsernameFromEmail(person.Identifier), Password: person.Password,
		Membership: string(rules.NonMember), Country: "CH", NewOrganization: &api.NewOrganization{Name: "Example Ltd"},
		AcceptTerms: true, ReadPrivacy: true,
	}, nil)
	if err != nil {
		return "", fmt.Errorf("signing up: %w", err)
	}
	return flow, nil
}

// Activate activates what was asked for with the code that goes to the person's address.
func (s *Service) Activate(mails *mailserver.Server, flow string, person Person) error {
	mail, err := mails.Next(person.Identifier, "Activate your account")
	if err != nil {
		return err
	}
	code, err := mail.Code()
	if err != nil {
		return err
	}
	err = Call("POST", s.Address+"/v1/account/activate", "", api.Activate{Flow: flow, Code: code, Password: person.Password}, nil)
	if err != nil {
		return fmt.Errorf("activating: %w", err)
	}
	return nil
}
