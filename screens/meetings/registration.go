package meetings

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/app"
	"plenary/calendar"
	"plenary/rules"
	"plenary/screens/forms"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// RegistrationEvents is where the screen of one registration leads to.
type RegistrationEvents struct {
	Back     func()
	Register func(code string) // to the form, again
	Draft    func(code string) // to the form of a draft, in the screen's place
	Change   func(code string) // to the form, to change what was answered
	Say      func(parts.Notice)
}

// Registration is the screen of one's registration for a meeting: its state,
// what happened, how to join or get in, and how to withdraw.
type Registration struct {
	env     kit.Env
	catalog MeetingCatalog
	mine    Registrations
	code    string
	on      RegistrationEvents

	ctx      context.Context
	leave    func()
	unfollow func()

	content fyne.CanvasObject
	holder  *fyne.Container
	bar     *parts.Bar
	busy    *parts.Busy
	join    *joinCard
	offer   *parts.Text // the note while a place is offered
	online  bool
	shown   registrationShown
	// save writes a file into the person's downloads.
	save func(name string, data []byte) (path string, err error)
}

// NewRegistration returns the screen for a meeting. Close it when it is left.
func NewRegistration(env kit.Env, catalog MeetingCatalog, mine Registrations, code string, on RegistrationEvents) *Registration {
	r := &Registration{env: env, catalog: catalog, mine: mine, code: code, on: on, online: true, save: app.SaveToDownloads}
	r.ctx, r.leave = context.WithCancel(context.Background())
	r.bar, r.busy = parts.NewBar("registration.bar"), parts.NewBusy("registration.busy")
	r.holder = container.NewStack()
	r.content = r.holder
	r.unfollow = env.Follow(r.ctx, r.show, mine.Subscribe, catalog.Subscribe)
	return r
}

// Content is what is to be shown.
func (r *Registration) Content() fyne.CanvasObject { return r.content }

// Close ends what the screen has under way.
func (r *Registration) Close() {
	r.leave()
	r.unfollow()
}

// Back leads to where the screen came from.
func (r *Registration) Back() bool {
	r.on.Back()
	return true
}

// SetOnline says whether the service can be reached.
func (r *Registration) SetOnline(online bool) {
	if r.online != online {
		r.online = online
		r.show()
	}
}

// Tick brings the countdown up to date.
func (r *Registration) Tick() {
	if r.join != nil {
		r.join.tick()
	}
	r.tickOffer()
}

// registrationShown is what the screen depends on: while it stays the same,
// nothing is drawn anew, and the keyboard stays where it is.
type registrationShown struct {
	mine    app.Mine
	there   bool
	version int64
	online  bool
	offered bool // a place, which can be accepted
}

func (r *Registration) show() {
	mine, ok := r.mine.Get(r.code)
	meeting, known := r.catalog.Get(r.code)
	shown := registrationShown{mine: mine, there: ok, version: meeting.Version, online: r.online, offered: offerOpen(&mine, r.env.Now())}
	if len(r.holder.Objects) > 0 && reflect.DeepEqual(shown, r.shown) {
		return
	}
	r.shown = shown
	if !ok {
		kit.Swap(r.holder, parts.Scroll(parts.Empty(r.env.T("registration.gone.title"), r.env.T("registration.gone.how"),
			parts.NewButton("registration.back", r.env.T("nav.mymeetings"), parts.Outlined, r.on.Back))))
		return
	}
	title, line := r.code, ""
	if known {
		title, line = meeting.Title.In(r.env.Words.Lang()), meetingLine(r.env, &meeting)
	}
	head := parts.Stack(parts.Gap4,
		parts.Link("registration.back", r.env.T("shell.back", map[string]any{"To": r.env.T("nav.mymeetings")}), r.on.Back),
		parts.Title(title, parts.Span{Text: line}),
	)
	right := parts.Stack(18)
	r.join, r.offer = nil, nil
	if known {
		for _, card := range r.cards(&mine, &meeting) {
			right.Add(card)
		}
	}
	left := parts.Card(r.facts(&mine, &meeting)...)
	var main fyne.CanvasObject = parts.Column(kit.FormWidth, left)
	if len(right.Objects) > 0 {
		main = parts.Row(parts.Gap22, parts.Cell{Object: left, Min: 400, Weight: 3}, parts.Cell{Object: right, Min: 270, Weight: 1})
	} else {
		head = parts.Column(kit.FormWidth, head)
	}
	body := parts.Stack(0, parts.Stack(parts.Gap12, head, r.bar), r.busy, main)
	kit.Swap(r.holder, parts.Scroll(parts.Margins(body)))
}

// inVain are the refusals after which the same form would be refused again.
var inVain = []api.Code{
	api.CodeAlreadyRegistered, api.CodeRegistrationClosed, api.CodeMeetingFull, api.CodeNotForMembership, api.CodeTooLate,
}

