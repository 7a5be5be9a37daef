package admin

import (
	"context"
	"maps"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/person"
)

// userDetail is the chosen user: the account's state, what one can do for it,
// its sessions and its history; or the form of what is about to be done.
type userDetail struct {
	screen  *Users
	content *fyne.Container
	holder  *fyne.Container
	busy    *parts.Busy

	ctx     context.Context // of the chosen user
	stop    context.CancelFunc
	summary api.UserSummary
	user    *api.User // nil until it has come
	// registered are the registrations that have come; the service is asked for more.
	registered api.UserRegistrations
	asksMore   bool
	err        error
	form       *userForm
	begun      map[string]*userForm // of other users, by id: what was typed stays
	invite     *inviteForm          // that was begun; or nil
	inviting   bool                 // it is shown, in place of the user
}

func newUserDetail(u *Users) *userDetail {
	d := &userDetail{screen: u, holder: container.NewStack(), busy: parts.NewBusy("users.detail.busy"), stop: func() {}, begun: map[string]*userForm{}}
	d.content = parts.Panel(d.holder)
	d.show()
	return d
}

func (d *userDetail) setNarrow(bool) {
	if d.form == nil {
		d.show()
	}
}

// choose shows a user: the form that was begun for the user, if one was; else at
// once what the list knows, and the rest once the keyboard has stayed on it for a
// moment and the service has answered.
func (d *userDetail) choose(r api.UserSummary) {
	if d.inviting {
		d.closeInvite()
	}
	if d.summary.ID == r.ID && (d.user != nil || d.form != nil) {
		return
	}
	d.stop()
	d.ctx, d.stop = context.WithCancel(d.screen.ctx)
	if d.form != nil && d.form.touched() {
		d.begun[d.summary.ID] = d.form
	}
	d.summary, d.user, d.form, d.err = r, nil, d.begun[r.ID], nil
	delete(d.begun, r.ID)
	d.asksMore = false
	d.busy.Say("")
	if d.form != nil {
		kit.Swap(d.holder, d.form.page)
	} else {
		d.show()
	}
	env := d.screen.env
	env.Run.Run(d.ctx, func(ctx context.Context) { env.Sleep(ctx, kit.TypingPause) }, d.load)
}

// leave goes back to the list: the user is there no more.
func (d *userDetail) leave() {
	d.stop()
	d.summary, d.user, d.form, d.err = api.UserSummary{}, nil, nil, nil
	d.screen.panes.ShowDetail(false)
	d.show()
}

// refresh asks again for the chosen user, if there is one.
func (d *userDetail) refresh() {
	if d.summary.ID != "" {
		d.load()
	}
}

// directoryChanged is called when the directory has arrived or changed.
func (d *userDetail) directoryChanged() {
	forms := slices.Collect(maps.Values(d.begun))
	if d.form != nil {
		forms = append(forms, d.form)
	}
	for _, f := range forms {
		if f.profile != nil {
			f.profile.organization.DirectoryChanged()
		}
	}
	if d.invite != nil {
		d.invite.profile.organization.DirectoryChanged()
	}
}

// load asks for the user and shows what comes, unless a form is open.
func (d *userDetail) load() {
	env, id := d.screen.env, d.summary.ID
	var user api.User
	var registered api.UserRegistrations
	env.Do(d.ctx, d.busy, env.T("users.detail.loading"), func(ctx context.Context) (err error) {
		if user, err = d.screen.service.User(ctx, id); err == nil && hasAccount(&user) {
			registered, err = d.screen.service.UserRegistrations(ctx, id, "")
		}
		return err
	}, func(err error) {
		d.err = err
		if err == nil {
			d.user, d.summary, d.registered = &user, user.UserSummary, registered
			d.screen.list.Replace(user.UserSummary)
		}
		if d.form == nil {
			d.show()
		}
	})
}

func (d *userDetail) show() {
	env, t := d.screen.env, d.screen.env.T
	if d.inviting {
		return
	}
	if d.summary.ID == "" {
		kit.Swap(d.holder, parts.Scroll(parts.Empty(t("users.choose.title"), t("users.choose.how"))))
		return
	}
	body := parts.Stack(parts.Gap16)
	if d.screen.panes != nil && d.screen.panes.Narrow() {
		body.Add(parts.Link("users.back", t("users.back"), func() { d.screen.Back() }))
	}
	text, tone := userTag(env, d.summary.State)
	body.Add(parts.Stack(parts.Gap4,
		parts.Bold(userName(&d.summary)).WithSize(parts.SizeTitle).WithID("users.detail.name"),
		parts.Ends(parts.Small(d.summary.Username).Selectable(), parts.NewTag(text, tone).WithID("users.detail.state"))))
	if note := "users.state." + d.summary.State + ".note"; env.Words.Has(note) {
		body.Add(parts.Muted(t(note)))
	}
	switch {
	case d.user != nil:
		d.fill(body)
	case d.err != nil:
		bar := parts.NewBar("users.detail.bar")
		n := env.Problem(d.err)
		n.Action, n.Act = t("shell.retry"), func() {
			d.err = nil
			d.show()
			d.load()
		}
		bar.Say(n)
		body.Add(bar)
	default:
		body.Add(d.facts())
		body.Add(d.busy)
	}
	kit.Swap(d.holder, parts.Scroll(parts.Pad(parts.Gap22, 24, parts.Gap22, 24, body)))
}

