package manage

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/words"
)

// details is a meeting's description in a form. What is typed is kept on this computer
// until it is saved at the service.
type details struct {
	page    *Meeting
	content *fyne.Container
	formTab *fyne.Container

	edition int64  // of the meeting as it was read before something was typed
	filled  values // as it is stored
	typed   values
	lang    string // of the texts that are shown
	filling bool
	changes int // so many were made

	form     *kit.Form // nil until the meeting is there
	language *parts.Radios
	checks   map[string]*parts.Check
	groups   map[string]*parts.Field // around several boxes, by the name in the contract
	rows     map[string]*rows        // by the name in the contract
	builder  *builder                // of the form
	button   *parts.Button           // "Save"
	said     *parts.Text             // at the foot
	foot     *fyne.Container         // with what there is to say, and the buttons
	draft    *kit.Draft[app.MeetingDraft]
}

// plainInputs are those that are the same in all languages, by their places in the contract.
var plainInputs = []string{
	"contact", "zone", "registration_from", "registration_until", "change_until", "withdraw_until", "capacity", "companions", "offer_hours", "retention", "platform",
	"approval", "participant_list", "token.audience", "token.room", "token.subject",
}

// typingPause is how long what is typed waits to be kept: not each letter is written.
const typingPause = 500 * time.Millisecond

func newDetails(m *Meeting) *details {
	d := &details{page: m, lang: "en", content: parts.Stack(0, parts.Space(1)), formTab: parts.Stack(0, parts.Space(1)), said: parts.Small("").WithID("managed.foot")}
	d.button = m.calls.Button("managed.save", "managed.save", parts.Primary, d.save)
	undo := parts.NewButton("managed.undo", m.env.T("managed.undo"), parts.Outlined, d.askUndo)
	d.foot = parts.Foot(d.said, undo, d.button)
	d.draft = kit.NewDraft(m.env, d.entered, d.keep, d.kept)
	return d
}

func (d *details) first() fyne.Focusable {
	if d.form == nil {
		return nil
	}
	return d.form.First()
}

// show shows the meeting of the page, and over it what was typed before.
func (d *details) show(draft *app.MeetingDraft) {
	m := d.page
	stored := valuesOf(&m.meeting.MeetingDetails)
	if d.form == nil {
		d.build(stored["zone"])
	}
	d.edition, d.filled, d.typed = m.meeting.Edition, stored, maps.Clone(stored)
	if draft != nil {
		kept := values(maps.Clone(draft.Values))
		m.overview.restore(kept[reasonValue])
		delete(kept, reasonValue)
		if !reflect.DeepEqual(kept, stored) {
			d.edition, d.typed = draft.Edition, kept
		}
	}
	d.draft.Begin()
	d.refill()
	if d.differs() {
		d.said.SetSpans(parts.Span{Text: m.env.T("managed.draft.restored"), Color: parts.ColorMuted})
	}
}

// follow takes over what was changed at the service beside the description, of the edition
// that was there before; what is typed stays.
func (d *details) follow(before int64) {
	if d.form == nil {
		return
	}
	if d.edition == before {
		d.edition = d.page.meeting.Edition
	}
	d.draft.Keep()
}

func (d *details) differs() bool { return d.form != nil && !reflect.DeepEqual(d.typed, d.filled) }

// entered is what is to be kept.
func (d *details) entered() app.MeetingDraft {
	kept := maps.Clone(d.typed)
	if reason := d.page.overview.typed(); reason != "" {
		kept[reasonValue] = reason
	}
	return app.MeetingDraft{Edition: d.edition, Values: kept}
}

// reasonValue is under which name the reason of a cancellation is kept, which is no part of
// the description.
const reasonValue = "cancel.reason"

// keep keeps what is typed, or nothing once it is what is stored.
func (d *details) keep(ctx context.Context, typed app.MeetingDraft) error {
	if reflect.DeepEqual(values(typed.Values), d.filled) {
		return d.page.service.DropMeetingDraft(ctx, d.page.code)
	}
	return d.page.service.KeepMeetingDraft(ctx, d.page.code, typed)
}

func (d *details) kept(err error) {
	if err != nil {
		d.page.calls.Problem(err)
	}
}

