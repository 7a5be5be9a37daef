package screens

import (
	"slices"

	"plenary/api"
	"plenary/screens/manage"
	"plenary/screens/parts"
)

// manages tells whether the person who is logged in is a meeting manager.
func (s *Shell) manages() bool {
	return s.services.Manage != nil && slices.Contains(s.account.Roles, api.RoleMeetingManager)
}

func (s *Shell) managePage(route) page {
	return manage.NewList(s.env, s.services.Manage, manage.ListEvents{Open: s.toMeetings(routeManaged)})
}

// ofManaged makes the page of a place that is there for one managed meeting. Without a
// meeting, and where make has nothing to show, it leads to the list.
func (s *Shell) ofManaged(make func(code string) page) func(route) page {
	return func(to route) page {
		if to.code != "" {
			if p := make(to.code); p != nil {
				return p
			}
		}
		s.at = route{name: routeManage}
		return s.pageOf(s.at)
	}
}

// instead leads to a place that takes the present one's in the way back.
func (s *Shell) instead(name, code string) func() {
	return func() { s.replace(route{name: name, code: code}) }
}

// onward leads to another place for the same meeting.
func (s *Shell) onward(name, code string) func() {
	return func() { s.goTo(route{name: name, code: code}) }
}

func (s *Shell) managedPage(code string) page {
	return manage.NewMeeting(s.env, s.services.Manage, s.services.Self.Prove, code, manage.MeetingEvents{
		Back: s.instead(routeManage, ""),
		Open: func(code string) { s.replace(route{name: routeManaged, code: code}) },

		Registrations: s.onward(routeRegistered, code),
		Mails:         s.onward(routeMails, code),
		Statistics:    s.onward(routeStatistics, code),

		Read: func(m *api.Meeting) { s.lastManaged = *m },
	})
}

// managedCatalog has the meetings that everybody sees, and the one that the manager has read
// last, which may have been published a moment ago.
type managedCatalog struct{ s *Shell }

func (c managedCatalog) Get(code string) (api.Meeting, bool) {
	if m, ok := c.s.services.Meetings.Get(code); ok {
		return m, true
	}
	last := c.s.lastManaged
	return last, last.Code == code
}

func (s *Shell) registeredPage(code string) page {
	return manage.NewRegistrations(s.env, s.services.Registrar, managedCatalog{s}, code, manage.RegistrationsEvents{
		Back:        s.instead(routeManaged, code),
		Register:    s.onward(routeGuest, code),
		Import:      s.onward(routeImport, code),
		Invitations: s.onward(routeInvitations, code),
	})
}

// guestPage is the form with which a manager registers somebody.
func (s *Shell) guestPage(code string) page {
	m, ok := managedCatalog{s}.Get(code)
	if !ok {
		return nil
	}
	back := s.instead(routeRegistered, code)
	return manage.NewGuest(s.env, s.services.Guests, m, manage.GuestEvents{Back: back, Done: func(n parts.Notice) {
		back()
		s.bar.Say(n)
	}})
}

func (s *Shell) importPage(code string) page {
	return manage.NewImporter(s.env, s.services.Guests, managedCatalog{s}, code, manage.ImporterEvents{Back: s.instead(routeRegistered, code)})
}

func (s *Shell) invitationsPage(code string) page {
	return manage.NewInvitations(s.env, s.services.Guests, managedCatalog{s}, code, manage.InvitationsEvents{Back: s.instead(routeRegistered, code)})
}

func (s *Shell) mailsPage(code string) page {
	return manage.NewMails(s.env, s.services.Mailer, managedCatalog{s}, code, manage.MailsEvents{Back: s.instead(routeManaged, code)})
}

func (s *Shell) statisticsPage(code string) page {
	return manage.NewStatistics(s.env, s.services.Statistics, managedCatalog{s}, code, manage.StatisticsEvents{Back: s.instead(routeManaged, code)})
}
