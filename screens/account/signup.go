package account

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/person"
)

// SignupAccount is what the sign-up screen needs.
type SignupAccount interface {
	// SignUp asks for the account. The flow is valid even with an error.
	SignUp(ctx context.Context, in api.SignUp) (api.Flow, error)
}

// SignupEvents is where the sign-up screen leads.
type SignupEvents struct {
	// SignedUp is given what the activation needs.
	SignedUp func(flow api.Flow, email, password string)
	Login    func()
	// Forgot is given the e-mail address, as far as it was typed.
	Forgot func(identifier string)
}

// Signup is the screen "Create an account": contact data on the left,
// organization data on the right (sources/registration-manual.txt, step 1).
type Signup struct {
	env kit.Env
	acc SignupAccount
	on  SignupEvents

	directory    person.Directory
	contact      *contactForm
	organization *person.OrganizationForm
	consent      *consentForm
	bar          *parts.Bar
	missing      *parts.Text
	calls        *kit.Calls
	last         api.SignUp // as sent last, so that its flow is used again
	waits        string     // the flow of the one that the service has taken
	content      fyne.CanvasObject
}

// NewSignup returns the screen.
func NewSignup(env kit.Env, acc SignupAccount, directory person.Directory, on SignupEvents) *Signup {
	s := &Signup{env: env, acc: acc, on: on, directory: directory}
	s.missing = parts.Muted("").WithID("signup.missing")
	s.bar = parts.NewBar("signup.bar")
	s.calls = kit.NewCalls(context.Background(), env, s.bar, signupBusy{s}, nil)
	s.organization = person.NewOrganizationForm(env, "signup", directory, func() { s.changed() })
	s.contact = newContactForm(env, func() { s.changed() }, s.forgot, s.organization.Called)
	s.consent = newConsentForm(env, func() { s.changed() })
	s.build()
	context.AfterFunc(s.calls.Context(), env.Follow(s.calls.Context(), s.organization.DirectoryChanged, directory.Subscribe))
	s.changed()
	return s
}

func (s *Signup) build() {
	e := s.env
	title := parts.Title(e.T("signup.title"), kit.Links(e.T("signup.have-one"),
		[]parts.ID{"signup.login", "signup.reset"}, []func(){s.on.Login, s.forgot})...)
	organization := parts.Card(parts.Section(e.T("signup.organization-data")), s.organization.Fields, s.consent.content)
	body := parts.Stack(20, title, s.bar, parts.Columns(0.5, s.contact.content, organization), e.Display())
	back := parts.NewButton("signup.back", e.T("signup.back"), parts.Outlined, s.on.Login)
	submit := s.calls.Button("signup.submit", "signup.submit", parts.Primary, s.signUp)
	foot := parts.Foot(s.missing, back, submit)
	s.content = parts.Page(parts.Pad(26, parts.Gap30, parts.Gap22, parts.Gap30, body), foot)
}

// SetNotice says something at the top that comes from outside, such as a link.
func (s *Signup) SetNotice(n parts.Notice) { s.bar.Say(n) }

// Notice is what it says at the top.
func (s *Signup) Notice() string { return s.bar.String() }

// Content returns what is shown.
func (s *Signup) Content() fyne.CanvasObject { return s.content }

// Close ends what the screen waits for; it is to be called when it is left for good.
func (s *Signup) Close() { s.calls.Close() }

// Settled is Page's.
func (s *Signup) Settled() bool { return !s.calls.Working() }

// In is Page's.
func (s *Signup) In(env kit.Env) Page {
	n := NewSignup(env, s.acc, s.directory, s.on)
	n.bar.Repeat(s.bar)
	n.contact.From(s.contact)
	n.organization.From(s.organization)
	n.consent.from(s.consent)
	n.last, n.waits = s.last, s.waits
	n.changed()
	return n
}

// First returns the input that takes the keyboard first.
func (s *Signup) First() fyne.Focusable { return s.contact.Title.Entry() }

// CorrectEmail gives the keyboard to the address: it was wrong, and what is sent next
// takes the place of what the service has.
func (s *Signup) CorrectEmail() { parts.Focus(s.contact.email) }

func (s *Signup) forgot() { s.on.Forgot(strings.TrimSpace(s.contact.email.Text)) }

// shownMissing is how many missing things are named beside the button.
const shownMissing = 3

// changed names what is still missing.
func (s *Signup) changed() {
	if s.consent == nil {
		return // under construction
	}
	missing := slices.Concat(s.contact.missing(), s.organization.Missing(), s.consent.missing())
	text := ""
	switch n := len(missing); {
	case n == 0:
		text = s.env.T("signup.complete")
	case n <= shownMissing+1:
		text = s.env.T("signup.missing", map[string]any{"What": strings.Join(missing, ", ")})
	default:
		text = s.env.Words.N("signup.missing-more", n-shownMissing, map[string]any{"What": strings.Join(missing[:shownMissing], ", ")})
	}
	s.missing.SetText(text)
}

func (s *Signup) signUp() {
	if s.calls.Working() {
		return
	}
	var wrong fyne.Focusable
	for _, check := range []func() fyne.Focusable{s.contact.check, s.organization.Check, s.consent.check} {
		if first := check(); wrong == nil {
			wrong = first
		}
	}
	if wrong != nil {
		parts.Focus(wrong)
		return
	}
	in := s.request()
	s.last = in
	var flow api.Flow
	s.calls.Try("signup.busy", func(ctx context.Context) (err error) {
		flow, err = s.acc.SignUp(ctx, in)
		return err
	}, func() {
		s.last.Flow, s.waits = flow.Token, flow.Token
		s.on.SignedUp(flow, in.Email, in.Password)
	}, func(err error) bool {
		s.last.Flow = flow.Token
		return s.failed(err)
	})
}

// signupBusy says what is waited for in place of what is missing.
type signupBusy struct{ *Signup }

func (b signupBusy) Say(words string) {
	if words == "" {
		b.changed()
		return
	}
	b.missing.SetText(words)
}

// request is what was entered. The same data again is the same sign-up: an
// answer may have been lost. Other data take the place of what the service has.
func (s *Signup) request() api.SignUp {
	var in api.SignUp
	s.contact.fill(&in)
	in.Membership, in.Country = s.organization.Membership.PickedID(), s.organization.Country.PickedID()
	in.OrganizationID, in.NewOrganization = s.organization.Entered()
	s.consent.fill(&in)
	same := in
	same.Flow, same.Replaces = s.last.Flow, s.last.Replaces
	if s.last.Flow != "" && reflect.DeepEqual(same, s.last) {
		return same
	}
	in.Replaces = s.waits
	return in
}

// failed shows each mistake that the service found at its field; that there are some is
// said at the top.
func (s *Signup) failed(err error) bool {
	s.env.AtFields(func(pointer string) *parts.Field {
		if field := s.contact.fieldOf(pointer); field != nil {
			return field
		}
		return s.organization.FieldOf(pointer)
	}, nil)(err)
	if s.env.KindOf(err) == string(api.CodePasswordRefused) {
		s.contact.password.Refused(err)
	}
	return false
}

// Unsaved names the page if something is typed that was not sent.
func (s *Signup) Unsaved() []string {
	in := s.request()
	if s.last.Flow != "" && reflect.DeepEqual(in, s.last) {
		return nil
	}
	if in.FirstName+in.FamilyName+in.Email+in.Phone+in.Password+in.OrganizationID == "" && in.NewOrganization == nil {
		return nil
	}
	return []string{s.env.T("signup.title")}
}

// Left has nothing to end.
func (s *Signup) Left() {}
