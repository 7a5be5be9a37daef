package admin

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// userAct is a kind of change that an administrator makes to a user. Its words are
// users.act.KIND and, with .title, .text and .done behind it, what is asked, what it
// means, and what is said afterwards.
type userAct struct {
	kind    string
	danger  bool
	email   bool // asks for an address, whose words are .address and .address.hint behind the others
	roles   bool // asks for roles
	profile bool // asks for name and organization
	plain   bool // asks for no reason
	ends    bool // there is no such user afterwards
	// offered says whether it makes sense for a user in this state.
	offered func(u *api.User) bool
}

// words begins the keys of the act's words: somebody who was invited has some of their
// own.
func (a *userAct) words(env kit.Env, state string) string {
	key := "users.act." + a.kind
	if own := key + "-invited"; state == api.UserInvited && env.Words.Has(own) {
		return own
	}
	return key
}

// Limits of a reason, in characters, as in api.ChangeUser.
const (
	minReason = 3
	maxReason = 500
)

// hasAccount says whether there is an account yet, and not only a sign-up.
func hasAccount(u *api.User) bool { return u.State != api.UserUnverified && u.State != api.UserInvited }

func isSignUp(u *api.User) bool { return !hasAccount(u) }

// userActs are all of them, in the order of their buttons.
var userActs = []userAct{
	{
		kind:    api.KindActivate,
		offered: func(u *api.User) bool { return u.State == api.UserLocked || u.State == api.UserDeactivated },
	},
	// Only its owner can verify an address.
	{kind: api.KindSendActivation, offered: isSignUp},
	{kind: api.KindCorrectEmail, email: true, offered: isSignUp},
	{kind: api.KindEndSignUp, danger: true, ends: true, offered: isSignUp},
	{kind: api.KindCorrectProfile, profile: true, offered: hasAccount},
	{kind: api.KindResetAddress, email: true, offered: hasAccount},
	{
		kind: api.KindRemoveResetAddress, plain: true,
		offered: func(u *api.User) bool { return u.ResetAddress != nil && !u.ResetAddress.Used },
	},
	{kind: api.KindRoles, roles: true, offered: hasAccount},
	{kind: api.KindEndSessions, offered: func(u *api.User) bool { return len(u.Sessions) > 0 }},
	{
		kind: api.KindRemoveSecondFactor, danger: true,
		offered: func(u *api.User) bool { return u.SecondFactor },
	},
	{
		kind: api.KindDeactivate, danger: true,
		offered: func(u *api.User) bool { return hasAccount(u) && u.State != api.UserDeactivated },
	},
}

// userForm asks for what an act needs and names what will happen; its button is
// the answer.
type userForm struct {
	detail  *userDetail
	act     *userAct
	bar     *parts.Bar
	calls   *kit.Calls
	form    *kit.Form // may have no inputs
	begins  string    // what stands in email at first
	roles   []roleCheck
	profile *profileInputs // nil where none is asked for
	version string         // of the user as the form shows it

	page fyne.CanvasObject
}

// roleCheck is the box of a role, and whether the user had the role when it was made.
type roleCheck struct {
	*parts.Check
	role string
	had  bool
}

