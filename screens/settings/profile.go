package settings

import (
	"context"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/person"
)

// profileSection is who the person is and for which organization, as they said
// at sign-up.
type profileSection struct {
	*accountSection
	acc       Account
	filled    api.Account // what the form was filled with
	onChanged func(api.Account)

	person       *person.Form
	organization *person.OrganizationForm
	news         *parts.Check
}

func newProfileSection(env kit.Env, account api.Account, acc Account, directory person.Directory, prove proveFunc, toList func(), onChanged func(api.Account)) *profileSection {
	t := env.T
	s := &profileSection{acc: acc, onChanged: onChanged}
	save := parts.NewButton("settings.profile.save", t("settings.save"), parts.Primary, func() { s.save() })
	s.accountSection = newAccountSection(env, "settings.profile", t("settings.section.profile"), t("settings.profile.line"), prove, toList, save)
	s.person = person.NewForm(env, "settings.profile", func(*parts.Entry) {}, func() {})
	s.person.LanguageField.WithHint(parts.Span{Text: t("settings.profile.language-hint")})
	s.organization = person.NewOrganizationForm(env, "settings.profile", directory, func() {})
	s.news = parts.NewCheck("settings.profile.news", parts.Span{Text: t("signup.news")})
	own := s.organization
	for _, e := range []*parts.Entry{s.person.First, s.person.Family, s.person.Phone, own.Name, own.City, own.Website} {
		e.OnSubmitted = func(string) { s.save() }
	}
	s.body.Add(parts.Stack(parts.Gap12, s.person.NameField, parts.Row(14,
		parts.Cell{Object: s.person.PhoneField, Min: 180, Weight: 1},
		parts.Cell{Object: s.person.LanguageField, Min: 180, Weight: 1})))
	s.body.Add(parts.Divider())
	s.body.Add(s.organization.Fields)
	s.body.Add(s.news)
	s.fill(account)
	context.AfterFunc(s.Context(), env.Follow(s.Context(), s.organization.DirectoryChanged, directory.Subscribe))
	return s
}

// First is what takes the keyboard.
func (s *profileSection) First() fyne.Focusable { return s.person.Title.Entry() }

// fill shows the account.
func (s *profileSection) fill(a api.Account) {
	s.filled = a
	s.person.Set(a)
	s.organization.Set(a.Organization)
	s.news.SetChecked(a.News)
	for _, f := range []*parts.Field{s.person.FirstField, s.person.FamilyField, s.person.PhoneField} {
		f.SetRight(false)
	}
}

// SetAccount shows the account as it is now, unless something is being changed
// here.
func (s *profileSection) SetAccount(account api.Account) {
	if !s.unsaved() && !s.Working() {
		s.fill(account)
	}
}

// profileOf is the request that changes nothing.
func profileOf(a api.Account) api.ChangeProfile {
	return api.ChangeProfile{
		Version: a.Version, Title: a.Title, FirstName: a.FirstName, FamilyName: a.FamilyName, Phone: a.Phone, Language: a.Language, News: a.News,
	}
}

// request is what was entered; the organization only where it is another one.
func (s *profileSection) request() api.ChangeProfile {
	in := s.person.Person()
	in.Version, in.News = s.filled.Version, s.news.Checked()
	id, own := s.organization.Entered()
	if own == nil && id == s.organization.Kept {
		return in
	}
	in.OrganizationID, in.NewOrganization = id, own
	in.Membership, in.Country = s.organization.Membership.PickedID(), s.organization.Country.PickedID()
	return in
}

func (s *profileSection) save() {
	var first fyne.Focusable
	switch {
	case !s.person.NameField.Check():
		first = s.person.First
	case !s.person.PhoneField.Check():
		first = s.person.Phone
	}
	if wrong := s.organization.Check(); first == nil {
		first = wrong
	}
	if first != nil {
		parts.Focus(first)
		return
	}
	in := s.request()
	kit.Call(s.Calls, "settings.busy-saving", func(ctx context.Context) (api.Account, error) { return s.acc.ChangeProfile(ctx, in) }, func(account api.Account) {
		s.show(account)
		s.say(s.env.T("settings.profile.saved"))
	}, s.at(func(pointer string) *parts.Field {
		if field := s.person.FieldOf(pointer); field != nil {
			return field
		}
		return s.organization.FieldOf(pointer)
	}), s.env.ChangedMeanwhile(s.bar, func() { kit.Call(s.Calls, "settings.busy", s.acc.Account, s.show) }))
}

// show takes the account as it is now.
func (s *profileSection) show(account api.Account) {
	s.fill(account)
	s.onChanged(account)
}

// unsaved reports whether something else is entered than the account has.
func (s *profileSection) unsaved() bool { return s.request() != profileOf(s.filled) }
