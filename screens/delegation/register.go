package delegation

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/forms"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/words"
)

// Meetings is where one chooses for which meeting somebody is registered.
type Meetings struct {
	content  fyne.CanvasObject
	list     *kit.Browser[api.Meeting]
	leave    func()
	unfollow func()
	back     func()
}

// NewMeetings returns the screen. Close it when it is left.
func NewMeetings(env kit.Env, catalog Catalog, chosen func(code string), back func()) *Meetings {
	ctx, leave := context.WithCancel(context.Background())
	m := &Meetings{leave: leave, back: back}
	t := env.T
	when := func(r *api.Meeting) string {
		zone := kit.Zone(r.Zone)
		return env.Words.DateRange(r.Start().In(zone), r.End().In(zone))
	}
	m.list = kit.NewLocalBrowser(env, "delegation.meetings", t("delegation.meetings.search"), nil, func(search string) (open []api.Meeting) {
		typed := rules.SearchWords(search)
		for _, one := range catalog.List() {
			if takes(env, &one) && found(typed, one.Code, one.Title.In(env.Words.Lang()), one.Place.In(env.Words.Lang())) {
				open = append(open, one)
			}
		}
		return open
	}, kit.BrowserEvents[api.Meeting]{
		ID: func(r *api.Meeting) string { return r.Code },
		Table: []kit.Column[api.Meeting]{
			{
				ID: "title", Label: t("delegation.meeting"), ColumnWidth: parts.ColumnWidth{Min: 200, Weight: 3},
				Text: func(r *api.Meeting) string { return r.Title.In(env.Words.Lang()) },
			},
			{ID: "dates", Label: t("delegation.dates"), ColumnWidth: parts.ColumnWidth{Min: 160, Weight: 1}, Text: when},
		},
		Opened: func(r *api.Meeting) { chosen(r.Code) },
		Empty: func(narrowed bool) fyne.CanvasObject {
			if narrowed {
				return parts.Empty(t("delegation.none.title"), t("delegation.none.how"))
			}
			return parts.Empty(t("delegation.meetings.none.title"), t("delegation.meetings.none.how"))
		},
	})
	top := parts.Stack(parts.Gap4, parts.Link("delegation.meetings.back", t("delegation.back.all"), back),
		parts.Heading(t("delegation.register"), t("delegation.meetings.line"), parts.NewBusy("delegation.meetings.busy")))
	m.content = parts.Margins(parts.Frame(parts.Pad(0, 0, parts.Gap12, 0, top), parts.Panel(m.list.Content), nil))
	m.unfollow = env.Follow(ctx, m.list.Reload, catalog.Subscribe)
	return m
}

// takes tells whether registration for a meeting is open.
func takes(env kit.Env, m *api.Meeting) bool {
	now := env.Now()
	return m.Status != api.MeetingCancelled && m.Status != api.MeetingClosed && !now.Before(m.RegistrationFrom) && now.Before(m.RegistrationUntil)
}

// Content is what is to be shown.
func (m *Meetings) Content() fyne.CanvasObject { return m.content }

// Close ends what the screen has under way.
func (m *Meetings) Close() { m.leave(); m.unfollow() }

// First is what takes the keyboard.
func (m *Meetings) First() fyne.Focusable { return m.list.Search }

// Back leads to where one came from.
func (m *Meetings) Back() bool { m.back(); return true }

// Register is the form with which somebody else of the organization is registered. What is
// typed is kept as a draft.
type Register struct {
	env     kit.Env
	meeting api.Meeting
	service Service
	instead string // the operation in whose place this comes
	done    func()
	back    func()

	ctx     context.Context
	leave   func()
	content fyne.CanvasObject
	bar     *parts.Bar
	busy    *parts.Busy
	calls   *kit.Calls
	foot    *parts.Text
	form    *forms.Form
	draft   *kit.FormDraft[api.RegisterFor]

	first, family, email *parts.Entry
	fields               map[string]*parts.Field // by pointer
	language             *parts.Radios
	filling              bool
	begun                bool // something was typed, which is kept
}

