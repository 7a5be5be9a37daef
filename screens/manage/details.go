package manage

import (
	"context"
	"maps"
	"reflect"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
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
	plain    []string  // the inputs that are the same in all languages
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

// entered is what is to be kept, without values once that is what is stored.
func (d *details) entered() app.MeetingDraft {
	kept := maps.Clone(d.typed)
	if reason := d.page.overview.typed(); reason != "" {
		kept[reasonValue] = reason
	}
	if reflect.DeepEqual(kept, d.filled) {
		return app.MeetingDraft{}
	}
	return app.MeetingDraft{Edition: d.edition, Values: kept}
}

// reasonValue is under which name the reason of a cancellation is kept, which is no part of
// the description.
const reasonValue = "cancel.reason"

// keep keeps what is typed, beside the window, or drops what was.
func (d *details) keep(ctx context.Context, typed app.MeetingDraft) error {
	if typed.Values == nil {
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

// refuseMore says at the foot that there are as many of something as there can be.
func (d *details) refuseMore(pointer string) {
	d.refuse(mistake(d.page.env, api.FieldError{Pointer: pointer, Code: api.FieldTooMany}))
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
	env, ctx := d.page.env, d.page.calls.Context()
	d.draft.Soon(ctx)
	env.Run.Run(ctx, func(ctx context.Context) { env.Sleep(ctx, kit.TypingPause) }, func() {
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

// refill shows what is typed, in the language that is chosen.
func (d *details) refill() {
	d.filling = true
	parts.Together(d.content, func() {
		d.language.Set(d.lang)
		fill := map[string]string{}
		for _, name := range texts {
			fill[name] = d.typed[inLanguage(name, d.lang)]
		}
		for _, name := range d.plain {
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

// speak shows the texts in a language that the person chooses.
func (d *details) speak(lang string) {
	if !d.filling {
		d.lang = lang
		d.refill()
	}
}

// askUndo goes back to what is stored.
func (d *details) askUndo() {
	m := d.page
	if !d.differs() {
		return
	}
	d.asking("managed.undo", m.env.T("managed.undo.text"), "managed.undo", parts.Danger, func() {
		d.edition = m.meeting.Edition
		d.typed = maps.Clone(d.filled)
		d.refill()
		d.draft.Keep()
	})()
}
