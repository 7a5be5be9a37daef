package staff

import (
	"strings"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
	"plenary/words"
)

// userVersion names what administrators replace of an account: its profile and its roles.
func userVersion(owner api.Account, roles []string) string {
	return store.Version(owner.Version + " " + strings.Join(roles, " "))
}

// readProfile judges a profile as its owner's own change of it is judged.
func (a *Staff) readProfile(in *api.CorrectProfile) (account.Person, error) {
	v := account.Validation{}
	p := a.ValidPerson(&v, api.ChangeProfile{
		Title: in.Title, FirstName: in.FirstName, FamilyName: in.FamilyName, Membership: in.Membership, Country: in.Country,
		OrganizationID: in.OrganizationID, NewOrganization: in.NewOrganization,
	})
	for i := range v.Fields {
		v.Fields[i].Pointer = "/profile" + v.Fields[i].Pointer
	}
	if len(v.Fields) > 0 {
		return p, api.Invalid(v.Fields...)
	}
	return p, nil
}

// corrections are what of the profile becomes another.
func (s *staffChange) corrections() (changes []audit.Detail) {
	was, is := s.owner, s.person
	add := func(field, before, after string) {
		if before != after {
			changes = append(changes, audit.Detail{Field: field, Before: before, After: after})
		}
	}
	add(api.DetailTitle, was.Title, is.Title)
	add(api.DetailFirstName, was.FirstName, is.FirstName)
	add(api.DetailFamilyName, was.FamilyName, is.FamilyName)
	if !s.Moves(was.Organization, is) {
		return changes
	}
	names := len(changes)
	add(api.DetailOrganization, was.Organization.Name, is.Name)
	add(api.DetailCountry, was.Organization.Country, is.Country)
	add(api.DetailMembership, was.Organization.Membership, is.Membership)
	if len(changes) == names { // another one of the same name
		changes = append(changes, audit.Detail{Field: api.DetailOrganization, Before: was.Organization.Name, After: is.Name})
	}
	return changes
}

func (s *staffChange) correctProfile() error {
	p := s.person
	s.tx.Do(`UPDATE accounts SET title = $1, first_name = $2, family_name = $3 WHERE id = $4`, p.Title, p.FirstName, p.FamilyName, s.user.ID)
	if p.Name != "" {
		if err := s.MoveTo(s.tx, s.user.ID, p); err != nil {
			return err
		}
	}
	account.Index(s.tx, s.user.ID)
	return nil
}

// correctionMails tell the owner what was changed, from what to what, and why.
func (s *staffChange) correctionMails(owner api.Account) []mail.Message {
	w := words.ForLetters(owner.Language)
	params := map[string]string{"Reason": s.Reason}
	for _, d := range s.personal {
		value := func(v string) string {
			switch {
			case v == "":
				return w.T("mail.profile-corrected.nothing")
			case d.Field == api.DetailCountry:
				return w.Country(v)
			case d.Field == api.DetailMembership && w.Has("membership."+v):
				return w.T("membership." + v)
			}
			return v
		}
		params[mail.ProfileField(d.Field)] = w.T("mail.profile-corrected.change", map[string]any{"Before": value(d.Before), "After": value(d.After)})
	}
	return []mail.Message{{Template: mail.ProfileCorrected, Params: params}}
}
