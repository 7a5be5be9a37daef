package manage

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"github.com/google/uuid"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/forms"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// Guest is the form with which a manager registers somebody, with an account or without:
// an import of one.
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
	begun   bool   // something was typed
	id      string // of the import, for as often as it is tried
}

// GuestEvents are what the page asks of the window.
type GuestEvents struct {
	Back func()
	// Done leads to where one came from, and says there what was done.
	Done func(parts.Notice)
}

// NewGuest returns the form for a meeting. Close it when it is left.
func NewGuest(env kit.Env, service Guests, meeting api.Meeting, on GuestEvents) *Guest {
	meeting.Form, meeting.Visa = rules.WithoutFiles(meeting.Form), false // which the person alone gives
	g := &Guest{env: env, service: service, meeting: meeting, on: on}
	g.bar, g.busy = parts.NewBar("guest.bar"), parts.NewBusy("guest.busy")
	g.calls = kit.NewCalls(context.Background(), env, g.bar, g.busy, nil)
	g.form = forms.NewFor(env, &g.meeting, env.T("delegation.register.taking-part"), g.changed)
	g.build()
	g.form.Fill(g.form.Known(&api.Account{}))
	g.person.Set("language", env.Words.Lang())
	g.begun = false
	return g
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
		g.changed()
		g.form.BadgeOf(g.person.Text("first_name"), g.person.Text("family_name"))
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
func (g *Guest) changed() { g.begun, g.id = true, "" }

// submit registers the person, or says what is missing.
func (g *Guest) submit() {
	if g.calls.Working() {
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
	email, _ := rules.ReadEmail(g.person.Text("email"))
	person := api.ImportedPerson{
		RegisterFor: api.RegisterFor{
			Register: g.form.Asked(), FirstName: g.person.Text("first_name"), FamilyName: g.person.Text("family_name"), Email: email,
			Language: g.person.Text("language"),
		},
		Organization: g.person.Text("organization"), Country: g.person.Text("country"), Membership: g.person.Text("membership"),
	}
	in := api.ImportRegistrations{ID: g.id, Rows: []api.ImportedPerson{person}}
	kit.Call(g.calls, "guest.registering", func(ctx context.Context) (api.Imported, error) {
		return g.service.ImportRegistrations(ctx, g.meeting.Code, in)
	}, func(out api.Imported) {
		if out.Done {
			g.begun = false
			g.on.Done(g.done(out.Rows))
			return
		}
		g.refused(out)
	})
}

// done says who is registered, and in which state that is.
func (g *Guest) done(rows []api.ImportedRow) parts.Notice {
	var words []parts.Span
	for _, row := range rows {
		state, _ := registrationStates.Tag(g.env, "registrations.state.", row.State)
		words = append(words, parts.Span{Text: g.env.T("guest.done", map[string]any{"Person": row.Person, "State": state})})
	}
	return parts.Notice{Tone: parts.Success, Words: words}
}

// refused says why the person is not registered, at the fields if it is about some.
func (g *Guest) refused(out api.Imported) {
	if len(out.Rows) == 0 {
		return
	}
	row := out.Rows[0]
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
	leave := func() {
		g.begun = false
		g.on.Back()
	}
	if !g.begun {
		leave()
		return
	}
	t := g.env.T
	parts.Ask(parts.CanvasOf(g.foot), t("delegation.register.discard.title"),
		t("delegation.register.discard.text", map[string]any{"Meeting": g.meeting.Title.In(g.env.Words.Lang())}),
		parts.Answer{ID: "guest.discard.yes", Text: t("delegation.register.discard"), Kind: parts.Danger, Do: leave},
		parts.Answer{ID: "guest.discard.no", Text: t("delegation.register.discard.no"), Kind: parts.Outlined})
}

// Content is what is to be shown.
func (g *Guest) Content() fyne.CanvasObject { return g.content }

// Close ends what the page waits for.
func (g *Guest) Close() { g.calls.Close() }

// First is what takes the keyboard.
func (g *Guest) First() fyne.Focusable { return g.person.First() }

// Back leads to where one came from; what was typed stays.
func (g *Guest) Back() bool { g.on.Back(); return true }

// Unsaved names the form while something is typed in it.
func (g *Guest) Unsaved() []string {
	if !g.begun {
		return nil
	}
	return []string{g.env.T("registrations.title") + " – " + g.env.T("delegation.register")}
}

// Left does nothing: nothing is asked here.
func (g *Guest) Left() {}