// NewRegister returns the form for a meeting, filled in from the draft; again is what was
// entered and the service refused, by the operation instead, or nil. Close it when it is left.
func NewRegister(env kit.Env, meeting api.Meeting, service Service, account api.Account, again *api.RegisterFor, instead string, done, back func()) *Register {
	r := &Register{env: env, meeting: meeting, service: service, instead: instead, done: done, back: back, fields: map[string]*parts.Field{}}
	r.ctx, r.leave = context.WithCancel(context.Background())
	r.bar, r.busy = parts.NewBar("delegation.register.bar"), parts.NewBusy("delegation.register.busy")
	r.calls = kit.NewCalls(r.ctx, env, r.bar, r.busy, nil)
	r.form = forms.NewFor(env, &meeting, env.T("delegation.register.taking-part"), r.typed).WithFiles(r.ctx, service)
	r.build()
	r.draft = kit.NewFormDraft(env, r.bar, r.foot, r.entered, func(ctx context.Context, in api.RegisterFor) error { return service.SaveDraft(ctx, in, instead) }, service.Flush)
	in, drafted := service.Draft(meeting.Code, instead)
	switch {
	case drafted:
	case again != nil:
		in = *again
	default:
		// Of the person nothing is known but the country of the organization.
		in.Register = r.form.Known(&api.Account{Organization: api.Organization{Country: account.Organization.Country}})
		in.Language = account.Language
	}
	r.fill(in)
	r.draft.Begin(drafted)
	r.begun = drafted
	return r
}

// fill shows what was entered.
func (r *Register) fill(in api.RegisterFor) {
	r.filling = true
	r.first.SetText(in.FirstName)
	r.family.SetText(in.FamilyName)
	r.email.SetText(in.Email)
	r.language.Set(in.Language)
	r.form.Fill(forms.WithFilesHere(in.Register, r.service))
	r.filling = false
}

// typed follows every change that a person makes.
func (r *Register) typed() {
	if r.filling {
		return
	}
	r.begun = true
	r.draft.Keep()
}

func (r *Register) build() {
	t, env := r.env.T, r.env
	entry := func(name string, required bool) *parts.Entry {
		e := parts.NewEntry(parts.ID("delegation.register." + name))
		f := parts.NewField(parts.ID("delegation.register."+name+".field"), t("delegation.register."+name), required, e)
		e.OnChanged = func(string) {
			f.SetError("")
			r.form.BadgeOf(r.first.Text, r.family.Text)
			r.typed()
		}
		r.fields["/"+strings.ReplaceAll(name, "-", "_")] = f
		return e
	}
	r.first, r.family, r.email = entry("first-name", false), entry("family-name", true), entry("email", false)
	var languages []parts.Item
	for _, l := range words.Letters() {
		languages = append(languages, parts.Item{ID: l.Code, Text: l.Name})
	}
	r.language = parts.NewRadios("delegation.register.language", languages)
	r.language.OnChange = func(string) { r.typed() }
	person := parts.Card(parts.Section(t("delegation.register.person")),
		parts.Row(parts.Gap16, parts.Cell{Object: r.fields["/first_name"], Min: 220, Weight: 1}, parts.Cell{Object: r.fields["/family_name"], Min: 220, Weight: 1}),
		r.fields["/email"].WithHint(parts.Span{Text: t("delegation.register.email.hint")}),
		parts.NewField("delegation.register.language.field", t("delegation.register.language"), false, r.language))
	top := parts.Stack(parts.Gap4, parts.Link("delegation.register.back", t("delegation.back.all"), r.back),
		parts.Heading(r.meeting.Title.In(env.Words.Lang()), t("delegation.register.line"), parts.NewBusy("delegation.register.heading")))
	body := parts.Stack(parts.Gap16, top, r.bar, person, r.form.Content())
	r.foot = parts.Small("").WithID("delegation.register.foot")
	submit := r.calls.Button("delegation.register.submit", "delegation.register.submit", parts.Primary, r.submit)
	foot := parts.Stack(0, parts.Divider(), parts.Pad(parts.Gap8, parts.Gap30, parts.Gap8, parts.Gap30, parts.MiddleRow(parts.Gap12,
		parts.Cell{Object: parts.Layers(r.busy, r.foot), Min: 200, Weight: 1},
		parts.Cell{Object: r.calls.Button("delegation.register.discard", "delegation.register.discard", parts.Outlined, r.discard)},
		parts.Cell{Object: submit})))
	r.content = parts.Page(parts.Margins(parts.Column(kit.FormWidth, body)), foot)
}

