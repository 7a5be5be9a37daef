package screens

import (
	"slices"
	"strconv"

	"plenary/api"
	"plenary/app"
	"plenary/screens/delegation"
	"plenary/screens/parts"
)

// delegates tells whether the person who is logged in is appointed for an organization.
func (s *Shell) delegates() bool {
	return s.services.Delegation != nil && s.account.Appointed != ""
}

// appoints tells whether the person appoints for organizations.
func (s *Shell) appoints() bool {
	return s.services.Appoints != nil && slices.Contains(s.account.Roles, api.RoleMeetingManager)
}

func (s *Shell) delegationPage(route) page {
	s.services.Sync.Now() // whoever looks here waits for news
	return delegation.New(s.env, s.services.Delegation, s.services.Meetings, delegation.Events{
		Register: func() { s.goTo(route{name: routeRegisterFor}) },
		Badges:   func() { s.goTo(route{name: routeBadges}) },
		Again: func(of *app.Delegate) {
			s.goTo(route{name: routeRegisterFor, code: of.Meeting, instead: of.Operation})
		},
		Waiting: func(n int) {
			text := ""
			if n > 0 {
				text = strconv.Itoa(n)
			}
			s.nav.Count(parts.ID("nav."+routeDelegation), text)
		},
	})
}

// registerForPage is the form for a meeting, or where one chooses that.
func (s *Shell) registerForPage(to route) page {
	back := func() { s.replace(route{name: routeDelegation}) }
	m, ok := s.services.Meetings.Get(to.code)
	if !ok {
		return delegation.NewMeetings(s.env, s.services.Meetings, func(code string) { s.replace(route{name: routeRegisterFor, code: code}) }, back)
	}
	again, instead := s.corrected(to)
	return delegation.NewRegister(s.env, m, s.services.Delegation, s.account, again, instead, back, back)
}

// badgesPage is where the badges of the delegation are collected from.
func (s *Shell) badgesPage(route) page {
	code := func(meeting string) string {
		mine, _ := s.services.Registrations.Get(meeting)
		if mine.Standing() != api.Confirmed || mine.Participation != api.OnSite {
			return ""
		}
		return mine.Registration.Code
	}
	return delegation.NewBadges(s.env, s.services.Delegation, s.services.Meetings, s.account, code, func() { s.replace(route{name: routeDelegation}) })
}

// corrected is what was entered and refused, and is corrected at a place, with its
// operation; nothing once that is over.
func (s *Shell) corrected(at route) (*api.RegisterFor, string) {
	for _, one := range s.services.Delegation.List() {
		if one.Operation == at.instead && one.State == app.StateNeedsAttention {
			return one.Asked, at.instead
		}
	}
	if _, typed := s.services.Delegation.Draft(at.code, at.instead); typed {
		return nil, at.instead
	}
	return nil, ""
}

func (s *Shell) focalPointsPage(route) page {
	return delegation.NewFocalPoints(s.env, s.services.Appoints, s.account, s.services.Self.Prove)
}
