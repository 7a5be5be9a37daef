package meetings

import (
	"context"
	"errors"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/forms"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// RegisterEvents is where the form leads to.
type RegisterEvents struct {
	Submitted func(meeting string)
	Back      func()
}

// Register is the page on which one registers for a meeting, or changes one's registration:
// the form, and then all that was entered, to be checked before it is sent. What is typed is
// kept as a draft.
type Register struct {
	env     kit.Env
	meeting api.Meeting
	mine    Registrations
	on      RegisterEvents
	keeping keeping
	change  *changing // nil for a new registration

	ctx   context.Context
	leave func()

	content fyne.CanvasObject
	top     fyne.CanvasObject
	holder  *fyne.Container // the form, or what is to be checked
	bar     *parts.Bar
	offline *parts.Bar
	busy    *parts.Busy
	foot    *parts.Text
	check   *parts.Button
	edited  *parts.Button
	submit  *parts.Button
	forget  *parts.Button
	form    *forms.Form
	draft   *kit.FormDraft[api.Register]

	invitation string       // token of a personal one; empty without
	invited    *parts.Bar   // says what it is worth
	unasked    bool         // that could not be asked
	untyped    api.Register // what stood in the form before anything was typed

	checking bool // what was entered is shown to be checked
	drafted  bool // there is a draft
}

// keeping is where what is typed is kept, and where it goes.
type keeping struct {
	save   func(ctx context.Context, in api.Register) error
	forget func(ctx context.Context) error
	submit func(ctx context.Context, in api.Register) error
}

// NewRegister returns the form for a meeting, filled in from the draft, or
// with what is known of the person. Close it when it is left.
func NewRegister(env kit.Env, meeting api.Meeting, account api.Account, mine Registrations, on RegisterEvents) *Register {
	r := &Register{env: env, meeting: meeting, mine: mine, on: on, keeping: keeping{
		save: mine.SaveDraft, submit: mine.Submit,
		forget: func(ctx context.Context) error { return mine.DeleteDraft(ctx, meeting.Code) },
	}}
	r.begin()
	in, drafted := mine.Draft(meeting.Code)
	invitation := in.Invitation
	drafted = drafted && !onlyInvited(&in)
	if earlier, ok := mine.Get(meeting.Code); !drafted && ok && earlier.Participation != "" {
		in = *entered(&earlier)
	} else if !drafted {
		in = r.form.Known(&account)
	}
	r.invitation = invitation
	r.fill(forms.WithFilesHere(in, mine), drafted)
	r.askInvitation()
	return r
}

// onlyInvited tells whether a draft says no more than that the person is invited.
func onlyInvited(in *api.Register) bool {
	return in.Invitation != "" && in.Participation == "" && in.BadgeName == "" && in.JobTitle == "" && len(in.Answers) == 0 &&
		len(in.Companions) == 0 && len(in.Consents) == 0 && !in.Listed && !in.Visa
}

// entered is all that stands in the form, with the invitation.
func (r *Register) entered() api.Register {
	in := r.form.Entered()
	in.Invitation = r.invitation
	return in
}

// begin makes the page, with an empty form.
func (r *Register) begin() {
	r.ctx, r.leave = context.WithCancel(context.Background())
	r.form = forms.New(r.env, &r.meeting, func() { r.draft.Keep() }).WithFiles(r.ctx, r.mine)
	r.build()
	r.draft = kit.NewFormDraft(r.env, r.bar, r.foot, r.entered, func(ctx context.Context, in api.Register) error { return r.keeping.save(ctx, in) }, r.mine.Flush)
	r.draft.Saved = func() {
		r.drafted = true
		r.showForget()
	}
}

func (r *Register) fill(in api.Register, drafted bool) {
	r.form.Fill(in)
	r.draft.Begin(drafted)
	r.drafted = drafted
	r.showForget()
	if !drafted {
		r.untyped = r.form.Entered()
	}
}

// word is a word of this page: changes have some of their own.
func (r *Register) word(key string) string {
	if r.change != nil {
		return r.env.T("change." + key)
	}
	return r.env.T("register." + key)
}

// Content is what is to be shown.
func (r *Register) Content() fyne.CanvasObject { return r.content }

// First is what takes the keyboard.
func (r *Register) First() fyne.Focusable { return r.form.First() }

// Back leads to the form, or to where that came from.
func (r *Register) Back() bool {
	if r.checking {
		r.edit()
		return true
	}
	r.on.Back()
	return true
}

// Close keeps the draft and ends what the form has under way.
func (r *Register) Close() { r.CloseThen(func() {}) }

// CloseThen closes the form and goes on once its draft is on the disk.
func (r *Register) CloseThen(then func()) {
	defer r.leave()
	if r.change != nil {
		r.change.unfollow()
	}
	r.draft.CloseThen(then)
}

// KeepThen keeps what was typed, and goes on once that is saved.
func (r *Register) KeepThen(then func()) { r.draft.KeepThen(then) }

// SetOnline says whether the service can be reached: without it the form can
// be submitted as well.
func (r *Register) SetOnline(online bool) {
	if online {
		r.offline.Clear()
		if r.unasked {
			r.askInvitation()
		}
		return
	}
	r.offline.Say(parts.Notice{Tone: parts.Info, Words: []parts.Span{{Text: r.word("offline")}}})
}

func (r *Register) build() {
	t, env := r.env.T, r.env
	m := &r.meeting
	r.bar, r.offline, r.invited = parts.NewBar("register.bar"), parts.NewBar("register.offline"), parts.NewBar("register.invited")
	r.busy = parts.NewBusy("register.busy")
	back := t("meetings.back")
	if r.change != nil {
		back = t("change.back")
	}
	r.top = parts.Stack(parts.Gap4,
		parts.Link("register.back", back, r.on.Back),
		parts.Stack(2, parts.Bold(m.Title.In(env.Words.Lang())).WithSize(parts.SizeTitle).WithID("register.title"), parts.Muted(meetingLine(env, m))),
	)
	if r.change != nil {
		r.top = parts.Stack(parts.Gap8, r.top, parts.Small(t("change.until", map[string]any{"Until": deadline(env, m, rules.ChangeUntil(m))})).WithID("change.until"))
	}
	r.holder = container.NewStack(r.form.Content())
	body := parts.Stack(parts.Gap16, r.top, r.bar, r.offline, r.invited, r.holder)
	r.foot = parts.Small("").WithID("register.foot")
	r.check = parts.NewButton("register.check", t("register.check"), parts.Primary, r.review)
	r.edited = parts.NewButton("register.change", t("register.change"), parts.Outlined, r.edit)
	r.submit = parts.NewButton("register.submit", r.word("submit"), parts.Primary, r.send)
	r.edited.Hide()
	r.submit.Hide()
	r.forget = parts.NewButton("register.forget", t("register.forget"), parts.Outlined, r.askForget)
	foot := parts.Stack(0, parts.Divider(), parts.Pad(parts.Gap8, parts.Gap30, parts.Gap8, parts.Gap30,
		parts.MiddleRow(parts.Gap12,
			parts.Cell{Object: parts.Layers(r.busy, r.foot), Min: 200, Weight: 1},
			parts.Cell{Object: parts.TrailingRow(parts.Gap12,
				parts.Cell{Object: r.forget}, parts.Cell{Object: r.check}, parts.Cell{Object: r.edited}, parts.Cell{Object: r.submit})})))
	r.content = parts.Page(parts.Margins(parts.Column(kit.FormWidth, body)), foot)
}

// doubleClick is longer than the time between the two clicks of one.
const doubleClick = 600 * time.Millisecond

// saver saves what is to be checked of files.
func (r *Register) saver() *forms.Saver {
	return &forms.Saver{Env: r.env, Ctx: r.ctx, Files: r.mine, Busy: r.busy, Bar: r.bar, Save: app.SaveToDownloads}
}

// review shows all that was entered, to be checked, or says what is missing. The second
// click of a double click on what leads here must not send it, nor a key that is held.
func (r *Register) review() {
	if r.draft.Stopped() {
		return
	}
	if missing := r.form.Judge(); len(missing) > 0 {
		r.foot.SetSpans(parts.Span{
			Text:  r.env.T("register.missing", map[string]any{"Fields": strings.Join(missing, ", ")}),
			Color: parts.ColorDanger,
		})
		return
	}
	in := r.form.Asked()
	if r.change != nil && len(r.changed(&in)) == 0 {
		r.foot.SetText(r.env.T("change.none"))
		return
	}
	all := parts.Stack(parts.Gap16, parts.Stack(parts.Gap4,
		parts.Section(r.env.T("register.check.title")).WithID("register.check.title"), parts.Muted(r.env.T("register.check.line"))))
	if r.change != nil {
		all.Add(r.whatChanges(&in))
	}
	for _, s := range append(forms.All(r.env, &r.meeting, &in, r.saver()), forms.Visa(r.env, &in)) {
		if len(s.Pairs) > 0 {
			all.Add(parts.Card(parts.Section(s.Title), parts.KeyValues(s.Pairs...)))
		}
	}
	r.show(true, all)
	r.submit.Disable()
	if c := parts.CanvasOf(r.submit); c != nil {
		c.Unfocus()
	}
	r.env.Run.Run(r.ctx, func(ctx context.Context) { r.env.Sleep(ctx, doubleClick) }, func() {
		if r.checking && !r.draft.Stopped() {
			r.submit.Enable()
			if c := parts.CanvasOf(r.submit); c != nil && c.Focused() == nil {
				c.Focus(r.submit)
			}
		}
	})
}

// edit goes back to the form.
func (r *Register) edit() {
	if r.draft.Stopped() {
		return
	}
	r.show(false, r.form.Content())
	parts.Focus(r.form.First())
}

// show shows the form, or what is to be checked, from the top.
func (r *Register) show(checking bool, content fyne.CanvasObject) {
	r.checking = checking
	r.bar.Clear()
	r.foot.SetText("")
	parts.Together(r.content, func() {
		kit.Swap(r.holder, content)
		parts.SetVisible(!checking, r.check)
		parts.SetVisible(checking, r.edited)
		parts.SetVisible(checking, r.submit)
		r.showForget()
	})
	parts.IntoView(r.top)
}

// send submits what was checked.
func (r *Register) send() {
	if r.draft.Stopped() {
		return
	}
	draft, in := r.entered(), r.form.Asked()
	in.Invitation = r.invitation
	r.draft.Stop()
	r.foot.SetText("") // its place is where it is said what is waited for
	r.submit.Disable()
	r.draft.Then(func() {
		r.env.Commit(r.ctx, r.busy, r.word("keeping"), func(ctx context.Context) error {
			err := r.keeping.submit(ctx, in)
			if err != nil { // the form may be gone by now
				err = errors.Join(err, r.keeping.save(ctx, draft))
			}
			return err
		}, r.sent)
	})
}

func (r *Register) sent(err error) {
	r.submit.Enable()
	if err != nil {
		r.draft.Resume()
		wrong := r.env.Explain(err).Fields
		if len(wrong) > 0 {
			r.edit()
		}
		r.bar.Say(r.env.Problem(err))
		r.form.Show(wrong)
		parts.IntoView(r.bar)
		return
	}
	r.draft.Over()
	r.on.Submitted(r.meeting.Code)
}

func (r *Register) showForget() { parts.SetVisible(r.drafted && !r.checking, r.forget) }

// askForget asks before the draft is deleted.
func (r *Register) askForget() {
	t := r.env.T
	parts.Ask(parts.CanvasOf(r.forget), t("register.forget.title"),
		t("register.forget.text", map[string]any{"Meeting": r.meeting.Title.In(r.env.Words.Lang())}),
		parts.Answer{ID: "register.forget.yes", Text: t("register.forget"), Kind: parts.Danger, Do: r.deleteDraft},
		parts.Answer{ID: "register.forget.no", Text: t("register.forget.no"), Kind: parts.Outlined},
	)
}

func (r *Register) deleteDraft() {
	r.draft.Stop()
	r.draft.Then(func() {
		r.env.Commit(r.ctx, r.busy, "", r.keeping.forget, func(err error) {
			if err != nil {
				r.draft.Resume()
				r.bar.Say(r.env.Problem(err))
				return
			}
			r.draft.Over()
			r.on.Back()
		})
	})
}
