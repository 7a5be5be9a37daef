package meetings

import (
	"context"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// RegisterEvents is where the form leads to.
type RegisterEvents struct {
	Submitted func(meeting string)
	Back      func()
}

// Register is the form with which one registers for a meeting: participation,
// what stands on the badge, the meeting's own questions, accompanying persons.
// What is typed is kept as a draft.
type Register struct {
	env     kit.Env
	meeting api.Meeting
	account api.Account
	mine    Registrations
	on      RegisterEvents

	ctx   context.Context
	leave func()

	content       fyne.CanvasObject
	bar           *parts.Bar
	offline       *parts.Bar
	busy          *parts.Busy
	foot          *parts.Text
	submit        *parts.Button
	forget        *parts.Button
	participation *parts.Radios
	whole         *parts.Field // around participation
	badge, job    *parts.Field
	badgeEntry    *parts.Entry
	jobEntry      *parts.Entry
	questions     []*question
	companions    *companionList

	saved      api.Register // as last given to be saved
	filling    bool
	saving     bool
	unkept     bool // the last save failed, and the bar says why
	submitting bool
	done       bool
	pending    func() // what waits for the save under way
}

// NewRegister returns the form for a meeting, filled in from the draft, or
// with what is known of the person. Close it when it is left.
func NewRegister(env kit.Env, meeting api.Meeting, account api.Account, mine Registrations, on RegisterEvents) *Register {
	r := &Register{env: env, meeting: meeting, account: account, mine: mine, on: on}
	r.ctx, r.leave = context.WithCancel(context.Background())
	r.build()
	in, drafted := mine.Draft(meeting.Code)
	if earlier, ok := mine.Get(meeting.Code); !drafted && ok && earlier.BadgeName != "" {
		in = again(&earlier)
	} else if !drafted {
		in = r.known()
	}
	r.fill(in)
	r.saved = r.entered()
	r.showForget(drafted)
	if drafted {
		r.foot.SetText(env.T("register.draft.restored"))
	}
	return r
}

// Content is what is to be shown.
func (r *Register) Content() fyne.CanvasObject { return r.content }

// First is what takes the keyboard.
func (r *Register) First() fyne.Focusable {
	if r.participation != nil && r.participation.Chosen() == "" {
		return r.participation
	}
	return r.badgeEntry
}

// Back leads to where the form came from.
func (r *Register) Back() bool {
	r.on.Back()
	return true
}

// Close keeps the draft and ends what the form has under way.
func (r *Register) Close() { r.CloseThen(func() {}) }

// CloseThen closes the form and goes on once its draft is on the disk.
func (r *Register) CloseThen(then func()) {
	defer r.leave()
	if r.done {
		then()
		return
	}
	r.keep()
	r.after(func() {
		r.env.Run.Run(context.Background(), func(ctx context.Context) {
			// The screen on which it could be said is gone. What the disk does
			// not take stays in memory, and is asked about before the end (Quit).
			_ = r.mine.Flush(ctx)
		}, then)
	})
}

// SetOnline says whether the service can be reached: without it the form can
// be submitted as well.
func (r *Register) SetOnline(online bool) {
	if online {
		r.offline.Clear()
		return
	}
	r.offline.Say(parts.Notice{Tone: parts.Info, Words: []parts.Span{{Text: r.env.T("register.offline")}}})
}

func (r *Register) build() {
	t, env := r.env.T, r.env
	m := &r.meeting
	r.bar, r.offline = parts.NewBar("register.bar"), parts.NewBar("register.offline")
	r.busy = parts.NewBusy("register.busy")
	body := parts.Stack(parts.Gap16,
		parts.Stack(parts.Gap4,
			parts.Link("register.back", t("meetings.back"), r.on.Back),
			parts.Stack(2, parts.Bold(m.Title.In(env.Words.Lang())).WithSize(parts.SizeTitle).WithID("register.title"), parts.Muted(meetingLine(env, m))),
		),
		r.bar, r.offline,
		parts.Card(r.person()...),
	)
	for i := range m.Form.Sections {
		body.Add(r.section(&m.Form.Sections[i]))
	}
	if m.Companions > 0 {
		r.companions = newCompanionList(env, m.Companions, r.changed)
		body.Add(parts.Card(parts.Section(t("register.companions")), r.companions))
	}
	r.foot = parts.Small("").WithID("register.foot")
	r.submit = parts.NewButton("register.submit", t("register.submit"), parts.Primary, r.send)
	r.forget = parts.NewButton("register.forget", t("register.forget"), parts.Outlined, r.askForget)
	foot := parts.Stack(0, parts.Divider(), parts.Pad(parts.Gap8, parts.Gap30, parts.Gap8, parts.Gap30,
		parts.MiddleRow(parts.Gap12,
			parts.Cell{Object: parts.Layers(r.busy, r.foot), Min: 200, Weight: 1},
			parts.Cell{Object: r.forget}, parts.Cell{Object: r.submit})))
	r.content = parts.Page(parts.Margins(parts.Column(kit.FormWidth, body)), foot)
}

// person is the first card: how one takes part, and what stands on the badge.
func (r *Register) person() []fyne.CanvasObject {
	t := r.env.T
	objects := []fyne.CanvasObject{parts.Section(t("register.you"))}
	if len(r.meeting.Participation) > 1 {
		var items []parts.Item
		for _, p := range r.meeting.Participation {
			items = append(items, parts.Item{ID: p, Text: t("register.participation." + p)})
		}
		r.participation = parts.NewRadios("register.participation", items)
		r.whole = parts.NewField("register.participation.field", t("register.participation"), true, r.participation)
		r.participation.OnChange = func(string) {
			r.whole.SetError("")
			r.changed()
		}
		objects = append(objects, r.whole)
	} else {
		objects = append(objects, parts.NewText(
			parts.Span{Text: t("register.participation") + ": ", Color: parts.ColorMuted},
			parts.Span{Text: t("register.participation." + r.meeting.Participation[0])},
		))
	}
	r.badgeEntry, r.jobEntry = parts.NewEntry("register.badge"), parts.NewEntry("register.job")
	r.badgeEntry.OnChanged = func(string) { r.changed() }
	r.jobEntry.OnChanged = func(string) { r.changed() }
	r.badge = parts.NewField("register.badge.field", t("register.badge"), true, r.badgeEntry).
		CheckWith(func() string { return r.lineMistake("/badge_name", rules.MaxBadgeName) })
	r.job = parts.NewField("register.job.field", t("register.job"), false, r.jobEntry).
		CheckWith(func() string { return r.lineMistake("/job_title", rules.MaxJobTitle) })
	return append(objects, parts.Row(parts.Gap16,
		parts.Cell{Object: r.badge, Min: 240, Weight: 1}, parts.Cell{Object: r.job, Min: 240, Weight: 1}))
}

func (r *Register) lineMistake(pointer string, limit int) string {
	in := r.entered()
	for _, e := range rules.ValidateRegister(&r.meeting, &in) {
		if e.Pointer == pointer {
			return r.env.T("register.wrong."+e.Code, map[string]any{"Max": limit})
		}
	}
	return ""
}

func (r *Register) section(s *api.FormSection) fyne.CanvasObject {
	card := parts.Stack(parts.Gap16, parts.Section(s.Title.In(r.env.Words.Lang())))
	for i := range s.Questions {
		q := newQuestion(r.env, &s.Questions[i], r.changed, r.left)
		r.questions = append(r.questions, q)
		card.Add(q.field)
	}
	return parts.CardWith(20, card)
}

// left judges an answer when the keyboard has left it.
func (r *Register) left(q *question) { q.field.SetError(q.mistake(r.env)) }

// showQuestions shows those that the answers so far lead to.
func (r *Register) showQuestions() {
	answers := r.entered().Answers
	parts.Together(r.content, func() {
		for _, q := range r.questions {
			parts.SetVisible(rules.Shown(&r.meeting.Form, q.q.ID, answers), q.field)
		}
	})
}

// changed follows every change: conditional questions, and the draft.
func (r *Register) changed() {
	if r.filling {
		return
	}
	r.showQuestions()
	r.keep()
}
