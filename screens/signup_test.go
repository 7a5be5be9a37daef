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
	s, _ := newWalkedSignup(e, acc, &fakeDirectory{list: organizations()})
	return s
}

func newWalkedSignup(e Env, acc *fakeSignup, d Directory) (*Signup, *wentTo) {
	w := &wentTo{}
	return NewSignup(e, acc, d, SignupEvents{
		SignedUp: func(flow api.Flow, email, password string) {
			w.with("signed up")(flow.Token + " " + email + " " + password)
		},
		Login: w.to("log in"), Forgot: w.with("forgot"),
	}), w
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
		pick(s.organization.membership, "sector-member")
		s.organization.country.SetID("ES")
		s.organization.country.Clear()
		pick(s.organization.membership, "unknown")
		s.consent.terms.SetChecked(true)
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

func TestSignup_byKeyboardAlone(t *testing.T) {
	e, acc := testEnv(t), &fakeSignup{}
	s, to := newWalkedSignup(e, acc, &fakeDirectory{list: organizations()})
	w := show(t, s.Content(), 1100, 740)
	enter := func(id, text string, keys ...fyne.KeyName) {
		t.Helper()
		tabTo(t, w, id)
		write(t, w, text)
		press(t, w, keys...)
	}
	w.Canvas().Focus(s.First())
	write(t, w, "Ms")
	press(t, w, fyne.KeyReturn)
	enter("signup.first", "Elena")
	enter("signup.family", "García")
	enter("signup.email", "elena.garcia@example.org")
	enter("signup.phone", "+34 600 123 456")
	enter("signup.language.entry", "fra", fyne.KeyReturn)
	enter("signup.password", "Kelp-84-orbit?tin")
	enter("signup.confirm", "Kelp-84-orbit?tin")
	enter("signup.membership.entry", "sector", fyne.KeyReturn)
	enter("signup.organization.entry", "tele", fyne.KeyReturn)
	tabTo(t, w, "signup.terms")
	press(t, w, fyne.KeySpace)
	tabTo(t, w, "signup.privacy")
	press(t, w, fyne.KeySpace)
	if got := s.missing.String(); got != "Everything is there." {
		t.Errorf("at the end: %q", got)
	}
	tabTo(t, w, "signup.submit")
	press(t, w, fyne.KeyReturn)
	want := api.SignUp{
		Title: "Ms", FirstName: "Elena", FamilyName: "García", Email: "elena.garcia@example.org", Phone: "+34 600 123 456",
		Language: "fr", Username: "elena.garcia", Password: "Kelp-84-orbit?tin", Membership: "sector-member", Country: "ES",
		OrganizationID: "1", AcceptTerms: true, ReadPrivacy: true,
	}
	if len(acc.asked) != 1 || acc.asked[0] != want {
		t.Errorf("asked for %+v", acc.asked)
	}
	if to.last() != "signed up flow elena.garcia@example.org Kelp-84-orbit?tin" {
		t.Errorf("led to %q", to.last())
	}
}

// fillSignup enters everything that is needed.
func fillSignup(s *Signup) {
	s.contact.first.SetText("Elena")
	s.contact.email.SetText("elena@example.org")
	s.contact.username.SetText("elena.g")
	s.contact.password.password.SetText("Kelp-84-orbit?tin")
	s.contact.password.confirm.SetText("Kelp-84-orbit?tin")
	s.organization.membership.SetID("sector-member")
	pick(s.organization.organization, "1")
	s.consent.terms.SetChecked(true)
	s.consent.privacy.SetChecked(true)
}

func TestSignup_membershipTypesOfTheManual(t *testing.T) {
	s := newTestSignup(testEnv(t), &fakeSignup{})
	show(t, s.Content(), 1100, 740)
	s.organization.membership.Open()
	want := []string{
		"Please choose", "I don't know", "Non-Member", "Member State", "Sector Member", "Associate",
		"Academia, University, Research Establishment", "International/Regional Organizations", "Resolution 99",
		"United Nations, Specialized agency, IAEA", "Media",
	}
	items := s.organization.membership.Items()
	for i, w := range want {
		if i >= len(items) || items[i].Text != w {
			t.Fatalf("row %d: %+v", i, items)
		}
	}
	if len(items) != len(want) {
		t.Errorf("%d rows", len(items))
	}
}

func TestSignup_saysWhatIsMissingAndGoesThere(t *testing.T) {
	acc := &fakeSignup{}
	s := newTestSignup(testEnv(t), acc)
	w := show(t, s.Content(), 1100, 740)
	if !strings.Contains(s.missing.String(), "Still missing: your name, e-mail address, username and ") {
		t.Errorf("at first: %q", s.missing.String())
	}
	s.signUp()
	if len(acc.asked) != 0 || focusedID(w) != "signup.first" {
		t.Errorf("asked %d times, focus on %s", len(acc.asked), focusedID(w))
	}
	for _, f := range []interface{ Error() string }{
		s.contact.nameField, s.contact.emailField, s.contact.usernameField, s.contact.password.passwordField,
		s.contact.password.confirmField,
	} {
		if f.Error() == "" {
			t.Errorf("no mistake at a field that is empty")
		}
	}
	for _, id := range []string{"signup.membership.field", "signup.country.field", "signup.organization.field"} {
		if mistake(w, id) == "" {
			t.Errorf("no mistake at %s, which is empty", id)
		}
	}
	fillSignup(s)
	if s.missing.String() != "Everything is there." {
		t.Errorf("filled: %q", s.missing.String())
	}
	s.signUp()
	if len(acc.asked) != 1 {
		t.Errorf("asked %d times", len(acc.asked))
	}
}

func TestSignup_mistakesWhenAFieldIsLeft(t *testing.T) {
	for _, c := range []struct{ id, typed, says string }{
		{"signup.email", "elena@", "looks like name@example.org"},
		{"signup.email", "elena@localhost", "looks like name@example.org"},
		{"signup.username", "é", "3 to 40 letters"},
		{"signup.phone", "call me", "+41 22"},
		{"signup.password", "short", "8 characters, an uppercase letter, a number, a special symbol"},
		{"signup.confirm", "other", "not the same"},
	} {
		s := newTestSignup(testEnv(t), &fakeSignup{})
		w := show(t, s.Content(), 1100, 740)
		tabTo(t, w, c.id)
		write(t, w, c.typed)
		w.Canvas().FocusNext()
		said := ""
		for _, f := range []interface{ Error() string }{
			s.contact.emailField, s.contact.usernameField, s.contact.phoneField, s.contact.password.passwordField, s.contact.password.confirmField,
		} {
			said += f.Error()
		}
		if !strings.Contains(said, c.says) {
			t.Errorf("%s %q: says %q", c.id, c.typed, said)
		}
	}
}

func TestSignup_usernameIsProposedUntilItIsTyped(t *testing.T) {
	s := newTestSignup(testEnv(t), &fakeSignup{})
	w := show(t, s.Content(), 1100, 740)
	s.contact.first.SetText("Elena")
	s.contact.family.SetText("García")
	if s.contact.username.Text != "elena.garcia" {
		t.Errorf("proposes %q", s.contact.username.Text)
	}
	tabTo(t, w, "signup.username")
	write(t, w, "2")
	s.contact.family.SetText("García Márquez")
	if s.contact.username.Text != "elena.garcia2" {
		t.Errorf("overwrites what was typed with %q", s.contact.username.Text)
	}
}

func TestSignup_usernameForNamesInOtherScripts(t *testing.T) {
	s := newTestSignup(testEnv(t), &fakeSignup{})
	s.contact.first.SetText("丽")
	s.contact.family.SetText("王")
	s.contact.email.SetText("wang.li@example.cn")
	if s.contact.username.Text != "wang.li" {
		t.Errorf("proposes %q", s.contact.username.Text)
	}
}

func TestSignup_organizationFillsCountryAndUnknownType(t *testing.T) {
	s := newTestSignup(testEnv(t), &fakeSignup{})
	o := s.organization
	show(t, s.Content(), 1100, 740)
	pick(o.membership, "unknown")
	test.Type(o.organization.Entry(), "telecomm")
	if len(o.organization.Items()) != 1 {
		t.Fatalf("finds %+v", o.organization.Items())
	}
	o.organization.Entry().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if o.country.PickedID() != "BO" || o.membership.PickedID() != "member-state" {
		t.Errorf("country %q, type %q", o.country.PickedID(), o.membership.PickedID())
	}
	pick(o.country, "CH") // the organization is not there
	if o.organization.PickedID() != "" {
		t.Error("an organization of another country is still chosen")
	}
}

func TestSignup_ownOrganization(t *testing.T) {
	acc := &fakeSignup{}
	s := newTestSignup(testEnv(t), acc)
	o := s.organization
	w := show(t, s.Content(), 1100, 740)
	fillSignup(s)
	o.organization.Clear()
	test.Type(o.organization.Entry(), "Institute of Tides")
	tabTo(t, w, "signup.own")
	press(t, w, fyne.KeyReturn)
	if focusedID(w) != "signup.own.name" || o.name.Text != "Institute of Tides" || findByID(w, "signup.organization") != nil {
		t.Fatalf("focus on %s, name %q", focusedID(w), o.name.Text)
	}
	o.city.SetText("Bergen")
	s.signUp()
	if len(acc.asked) != 1 || acc.asked[0].OrganizationID != "" || acc.asked[0].NewOrganization == nil ||
		*acc.asked[0].NewOrganization != (api.NewOrganization{Name: "Institute of Tides", City: "Bergen"}) {
		t.Errorf("asked for %+v", acc.asked)
	}
	tabTo(t, w, "signup.own.back")
	press(t, w, fyne.KeyReturn)
	if findByID(w, "signup.own.name") != nil || focusedID(w) != "signup.organization.entry" {
		t.Errorf("no way back; focus on %s", focusedID(w))
	}
}

func TestSignup_aTypeWithoutMembersOpensTheOwnEntry(t *testing.T) {
	s := newTestSignup(testEnv(t), &fakeSignup{})
	o := s.organization
	w := show(t, s.Content(), 1100, 740)
	for _, c := range []struct {
		membership string
		own        bool
	}{{"media", true}, {"sector-member", false}, {"non-member", true}, {"unknown", false}} {
		pick(o.membership, c.membership)
		if own := findByID(w, "signup.own.name") != nil; own != c.own {
			t.Errorf("%s: own entry %v", c.membership, own)
		}
	}
}

func TestSignup_directoryThatArrivesLater(t *testing.T) {
	d := &fakeDirectory{list: organizations(), notReady: true}
	s, _ := newWalkedSignup(testEnv(t), &fakeSignup{}, d)
	o := s.organization
	w := show(t, s.Content(), 1100, 740)
	pick(o.membership, "media")
	if findByID(w, "signup.own.name") != nil {
		t.Error("takes a directory that is not there for an empty one")
	}
	pick(o.membership, "unknown")
	test.Type(o.organization.Entry(), "tele")
	if len(o.organization.Items()) != 0 {
		t.Fatal("finds something in nothing")
	}
	d.notReady = false
	d.notify()
	if len(o.organization.Items()) != 5 {
		t.Errorf("finds %d once it is there", len(o.organization.Items()))
	}
	s.Close()
}

func TestSignup_mistakesThatTheServiceFinds(t *testing.T) {
	acc := &fakeSignup{err: &api.Problem{Code: api.CodeInvalid, Reference: "REF1", Errors: []api.FieldError{
		{Pointer: "/email", Code: api.FieldInvalid}, {Pointer: "/organization_id", Code: api.FieldUnknown},
	}}}
	s, to := newWalkedSignup(testEnv(t), acc, &fakeDirectory{list: organizations()})
	w := show(t, s.Content(), 1100, 740)
	fillSignup(s)
	s.signUp()
	organization := func() string { return mistake(w, "signup.organization.field") }
	if s.contact.emailField.Error() == "" || organization() == "" || s.bar.String() == "" || len(to.places) != 0 {
		t.Errorf("%q, %q, %q", s.contact.emailField.Error(), organization(), s.bar.String())
	}
	acc.err = &api.Problem{Code: api.CodePasswordRefused}
	s.contact.email.SetText("elena@example.net")
	s.signUp()
	if s.contact.password.passwordField.Error() == "" {
		t.Error("no mistake at the password")
	}
}

func TestSignup_lostAnswerIsTheSameSignUp(t *testing.T) {
	acc := &fakeSignup{err: context.DeadlineExceeded}
	s := newTestSignup(testEnv(t), acc)
	show(t, s.Content(), 1100, 740)
	fillSignup(s)
	s.signUp()
	s.signUp()
	s.contact.phone.SetText("+34 600 123 456")
	s.signUp()
	if len(acc.asked) != 3 || acc.asked[0].Flow != "" || acc.asked[1].Flow != "flow" || acc.asked[2].Flow != "" {
		t.Errorf("flows %q %q %q", acc.asked[0].Flow, acc.asked[1].Flow, acc.asked[2].Flow)
	}
}

func TestSignup_answerAfterLeaving(t *testing.T) {
	e, acc := testEnv(t), &fakeSignup{}
	steps := &Stepped{}
	e.Run = steps
	s, to := newWalkedSignup(e, acc, &fakeDirectory{list: organizations()})
	show(t, s.Content(), 1100, 740)
	fillSignup(s)
	s.signUp()
	s.signUp()
	steps.Step()
	s.Close()
	steps.All()
	if len(acc.asked) != 1 || len(to.places) != 0 {
		t.Errorf("asked %d times, led to %v", len(acc.asked), to.places)
	}
}

func TestSignup_signsAndRulesFollowTheTyping(t *testing.T) {
	s := newTestSignup(testEnv(t), &fakeSignup{})
	w := show(t, s.Content(), 1100, 740)
	met := func() (n int) {
		for _, r := range s.contact.password.rules.Rules() {
			if r.Met {
				n++
			}
		}
		return n
	}
	if len(s.contact.password.rules.Rules()) != 6 || met() != 0 {
		t.Fatalf("at first %d of %d", met(), len(s.contact.password.rules.Rules()))
	}
	tabTo(t, w, "signup.password")
	for i, c := range []struct {
		typed string
		met   int
	}{{"m", 1}, {"E", 2}, {"8", 3}, {"?", 4}, {"ridian line", 6}} {
		write(t, w, c.typed)
		if met() != c.met {
			t.Errorf("step %d: %d met", i, met())
		}
	}
}
