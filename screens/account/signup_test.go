package account

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/person"
	"plenary/screens/screentest"
)

// fakeSignup keeps what it was asked for.
type fakeSignup struct {
	asked []api.SignUp
	err   error
}

func (f *fakeSignup) SignUp(_ context.Context, in api.SignUp) (api.Flow, error) {
	f.asked = append(f.asked, in)
	return api.Flow{Token: "flow"}, f.err
}

func newTestSignup(e kit.Env, acc *fakeSignup) *Signup {
	s, _ := newWalkedSignup(e, acc, &screentest.Directory{List: screentest.Organizations()})
	return s
}

func newWalkedSignup(e kit.Env, acc *fakeSignup, d person.Directory) (*Signup, *screentest.WentTo) {
	w := &screentest.WentTo{}
	return NewSignup(e, acc, d, SignupEvents{
		SignedUp: func(flow api.Flow, email, password string) {
			w.With("signed up")(flow.Token + " " + email + " " + password)
		},
		Login: w.To("log in"), Forgot: w.With("forgot"),
	}), w
}

func TestSignup_pictures(t *testing.T) {
	var s *Signup
	screentest.Capture(t, "signup", func(e kit.Env) fyne.CanvasObject {
		s = newTestSignup(e, &fakeSignup{})
		return s.Content()
	}, func(w fyne.Window) {
		s.contact.Title.SetID("ms")
		s.contact.First.SetText("Elena")
		s.contact.Family.SetText("García")
		s.contact.email.SetText("elena.garcia@example.org")
		s.contact.Phone.SetText("+34 600 123 456")
		s.contact.password.Password.SetText("Meridian8line")
		screentest.Pick(s.organization.Membership, "sector-member")
		s.organization.Country.SetID("ES")
		s.organization.Country.Clear()
		screentest.Pick(s.organization.Membership, "unknown")
		s.consent.terms.SetChecked(true)
		w.Canvas().Focus(s.organization.Organization.Entry())
		test.Type(s.organization.Organization.Entry(), "tele")
	})
}

func TestSignup_listPictures(t *testing.T) {
	for name, typed := range map[string]struct {
		picker func(*Signup) *parts.Picker
		text   string
	}{
		"title":    {func(s *Signup) *parts.Picker { return s.contact.Title }, ""},
		"country":  {func(s *Signup) *parts.Picker { return s.organization.Country }, "uk"},
		"nowhere":  {func(s *Signup) *parts.Picker { return s.organization.Organization }, "telecable"},
		"language": {func(s *Signup) *parts.Picker { return s.contact.Language }, ""},
	} {
		var s *Signup
		screentest.Capture(t, "signup-list-"+name, func(e kit.Env) fyne.CanvasObject {
			s = newTestSignup(e, &fakeSignup{})
			return s.Content()
		}, func(w fyne.Window) {
			if name == "nowhere" {
				screentest.Pick(s.organization.Country, "GH")
			}
			p := typed.picker(s)
			w.Canvas().Focus(p.Entry())
			if typed.text == "" {
				p.Open()
			}
			screentest.Write(t, w, typed.text)
		})
	}
}

func TestSignup_mistakePictures(t *testing.T) {
	var s *Signup
	screentest.Capture(t, "signup-mistakes", func(e kit.Env) fyne.CanvasObject {
		s = newTestSignup(e, &fakeSignup{})
		return s.Content()
	}, func(fyne.Window) {
		s.contact.email.SetText("elena.garcia@")
		s.signUp()
	})
}

func TestSignup_meantPictures(t *testing.T) {
	var s *Signup
	screentest.Capture(t, "signup-meant", func(e kit.Env) fyne.CanvasObject {
		s = newTestSignup(e, &fakeSignup{})
		return s.Content()
	}, func(fyne.Window) {
		s.contact.email.SetText("elena.garcia@gmial.com")
		s.contact.emailField.Check()
	})
}