// open shows the form of an act in the detail's place.
func (d *userDetail) open(a *userAct) {
	env, t := d.screen.env, d.screen.env.T
	f := &userForm{detail: d, act: a, bar: parts.NewBar("users.form.bar"), form: kit.NewForm(env, "users.form")}
	busy := parts.NewBusy("users.form.busy").Folding()
	// It goes on when another user is looked at meanwhile.
	f.calls = kit.NewCalls(d.screen.ctx, env, f.bar, busy, d.screen.prover)
	d.form = f
	f.version = d.user.Version
	words := a.words(env, d.summary.State)
	name := map[string]any{"Name": userName(&d.summary), "Email": d.summary.Email}
	body := parts.Stack(parts.Gap16,
		parts.Link("users.form.back", t("shell.back", map[string]any{"To": userName(&d.summary)}), d.closeForm),
		parts.Bold(t(words+".title", name)).WithSize(parts.SizeTitle).WithID("users.form.title"),
		parts.Muted(t(words+".text", name)), f.bar)
	var first fyne.Focusable
	if a.email {
		f.form.Add(f.emailInput(env))
		body.Add(f.form.Field("email"))
		first = f.form.Entry("email")
		f.form.Set("email", f.begins)
	}
	if a.profile {
		f.profile = newProfileInputs(env, "users.form.profile", d.screen.directory, d.user.Profile)
		body.Add(f.profile.fields())
		first = f.profile.first()
	}
	if a.roles {
		f.roles = newRoleChecks(env, "users.form.role.", d.user.Roles)
		body.Add(roleRows(f.roles))
		first = f.roles[0].Input()
	}
	if !a.plain {
		f.form.Add(reasonInput(env))
		body.Add(f.form.Field("reason"))
		if first == nil {
			first = f.form.Entry("reason")
		}
	}
	kind := parts.Primary
	if a.danger {
		kind = parts.Danger
	}
	submit := f.calls.Button("users.form.submit", words, kind, f.submitted)
	if first == nil {
		first = submit
	}
	cancel := parts.NewButton("users.form.cancel", t("shell.cancel"), parts.Outlined, d.closeForm)
	foot := parts.Stack(0, parts.Divider(), parts.Pad(parts.Gap12, 24, parts.Gap12, 24, parts.MiddleRow(parts.Gap12,
		parts.Cell{Object: submit}, parts.Cell{Object: cancel}, parts.Cell{Object: busy, Min: 120, Weight: 1})))
	f.page = parts.Page(parts.Pad(parts.Gap22, 24, parts.Gap16, 24, body), foot)
	kit.Swap(d.holder, f.page)
	parts.Focus(first)
}

// closeForm leaves the form without doing anything.
func (d *userDetail) closeForm() {
	d.form = nil
	d.show()
}

// touched tells whether something has been typed or ticked, or is being done, which is not
// dropped because another user is looked at.
func (f *userForm) touched() bool {
	typed := f.act.email && f.form.Text("email") != f.begins || !f.act.plain && f.form.Text("reason") != ""
	typed = typed || f.profile != nil && f.profile.differs()
	return f.calls.Working() || typed || otherRoles(f.roles)
}

func (f *userForm) emailInput(env kit.Env) kit.Input {
	if f.act.kind == api.KindCorrectEmail { // mostly a letter or two are wrong
		f.begins = f.detail.summary.Email
	}
	words := "users.act." + f.act.kind + ".address"
	return kit.Input{
		Name: "email", Label: env.T(words), Hint: env.T(words + ".hint"), Required: true,
		Wrong: func(text string) string {
			email, err := rules.ReadEmail(text)
			switch {
			case err != nil:
				return env.T("users.wrong.email")
			case email == f.begins:
				return env.T("users.wrong.email-same")
			}
			return ""
		},
		Refused: func(wrong api.FieldError) string {
			if wrong.Code == api.FieldTaken {
				return env.T("users.wrong.email-taken")
			}
			return env.T("users.wrong.email")
		},
	}
}

// newRoleChecks are the boxes of all roles but participant, which everybody has; ticked
// are those that the user has now.
func newRoleChecks(env kit.Env, ids parts.ID, now []string) (checks []roleCheck) {
	for _, role := range userRoles {
		if role == api.RoleParticipant {
			continue
		}
		c := parts.NewCheck(ids+parts.ID(role),
			parts.Span{Text: env.T("users.role." + role), Bold: true},
			parts.Span{Text: "  " + env.T("users.role."+role+".what"), Color: parts.ColorMuted})
		had := slices.Contains(now, role)
		c.SetChecked(had)
		checks = append(checks, roleCheck{c, role, had})
	}
	return checks
}

func roleRows(checks []roleCheck) fyne.CanvasObject {
	rows := parts.Stack(parts.Gap8)
	for _, c := range checks {
		rows.Add(c)
	}
	return rows
}

// tickedRoles are those whose boxes are ticked.
func tickedRoles(checks []roleCheck) (roles []string) {
	for _, c := range checks {
		if c.Checked() {
			roles = append(roles, c.role)
		}
	}
	return roles
}

func otherRoles(checks []roleCheck) bool {
	return slices.ContainsFunc(checks, func(c roleCheck) bool { return c.Checked() != c.had })
}

