package manage

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"github.com/google/uuid"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/forms"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// Guest is the form with which a manager registers somebody, with an account or without:
// an import of one. What is typed is kept as a draft.
type Guest struct {
	env     kit.Env
	service Guests
	meeting api.Meeting
	on      GuestEvents

	content fyne.CanvasObject
	bar     *parts.Bar
	busy    *parts.Busy
	calls   *kit.Calls
	foot    *parts.Text
	person  *kit.Form
	form    *forms.Form
	draft   *kit.FormDraft[app.Guest]
	filling bool
	begun   bool   // something was typed, which is kept
	id      string // of the import, for as often as it is tried
}

// GuestEvents are what the page asks of the window.
type GuestEvents struct {
	Back func()
	// Done leads to where one came from, and says there what was done.
	Done func(parts.Notice)
}

// NewGuest returns the form for a meeting, filled in from the draft. Close it when it is left.
func NewGuest(env kit.Env, service Guests, meeting api.Meeting, on GuestEvents) *Guest {
	meeting.Form, meeting.Visa = rules.WithoutFiles(meeting.Form), false // which the person alone gives
	g := &Guest{env: env, service: service, meeting: meeting, on: on}
	g.bar, g.busy = parts.NewBar("guest.bar"), parts.NewBusy("guest.busy")
	g.calls = kit.NewCalls(context.Background(), env, g.bar, g.busy, nil)
	g.form = forms.NewFor(env, &g.meeting, env.T("delegation.register.taking-part"), g.changed)
	g.build()
	g.draft = kit.NewFormDraft(env, g.bar, g.foot, g.entered, service.SaveGuestDraft, service.Flush)
	in, drafted := service.GuestDraft(meeting.Code)
	if !drafted {
		in.Register, in.Language = g.form.Known(&api.Account{}), env.Words.Lang()
	}
	g.fill(in)
	g.draft.Begin(drafted)
	g.begun = drafted
	return g
}

// fill shows what was typed.
func (g *Guest) fill(in app.Guest) {
	g.filling = true
	g.person.Fill(map[string]string{
		"first_name": in.FirstName, "family_name": in.FamilyName, "email": in.Email, "language": in.Language,
		"organization": in.Organization, "country": in.Country, "membership": in.Membership,
	})
	g.form.BadgeOf(in.FirstName, in.FamilyName)
	g.form.Fill(in.Register)
	g.id = in.Import
	g.filling = false
}

// entered is all that stands in the form.
func (g *Guest) entered() app.Guest {
	return app.Guest{ImportedPerson: g.typed(g.form.Entered()), Import: g.id}
}

// typed is the person as they stand in the form, with their registration.
func (g *Guest) typed(in api.Register) api.ImportedPerson {
	text := g.person.Text
	return api.ImportedPerson{
		RegisterFor:  api.RegisterFor{Register: in, FirstName: text("first_name"), FamilyName: text("family_name"), Email: text("email"), Language: text("language")},
		Organization: text("organization"), Country: text("country"), Membership: text("membership"),
	}
}

func (g *Guest) build() {
	t, env := g.env.T, g.env
	refused := func(e api.FieldError) string {
		if key := "import.wrong.at." + strings.TrimPrefix(e.Pointer, "/") + "." + e.Code; env.Words.Has(key) {
			return t(key)
		}
		return t("field." + e.Code)
	}
	input := func(name string) kit.Input {
		return kit.Input{Name: name, Label: t("import.column." + name), Refused: refused}
	}
	first, family, email, language := input("first_name"), input("family_name"), input("email"), input("language")
	organization, country, membership := input("organization"), input("country"), input("membership")
	family.Required, family.Wrong = true, func(text string) string {
		if strings.TrimSpace(text+g.person.Text("first_name")) == "" {
			return t("import.wrong.at.family_name.required")
		}
		return ""
	}
	email.Hint, email.Wrong = t("guest.email.hint"), func(text string) string {
		if _, err := rules.ReadEmail(text); text != "" && err != nil {
			return t("import.wrong.at.email.invalid")
		}
		return ""
	}
	organization.Hint, country.Hint = t("guest.organization.hint"), t("guest.country.hint")
	language.Choose = languages()
	country.Pick, country.Placeholder, country.NoMatch = kit.Countries(env), t("guest.country.choose"), t("registrations.filter.nothing")
	membership.Pick, membership.Placeholder, membership.NoMatch = parts.NewChoices(membershipItems(env)), t("guest.membership.choose"), t("registrations.filter.nothing")
	g.person = kit.NewForm(env, "guest", first, family, email, language, organization, country, membership)
	g.person.Changed = func() {
		g.form.BadgeOf(g.person.Text("first_name"), g.person.Text("family_name"))
		g.changed()
	}
	half := func(name string) parts.Cell { return parts.Cell{Object: g.person.Field(name), Min: 220, Weight: 1} }
	person := parts.Card(parts.Section(t("delegation.register.person")), parts.Row(parts.Gap16, half("first_name"), half("family_name")),
		g.person.Field("email"), g.person.Field("organization"), parts.Row(parts.Gap16, half("country"), half("membership")), g.person.Field("language"))
	top := parts.Stack(parts.Gap4, parts.Link("guest.back", t("shell.back", map[string]any{"To": t("registrations.title")}), g.on.Back),
		parts.Heading(g.meeting.Title.In(env.Words.Lang()), t("guest.line"), parts.NewBusy("guest.heading")))
	g.foot = parts.Small("").WithID("guest.foot")
	submit := g.calls.Button("guest.submit", "delegation.register.submit", parts.Primary, g.submit)
	discard := g.calls.Button("guest.discard", "delegation.register.discard", parts.Outlined, g.discard)
	foot := parts.Stack(0, parts.Divider(), parts.Pad(parts.Gap8, parts.Gap30, parts.Gap8, parts.Gap30, parts.MiddleRow(parts.Gap12,
		parts.Cell{Object: parts.Layers(g.busy, g.foot), Min: 200, Weight: 1}, parts.Cell{Object: discard}, parts.Cell{Object: submit})))
	g.content = parts.Page(parts.Margins(parts.Column(kit.FormWidth, parts.Stack(parts.Gap16, top, g.bar, person, g.form.Content()))), foot)
}

