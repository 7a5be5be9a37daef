package admin

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// userAct is a kind of change that an administrator makes to a user. Its words are
// users.act.KIND and, with .title, .text and .done behind it, what is asked, what it
// means, and what is said afterwards.
type userAct struct {
	kind   string
	danger bool
	email  bool // asks for an address, whose words are .address and .address.hint behind the others
	roles  bool // asks for roles
	plain  bool // asks for no reason
	ends   bool // there is no such user afterwards
	// offered says whether it makes sense for a user in this state.
	offered func(u *api.User) bool
}

// Limits of a reason, in characters, as in api.ChangeUser.
const (
	minReason = 3
	maxReason = 500
)

// hasAccount says whether there is an account yet, and not only a sign-up.
func hasAccount(u *api.User) bool { return u.State != api.UserUnverified }

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
	detail *userDetail
	act    *userAct

	bar         *parts.Bar
	busy        *parts.Busy
	email       *parts.Entry
	begins      string // what stands in email at first
	emailField  *parts.Field
	roles       []*parts.Check
	reason      *parts.Entry
	reasonField *parts.Field
	submit      *parts.Button
	working     bool

	page fyne.CanvasObject
}

// open shows the form of an act in the detail's place.
func (d *userDetail) open(a *userAct) {
	env, t := d.screen.env, d.screen.env.T
	f := &userForm{detail: d, act: a, bar: parts.NewBar("users.form.bar"), busy: parts.NewBusy("users.form.busy").Folding()}
	d.form = f
	name := map[string]any{"Name": userName(&d.summary), "Email": d.summary.Email}
	body := parts.Stack(parts.Gap16,
		parts.Link("users.form.back", t("shell.back", map[string]any{"To": userName(&d.summary)}), d.closeForm),
		parts.Bold(t("users.act."+a.kind+".title", name)).WithSize(parts.SizeTitle).WithID("users.form.title"),
		parts.Muted(t("users.act."+a.kind+".text", name)), f.bar)
	var first fyne.Focusable
	if a.email {
		body.Add(f.emailInput(env))
		first = f.email
	}
	if a.roles {
		body.Add(f.roleInputs(env, d.user.Roles))
		first = f.roles[0]
	}
	if !a.plain {
		body.Add(f.reasonInput(env))
		if first == nil {
			first = f.reason
		}
	}
	kind := parts.Primary
	if a.danger {
		kind = parts.Danger
	}
	f.submit = parts.NewButton("users.form.submit", t("users.act."+a.kind), kind, f.submitted)
	if first == nil {
		first = f.submit
	}
	cancel := parts.NewButton("users.form.cancel", t("shell.cancel"), parts.Outlined, d.closeForm)
	foot := parts.Stack(0, parts.Divider(), parts.Pad(parts.Gap12, 24, parts.Gap12, 24, parts.MiddleRow(parts.Gap12,
		parts.Cell{Object: f.submit}, parts.Cell{Object: cancel}, parts.Cell{Object: f.busy, Min: 120, Weight: 1})))
	f.page = parts.Page(parts.Pad(parts.Gap22, 24, parts.Gap16, 24, body), foot)
	kit.Swap(d.holder, f.page)
	parts.Focus(first)
}

// closeForm leaves the form without doing anything.
func (d *userDetail) closeForm() {
	d.form = nil
	d.show()
}

// touched tells whether something has been typed or is being done, which is not
// dropped because another user is looked at.
func (f *userForm) touched() bool {
	typed := f.email != nil && f.email.Text != f.begins || f.reason != nil && f.reason.Text != ""
	return f.working || typed
}

func (f *userForm) emailInput(env kit.Env) fyne.CanvasObject {
	f.email = parts.NewEntry("users.form.email")
	if f.act.kind == api.KindCorrectEmail { // mostly a letter or two are wrong
		f.begins = f.detail.summary.Email
		f.email.SetText(f.begins)
	}
	f.emailField = parts.NewField("users.form.email.field", env.T("users.act."+f.act.kind+".address"), true, f.email).
		CheckWith(func() string {
			email, err := rules.ReadEmail(f.email.Text)
			switch {
			case err != nil:
				return env.T("users.wrong.email")
			case email == f.begins:
				return env.T("users.wrong.email-same")
			}
			return ""
		}).WithHint(parts.Span{Text: env.T("users.act." + f.act.kind + ".address.hint")})
	return f.emailField
}

