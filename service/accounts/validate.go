package accounts

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"plenary/api"
	"plenary/rules"
)

// validSignUp judges a sign-up by the rules that the screen has shown too.
func (a *Accounts) validSignUp(in api.SignUp) (profile, error) {
	v := validation{}
	p := a.person(&v, api.ChangeProfile{
		Title: in.Title, FirstName: in.FirstName, FamilyName: in.FamilyName, Phone: in.Phone, Language: in.Language,
		Membership: in.Membership, Country: in.Country, News: in.News,
		OrganizationID: in.OrganizationID, NewOrganization: in.NewOrganization,
	})
	p.Username = strings.TrimSpace(in.Username)
	if in.OrganizationID == "" && in.NewOrganization == nil {
		v.wrong("/organization_id", api.FieldRequired)
	}
	email, err := rules.ParseEmail(in.Email)
	switch {
	case strings.TrimSpace(in.Email) == "":
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
	if !in.AcceptTerms {
		v.wrong("/accept_terms", api.FieldNotAccepted)
	}
	if !in.ReadPrivacy {
		v.wrong("/read_privacy", api.FieldNotAccepted)
	}
	if len(v.fields) > 0 {
		return p, invalid(v.fields...)
	}
	if _, err := typedPassword(in.Password); err != nil {
		return p, refused(api.CodePasswordRefused)
	}
	if !rules.PasswordAcceptable(in.Password, a.passwords(), p.words()) {
		return p, refused(api.CodePasswordRefused)
	}
	return p, nil
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

// line is a text of one line: NFC, space around it gone, nothing that does not
// show and could break a header or turn a line around.
func (v *validation) line(pointer, s string) string {
	s = norm.NFC.String(strings.TrimSpace(s))
	if strings.ContainsFunc(s, hidden) {
		v.wrong(pointer, api.FieldInvalid)
		return ""
	}
	return s
}

// phone is digits with the signs that people put between them.
func (v *validation) phone(pointer, s string) string {
	s = strings.TrimSpace(norm.NFKC.String(s))
	digits := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("+()-./ #x", r):
			v.wrong(pointer, api.FieldInvalid)
			return ""
		}
	}
	if s != "" && (digits < 4 || digits > 20) {
		v.wrong(pointer, api.FieldInvalid)
		return ""
	}
	return s
}

// hidden is for control characters, line breaks and the marks that turn the
// direction of text. Joiners stay: Persian and Indic names need them.
func hidden(r rune) bool {
	switch r {
	case '\u200c', '\u200d':
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control) || r == '\ufeff' || r == unicode.ReplacementChar
}

// printable drops what does not show from a text that only describes.
func printable(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if hidden(r) {
			return -1
		}
		return r
	}, s))
}
