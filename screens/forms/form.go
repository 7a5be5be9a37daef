// Package forms is the form with which somebody is registered for a meeting: how they take
// part, what stands on the badge, the meeting's own questions, accompanying persons; and
// what was entered in it, to read. It keeps and sends nothing: that is the page's, whether
// one registers oneself or somebody else, or tries out a form that one makes. Start
// reading at Form.
package forms

import (
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// Form is the inputs for one registration, in cards below each other.
type Form struct {
	env     kit.Env
	meeting api.Meeting
	changed func()

	content       *fyne.Container
	participation *parts.Radios // nil where there is nothing to choose
	whole         *parts.Field  // around participation
	badge, job    *parts.Field
	badgeEntry    *parts.Entry
	named         string // what stands on the badge by BadgeOf
	jobEntry      *parts.Entry
	questions     []*question
	sections      []section
	companions    *companionList    // nil where the meeting allows none
	bring         fyne.CanvasObject // around them
	visa          *visaCard         // nil where the meeting has no visa support, or for somebody else
	support       fyne.CanvasObject // around it
	consents      *consentList      // nil where there is nothing to agree to
	filling       bool
}

// New returns the form of a meeting, with nothing in it; changed is called at every change
// that a person makes.
func New(env kit.Env, meeting *api.Meeting, changed func()) *Form {
	return newForm(env, meeting, env.T("register.you"), meeting.Visa, changed)
}

// NewFor is New for somebody else: title stands above how they take part. Whose a passport
// is gives it themselves.
func NewFor(env kit.Env, meeting *api.Meeting, title string, changed func()) *Form {
	return newForm(env, meeting, title, false, changed)
}

func newForm(env kit.Env, meeting *api.Meeting, title string, visa bool, changed func()) *Form {
	f := &Form{env: env, meeting: *meeting, changed: changed}
	f.content = parts.Stack(parts.Gap16, parts.Card(f.person(title)...))
	for i := range f.meeting.Form.Sections {
		f.content.Add(f.section(&f.meeting.Form.Sections[i]))
	}
	if f.meeting.Companions > 0 {
		f.companions = newCompanionList(env, f.meeting.Companions, f.follow)
		f.bring = parts.Card(parts.Section(env.T("register.companions")), f.companions)
		f.content.Add(f.bring)
	}
	if visa {
		f.visa = newVisaCard(env, &f.meeting, f.follow)
		f.support = parts.Card(f.visa)
		f.content.Add(f.support)
	}
	if f.consents = newConsentList(env, &f.meeting, f.follow); f.consents != nil {
		f.content.Add(parts.Card(f.consents))
	}
	f.showAsked()
	return f
}

// Content is what is to be shown.
func (f *Form) Content() fyne.CanvasObject { return f.content }

// Section is the card of one section of the meeting's form; nil where there are not so many.
func (f *Form) Section(n int) fyne.CanvasObject {
	if n < 0 || n >= len(f.sections) {
		return nil
	}
	return f.sections[n].card
}

// First is what takes the keyboard.
func (f *Form) First() fyne.Focusable {
	if f.participation != nil && f.participation.Chosen() == "" {
		return f.participation
	}
	if !f.badge.Visible() {
		return f.jobEntry
	}
	return f.badgeEntry
}

// person is the first card: how one takes part, and what stands on the badge.
func (f *Form) person(title string) []fyne.CanvasObject {
	t := f.env.T
	objects := []fyne.CanvasObject{parts.Section(title)}
	if len(f.meeting.Participation) > 1 {
		var items []parts.Item
		for _, p := range f.meeting.Participation {
			items = append(items, parts.Item{ID: p, Text: t("register.participation." + p)})
		}
		f.participation = parts.NewRadios("register.participation", items)
		f.whole = parts.NewField("register.participation.field", t("register.participation"), true, f.participation)
		f.participation.OnChange = func(string) {
			f.whole.SetError("")
			f.follow()
		}
		objects = append(objects, f.whole)
	} else {
		objects = append(objects, parts.NewText(
			parts.Span{Text: t("register.participation") + ": ", Color: parts.ColorMuted},
			parts.Span{Text: t("register.participation." + f.meeting.Participation[0])},
		))
	}
	f.badgeEntry, f.jobEntry = parts.NewEntry("register.badge"), parts.NewEntry("register.job")
	f.badgeEntry.OnChanged = func(string) { f.follow() }
	f.jobEntry.OnChanged = func(string) { f.follow() }
	f.badge = parts.NewField("register.badge.field", t("register.badge"), true, f.badgeEntry).
		CheckWith(func() string { return f.lineMistake("/badge_name", rules.MaxBadgeName) })
	f.job = parts.NewField("register.job.field", t("register.job"), false, f.jobEntry).
		CheckWith(func() string { return f.lineMistake("/job_title", rules.MaxJobTitle) })
	return append(objects, parts.Row(parts.Gap16,
		parts.Cell{Object: f.badge, Min: 240, Weight: 1}, parts.Cell{Object: f.job, Min: 240, Weight: 1}))
}

// section is a card with questions.
type section struct {
	questions []*question
	card      fyne.CanvasObject
}

func (f *Form) section(s *api.FormSection) fyne.CanvasObject {
	body, out := parts.Stack(parts.Gap16), section{}
	if title := s.Title.In(f.env.Words.Lang()); title != "" {
		body.Add(parts.Section(title))
	}
	for i := range s.Questions {
		q := newQuestion(f.env, &s.Questions[i], f.meeting.ChoiceTaken, f.follow, f.left)
		out.questions = append(out.questions, q)
		body.Add(q.field)
	}
	out.card = parts.CardWith(20, body)
	f.questions, f.sections = append(f.questions, out.questions...), append(f.sections, out)
	return out.card
}

// left judges an answer when the keyboard has left it.
func (f *Form) left(q *question) { q.field.SetError(q.mistake(f.env)) }

// showAsked shows what the answers so far lead to.
func (f *Form) showAsked() {
	in := f.Entered()
	comes, asked := rules.OnBadge(in.Participation), rules.Asked(&f.meeting.Form, in.Answers)
	parts.Together(f.content, func() {
		parts.SetVisible(comes, f.badge)
		if f.companions != nil {
			parts.SetVisible(comes, f.bring)
		}
		if f.visa != nil {
			parts.SetVisible(rules.AsksVisa(&f.meeting, in.Participation), f.support)
		}
		for _, s := range f.sections {
			any := false
			for _, q := range s.questions {
				parts.SetVisible(asked[q.q.ID], q.field)
				any = any || asked[q.q.ID]
			}
			parts.SetVisible(any, s.card)
		}
	})
}

// follow follows every change that a person makes.
func (f *Form) follow() {
	if f.filling {
		return
	}
	f.showAsked()
	f.changed()
}

// Known is a new registration with what is known of its person.
func (f *Form) Known(a *api.Account) api.Register {
	in := api.Register{
		Meeting: f.meeting.Code, BadgeName: rules.FullName(a.FirstName, a.FamilyName), Answers: api.Answers{},
	}
	if len(f.meeting.Participation) == 1 {
		in.Participation = f.meeting.Participation[0]
	}
	values := map[string]string{"phone": a.Phone, "email": a.Email, "country": a.Organization.Country}
	for _, q := range f.questions {
		if value := values[q.q.Known]; value != "" {
			in.Answers[q.q.ID] = []string{value}
		}
	}
	return in
}

// Fill puts a registration into the form, and tells nobody.
func (f *Form) Fill(in api.Register) {
	f.filling = true
	defer func() { f.filling = false }()
	if f.participation != nil {
		f.participation.Set(in.Participation)
	}
	f.badgeEntry.SetText(in.BadgeName)
	f.jobEntry.SetText(in.JobTitle)
	for _, q := range f.questions {
		q.set(in.Answers[q.q.ID])
	}
	if f.companions != nil {
		f.companions.fill(in.Companions)
	}
	if f.consents != nil {
		f.consents.fill(&in)
	}
	if f.visa != nil {
		f.visa.fill(&in)
	}
	f.showAsked()
}

// BadgeOf writes a person's name on the badge, as long as nobody has written another one there.
func (f *Form) BadgeOf(firstName, familyName string) {
	if strings.TrimSpace(f.badgeEntry.Text) != f.named {
		return
	}
	f.named = rules.FullName(strings.TrimSpace(firstName), strings.TrimSpace(familyName))
	f.filling = true
	f.badgeEntry.SetText(f.named)
	f.filling = false
}

// Entered is all that the form says now, also what is not asked any more by what was
// answered since: for the draft. Asked is without that.
func (f *Form) Entered() api.Register {
	in := api.Register{
		Meeting: f.meeting.Code, BadgeName: strings.TrimSpace(f.badgeEntry.Text),
		JobTitle: strings.TrimSpace(f.jobEntry.Text), Answers: api.Answers{},
	}
	switch {
	case f.participation != nil:
		in.Participation = f.participation.Chosen()
	default:
		in.Participation = f.meeting.Participation[0]
	}
	for _, q := range f.questions {
		if answer := q.answer(); len(answer) > 0 {
			in.Answers[q.q.ID] = answer
		}
	}
	if f.companions != nil {
		in.Companions = f.companions.entered()
	}
	if f.consents != nil {
		f.consents.entered(&in)
	}
	if f.visa != nil {
		f.visa.entered(&in)
	}
	return in
}

// Asked is what the form says now, as it is to be sent.
func (f *Form) Asked() api.Register { return rules.CleanRegister(&f.meeting, f.Entered()) }