// entered is all that stands in the form.
func (r *Register) entered() api.RegisterFor {
	return api.RegisterFor{
		Register: r.form.Entered(), FirstName: r.first.Text, FamilyName: r.family.Text, Email: r.email.Text, Language: r.language.Chosen(),
	}
}

// submit keeps the registration for sending, or says what is missing.
func (r *Register) submit() {
	if r.draft.Stopped() {
		return
	}
	draft := r.entered()
	in := draft
	in.Register = r.form.Asked()
	missing := r.form.Judge()
	var mine []string
	for _, e := range rules.ValidateRegisterFor(&r.meeting, &in) {
		f := r.fields[e.Pointer]
		if f == nil {
			continue
		}
		f.SetError(r.env.T("delegation.wrong." + e.Code))
		mine = append(mine, f.Label())
	}
	if missing = append(mine, missing...); len(missing) > 0 {
		r.foot.SetSpans(parts.Span{Text: r.env.T("register.missing", map[string]any{"Fields": strings.Join(missing, ", ")}), Color: parts.ColorDanger})
		return
	}
	r.foot.SetText("")
	in = rules.CleanRegisterFor(&r.meeting, in)
	r.draft.End(r.calls, "delegation.keeping", func(ctx context.Context) error {
		err := r.service.RegisterFor(ctx, in, r.instead)
		if err != nil { // the form may be gone by now
			err = errors.Join(err, r.service.SaveDraft(ctx, draft, r.instead))
		}
		return err
	}, r.done)
}

// discard leaves the form, after a question where something was typed.
func (r *Register) discard() {
	if r.draft.Stopped() {
		return
	}
	if !r.begun {
		r.back()
		return
	}
	leave := func() {
		r.draft.End(r.calls, "delegation.keeping", func(ctx context.Context) error {
			return r.service.DropDraft(ctx, r.meeting.Code, r.instead)
		}, r.back)
	}
	t := r.env.T
	parts.Ask(parts.CanvasOf(r.foot), t("delegation.register.discard.title"),
		t("delegation.register.discard.text", map[string]any{"Meeting": r.meeting.Title.In(r.env.Words.Lang())}),
		parts.Answer{ID: "delegation.register.discard.yes", Text: t("delegation.register.discard"), Kind: parts.Danger, Do: leave},
		parts.Answer{ID: "delegation.register.discard.no", Text: t("delegation.register.discard.no"), Kind: parts.Outlined})
}

// Content is what is to be shown.
func (r *Register) Content() fyne.CanvasObject { return r.content }

// Close keeps the draft and ends what the form has under way.
func (r *Register) Close() { r.CloseThen(func() {}) }

// CloseThen closes the form and goes on once its draft is on the disk.
func (r *Register) CloseThen(then func()) {
	defer r.leave()
	r.draft.CloseThen(then)
}

// KeepThen keeps what was typed, and goes on once that is saved.
func (r *Register) KeepThen(then func()) { r.draft.KeepThen(then) }

// First is what takes the keyboard.
func (r *Register) First() fyne.Focusable { return r.first }

// Back leads to where one came from; what was typed stays.
func (r *Register) Back() bool { r.back(); return true }