func (r *Registration) acts(mine *app.Mine) []fyne.CanvasObject {
	t := r.env.T
	var acts []fyne.CanvasObject
	if mine.State == app.StateNeedsAttention {
		switch in := !slices.Contains(inVain, mine.Code); {
		case mine.Kind == api.OpChange && in && !rules.Final(mine.Registration.State):
			acts = append(acts, parts.NewButton("registration.change", t("registration.change.again"), parts.Primary, func() { r.on.Change(r.code) }))
		case mine.Kind != api.OpChange && mine.Kind != api.OpWithdraw && mine.Kind != api.OpAnswerOffer && in:
			acts = append(acts, parts.NewButton("registration.again", t("registration.again"), parts.Primary, func() { r.on.Register(r.code) }))
		}
		if m, ok := r.catalog.Get(r.code); ok && m.Contact != "" && slices.Contains(inVain, mine.Code) && mine.Code != api.CodeAlreadyRegistered {
			acts = append(acts, parts.NewButton("registration.contact", t("registration.contact"), parts.Outlined, func() { r.env.Open(m.Contact) }))
		}
		return append(acts, parts.NewButton("registration.dismiss", t("registration.dismiss"), parts.Outlined, func() { r.dismiss(mine.Operation) }))
	}
	if mine.State == app.StateWaitingToSend {
		return []fyne.CanvasObject{
			parts.NewButton("registration.send", t("registration.send"), parts.Outlined, r.send),
			parts.NewButton("registration.take-back", t("registration.take-back"), parts.Outlined, func() { r.takeBack(mine.Operation, mine.Kind) }),
		}
	}
	if mine.State == api.Withdrawn || mine.State == api.Refused {
		if m, ok := r.catalog.Get(r.code); ok && MeetingState(&m, r.env.Now()) <= MeetingWaitlist {
			return append(acts, parts.NewButton("registration.again", t("meetings.again"), parts.Outlined, func() { r.on.Register(r.code) }))
		}
		return nil
	}
	if mine.Number == "" || rules.Final(mine.State) {
		return nil
	}
	if mine.State == api.Offered {
		acts = r.offerActs(mine)
	}
	m, ok := r.catalog.Get(r.code)
	now := r.env.Now()
	if ok && (mine.Changing || now.Before(rules.ChangeUntil(&m))) {
		key := "registration.change"
		if mine.Changing {
			key = "registration.change.go-on"
		}
		acts = append(acts, parts.NewButton("registration.change", t(key), parts.Outlined, func() { r.on.Change(r.code) }))
	}
	if mine.State != api.Offered && (!ok || now.Before(rules.WithdrawUntil(&m))) {
		acts = append(acts, parts.NewButton("registration.withdraw", t("registration.withdraw"), parts.Outlined, r.askWithdraw))
	}
	return acts
}

// askWithdraw asks once, and names what happens.
func (r *Registration) askWithdraw() { r.askWithdrawFor("") }

// askWithdrawFor is askWithdraw with a reason that was typed already, and is too long.
func (r *Registration) askWithdrawFor(typed string) {
	mine, ok := r.mine.Get(r.code)
	if !ok {
		return
	}
	t := r.env.T
	name := r.title()
	text := t("registration.withdraw.text")
	if !r.online {
		text += " " + t("registration.withdraw.offline")
	}
	reason := parts.NewEntry("registration.withdraw.reason")
	tooLong := func() bool { return utf8.RuneCountInString(strings.TrimSpace(reason.Text)) > rules.MaxReason }
	mistake := func() string {
		if tooLong() {
			return t("register.wrong.too-long", map[string]any{"Max": rules.MaxReason})
		}
		return ""
	}
	field := parts.NewField("registration.withdraw.reason.field", t("registration.withdraw.reason"), false, reason).CheckWith(mistake)
	reason.SetText(typed)
	field.SetError(mistake())
	parts.AskWith(parts.CanvasOf(r.holder),
		t("registration.withdraw.title", map[string]any{"Meeting": name}), text, field,
		parts.Answer{ID: "registration.withdraw.yes", Text: t("registration.withdraw"), Kind: parts.Danger, Do: func() {
			if tooLong() {
				r.askWithdrawFor(reason.Text)
				return
			}
			r.withdraw(mine.Number, strings.TrimSpace(reason.Text))
		}},
		parts.Answer{ID: "registration.withdraw.no", Text: t("registration.withdraw.no"), Kind: parts.Outlined},
	)
}

// title is the meeting's, or its code where this computer does not know it.
func (r *Registration) title() string {
	if m, ok := r.catalog.Get(r.code); ok {
		return m.Title.In(r.env.Words.Lang())
	}
	return r.code
}

func (r *Registration) withdraw(number, reason string) {
	r.env.Commit(r.ctx, r.busy, r.env.T("registration.withdrawing"), func(ctx context.Context) error { return r.mine.Withdraw(ctx, number, reason) }, func(err error) {
		if err != nil {
			r.bar.Say(r.env.Problem(err))
			return
		}
		r.bar.Clear()
		r.show()
	})
}

