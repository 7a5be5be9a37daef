package screens

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
)

// fakeDirectory holds a few organizations and finds them by any part of their name.
type fakeDirectory struct {
	list     []api.Organization
	notReady bool
	notify   func()
}

func (d *fakeDirectory) Ready() bool { return !d.notReady }

func (d *fakeDirectory) Subscribe(f func()) func() {
	d.notify = f
	return func() { d.notify = nil }
}

func (d *fakeDirectory) Search(query, membership, country string, limit int) []api.Organization {
	var out []api.Organization
	for _, o := range d.list {
		fits := strings.Contains(strings.ToLower(o.Name), strings.ToLower(query))
		if !d.notReady && fits && (membership == "" || o.Membership == membership) && (country == "" || o.Country == country) && len(out) < limit {
			out = append(out, o)
		}
	}
	return out
}

func organizations() []api.Organization {
	return []api.Organization{
		{ID: "1", Name: "Movistar (Telefónica)", Country: "ES", Membership: "sector-member"},
		{ID: "2", Name: "TeleCable", Country: "ES", Membership: "sector-member"},
		{ID: "3", Name: "Telecommunications Regulatory Authority of a Country Whose Name Is Long Enough to Fill All of the Hundred and Eighteen", Country: "BO", Membership: "member-state"},
		{ID: "4", Name: "الهيئة القومية لتنظيم الاتصالات tele", Country: "EG", Membership: "member-state"},
		{ID: "5", Name: "中国电信 tele", Country: "CN", Membership: "sector-member"},
	}
}

// fakeSignup keeps what it was asked for.
type fakeSignup struct {
	asked []api.SignUp
	err   error
}

func (f *fakeSignup) SignUp(_ context.Context, in api.SignUp) (api.Flow, error) {
	f.asked = append(f.asked, in)
	return api.Flow{Token: "flow"}, f.err
}

func newTestSignup(e Env, acc *fakeSignup) *Signup {
	return NewSignup(e, acc, &fakeDirectory{list: organizations()}, SignupEvents{
		SignedUp: func(api.Flow, string, string) {}, Login: func() {}, Forgot: func(string) {},
	})
}

func TestSignup_pictures(t *testing.T) {
	var s *Signup
	capture(t, "signup", func(e Env) fyne.CanvasObject {
		s = newTestSignup(e, &fakeSignup{})
		return s.Content()
	}, func(w fyne.Window) {
		s.contact.title.SetID("ms")
		s.contact.first.SetText("Elena")
		s.contact.family.SetText("García")
		s.contact.email.SetText("elena.garcia@example.org")
		s.contact.phone.SetText("+34 600 123 456")
		s.contact.password.password.SetText("Meridian8line")
		s.organization.membership.SetID("sector-member")
		s.organization.membershipChanged()
		s.organization.country.SetID("ES")
		s.organization.country.Clear()
		s.organization.membership.SetID("unknown")
		s.organization.membershipChanged()
		s.organization.terms.SetChecked(true)
		w.Canvas().Focus(s.organization.organization.Entry())
		test.Type(s.organization.organization.Entry(), "tele")
	})
}

func TestSignup_mistakePictures(t *testing.T) {
	var s *Signup
	capture(t, "signup-mistakes", func(e Env) fyne.CanvasObject {
		s = newTestSignup(e, &fakeSignup{})
		return s.Content()
	}, func(fyne.Window) {
		s.contact.email.SetText("elena.garcia@")
		s.signUp()
	})
}
