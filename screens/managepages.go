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
	})
}

func (s *Shell) registeredPage(to route) page {
	if to.code == "" {
		s.at = route{name: routeManage}
		return s.pageOf(s.at)
	}
	return manage.NewRegistrations(s.env, s.services.Registrar, s.services.Meetings, to.code, manage.RegistrationsEvents{
		Back: func() { s.replace(route{name: routeManaged, code: to.code}) },
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