func (d *details) keepThen(then func()) {
	if d.form == nil {
		then()
		return
	}
	d.draft.KeepThen(then)
}

// forget drops what is typed.
func (d *details) forget(then func()) {
	if d.form == nil {
		then()
		return
	}
	d.typed = maps.Clone(d.filled)
	d.draft.KeepThen(then)
}

// sayUnsaved says at the foot that something is typed and not saved.
func (d *details) sayUnsaved() {
	text := ""
	if d.differs() {
		text = d.page.env.T("managed.unsaved")
	}
	d.said.SetSpans(parts.Span{Text: text, Color: parts.ColorMuted})
}

// refuse says at the foot why something was not done.
func (d *details) refuse(text string) {
	d.said.SetSpans(parts.Span{Text: text, Color: parts.ColorDanger})
}

// tell says at the foot what was done.
func (d *details) tell(text string) {
	d.said.SetSpans(parts.Span{Text: text, Color: parts.ColorSuccess})
}

// typeIn follows a change that a person makes of one input.
func (d *details) typeIn(name, value string, field *parts.Field) {
	if d.filling {
		return
	}
	if value == "" {
		delete(d.typed, name)
	} else {
		d.typed[name] = value
	}
	if field != nil {
		field.SetError("")
	}
	d.judgeApproval()
	d.changed()
}

func (d *details) changed() {
	d.sayUnsaved()
	d.changes++
	now := d.changes
	d.page.env.Run.Run(d.page.calls.Context(), func(ctx context.Context) { d.page.env.Sleep(ctx, typingPause) }, func() {
		d.draft.Keep()
		if now == d.changes { // nothing was typed meanwhile: it takes its time
			d.builder.preview.follow()
		}
	})
}

// judgeApproval says at once that membership types alone let anybody in.
func (d *details) judgeApproval() {
	text := ""
	if d.typed["approval"] == api.ApprovalNone && len(d.typed.ticked("memberships", memberships())) > 0 {
		text = mistake(d.page.env, api.FieldError{Pointer: "/approval", Code: api.FieldApproval})
	}
	if f := d.form.Field("approval"); f.Error() != text {
		f.SetError(text)
	}
}