func TestSignup_byKeyboardAlone(t *testing.T) {
	e, acc := screentest.NewEnv(t), &fakeSignup{}
	s, to := newWalkedSignup(e, acc, &screentest.Directory{List: screentest.Organizations()})
	w := screentest.Show(t, s.Content(), 1100, 740)
	enter := func(id, text string, keys ...fyne.KeyName) {
		t.Helper()
		screentest.TabTo(t, w, id)
		screentest.Write(t, w, text)
		screentest.Press(t, w, keys...)
	}
	w.Canvas().Focus(s.First())
	screentest.Write(t, w, "Ms")
	screentest.Press(t, w, fyne.KeyReturn)
	enter("signup.first", "Elena")
	enter("signup.family", "García")
	enter("signup.email", "elena.garcia@example.org")
	enter("signup.phone", "+34 600 123 456")
	enter("signup.language.entry", "fra", fyne.KeyReturn)
	enter("signup.password", "Kelp-84-orbit?tin")
	enter("signup.confirm", "Kelp-84-orbit?tin")
	enter("signup.membership.entry", "sector", fyne.KeyReturn)
	enter("signup.organization.entry", "tele", fyne.KeyReturn)
	screentest.TabTo(t, w, "signup.terms")
	screentest.Press(t, w, fyne.KeySpace)
	screentest.TabTo(t, w, "signup.privacy")
	screentest.Press(t, w, fyne.KeySpace)
	if got := s.missing.String(); got != "Everything is there." {
		t.Errorf("at the end: %q", got)
	}
	screentest.TabTo(t, w, "signup.submit")
	screentest.Press(t, w, fyne.KeyReturn)
	want := api.SignUp{
		Title: "Ms", FirstName: "Elena", FamilyName: "García", Email: "elena.garcia@example.org", Phone: "+34 600 123 456",
		Language: "fr", Username: "elena.garcia", Password: "Kelp-84-orbit?tin", Membership: "sector-member", Country: "ES",
		OrganizationID: "1", AcceptTerms: true, ReadPrivacy: true,
	}
	if len(acc.asked) != 1 || acc.asked[0] != want {
		t.Errorf("asked for %+v", acc.asked)
	}
	if to.Last() != "signed up flow elena.garcia@example.org Kelp-84-orbit?tin" {
		t.Errorf("led to %q", to.Last())
	}
}

// fillSignup enters everything that is needed.
func fillSignup(s *Signup) {
	s.contact.First.SetText("Elena")
	s.contact.email.SetText("elena@example.org")
	s.contact.username.SetText("elena.g")
	s.contact.password.Password.SetText("Kelp-84-orbit?tin")
	s.contact.password.Confirm.SetText("Kelp-84-orbit?tin")
	s.organization.Membership.SetID("sector-member")
	screentest.Pick(s.organization.Organization, "1")
	s.consent.terms.SetChecked(true)
	s.consent.privacy.SetChecked(true)
}

