package screens

import (
	"slices"

	"plenary/api"
	"plenary/screens/manage"
)

// manages tells whether the person who is logged in is a meeting manager.
func (s *Shell) manages() bool {
	return s.services.Manage != nil && slices.Contains(s.account.Roles, api.RoleMeetingManager)
}

func (s *Shell) managePage(route) page {
	return manage.NewList(s.env, s.services.Manage, manage.ListEvents{Open: s.toMeetings(routeManaged)})
}

func (s *Shell) managedPage(to route) page {
	if to.code == "" {
		s.at = route{name: routeManage}
		return s.pageOf(s.at)
	}
	return manage.NewMeeting(s.env, s.services.Manage, s.services.Self.Prove, to.code, manage.MeetingEvents{
		Back: func() { s.replace(route{name: routeManage}) },
		Open: func(code string) { s.replace(route{name: routeManaged, code: code}) },

		Registrations: func() { s.goTo(route{name: routeRegistered, code: to.code}) },
		Mails:         func() { s.goTo(route{name: routeMails, code: to.code}) },
		Statistics:    func() { s.goTo(route{name: routeStatistics, code: to.code}) },
	})
}

func (s *Shell) registeredPage(to route) page {
	if to.code == "" {
		s.at = route{name: routeManage}
		return s.pageOf(s.at)
	}
	return manage.NewRegistrations(s.env, s.services.Registrar, s.services.Meetings, to.code, manage.RegistrationsEvents{
		Back:        func() { s.replace(route{name: routeManaged, code: to.code}) },
		Register:    s.toGuests(routeGuest, to.code),
		Import:      s.toGuests(routeImport, to.code),
		Invitations: s.toGuests(routeInvitations, to.code),
	})
}

// toGuests leads to where people are brought to a meeting.
func (s *Shell) toGuests(name, code string) func() {
	if s.services.Guests == nil {
		return nil
	}
	return func() { s.goTo(route{name: name, code: code}) }
}

// guestPage is the form with which a manager registers somebody.
func (s *Shell) guestPage(to route) page {
	back := func() { s.replace(route{name: routeRegistered, code: to.code}) }
	m, ok := s.services.Meetings.Get(to.code)
	if !ok || s.services.Guests == nil {
		s.at = route{name: routeManage}
		return s.pageOf(s.at)
	}
	return manage.NewGuest(s.env, s.services.Guests, m, manage.GuestEvents{Done: back, Back: back})
}

func (s *Shell) importPage(to route) page {
	if to.code == "" || s.services.Guests == nil {
		s.at = route{name: routeManage}
		return s.pageOf(s.at)
	}
	return manage.NewImporter(s.env, s.services.Guests, s.services.Meetings, to.code, manage.ImporterEvents{
		Back: func() { s.replace(route{name: routeRegistered, code: to.code}) },
	})
}

func (s *Shell) invitationsPage(to route) page {
	if to.code == "" || s.services.Guests == nil {
		s.at = route{name: routeManage}
		return s.pageOf(s.at)
	}
	return manage.NewInvitations(s.env, s.services.Guests, s.services.Meetings, to.code, manage.InvitationsEvents{
		Back: func() { s.replace(route{name: routeRegistered, code: to.code}) },
	})
}

func (s *Shell) mailsPage(to route) page {
	if to.code == "" {
		s.at = route{name: routeManage}
		return s.pageOf(s.at)
	}
	return manage.NewMails(s.env, s.services.Mailer, s.services.Meetings, to.code, manage.MailsEvents{
		Back: func() { s.replace(route{name: routeManaged, code: to.code}) },
	})
}

func (s *Shell) statisticsPage(to route) page {
	if to.code == "" {
		s.at = route{name: routeManage}
		return s.pageOf(s.at)
	}
	return manage.NewStatistics(s.env, s.services.Statistics, s.services.Meetings, to.code, manage.StatisticsEvents{
		Back: func() { s.replace(route{name: routeManaged, code: to.code}) },
	})
}