func (d *details) build(zone string) {
	env, t := d.page.env, d.page.env.T
	d.checks, d.groups = map[string]*parts.Check{}, map[string]*parts.Field{}
	d.form = kit.NewForm(env, "managed")
	d.form.Enter = d.save
	lingual := func(name string, lines int, required bool) {
		d.form.Add(kit.Input{Name: name, Lines: lines, Required: required, Changed: func(value string) {
			d.typeIn(inLanguage(name, d.lang), value, d.form.Field(name))
		}})
	}
	plain := func(in kit.Input) {
		name := in.Name
		in.Changed = func(value string) { d.typeIn(name, value, d.form.Field(name)) }
		d.form.Add(in)
	}
	lingual("title", 1, true)
	lingual("place", 1, false)
	lingual("description", 5, false)
	plain(kit.Input{Name: "contact", Required: true})
	plain(kit.Input{Name: "zone", Required: true, Pick: zonesWith(zone), NoMatch: t("managed.zone.none"), Placeholder: t("managed.zone.placeholder")})
	for _, name := range []string{"registration_from", "registration_until"} {
		plain(kit.Input{Name: name, Required: true, Placeholder: t("managed.moment.placeholder")})
	}
	for _, name := range []string{"change_until", "withdraw_until"} {
		plain(kit.Input{Name: name, Placeholder: t("managed.moment.placeholder")})
	}
	plain(kit.Input{Name: "capacity"})
	plain(kit.Input{Name: "companions"})
	plain(kit.Input{Name: "offer_hours"})
	plain(kit.Input{Name: "retention"})
	plain(kit.Input{Name: "platform"})
	var approvals []parts.Item
	for _, a := range []string{api.ApprovalSecretariat, api.ApprovalFocalPoint, api.ApprovalNone} {
		approvals = append(approvals, parts.Item{ID: a, Text: t("managed.approval." + a)})
	}
	plain(kit.Input{Name: "approval", Choose: approvals, Wrong: func(string) string { return "" }})

	d.language = parts.NewRadios("managed.language", languages())
	d.language.OnChange = d.speak
	for _, name := range []string{"token.audience", "token.room", "token.subject"} {
		plain(kit.Input{Name: name})
	}
	var lists []parts.Item
	for _, l := range []string{nobody, api.ListForParticipants, api.ListForAll} {
		lists = append(lists, parts.Item{ID: l, Text: t("managed.participant_list." + l)})
	}
	plain(kit.Input{Name: "participant_list", Choose: lists, Wrong: func(string) string { return "" }})
	d.builder = newBuilder(d)
	d.rows = map[string]*rows{}
	for name, inputs := range rowInputs {
		d.rows[name] = newRows(d, name, inputs)
	}
	heading := func(name string) fyne.CanvasObject {
		return parts.Stack(2, parts.Section(t("managed.section."+name)), parts.Muted(t("managed.section."+name+".what")))
	}
	field := func(name string) fyne.CanvasObject { return d.form.Field(name) }
	pair := func(a, b string) fyne.CanvasObject {
		return parts.Row(parts.Gap16, parts.Cell{Object: field(a), Min: 240, Weight: 1}, parts.Cell{Object: field(b), Min: 240, Weight: 1})
	}
	body := parts.Stack(parts.Gap16,
		parts.CardWith(20, parts.Stack(parts.Gap16, heading("texts"),
			parts.NewField("managed.language.field", t("managed.language"), false, d.language),
			field("title"), field("place"), field("description"))),
		parts.CardWith(20, parts.Stack(parts.Gap16, heading("when"), field("zone"), d.rows[sessionRows].field, d.rows[listRows].field)),
		parts.CardWith(20, parts.Stack(parts.Gap16, heading("registration"), pair("registration_from", "registration_until"), pair("change_until", "withdraw_until"),
			pair("capacity", "companions"), d.check("waiting_list"), field("offer_hours"), d.check("visa"),
			d.group("participation", true, []string{api.OnSite, api.Remote}, "register.participation."), field("platform"),
			field("approval"), d.group("memberships", false, memberships(), "membership."),
			d.group("reapprove", false, reapprovable, "managed.reapprove."))),
		parts.CardWith(20, parts.Stack(parts.Gap16, heading("consents"), d.rows[consentRows].field, field("participant_list"))),
		parts.CardWith(20, parts.Stack(parts.Gap16, heading("retention"), field("retention"), d.check("retention_names"))),
		parts.CardWith(20, parts.Stack(parts.Gap16, heading("token"), pair("token.audience", "token.room"), field("token.subject"), d.check("token.email"))),
		parts.CardWith(20, parts.Stack(parts.Gap16, heading("contact"), field("contact"), d.rows[documentRows].field)))
	kit.Swap(d.content, body)
	kit.Swap(d.formTab, d.builder.content)
}

// languages are those that a meeting's texts can be in.
func languages() (items []parts.Item) {
	for _, l := range words.Letters() {
		items = append(items, parts.Item{ID: l.Code, Text: l.Name})
	}
	return items
}

// speak shows the texts in a language that the person chooses.
func (d *details) speak(lang string) {
	if !d.filling {
		d.lang = lang
		d.refill()
	}
}

// zonesWith are the time zones to choose from, and one more.
func zonesWith(zone string) *parts.Choices {
	names := rules.Zones()
	if zone != "" && !slices.Contains(names, zone) {
		names = append(names, zone)
	}
	items := make([]parts.Item, len(names))
	for i, name := range names {
		items[i] = parts.Item{ID: name, Text: strings.ReplaceAll(name, "_", " ")}
	}
	return parts.NewChoices(items)
}

// check is a box of the form.
func (d *details) check(name string) *parts.Check {
	return d.checkIn(name, d.page.env.T("managed."+name), nil)
}

func (d *details) checkIn(name, text string, field func() *parts.Field) *parts.Check {
	c := parts.NewCheck(parts.ID("managed."+name), parts.Span{Text: text})
	c.OnChange = func(on bool) {
		value := ""
		if on {
			value = yes
		}
		var f *parts.Field
		if field != nil {
			f = field()
		}
		d.typeIn(name, value, f)
	}
	d.checks[name] = c
	return c
}

