package screens

import (
	"slices"
	"strings"

	"plenary/api"
	"plenary/screens/parts"
	"plenary/screens/person"
	"plenary/screens/settings"
)

// accountChanged follows an account that is not what it was: the navigation has
// its name and the places of its roles.
func (s *Shell) accountChanged(a api.Account) {
	before := s.account
	s.account = a
	s.sayStanding()
	if slices.Equal(before.Roles, a.Roles) && before.Appointed == a.Appointed && before.FirstName == a.FirstName && before.FamilyName == a.FamilyName && before.Username == a.Username {
		return
	}
	s.layFrame()
	s.nav.Choose(s.navID())
	s.countApprovals()
	s.countVisas()
	s.statusChanged(s.services.Sync.Status())
}

// accountNotice says what somebody has to know of the account, until it is no longer so,
// but in Settings, where it is done; nil for nothing.
func (s *Shell) accountNotice() *parts.Notice {
	words := s.accountWords()
	if words == "" {
		return nil
	}
	return &parts.Notice{
		Tone: parts.Warning, Words: []parts.Span{{Text: words}},
		Action: s.env.T("nav.settings"), Act: s.openSettings(s.accountSection()),
	}
}

// accountWords are about a deletion that the owner has asked for, and about
// roles that wait for two-step log-in.
func (s *Shell) accountWords() string {
	if s.at.name == routeSettings {
		return ""
	}
	var words []string
	if due := s.account.Deletion; !due.IsZero() {
		words = append(words, s.env.T("shell.account.deletion", map[string]any{"Date": s.env.Words.Date(due.Local())}))
	}
	if needs := s.account.NeedsSecondFactor; len(needs) > 0 {
		words = append(words, s.env.T("shell.account.second-factor", map[string]any{"Roles": person.RoleNames(s.env, needs)}))
	}
	return strings.Join(words, " ")
}

// accountSection is the section of Settings that the notice leads to.
func (s *Shell) accountSection() string {
	if !s.account.Deletion.IsZero() {
		return settings.SectionData
	}
	return settings.SectionTwoStep
}