// roleInputs are check boxes of all roles; participant is always among them.
func (f *userForm) roleInputs(env kit.Env, now []string) fyne.CanvasObject {
	rows := parts.Stack(parts.Gap8)
	for _, role := range userRoles {
		if role == api.RoleParticipant {
			continue
		}
		c := parts.NewCheck(parts.ID("users.form.role."+role),
			parts.Span{Text: env.T("users.role." + role), Bold: true},
			parts.Span{Text: "  " + env.T("users.role."+role+".what"), Color: parts.ColorMuted})
		c.SetChecked(slices.Contains(now, role))
		f.roles = append(f.roles, c)
		rows.Add(c)
	}
	return rows
}

func (f *userForm) reasonInput(env kit.Env) fyne.CanvasObject {
	f.reason = parts.NewMultiLine("users.form.reason", 3)
	f.reasonField = parts.NewField("users.form.reason.field", env.T("users.reason"), true, f.reason).
		CheckWith(func() string { return wrongReason(env, f.reason.Text) }).
		WithHint(parts.Span{Text: env.T("users.reason.hint")})
	return f.reasonField
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

// check shows all mistakes; the first input that has one gets the keyboard.
func (f *userForm) check() bool {
	var inputs []kit.FieldInput
	if f.emailField != nil {
		inputs = append(inputs, kit.FieldInput{Field: f.emailField, Input: f.email})
	}
	if f.reasonField != nil {
		inputs = append(inputs, kit.FieldInput{Field: f.reasonField, Input: f.reason})
	}
	return kit.CheckAll(inputs...)
}

// change is what the form asks for.
func (f *userForm) change() api.ChangeUser {
	in := api.ChangeUser{Kind: f.act.kind}
	if f.email != nil {
		in.Email = strings.TrimSpace(f.email.Text)
	}
	if f.reason != nil {
		in.Reason = strings.TrimSpace(f.reason.Text)
	}
	if f.act.roles {
		in.Roles = []string{api.RoleParticipant}
		i := 0
		for _, role := range userRoles {
			if role == api.RoleParticipant {
				continue
			}
			if f.roles[i].Checked() {
				in.Roles = append(in.Roles, role)
			}
			i++
		}
	}
	return in
}

func (f *userForm) submitted() {
	if f.working || !f.check() {
		return
	}
	d, s, t := f.detail, f.detail.screen, f.detail.screen.env.T
	in, id := f.change(), d.summary.ID
	name := map[string]any{"Name": userName(&d.summary)}
	f.setWorking(true)
	f.bar.Clear()
	var outcome api.Outcome
	// It goes on when another user is looked at meanwhile.
	s.prover.Do(s.ctx, f.busy, t("users.form.busy"), func(ctx context.Context) (err error) {
		outcome, err = s.office.ChangeUser(ctx, id, in)
		return err
	}, func(err error) {
		f.setWorking(false)
		if err != nil {
			f.failed(err)
			return
		}
		n := parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: t("users.act."+f.act.kind+".done", name)}}}
		if outcome.Waiting {
			n = parts.Notice{Tone: parts.Warning, Words: []parts.Span{{Text: t("users.waiting", name)}}}
		}
		s.bar.Say(n)
		switch {
		case d.form != f:
			delete(d.begun, id)
			s.listing.Load()
		case f.act.ends:
			d.leave()
			s.listing.Load()
			parts.Focus(s.First())
		default:
			d.closeForm()
			d.load()
		}
		s.approvals.load()
	})
}

func (f *userForm) setWorking(working bool) {
	f.working = working
	if working {
		f.submit.Disable()
	} else {
		f.submit.Enable()
	}
}

// failed says at the field or above the form what went wrong; what was typed
// stays. Whoever did not prove who they are knows that nothing happened.
func (f *userForm) failed(err error) {
	env := f.detail.screen.env
	if canceled(env, err) {
		return
	}
	if f.detail.form != f { // another user is looked at by now
		f.detail.screen.bar.Say(env.Problem(err))
		return
	}
	for _, wrong := range env.Explain(err).Fields {
		switch {
		case wrong.Pointer == "/email" && f.emailField != nil:
			says := "users.wrong.email"
			if wrong.Code == api.FieldTaken {
				says = "users.wrong.email-taken"
			}
			f.emailField.SetError(env.T(says))
			parts.Focus(f.email)
			return
		case wrong.Pointer == "/reason" && f.reasonField != nil:
			f.reasonField.SetError(env.T("users.wrong.reason"))
			parts.Focus(f.reason)
			return
		}
	}
	f.bar.Say(env.Problem(err))
	parts.IntoView(f.bar)
}