// group is several boxes of which any may be ticked.
func (d *details) group(name string, required bool, ids []string, prefix string) *parts.Field {
	t := d.page.env.T
	boxes := parts.Stack(parts.Gap4)
	for _, id := range ids {
		boxes.Add(d.checkIn(name+"."+id, t(prefix+id), func() *parts.Field { return d.groups[name] }))
	}
	f := parts.NewField(parts.ID("managed."+name+".field"), t("managed."+name), required, boxes)
	if key := "managed." + name + ".hint"; d.page.env.Words.Has(key) {
		f.WithHint(parts.Span{Text: t(key)})
	}
	d.groups[name] = f
	return f
}

// refill shows what is typed, in the language that is chosen.
func (d *details) refill() {
	d.filling = true
	parts.Together(d.content, func() {
		d.language.Set(d.lang)
		fill := map[string]string{}
		for _, name := range texts {
			fill[name] = d.typed[inLanguage(name, d.lang)]
		}
		for _, name := range plainInputs {
			fill[name] = d.typed[name]
		}
		d.form.Fill(fill)
		for name, c := range d.checks {
			c.SetChecked(d.typed[name] == yes)
		}
		for _, f := range d.groups {
			f.SetError("")
		}
		for _, r := range d.rows {
			r.show()
		}
		d.builder.refill()
	})
	d.filling = false
	d.judgeApproval()
	d.sayUnsaved()
}

// field is the input of a place in the description; nil where there is none here. Texts
// are shown in the language of the mistake.
func (d *details) field(pointer string) *parts.Field {
	at := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	lingual := func(name, lang string, f func(string) *parts.Field) *parts.Field {
		if lang != d.lang && slices.Contains(rules.MeetingLanguages, lang) {
			d.lang = lang
			d.refill()
		}
		return f(name)
	}
	switch name := at[0]; {
	case slices.Contains(texts, name) && len(at) == 2:
		return lingual(name, at[1], d.form.Field)
	case name == formRows:
		return d.builder.at(at[1:])
	case d.rows[name] != nil:
		return d.rows[name].at(at[1:], lingual)
	case d.groups[name] != nil:
		return d.groups[name]
	case slices.Contains(plainInputs, strings.Join(at, ".")):
		return d.form.Field(strings.Join(at, "."))
	}
	return nil
}

// mark shows mistakes at their inputs. Those in a text that is shown in another language
// than the first one's wait until that one is right.
func (d *details) mark(wrong []api.FieldError) {
	lang := ""
	said := false
	for _, e := range wrong {
		if of := e.Pointer[strings.LastIndex(e.Pointer, "/")+1:]; slices.Contains(rules.MeetingLanguages, of) {
			if lang == "" {
				lang = of
			}
			if of != lang {
				continue
			}
			// The form may be filled anew, which takes mistakes away: it is so already.
			if d.lang != of {
				d.lang = of
				d.refill()
			}
		}
	}
	d.builder.reveal(wrong)
	for _, e := range wrong {
		if of := e.Pointer[strings.LastIndex(e.Pointer, "/")+1:]; lang != "" && of != lang && slices.Contains(rules.MeetingLanguages, of) {
			continue
		}
		f := d.field(e.Pointer)
		if f == nil || f.Error() != "" && e.Pointer != "/approval" {
			continue
		}
		f.SetRight(false)
		f.SetError(mistake(d.page.env, e))
		if !said {
			d.page.tabs.Choose(tabOf(e.Pointer))
			parts.IntoView(f)
		}
		said = true
	}
}