// fill adds what only the service's answer has.
func (d *userDetail) fill(body *fyne.Container) {
	t := d.screen.env.T
	for i := range d.user.Pending {
		body.Add(parts.NewText(parts.Span{Text: t("users.pending", map[string]any{
			"What": t("approvals.kind." + d.user.Pending[i].Kind), "By": person.NameOr(d.screen.env, d.user.Pending[i].By),
		}), Color: parts.ColorWarning}))
	}
	body.Add(d.buttons())
	body.Add(d.facts())
	if d.user.ResetAddress != nil {
		body.Add(parts.Section(t("users.reset")).WithID("users.reset"))
		body.Add(d.resetAddress(d.user.ResetAddress))
	}
	if hasAccount(d.user) {
		body.Add(parts.Section(t("users.registrations")))
		body.Add(d.registrations())
	}
	body.Add(parts.Section(t("users.sessions")))
	body.Add(d.sessions())
	body.Add(parts.Section(t("users.history")))
	body.Add(d.history())
}

// buttons are what one can do for the user in its state.
func (d *userDetail) buttons() fyne.CanvasObject {
	if d.summary.ID == d.screen.account.ID {
		return parts.Muted(d.screen.env.T("users.own"))
	}
	var buttons []fyne.CanvasObject
	for i := range userActs {
		a := &userActs[i]
		if a.offered(d.user) {
			buttons = append(buttons, parts.NewButton(parts.ID("users.act."+a.kind), d.screen.env.T(a.words(d.screen.env, d.summary.State)), parts.Outlined, func() { d.open(a) }))
		}
	}
	if len(buttons) == 0 {
		return parts.Muted(d.screen.env.T("users.no-acts"))
	}
	return parts.Inline(parts.Gap8, buttons...)
}

func (d *userDetail) facts() fyne.CanvasObject {
	env, t := d.screen.env, d.screen.env.T
	var pairs []parts.Pair
	add := func(key, value string) {
		if value != "" {
			pairs = append(pairs, parts.Pair{Key: t(key), Value: parts.Body(value)})
		}
	}
	if email := d.summary.Email; email != "" {
		pairs = append(pairs, parts.Pair{Key: t("users.email"), Value: env.Carried("users.email.copy", parts.Body(email), email)})
	}
	organization := d.summary.Organization
	if organization != "" && d.summary.Country != "" {
		organization += ", " + env.Words.Country(d.summary.Country)
	}
	add("users.organization", organization)
	add("users.roles", person.RoleNames(env, d.summary.Roles))
	if d.user != nil {
		add("users.last", d.when(d.user.LastLogIn, "users.last.never"))
		add("users.created", d.when(d.user.Created, ""))
		add("users.second-factor", onOff(env, d.user.SecondFactor))
		add("users.question", onOff(env, d.user.SecretQuestion))
	}
	return parts.KeyValues(pairs...)
}

func onOff(env kit.Env, on bool) string {
	if on {
		return env.T("staff.on")
	}
	return env.T("staff.off")
}

// when is a time in words, and the words of never where there is none.
func (d *userDetail) when(at time.Time, never string) string {
	if !at.IsZero() {
		return kit.Clock(d.screen.env.Words, at, d.screen.env.Now())
	}
	if never == "" {
		return ""
	}
	return d.screen.env.T(never)
}

func (d *userDetail) resetAddress(r *api.ResetAddress) fyne.CanvasObject {
	t := d.screen.env.T
	state := t("users.reset.until", map[string]any{"Time": d.when(r.Expires, "")})
	if r.Used {
		state = t("users.reset.used")
	}
	return parts.KeyValues(
		parts.Pair{Key: t("users.reset.address"), Value: parts.Body(r.Email)},
		parts.Pair{Key: t("users.reset.state"), Value: parts.Body(state)},
		parts.Pair{Key: t("users.reset.by"), Value: parts.Body(person.NameOr(d.screen.env, r.By))},
		parts.Pair{Key: t("users.reason"), Value: parts.Body(r.Reason)})
}

func (d *userDetail) sessions() fyne.CanvasObject {
	t := d.screen.env.T
	if len(d.user.Sessions) == 0 {
		return parts.Muted(t("users.sessions.none"))
	}
	rows := parts.Stack(parts.Gap8)
	for _, s := range d.user.Sessions {
		machine := s.Machine
		if machine == "" {
			machine = t("users.sessions.unnamed")
		}
		rows.Add(parts.Stack(0, parts.Body(machine), parts.Small(t("users.sessions.line", map[string]any{
			"Since": d.when(s.Since, ""), "Last": d.when(s.LastUsed, ""),
		}))))
	}
	return rows
}

func (d *userDetail) history() fyne.CanvasObject {
	if len(d.user.History) == 0 {
		return parts.Muted(d.screen.env.T("users.history.none"))
	}
	lines := parts.Stack(parts.Gap4)
	for i := range d.user.History {
		e := &d.user.History[i]
		text := eventName(d.screen.env, e.Event)
		if e.Actor != "" {
			text += " · " + d.screen.env.T("audit.by", map[string]any{"By": e.Actor})
		}
		spans := []parts.Span{{Text: d.when(e.At, "") + "  ", Color: parts.ColorMuted}, {Text: text}}
		if detail := eventDetail(d.screen.env, e); detail != "" {
			spans = append(spans, parts.Span{Text: "  " + detail, Color: parts.ColorMuted})
		}
		lines.Add(parts.NewText(spans...).Selectable())
	}
	return lines
}
