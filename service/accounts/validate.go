package accounts

import (
	"plenary/api"
	"plenary/rules"
	"plenary/service/account/credential"
)

// validSignUp judges a sign-up by the rules that the screen has shown too.
func (a *Accounts) validSignUp(in api.SignUp) (profile, error) {
	v := validation{}
	p := a.person(&v, api.ChangeProfile{
		Title: in.Title, FirstName: in.FirstName, FamilyName: in.FamilyName, Phone: in.Phone, Language: in.Language,
		Membership: in.Membership, Country: in.Country, News: in.News,
		OrganizationID: in.OrganizationID, NewOrganization: in.NewOrganization,
	})
	p.Username = rules.Typed(in.Username)
	if in.OrganizationID == "" && in.NewOrganization == nil {
		v.wrong("/organization_id", api.FieldRequired)
	}
	email, err := rules.ReadEmail(in.Email)
	switch {
	case rules.Typed(in.Email) == "":
		v.wrong("/email", api.FieldRequired)
	case err != nil:
		v.wrong("/email", api.FieldInvalid)
	}
	p.Email = email
	if !rules.ValidUsername(p.Username) {
		v.wrong("/username", api.FieldInvalid)
	}
	if in.NewOrganization == nil && !rules.IsCountry(in.Country) {
		v.wrong("/country", api.FieldInvalid)
	}
	v.accepted(in.AcceptTerms, in.ReadPrivacy)
	if len(v.fields) > 0 {
		return p, invalid(v.fields...)
	}
	if _, err := credential.Typed(in.Password); err != nil {
		return p, credential.Refused(rules.RuleTooLong)
	}
	return p, a.credentials.Judge(in.Password, a.contextOfNew(&p))
}

// accepted judges whether somebody has accepted the terms of use and read the privacy
// notice, without which nobody gets in for the first time.
func (v *validation) accepted(terms, privacy bool) {
	if !terms {
		v.wrong("/accept_terms", api.FieldNotAccepted)
	}
	if !privacy {
		v.wrong("/read_privacy", api.FieldNotAccepted)
	}
}

// person judges who somebody is and where they come from: what a sign-up and a
// later change of the profile have in common. Without an organization, the
// profile has none, and no country and membership either.
func (a *Accounts) person(v *validation, in api.ChangeProfile) profile {
	p := profile{
		Title:      v.line("/title", in.Title),
		FirstName:  v.line("/first_name", in.FirstName),
		FamilyName: v.line("/family_name", in.FamilyName),
		Phone:      v.phone("/phone", in.Phone),
		Language:   in.Language,
		News:       in.News,
	}
	if p.FirstName == "" && p.FamilyName == "" {
		v.wrong("/family_name", api.FieldRequired)
	}
	a.organization(v, &p, in)
	return p
}

// organization takes the one of the directory, whose country and membership
// count, or the one that the person entered.
func (a *Accounts) organization(v *validation, p *profile, in api.ChangeProfile) {
	switch {
	case in.OrganizationID != "" && in.NewOrganization != nil:
		v.wrong("/organization_id", api.FieldInvalid)
	case in.OrganizationID != "":
		o, ok := a.Organization(in.OrganizationID)
		if !ok {
			v.wrong("/organization_id", api.FieldUnknown)
			return
		}
		p.Directory, p.Name, p.Country, p.Membership = o.ID, o.Name, o.Country, o.Membership
	case in.NewOrganization != nil:
		entered := api.NewOrganization{
			Name:    v.line("/new_organization/name", in.NewOrganization.Name),
			City:    v.line("/new_organization/city", in.NewOrganization.City),
			Website: v.line("/new_organization/website", in.NewOrganization.Website),
		}
		if entered.Name == "" {
			v.wrong("/new_organization/name", api.FieldRequired)
		}
		if m := rules.Membership(in.Membership); !m.Real() && m != rules.UnknownMembership {
			v.wrong("/membership", api.FieldRequired)
		}
		if !rules.IsCountry(in.Country) {
			v.wrong("/country", api.FieldInvalid)
		}
		p.Entered, p.Name, p.Country, p.Membership = &entered, entered.Name, in.Country, in.Membership
	}
}

// validation collects what is wrong.
type validation struct {
	fields []api.FieldError
}

func (v *validation) wrong(pointer, code string) {
	v.fields = append(v.fields, api.FieldError{Pointer: pointer, Code: code})
}

// line is a text of one line as rules.Line keeps it.
func (v *validation) line(pointer, s string) string {
	line, ok := rules.Line(s)
	if !ok {
		v.wrong(pointer, api.FieldInvalid)
		return ""
	}
	return line
}

// phone is a telephone number as rules.ParsePhone keeps it, or none.
func (v *validation) phone(pointer, s string) string {
	if rules.Typed(s) == "" {
		return ""
	}
	kept, ok := rules.ParsePhone(s)
	if !ok {
		v.wrong(pointer, api.FieldInvalid)
	}
	return kept
}