// save saves what is typed, after a question where people are told of it.
func (d *details) save() {
	m := d.page
	if m.calls.Working() || d.form == nil {
		return
	}
	next, wrong := d.typed.check(&m.meeting.MeetingDetails, m.meeting.Status == api.MeetingDraft)
	if len(wrong) > 0 {
		d.mark(wrong)
		d.refuse(m.env.T("managed.not-saved"))
		return
	}
	if !d.differs() {
		d.tell(m.env.T("managed.same"))
		return
	}
	if now := m.env.Now(); m.meeting.Status != api.MeetingDraft && erases(&m.meeting.MeetingDetails, &next, now) {
		parts.Ask(parts.CanvasOf(d.content), m.env.T("managed.erase.ask"), m.env.T("managed.erase.text"),
			parts.Answer{ID: "managed.erase.yes", Text: m.env.T("managed.erase.yes"), Kind: parts.Danger, Do: func() { d.store(next) }},
			parts.Answer{ID: "managed.erase.no", Text: m.env.T("shell.cancel"), Kind: parts.Outlined})
		return
	}
	if m.meeting.Living == 0 || m.meeting.Status == api.MeetingDraft || !moves(&m.meeting.MeetingDetails, &next) {
		d.store(next)
		return
	}
	parts.Ask(parts.CanvasOf(d.content), m.env.T("managed.tell.ask"), m.env.Words.N("managed.tell.text", m.meeting.Living),
		parts.Answer{ID: "managed.tell.yes", Text: m.env.T("managed.save"), Kind: parts.Primary, Do: func() { d.store(next) }},
		parts.Answer{ID: "managed.tell.no", Text: m.env.T("shell.cancel"), Kind: parts.Outlined})
}

// erases tells whether a change has more erased at once of what people entered.
func erases(before, after *api.MeetingDetails, now time.Time) bool {
	a, b := rules.ErasureBy(before, now), rules.ErasureBy(after, now)
	return b.All && !a.All || b.Names && !a.Names || !b.All && len(b.Questions) > len(a.Questions)
}

// moves tells whether those who come are told of a change: of another time or place.
func moves(before, after *api.MeetingDetails) bool {
	a, b := rules.CleanMeeting(*before), rules.CleanMeeting(*after)
	same := slices.EqualFunc(a.Sessions, b.Sessions, func(a, b api.MeetingSession) bool { return a.Start.Equal(b.Start) && a.End.Equal(b.End) })
	return !same || a.Zone != b.Zone || !reflect.DeepEqual(a.Place, b.Place)
}

// store saves a description. What its form does to answers is asked about first, unless the
// person knows it.
func (d *details) store(next api.MeetingDetails, known ...api.FormEffect) {
	m, sent := d.page, maps.Clone(d.typed)
	in := api.SaveMeeting{MeetingDetails: next, Edition: d.edition, Effects: known}
	kit.Call(m.calls, "managed.saving", func(ctx context.Context) (api.ManagedMeeting, error) {
		return m.service.SaveMeeting(ctx, m.code, in)
	}, func(saved api.ManagedMeeting) {
		m.set(saved)
		d.edition, d.filled = saved.Edition, valuesOf(&saved.MeetingDetails)
		if reflect.DeepEqual(d.typed, sent) { // and nothing was typed meanwhile
			d.typed = maps.Clone(d.filled)
			d.refill()
		}
		d.draft.Keep()
		if !d.differs() {
			d.tell(m.env.T("managed.saved"))
		}
	}, func(err error) bool {
		effects := m.env.Explain(err).Effects
		if len(effects) > 0 {
			d.askEffects(next, effects)
		}
		return len(effects) > 0
	}, func(err error) bool {
		wrong := m.env.Explain(err).Fields
		d.mark(wrong)
		if len(wrong) > 0 {
			d.refuse(m.env.T("managed.not-saved"))
		}
		return len(wrong) > 0
	}, m.outdated, m.env.GoneMeanwhile(m.bar, m.on.Back))
}

// askEffects says what a change of the form does to answers, and saves it all the same.
func (d *details) askEffects(next api.MeetingDetails, effects []api.FormEffect) {
	m := d.page
	lines := make([]string, len(effects))
	for i, e := range effects {
		lines[i] = effectWords(m.env, &m.meeting.Form, &next.Form, e)
	}
	parts.Ask(parts.CanvasOf(d.content), m.env.T("managed.effects.ask"), strings.Join(lines, "\n"),
		parts.Answer{ID: "managed.effects.yes", Text: m.env.T("managed.effects.save"), Kind: parts.Danger, Do: func() { d.store(next, effects...) }},
		parts.Answer{ID: "managed.effects.no", Text: m.env.T("shell.cancel"), Kind: parts.Outlined})
}

