package account

import (
	"plenary/api"
	"plenary/rules"
)

// ContextOfNew are the words that a password of a new account must not be made of.
func (a *Accounts) ContextOfNew(p *Person) []string {
	return rules.PasswordContext(p.FirstName, p.FamilyName, p.Username, p.Email, p.Name, a.Name())
}

// Accepted judges whether somebody has accepted the terms of use and read the privacy
// notice, without which nobody gets in for the first time.
func (v *Validation) Accepted(terms, privacy bool) {
	if !terms {
		v.Wrong("/accept_terms", api.FieldNotAccepted)
	}
	if !privacy {
		v.Wrong("/read_privacy", api.FieldNotAccepted)
	}
}

// ValidPerson judges who somebody is and where they come from: what a sign-up and a
// later change of the profile have in common. Without an organization, the
// profile has none, and no country and membership either.
func (a *Accounts) ValidPerson(v *Validation, in api.ChangeProfile) Person {
	p := Person{
		Title:      v.Line("/title", in.Title),
		FirstName:  v.Line("/first_name", in.FirstName),
		FamilyName: v.Line("/family_name", in.FamilyName),
		Phone:      v.phone("/phone", in.Phone),
		Language:   in.Language,
		News:       in.News,
	}
	if p.FirstName == "" && p.FamilyName == "" {
		v.Wrong("/family_name", api.FieldRequired)
	}
	a.organization(v, &p, in)
	return p
}

// organization takes the one of the directory, whose country and membership
// count, or the one that the person entered.
func (a *Accounts) organization(v *Validation, p *Person, in api.ChangeProfile) {
	switch {
	case in.OrganizationID != "" && in.NewOrganization != nil:
		v.Wrong("/organization_id", api.FieldInvalid)
	case in.OrganizationID != "":
		o, ok := a.Organization(in.OrganizationID)
		if !ok {
			v.Wrong("/organization_id", api.FieldUnknown)
			return
		}
		p.Directory, p.Name, p.Country, p.Membership = o.ID, o.Name, o.Country, o.Membership
	case in.NewOrganization != nil:
		entered := api.NewOrganization{
			Name:    v.Line("/new_organization/name", in.NewOrganization.Name),
			City:    v.Line("/new_organization/city", in.NewOrganization.City),
			Website: v.Line("/new_organization/website", in.NewOrganization.Website),
		}
		if entered.Name == "" {
			v.Wrong("/new_organization/name", api.FieldRequired)
		}
		if m := rules.Membership(in.Membership); !m.Real() && m != rules.UnknownMembership {
			v.Wrong("/membership", api.FieldRequired)
		}
		if !rules.IsCountry(in.Country) {
			v.Wrong("/country", api.FieldInvalid)
		}
		p.Entered, p.Name, p.Country, p.Membership = &entered, entered.Name, in.Country, in.Membership
	}
}

// Validation collects what is wrong.
type Validation struct {
	Fields []api.FieldError
}

// Wrong adds a field, by its JSON pointer and one of api's codes of fields.
func (v *Validation) Wrong(pointer, code string) {
	v.Fields = append(v.Fields, api.FieldError{Pointer: pointer, Code: code})
}

// Line is a text of one line as rules.Line keeps it.
func (v *Validation) Line(pointer, s string) string {
	line, ok := rules.Line(s)
	if !ok {
		v.Wrong(pointer, api.FieldInvalid)
		return ""
	}
	return line
}

// phone is a telephone number as rules.ParsePhone keeps it, or none.
func (v *Validation) phone(pointer, s string) string {
	if rules.Typed(s) == "" {
		return ""
	}
	kept, ok := rules.ParsePhone(s)
	if !ok {
		v.Wrong(pointer, api.FieldInvalid)
	}
	return kept
}