func reasonInput(env kit.Env) kit.Input {
	return kit.Input{
		Name: "reason", Label: env.T("users.reason"), Hint: env.T("users.reason.hint"), Required: true, Lines: 3,
		Wrong:   func(text string) string { return wrongReason(env, text) },
		Refused: func(api.FieldError) string { return env.T("users.wrong.reason") },
	}
}

// wrongReason says what is wrong with a reason, in words, or nothing.
func wrongReason(env kit.Env, reason string) string {
	switch n := utf8.RuneCountInString(strings.TrimSpace(reason)); {
	case n < minReason:
		return env.T("users.wrong.reason")
	case n > maxReason:
		return env.T("users.wrong.reason-long", map[string]any{"Max": maxReason, "Count": n})
	}
	return ""
}

// change is what the form asks for.
func (f *userForm) change() api.ChangeUser {
	in := api.ChangeUser{Kind: f.act.kind}
	if f.act.email {
		in.Email = f.form.Text("email")
	}
	if !f.act.plain {
		in.Reason = f.form.Text("reason")
	}
	if f.profile != nil {
		profile := f.profile.entered()
		in.Profile, in.Version = &profile, f.version
	}
	if f.act.roles {
		in.Version = f.version
		in.Roles = append([]string{api.RoleParticipant}, tickedRoles(f.roles)...)
	}
	return in
}

func (f *userForm) submitted() {
	if f.calls.Working() || !f.check() {
		return
	}
	d, s, t := f.detail, f.detail.screen, f.detail.screen.env.T
	in, id, words := f.change(), d.summary.ID, f.act.words(s.env, d.summary.State)
	name := map[string]any{"Name": userName(&d.summary)}
	kit.Call(f.calls, "users.form.busy", func(ctx context.Context) (api.Outcome, error) {
		return s.service.ChangeUser(ctx, id, in)
	}, func(outcome api.Outcome) {
		n := parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: t(words+".done", name)}}}
		if outcome.Waiting {
			n = parts.Notice{Tone: parts.Warning, Words: []parts.Span{{Text: t("users.waiting", name)}}}
		}
		s.bar.Say(n)
		switch {
		case d.form != f: // it was closed meanwhile, or another user is looked at
			delete(d.begun, id)
			s.listing.Load()
			if d.summary.ID == id {
				d.load()
			}
		case f.act.ends:
			d.leave()
			s.listing.Load()
			parts.Focus(s.First())
		default:
			d.closeForm()
			d.load()
		}
		s.approvals.load()
	}, f.elsewhere, f.form.Refused, f.refusedProfile, s.env.ChangedMeanwhile(f.bar, func() {
		d.closeForm()
		d.load()
	}))
}

// check shows all mistakes; it reports whether there is none.
func (f *userForm) check() bool {
	right := f.form.Check()
	if f.profile == nil {
		return right
	}
	if wrong := f.profile.checkCorrected(); wrong != nil {
		parts.Focus(wrong) // it stands above the reason
		return false
	}
	return right
}

// refusedProfile says at its inputs what the service does not accept of a profile.
func (f *userForm) refusedProfile(err error) bool {
	return f.profile != nil && f.detail.screen.env.AtFields(f.profile.fieldOf, nil)(err)
}

// elsewhere says above the list what went wrong where another user is looked at by now;
// what was typed stays in any case.
func (f *userForm) elsewhere(err error) bool {
	env := f.detail.screen.env
	if f.detail.form == f || env.KindOf(err) == app.KindCanceled {
		return false
	}
	f.detail.screen.bar.Say(env.Problem(err))
	return true
}

// Unsaved names the page if a form of an act is begun, or a reason for a decision.
func (u *Users) Unsaved() []string {
	typed := len(u.detail.begun) > 0 || u.detail.invite != nil && u.detail.invite.touched() || u.detail.form != nil && u.detail.form.touched()
	for _, reason := range u.approvals.reasons {
		typed = typed || strings.TrimSpace(reason.Text) != ""
	}
	if !typed {
		return nil
	}
	return []string{u.env.T("nav.users")}
}

// Left ends the question for the password.
func (u *Users) Left() { u.prover.Cancel() }