// changed follows what is typed: it is another import.
func (g *Guest) changed() {
	if g.filling {
		return
	}
	g.begun, g.id = true, ""
	g.draft.Keep()
}

// submit registers the person, or says what is missing.
func (g *Guest) submit() {
	if g.draft.Stopped() {
		return
	}
	good := g.person.Check()
	if missing := g.form.Judge(); len(missing) > 0 || !good {
		g.foot.SetSpans(parts.Span{Text: g.env.T("guest.missing"), Color: parts.ColorDanger})
		return
	}
	g.foot.SetText("")
	if g.id == "" {
		g.id = uuid.NewString()
	}
	typed, asked := g.entered(), g.typed(g.form.Asked())
	asked.Email, _ = rules.ReadEmail(asked.Email)
	var out api.Imported
	g.draft.End(g.calls, "guest.registering", func(ctx context.Context) (err error) {
		if out, err = g.service.RegisterGuest(ctx, typed, asked); err == nil && len(out.Rows) > 0 && !out.Done {
			err = &api.Problem{Code: out.Rows[0].Code, Errors: out.Rows[0].Errors} // said by the window if the form is gone
		}
		return err
	}, func() { g.on.Done(g.done(out.Rows)) }, func(error) bool {
		if len(out.Rows) == 0 {
			return false
		}
		g.refused(out.Rows[0])
		return true
	})
}

// done says who is registered, and in which state that is.
func (g *Guest) done(rows []api.ImportedRow) parts.Notice {
	var words []parts.Span
	if len(rows) == 0 { // by what was tried before, of which no answer came
		words = append(words, parts.Span{Text: g.env.T("guest.done.before")})
	}
	for _, row := range rows {
		state, _ := registrationStates.Tag(g.env, "registrations.state.", row.State)
		words = append(words, parts.Span{Text: g.env.T("guest.done", map[string]any{"Person": row.Person, "State": state})})
	}
	return parts.Notice{Tone: parts.Success, Words: words}
}

// refused says why the person is not registered, at the fields if it is about some.
func (g *Guest) refused(row api.ImportedRow) {
	words := g.env.T("guest.missing")
	if len(row.Errors) == 0 || row.Code != api.CodeInvalid {
		words = refusedRow(g.env, row.Code)
	}
	g.bar.Say(parts.Notice{Tone: parts.Bad, Words: []parts.Span{{Text: words}}})
	parts.IntoView(g.bar)
	g.form.Show(row.Errors)
	g.person.Refused(&api.Problem{Code: api.CodeInvalid, Errors: row.Errors})
}

// discard leaves the form, after a question where something was typed.
func (g *Guest) discard() {
	if g.draft.Stopped() {
		return
	}
	if !g.begun {
		g.on.Back()
		return
	}
	leave := func() {
		g.draft.End(g.calls, "delegation.keeping", func(ctx context.Context) error {
			return g.service.DropGuestDraft(ctx, g.meeting.Code)
		}, g.on.Back)
	}
	t := g.env.T
	parts.Ask(parts.CanvasOf(g.foot), t("delegation.register.discard.title"),
		t("delegation.register.discard.text", map[string]any{"Meeting": g.meeting.Title.In(g.env.Words.Lang())}),
		parts.Answer{ID: "guest.discard.yes", Text: t("delegation.register.discard"), Kind: parts.Danger, Do: leave},
		parts.Answer{ID: "guest.discard.no", Text: t("delegation.register.discard.no"), Kind: parts.Outlined})
}

// Content is what is to be shown.
func (g *Guest) Content() fyne.CanvasObject { return g.content }

// Close keeps the draft and ends what the page waits for.
func (g *Guest) Close() { g.CloseThen(func() {}) }

// CloseThen closes the page and goes on once its draft is on the disk.
func (g *Guest) CloseThen(then func()) {
	defer g.calls.Close()
	g.draft.CloseThen(then)
}

// KeepThen keeps what was typed, and goes on once that is saved.
func (g *Guest) KeepThen(then func()) { g.draft.KeepThen(then) }

// First is what takes the keyboard.
func (g *Guest) First() fyne.Focusable { return g.person.First() }

// Back leads to where one came from; what was typed stays.
func (g *Guest) Back() bool { g.on.Back(); return true }