// send tries at once to send what waits; what becomes of it shows by itself.
func (r *Registration) send() {
	r.env.Do(r.ctx, r.busy, r.env.T("registration.sending"), r.mine.Send, func(err error) {
		if err != nil {
			r.bar.Say(r.env.Problem(err))
			return
		}
		r.bar.Clear()
	})
}

func (r *Registration) takeBack(operation, kind string) {
	r.env.Commit(r.ctx, r.busy, r.env.T("registration.taking-back"), func(ctx context.Context) error { return r.mine.TakeBack(ctx, operation) }, func(err error) {
		switch {
		case err != nil:
			r.show()
			r.bar.Say(r.env.Problem(err))
		case kind == api.OpRegister:
			r.on.Draft(r.code)
			r.on.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: r.env.T(takenBack(kind))}}})
		case kind == api.OpChange:
			r.on.Change(r.code)
			r.on.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: r.env.T(takenBack(kind))}}})
		default:
			r.show()
			r.bar.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: r.env.T(takenBack(kind))}}})
		}
	})
}

// takenBack is the key of what is said when an operation was taken back.
func takenBack(kind string) string {
	switch kind {
	case api.OpRegister:
		return "registration.taken-back"
	case api.OpChange:
		return "registration.taken-back.change"
	case api.OpAnswerOffer:
		return "offer.taken-back"
	default:
		return "registration.taken-back.withdrawal"
	}
}

func (r *Registration) dismiss(operation string) {
	r.env.Commit(r.ctx, r.busy, "", func(ctx context.Context) error { return r.mine.Dismiss(ctx, operation) }, func(err error) {
		if err != nil {
			r.bar.Say(r.env.Problem(err))
			return
		}
		if _, still := r.mine.Get(r.code); still {
			r.show()
			return
		}
		r.on.Back()
	})
}

// cards are what one needs for the meeting itself: JOIN for those who take
// part remotely, the code for those who come, the calendar entry and the PDF for both.
func (r *Registration) cards(mine *app.Mine, meeting *api.Meeting) []fyne.CanvasObject {
	if mine.Standing() != api.Confirmed || r.env.Now().After(meeting.End()) {
		return nil
	}
	t := r.env.T
	calendar := parts.Link("registration.calendar", t("registration.calendar"), func() { r.addToCalendar(mine, meeting) })
	pdf := parts.Link("registration.pdf", t("registration.pdf"), func() { r.savePDF(mine, meeting) })
	if mine.Participation == api.OnSite {
		large := func() { r.showCode(mine) }
		words := parts.Stack(parts.Gap8,
			parts.Stack(0, parts.Bold(t("registration.qr.show")), parts.Muted(t("registration.qr.offline"))),
			parts.Link("registration.qr.large", t("registration.qr.large"), large), pdf, calendar)
		return []fyne.CanvasObject{parts.CardWith(20, parts.Row(parts.Gap12,
			parts.Cell{Object: newCodePicture(codeOf(mine), t("registration.qr.large"), large), Min: qrSide}, parts.Cell{Object: words, Min: 110, Weight: 1}))}
	}
	r.join = newJoinCard(r.env, mine, meeting, &joining{ctx: r.ctx, env: r.env, mine: r.mine, bar: r.bar, busy: r.busy})
	calendar.WithAlign(fyne.TextAlignCenter)
	pdf.WithAlign(fyne.TextAlignCenter)
	return []fyne.CanvasObject{parts.CardWith(20, parts.Stack(parts.Gap12, r.join, parts.Divider(), pdf, calendar))}
}

// saver saves the files that were sent with it.
func (r *Registration) saver() *forms.Saver {
	return &forms.Saver{Env: r.env, Ctx: r.ctx, Files: r.mine, Busy: r.busy, Bar: r.bar, Save: r.save}
}

// addToCalendar writes the entry into the person's downloads and opens it with
// the system's calendar.
func (r *Registration) addToCalendar(mine *app.Mine, meeting *api.Meeting) {
	data := calendar.Write(r.env.Words, calendar.Entry{
		Meeting: meeting, Sequence: meeting.Revision, Number: mine.Number,
		Remote: mine.Participation == api.Remote, Platform: mine.Platform,
		Page: rules.MeetingPage(r.env.Info.Address, meeting.Code), Made: r.env.Now(),
	}, calendar.Publish)
	var path string
	r.env.Do(r.ctx, r.busy, r.env.T("registration.calendar.saving"), func(context.Context) (err error) {
		path, err = r.save(meeting.Code+".ics", []byte(data))
		return err
	}, func(err error) {
		if err != nil {
			r.bar.Say(r.env.NotSaved())
			return
		}
		said := r.env.Saved(path)
		said.Words = append(said.Words, parts.Span{Text: ". " + r.env.T("registration.calendar.how")})
		r.bar.Say(said)
		r.env.OpenFile(path)
	})
}