// effectWords says what a change of a form does to the answers to one question.
func effectWords(env kit.Env, before, after *api.Form, e api.FormEffect) string {
	named := map[string]any{"Question": e.Question, "Choice": e.Choice}
	for _, form := range []*api.Form{after, before} { // as people have read it, if they have
		for _, s := range form.Sections {
			for _, q := range s.Questions {
				if q.ID != e.Question {
					continue
				}
				named["Question"] = q.Label.In(env.Words.Lang())
				for _, c := range q.Choices {
					if c.ID == e.Choice {
						named["Choice"] = c.Label.In(env.Words.Lang())
					}
				}
			}
		}
	}
	return env.Words.N("managed.effect."+e.Kind, e.Registrations, named)
}

// askUndo goes back to what is stored.
func (d *details) askUndo() {
	m := d.page
	if !d.differs() {
		return
	}
	parts.Ask(parts.CanvasOf(d.content), m.env.T("managed.undo.ask"), m.env.T("managed.undo.text"),
		parts.Answer{ID: "managed.undo.yes", Text: m.env.T("managed.undo"), Kind: parts.Danger, Do: func() {
			d.edition = m.meeting.Edition
			d.typed = maps.Clone(d.filled)
			d.refill()
			d.draft.Keep()
		}},
		parts.Answer{ID: "managed.undo.no", Text: m.env.T("shell.cancel"), Kind: parts.Outlined})
}

// rows are such as sessions or documents, one below the other.
type rows struct {
	of     *details
	name   string // in the contract
	inputs []rowInput
	box    *fyne.Container
	field  *parts.Field
	forms  []*kit.Form
	checks []map[string]*parts.Check
}

// rowInput is one input of each row.
type rowInput struct {
	name     string
	lingual  bool
	moment   bool
	required bool
	box      bool // to tick
	lines    int
}

var rowInputs = map[string][]rowInput{
	sessionRows:  {{name: "title", lingual: true}, {name: "start", moment: true, required: true}, {name: "end", moment: true, required: true}},
	documentRows: {{name: "title", lingual: true, required: true}, {name: "url", required: true}},
	listRows:     {{name: "title", lingual: true, required: true}, {name: "session"}},
	consentRows:  {{name: "text", lingual: true, required: true, lines: 3}, {name: "required", box: true}},
}

func newRows(d *details, name string, inputs []rowInput) *rows {
	r := &rows{of: d, name: name, inputs: inputs, box: parts.Stack(parts.Gap12)}
	r.field = parts.NewField(parts.ID("managed."+name+".field"), d.page.env.T("managed."+name), name == sessionRows, r.box)
	if key := "managed." + name + ".hint"; d.page.env.Words.Has(key) {
		r.field.WithHint(parts.Span{Text: d.page.env.T(key)})
	}
	return r
}

func (r *rows) valueName(n int, in rowInput) string {
	name := ofRow(r.name, n, in.name)
	if in.lingual {
		return inLanguage(name, r.of.lang)
	}
	return name
}

// show shows what is typed in as many rows as there are.
func (r *rows) show() {
	d, t := r.of, r.of.page.env.T
	if n := d.typed.rows(r.name); n != len(r.forms) || len(r.box.Objects) == 0 {
		r.forms, r.checks, r.box.Objects = nil, nil, nil
		for i := range n {
			r.box.Add(r.row(i))
		}
		r.box.Add(parts.Inline(parts.Gap8, parts.NewButton(parts.ID("managed."+r.name+".add"), t("managed."+r.name+".add"), parts.Outlined, r.add)))
	}
	r.field.SetError("")
	for i, form := range r.forms {
		fill := map[string]string{}
		for _, in := range r.inputs {
			value := d.typed[r.valueName(i, in)]
			if c := r.checks[i][in.name]; c != nil {
				c.SetChecked(value == yes)
				continue
			}
			fill[in.name] = value
		}
		form.Fill(fill)
	}
}