func TestSignup_membershipTypesOfTheManual(t *testing.T) {
	s := newTestSignup(screentest.NewEnv(t), &fakeSignup{})
	screentest.Show(t, s.Content(), 1100, 740)
	s.organization.Membership.Open()
	want := []string{
		"Please choose", "I don't know", "Non-Member", "Member State", "Sector Member", "Associate",
		"Academia, University, Research Establishment", "International/Regional Organizations", "Resolution 99",
		"United Nations, Specialized agency, IAEA", "Media",
	}
	items := s.organization.Membership.Items()
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
	s := newTestSignup(screentest.NewEnv(t), acc)
	w := screentest.Show(t, s.Content(), 1100, 740)
	if !strings.Contains(s.missing.String(), "Still missing: your name, e-mail address, username and ") {
		t.Errorf("at first: %q", s.missing.String())
	}
	s.signUp()
	if len(acc.asked) != 0 || screentest.FocusedID(w) != "signup.first" {
		t.Errorf("asked %d times, focus on %s", len(acc.asked), screentest.FocusedID(w))
	}
	for _, f := range []interface{ Error() string }{
		s.contact.NameField, s.contact.emailField, s.contact.usernameField, s.contact.password.PasswordField,
		s.contact.password.ConfirmField,
	} {
		if f.Error() == "" {
			t.Errorf("no mistake at a field that is empty")
		}
	}
	for _, id := range []string{"signup.membership.field", "signup.country.field", "signup.organization.field"} {
		if screentest.Mistake(w, id) == "" {
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
		s := newTestSignup(screentest.NewEnv(t), &fakeSignup{})
		w := screentest.Show(t, s.Content(), 1100, 740)
		screentest.TabTo(t, w, c.id)
		screentest.Write(t, w, c.typed)
		w.Canvas().FocusNext()
		said := ""
		for _, f := range []interface{ Error() string }{
			s.contact.emailField, s.contact.usernameField, s.contact.PhoneField, s.contact.password.PasswordField, s.contact.password.ConfirmField,
		} {
			said += f.Error()
		}
		if !strings.Contains(said, c.says) {
			t.Errorf("%s %q: says %q", c.id, c.typed, said)
		}
	}
}

func TestSignup_usernameIsProposedUntilItIsTyped(t *testing.T) {
	s := newTestSignup(screentest.NewEnv(t), &fakeSignup{})
	w := screentest.Show(t, s.Content(), 1100, 740)
	s.contact.First.SetText("Elena")
	s.contact.Family.SetText("García")
	if s.contact.username.Text != "elena.garcia" {
		t.Errorf("proposes %q", s.contact.username.Text)
	}
	screentest.TabTo(t, w, "signup.username")
	screentest.Write(t, w, "2")
	s.contact.Family.SetText("García Márquez")
	if s.contact.username.Text != "elena.garcia2" {
		t.Errorf("overwrites what was typed with %q", s.contact.username.Text)
	}
}

func TestSignup_usernameForNamesInOtherScripts(t *testing.T) {
	s := newTestSignup(screentest.NewEnv(t), &fakeSignup{})
	s.contact.First.SetText("丽")
	s.contact.Family.SetText("王")
	s.contact.email.SetText("wang.li@example.cn")
	if s.contact.username.Text != "wang.li" {
		t.Errorf("proposes %q", s.contact.username.Text)
	}
}

func TestSignup_organizationFillsCountryAndUnknownType(t *testing.T) {
	s := newTestSignup(screentest.NewEnv(t), &fakeSignup{})
	o := s.organization
	screentest.Show(t, s.Content(), 1100, 740)
	screentest.Pick(o.Membership, "unknown")
	test.Type(o.Organization.Entry(), "telecomm")
	if len(o.Organization.Items()) != 1 {
		t.Fatalf("finds %+v", o.Organization.Items())
	}
	o.Organization.Entry().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if o.Country.PickedID() != "BO" || o.Membership.PickedID() != "member-state" {
		t.Errorf("country %q, type %q", o.Country.PickedID(), o.Membership.PickedID())
	}
	screentest.Pick(o.Country, "CH") // the organization is not there
	if o.Organization.PickedID() != "" {
		t.Error("an organization of another country is still chosen")
	}
}

func TestSignup_ownOrganization(t *testing.T) {
	acc := &fakeSignup{}
	s := newTestSignup(screentest.NewEnv(t), acc)
	o := s.organization
	w := screentest.Show(t, s.Content(), 1100, 740)
	fillSignup(s)
	o.Organization.Clear()
	test.Type(o.Organization.Entry(), "Institute of Tides")
	screentest.TabTo(t, w, "signup.own")
	screentest.Press(t, w, fyne.KeyReturn)
	if screentest.FocusedID(w) != "signup.own.name" || o.Name.Text != "Institute of Tides" || screentest.Find(w, "signup.organization") != nil {
		t.Fatalf("focus on %s, name %q", screentest.FocusedID(w), o.Name.Text)
	}
	o.City.SetText("Bergen")
	s.signUp()
	if len(acc.asked) != 1 || acc.asked[0].OrganizationID != "" || acc.asked[0].NewOrganization == nil ||
		*acc.asked[0].NewOrganization != (api.NewOrganization{Name: "Institute of Tides", City: "Bergen"}) {
		t.Errorf("asked for %+v", acc.asked)
	}
	screentest.TabTo(t, w, "signup.own.back")
	screentest.Press(t, w, fyne.KeyReturn)
	if screentest.Find(w, "signup.own.name") != nil || screentest.FocusedID(w) != "signup.organization.entry" {
		t.Errorf("no way back; focus on %s", screentest.FocusedID(w))
	}
}

func TestSignup_inputThatIsGoneIsNotJudged(t *testing.T) {
	s := newTestSignup(screentest.NewEnv(t), &fakeSignup{})
	w := screentest.Show(t, s.Content(), 1100, 740)
	screentest.Tap(t, w, "signup.own")
	s.organization.Name.SetText("Institute of Tides")
	name := s.organization.FieldOf("/new_organization/name")
	screentest.Tap(t, w, "signup.own.back")
	name.Check() // as a while after the click on the link has taken the keyboard from it
	screentest.Tap(t, w, "signup.own")
	if name.Error() != "" {
		t.Errorf("the name is wrong: %s", name.Error())
	}
}

func TestSignup_ruleComesBeforeItsException(t *testing.T) {
	s := newTestSignup(screentest.NewEnv(t), &fakeSignup{})
	w := screentest.Show(t, s.Content(), 1100, 740)
	order := screentest.Order(w)
	at := slices.Index(order, "signup.country.entry")
	if got := order[at : at+3]; !slices.Equal(got, []string{"signup.country.entry", "signup.organization.entry", "signup.own"}) {
		t.Errorf("Tab goes to %v", got)
	}
}

// lists is what the open list of a picker says, row by row.
func lists(w fyne.Window, picker string) (rows []string) {
	screentest.Settle(w)
	for i := 0; ; i++ {
		row := screentest.Find(w, picker+".row"+strconv.Itoa(i))
		if row == nil {
			return rows
		}
		said := ""
		for _, o := range test.WidgetRenderer(row.(fyne.Widget)).Objects() {
			if text, ok := o.(*parts.Text); ok && text.Visible() {
				said += "|" + text.String()
			}
		}
		rows = append(rows, said[1:])
	}
}

func TestSignup_whatCanBeDoneWhereNoOrganizationFits(t *testing.T) {
	none, own := "No organization fits. Try another word, or another type or country.", "Enter its information"
	for _, c := range []struct {
		membership, country, typed string
		says                       []string
		after                      string // what Down and Enter lead to
	}{
		{"unknown", "CH", "telecable", []string{none, "Search in all countries", own}, "TeleCable|Spain · Sector Member"},
		{"member-state", "ES", "telecable", []string{none, "Search in all membership types", own}, "TeleCable|Sector Member"},
		{"member-state", "CH", "telecable", []string{none, "Search in all countries and types", own}, "TeleCable|Spain · Sector Member"},
		{"unknown", "CH", "xyz", []string{none, own}, ""},
		{"unknown", "", "xyz", []string{none, own}, ""},
	} {
		s := newTestSignup(screentest.NewEnv(t), &fakeSignup{})
		w := screentest.Show(t, s.Content(), 1100, 740)
		screentest.Pick(s.organization.Membership, c.membership)
		if c.country != "" {
			screentest.Pick(s.organization.Country, c.country)
		}
		screentest.TabTo(t, w, "signup.organization.entry")
		screentest.Write(t, w, c.typed)
		if got := lists(w, "signup.organization"); !slices.Equal(got, c.says) {
			t.Errorf("%+v: says %q", c, got)
		}
		screentest.Press(t, w, fyne.KeyDown, fyne.KeyReturn)
		if c.after == "" {
			if screentest.FocusedID(w) != "signup.own.name" || s.organization.Name.Text != c.typed {
				t.Errorf("%+v: leads to %s, name %q", c, screentest.FocusedID(w), s.organization.Name.Text)
			}
			continue
		}
		if got := lists(w, "signup.organization"); !slices.Equal(got, []string{c.after}) || screentest.FocusedID(w) != "signup.organization.entry" {
			t.Errorf("%+v: then says %q, the keyboard is with %s", c, got, screentest.FocusedID(w))
		}
		screentest.Press(t, w, fyne.KeyReturn)
		if s.organization.Organization.PickedID() != "2" || s.organization.Country.PickedID() != "ES" {
			t.Errorf("%+v: picks %q of %q", c, s.organization.Organization.PickedID(), s.organization.Country.PickedID())
		}
	}
}

func TestSignup_organizationsOfOneNameCanBeToldApart(t *testing.T) {
	d := &screentest.Directory{}
	name := "Regent University College of Science and Technology"
	for i, domain := range []string{"regent.edu.gh", "regentghana.net"} {
		d.List = append(d.List, api.Organization{ID: strconv.Itoa(i), Name: name, Country: "GH", Membership: "academia", Domain: domain})
	}
	s, _ := newWalkedSignup(screentest.NewEnv(t), &fakeSignup{}, d)
	w := screentest.Show(t, s.Content(), 1100, 740)
	academia := " · Academia, University, Research Establishment"
	for _, c := range []struct{ membership, country, before, after string }{
		{"unknown", "", "Ghana · ", academia},
		{"unknown", "GH", "", academia},
		{"academia", "", "Ghana · ", ""},
		{"academia", "GH", "", ""},
	} {
		screentest.Pick(s.organization.Membership, c.membership)
		s.organization.Country.Clear()
		if c.country != "" {
			screentest.Pick(s.organization.Country, c.country)
		}
		w.Canvas().Focus(s.organization.Organization.Entry())
		s.organization.Organization.Entry().SetText("")
		screentest.Write(t, w, "regent")
		want := []string{name + "|" + c.before + "regent.edu.gh" + c.after, name + "|" + c.before + "regentghana.net" + c.after}
		if got := lists(w, "signup.organization"); !slices.Equal(got, want) {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestSignup_aTypeWithoutMembersOpensTheOwnEntry(t *testing.T) {
	s := newTestSignup(screentest.NewEnv(t), &fakeSignup{})
	o := s.organization
	w := screentest.Show(t, s.Content(), 1100, 740)
	for _, c := range []struct {
		membership string
		own        bool
	}{{"media", true}, {"sector-member", false}, {"non-member", true}, {"unknown", false}} {
		screentest.Pick(o.Membership, c.membership)
		if own := screentest.Find(w, "signup.own.name") != nil; own != c.own {
			t.Errorf("%s: own entry %v", c.membership, own)
		}
	}
}

func TestSignup_directoryThatArrivesLater(t *testing.T) {
	d := &screentest.Directory{List: screentest.Organizations(), NotReady: true}
	s, _ := newWalkedSignup(screentest.NewEnv(t), &fakeSignup{}, d)
	o := s.organization
	w := screentest.Show(t, s.Content(), 1100, 740)
	screentest.Pick(o.Membership, "media")
	if screentest.Find(w, "signup.own.name") != nil {
		t.Error("takes a directory that is not there for an empty one")
	}
	screentest.Pick(o.Membership, "unknown")
	test.Type(o.Organization.Entry(), "tele")
	if len(o.Organization.Items()) != 0 {
		t.Fatal("finds something in nothing")
	}
	d.NotReady = false
	d.Tell()
	if len(o.Organization.Items()) != 5 {
		t.Errorf("finds %d once it is there", len(o.Organization.Items()))
	}
	s.Close()
}

func TestSignup_mistakesThatTheServiceFinds(t *testing.T) {
	acc := &fakeSignup{err: &api.Problem{Code: api.CodeInvalid, Reference: "REF1", Errors: []api.FieldError{
		{Pointer: "/email", Code: api.FieldInvalid}, {Pointer: "/organization_id", Code: api.FieldUnknown},
	}}}
	s, to := newWalkedSignup(screentest.NewEnv(t), acc, &screentest.Directory{List: screentest.Organizations()})
	w := screentest.Show(t, s.Content(), 1100, 740)
	fillSignup(s)
	s.signUp()
	organization := func() string { return screentest.Mistake(w, "signup.organization.field") }
	if s.contact.emailField.Error() == "" || organization() == "" || s.bar.String() == "" || len(to.Places) != 0 {
		t.Errorf("%q, %q, %q", s.contact.emailField.Error(), organization(), s.bar.String())
	}
	acc.err = &api.Problem{Code: api.CodePasswordRefused}
	s.contact.email.SetText("elena@example.net")
	s.signUp()
	if s.contact.password.PasswordField.Error() == "" {
		t.Error("no mistake at the password")
	}
}

func TestSignup_lostAnswerIsTheSameSignUp(t *testing.T) {
	acc := &fakeSignup{err: context.DeadlineExceeded}
	s := newTestSignup(screentest.NewEnv(t), acc)
	screentest.Show(t, s.Content(), 1100, 740)
	fillSignup(s)
	s.signUp()
	s.signUp()
	s.contact.Phone.SetText("+34 600 123 456")
	s.signUp()
	if len(acc.asked) != 3 || acc.asked[0].Flow != "" || acc.asked[1].Flow != "flow" || acc.asked[2].Flow != "" {
		t.Errorf("flows %q %q %q", acc.asked[0].Flow, acc.asked[1].Flow, acc.asked[2].Flow)
	}
}

func TestSignup_answerAfterLeaving(t *testing.T) {
	e, acc := screentest.NewEnv(t), &fakeSignup{}
	steps := &screentest.Stepped{}
	e.Run = steps
	s, to := newWalkedSignup(e, acc, &screentest.Directory{List: screentest.Organizations()})
	screentest.Show(t, s.Content(), 1100, 740)
	fillSignup(s)
	s.signUp()
	s.signUp()
	steps.Step()
	s.Close()
	steps.All()
	if len(acc.asked) != 1 || len(to.Places) != 0 {
		t.Errorf("asked %d times, led to %v", len(acc.asked), to.Places)
	}
}

func TestSignup_signsAndRulesFollowTheTyping(t *testing.T) {
	s := newTestSignup(screentest.NewEnv(t), &fakeSignup{})
	w := screentest.Show(t, s.Content(), 1100, 740)
	met := func() (n int) {
		for _, r := range s.contact.password.Rules.Rules() {
			if r.Met {
				n++
			}
		}
		return n
	}
	if len(s.contact.password.Rules.Rules()) != 6 || met() != 0 {
		t.Fatalf("at first %d of %d", met(), len(s.contact.password.Rules.Rules()))
	}
	screentest.TabTo(t, w, "signup.password")
	for i, c := range []struct {
		typed string
		met   int
	}{{"m", 1}, {"E", 2}, {"8", 3}, {"?", 4}, {"ridian line", 6}} {
		screentest.Write(t, w, c.typed)
		if met() != c.met {
			t.Errorf("step %d: %d met", i, met())
		}
	}
}

func TestSignup_saysThatThePasswordEndsWithASpace(t *testing.T) {
	s := newTestSignup(screentest.NewEnv(t), &fakeSignup{})
	w := screentest.Show(t, s.Content(), 1100, 740)
	for text, note := range map[string]string{
		"Correct-Horse7\n": "", "Correct-Horse7 \n": "The password ends with a space.",
		" Correct-Horse7": "The password begins with a space.", " Correct-Horse7 ": "The password begins and ends with a space.",
	} {
		s.contact.password.Password.SetText("")
		w.Canvas().Focus(s.contact.password.Password)
		screentest.Paste(s.contact.password.Password, text)
		if got := s.contact.password.PasswordField.Note(); got != note {
			t.Errorf("of %q it says %q", text, got)
		}
	}
}

// What is sent after "Wrong address?" takes the place of what the service has; the same
// again is the same sign-up.
func TestSignup_correctedAddressTakesThePlace(t *testing.T) {
	acc := &fakeSignup{}
	s, to := newWalkedSignup(screentest.NewEnv(t), acc, &screentest.Directory{List: screentest.Organizations()})
	w := screentest.Show(t, s.Content(), 1100, 740)
	fillSignup(s)
	s.contact.email.SetText("elena@exmaple.org")
	s.signUp()
	s.CorrectEmail()
	if screentest.FocusedID(w) != "signup.email" || s.contact.email.Text != "elena@exmaple.org" || s.contact.password.Confirm.Text == "" {
		t.Errorf("focus on %s, the address is %q", screentest.FocusedID(w), s.contact.email.Text)
	}
	s.signUp()
	s.contact.email.SetText("elena@example.org")
	s.signUp()
	s.signUp()
	want := []api.SignUp{
		{Email: "elena@exmaple.org"},
		{Email: "elena@exmaple.org", Flow: "flow"},
		{Email: "elena@example.org", Replaces: "flow"},
		{Email: "elena@example.org", Replaces: "flow", Flow: "flow"},
	}
	for i, in := range acc.asked {
		if got := (api.SignUp{Email: in.Email, Flow: in.Flow, Replaces: in.Replaces}); got != want[i] {
			t.Errorf("%d: asked %+v, want %+v", i, got, want[i])
		}
	}
	if len(acc.asked) != len(want) || to.Last() != "signed up flow elena@example.org Kelp-84-orbit?tin" {
		t.Errorf("asked %d times, led to %q", len(acc.asked), to.Last())
	}
}

// A sign-up that the service did not take is no reason to end the one before.
func TestSignup_onlyWhatTheServiceHasIsReplaced(t *testing.T) {
	acc := &fakeSignup{err: &api.Problem{Code: api.CodeInvalid}}
	s := newTestSignup(screentest.NewEnv(t), acc)
	screentest.Show(t, s.Content(), 1100, 740)
	fillSignup(s)
	s.signUp()
	s.contact.email.SetText("elena@example.net")
	s.signUp()
	if len(acc.asked) != 2 || acc.asked[1].Replaces != "" {
		t.Errorf("asked %+v", acc.asked)
	}
}

func TestSignup_asksWhetherAnotherProviderWasMeant(t *testing.T) {
	s := newTestSignup(screentest.NewEnv(t), &fakeSignup{})
	w := screentest.Show(t, s.Content(), 1100, 740)
	asks := func() string {
		if text := s.contact.meant.Text; text.Visible() {
			return text.String()
		}
		return ""
	}
	w.Canvas().Focus(s.contact.email)
	screentest.Write(t, w, "elena@gmail.co")
	if asks() != "" {
		t.Errorf("asks %q while it is typed", asks())
	}
	screentest.TabTo(t, w, "signup.username")
	if asks() != "Did you mean elena@gmail.com?" || s.contact.email.Text != "elena@gmail.co" || s.contact.emailField.Error() != "" {
		t.Fatalf("asks %q; there stands %q", asks(), s.contact.email.Text)
	}
	fillSignup(s)
	s.contact.email.SetText("elena@gmail.co")
	if !strings.Contains(s.missing.String(), "Everything") {
		t.Errorf("it blocks: %q", s.missing.String())
	}
	screentest.TabTo(t, w, "signup.meant")
	screentest.Press(t, w, fyne.KeyReturn)
	if s.contact.email.Text != "elena@gmail.com" || asks() != "" || screentest.FocusedID(w) != "signup.email" {
		t.Errorf("there stands %q, it asks %q, focus on %s", s.contact.email.Text, asks(), screentest.FocusedID(w))
	}
	s.contact.email.SetText("elena@hotmial.com")
	s.signUp()
	if asks() != "Did you mean elena@hotmail.com?" {
		t.Errorf("asks %q", asks())
	}
	s.contact.email.SetText("elena@hotmail.org")
	if asks() != "" {
		t.Errorf("still asks %q", asks())
	}
}
