package admin

import (
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/person"
)

// profileInputs are a user's name and organization, as they are corrected.
type profileInputs struct {
	person       *person.Form
	organization *person.OrganizationForm
	began        api.CorrectProfile // what corrects nothing
	wrongSame    string
}

// newProfileInputs returns inputs that are named after an area, with what stands in a
// profile.
func newProfileInputs(env kit.Env, area string, directory person.Directory, u *api.UserProfile) *profileInputs {
	p := &profileInputs{wrongSame: env.T("users.wrong.profile-same")}
	p.person = person.NewForm(env, area, func(*parts.Entry) {}, func() {})
	p.organization = person.NewOrganizationForm(env, area, directory, func() {})
	p.person.Set(api.Account{Title: u.Title, FirstName: u.FirstName, FamilyName: u.FamilyName})
	p.organization.Set(u.Organization)
	for _, f := range []*parts.Field{p.person.FirstField, p.person.FamilyField} {
		f.SetRight(false)
	}
	p.began = p.entered()
	return p
}

func (p *profileInputs) fields() fyne.CanvasObject {
	return parts.Stack(parts.Gap12, p.person.NameField, p.organization.Fields)
}

func (p *profileInputs) first() fyne.Focusable { return p.person.Title.Entry() }

// entered is what was entered; the organization only where it is another one.
func (p *profileInputs) entered() api.CorrectProfile {
	who := p.person.Person()
	in := api.CorrectProfile{Title: who.Title, FirstName: who.FirstName, FamilyName: who.FamilyName}
	id, own := p.organization.Entered()
	if own == nil && id == p.organization.Kept {
		return in
	}
	in.OrganizationID, in.NewOrganization = id, own
	in.Membership, in.Country = p.organization.Membership.PickedID(), p.organization.Country.PickedID()
	return in
}

func (p *profileInputs) differs() bool { return p.entered() != p.began }

// check shows all mistakes, and returns the first input that has one.
func (p *profileInputs) check() fyne.Focusable {
	var first fyne.Focusable
	if !p.person.NameField.Check() {
		first = p.person.First
	}
	if wrong := p.organization.Check(); first == nil {
		first = wrong
	}
	return first
}

// checkCorrected is check where something has to be another than it was.
func (p *profileInputs) checkCorrected() fyne.Focusable {
	wrong := p.check()
	if wrong == nil && !p.differs() {
		p.person.NameField.SetError(p.wrongSame)
		return p.person.First
	}
	return wrong
}

// fieldOf is the field for a JSON Pointer into the request.
func (p *profileInputs) fieldOf(pointer string) *parts.Field {
	pointer, ours := strings.CutPrefix(pointer, "/profile")
	if !ours {
		return nil
	}
	if field := p.person.FieldOf(pointer); field != nil {
		return field
	}
	return p.organization.FieldOf(pointer)
}