// row makes the inputs of one.
func (r *rows) row(n int) fyne.CanvasObject {
	d, t := r.of, r.of.page.env.T
	area := "managed." + r.name
	form := kit.NewForm(d.page.env, area+"."+strconv.Itoa(n))
	form.Enter = d.save
	var (
		cells []parts.Cell
		boxes []fyne.CanvasObject
	)
	checks := map[string]*parts.Check{}
	for _, in := range r.inputs {
		label := t(area + "." + in.name)
		if in.box {
			c := parts.NewCheck(parts.ID(area+"."+strconv.Itoa(n)+"."+in.name), parts.Span{Text: label})
			c.OnChange = func(on bool) {
				value := ""
				if on {
					value = yes
				}
				d.typeIn(r.valueName(n, in), value, nil)
			}
			checks[in.name], boxes = c, append(boxes, c)
			continue
		}
		input := kit.Input{Name: in.name, Label: label, Required: in.required, Lines: in.lines}
		if in.moment {
			input.Placeholder = t("managed.moment.placeholder")
		}
		input.Wrong = func(string) string { return "" }
		input.Changed = func(value string) { d.typeIn(r.valueName(n, in), value, form.Field(in.name)) }
		form.Add(input)
		cells = append(cells, parts.Cell{Object: form.Field(in.name), Min: 170, Weight: 1})
	}
	r.checks = append(r.checks, checks)
	r.forms = append(r.forms, form)
	remove := parts.NewButton(parts.ID(area+".remove."+strconv.Itoa(n)), t("managed.row.remove"), parts.Outlined, func() { r.askRemove(n) })
	all := append([]fyne.CanvasObject{
		parts.Ends(parts.Bold(t(area+".number", map[string]any{"Number": n + 1})), remove), parts.Row(parts.Gap12, cells...),
	}, boxes...)
	return parts.CardWith(12, parts.Stack(parts.Gap8, all...))
}

func (r *rows) add() {
	d := r.of
	n := d.typed.rows(r.name)
	if n >= rules.MaxMeetingSessions {
		return
	}
	d.typed[r.name] = strconv.Itoa(n + 1)
	d.refill()
	d.changed()
	parts.IntoView(r.forms[n].Field(r.inputs[0].name))
	parts.Focus(r.forms[n].First())
}

// askRemove asks before something that stands in a row is gone.
func (r *rows) askRemove(n int) {
	d, t := r.of, r.of.page.env.T
	if !slices.ContainsFunc(slices.Collect(maps.Keys(d.typed)), func(name string) bool {
		return strings.HasPrefix(name, r.name+"."+strconv.Itoa(n)+".")
	}) {
		r.remove(n)
		return
	}
	what := map[string]any{"What": t("managed."+r.name+".number", map[string]any{"Number": n + 1})}
	parts.Ask(parts.CanvasOf(d.content), t("managed.row.ask", what), t("managed.row.text"),
		parts.Answer{ID: "managed.row.yes", Text: t("managed.row.remove"), Kind: parts.Primary, Do: func() { r.remove(n) }},
		parts.Answer{ID: "managed.row.no", Text: t("shell.cancel"), Kind: parts.Outlined})
}

func (r *rows) remove(n int) {
	d := r.of
	d.typed.removeRow(r.name, n)
	r.forms, r.checks, r.box.Objects = nil, nil, nil // their numbers are others
	d.refill()
	d.changed()
	if len(r.forms) > 0 {
		parts.Focus(r.forms[min(n, len(r.forms)-1)].First())
	}
}

// at is the input of a place in the rows: NUMBER, NAME and perhaps a language; all of them
// for nothing.
func (r *rows) at(place []string, lingual func(name, lang string, f func(string) *parts.Field) *parts.Field) *parts.Field {
	if len(place) < 2 {
		return r.field
	}
	n, err := strconv.Atoi(place[0])
	if err != nil || n >= len(r.forms) || !slices.ContainsFunc(r.inputs, func(in rowInput) bool { return in.name == place[1] && !in.box }) {
		return nil
	}
	if len(place) == 3 {
		return lingual(place[1], place[2], func(name string) *parts.Field { return r.forms[n].Field(name) })
	}
	return r.forms[n].Field(place[1])
}
