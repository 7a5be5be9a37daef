package admin

import (
	"context"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// inviteForm asks for whom an account is prepared. What was typed stays while users are
// looked at, until the invitation is sent.
type inviteForm struct {
	detail  *userDetail
	bar     *parts.Bar
	calls   *kit.Calls
	profile *profileInputs
	form    *kit.Form
	roles   []roleCheck
	began   string // the language at first
	page    fyne.CanvasObject
}

// openInvite shows the form in place of the user.
func (d *userDetail) openInvite() {
	if d.invite == nil {
		d.invite = newInviteForm(d)
	}
	d.inviting = true
	kit.Swap(d.holder, d.invite.page)
	d.screen.panes.ShowDetail(true)
	parts.Focus(d.invite.profile.first())
}

// closeInvite shows the user again, or the list where none is chosen.
func (d *userDetail) closeInvite() {
	d.inviting = false
	if d.invite != nil && !d.invite.touched() {
		d.invite = nil
	}
	if d.form != nil {
		kit.Swap(d.holder, d.form.page)
		return
	}
	d.show()
	if d.summary.ID == "" {
		d.screen.panes.ShowDetail(false)
		parts.Focus(d.screen.First())
	}
}

func newInviteForm(d *userDetail) *inviteForm {
	env, t := d.screen.env, d.screen.env.T
	f := &inviteForm{detail: d, bar: parts.NewBar("users.invite.bar"), form: kit.NewForm(env, "users.invite")}
	busy := parts.NewBusy("users.invite.busy").Folding()
	f.calls = kit.NewCalls(d.screen.ctx, env, f.bar, busy, d.screen.prover)
	f.profile = newProfileInputs(env, "users.invite", d.screen.directory, &api.UserProfile{})
	f.began = env.Words.Lang()
	f.profile.person.Language.SetID(f.began)
	f.form.Add(kit.Input{
		Name: "email", Label: t("users.email"), Required: true,
		Wrong: func(text string) string {
			if _, err := rules.ReadEmail(text); err != nil {
				return t("users.wrong.email")
			}
			return ""
		},
		Refused: func(wrong api.FieldError) string {
			if wrong.Code == api.FieldTaken {
				return t("users.wrong.email-known")
			}
			return t("users.wrong.email")
		},
	}, reasonInput(env))
	f.roles = newRoleChecks(env, "users.invite.role.", nil)
	body := parts.Stack(parts.Gap16,
		parts.Link("users.invite.back", t("users.back"), d.closeInvite),
		parts.Bold(t("users.invite.title")).WithSize(parts.SizeTitle).WithID("users.invite.title"),
		parts.Muted(t("users.invite.text")), f.bar,
		f.profile.person.NameField,
		parts.Row(14,
			parts.Cell{Object: f.form.Field("email"), Min: 220, Weight: 1},
			parts.Cell{Object: f.profile.person.LanguageField, Min: 150, Weight: 0.4}),
		f.profile.organization.Fields,
		parts.NewField("users.invite.roles", t("users.roles"), false, roleRows(f.roles)).WithHint(parts.Span{Text: t("users.invite.roles-hint")}),
		f.form.Field("reason"))
	submit := f.calls.Button("users.invite.submit", "users.invite.submit", parts.Primary, f.submitted)
	cancel := parts.NewButton("users.invite.cancel", t("shell.cancel"), parts.Outlined, func() {
		if !f.calls.Working() {
			d.invite = nil // what was typed is given up
		}
		d.closeInvite()
	})
	foot := parts.Stack(0, parts.Divider(), parts.Pad(parts.Gap12, 24, parts.Gap12, 24, parts.MiddleRow(parts.Gap12,
		parts.Cell{Object: submit}, parts.Cell{Object: cancel}, parts.Cell{Object: busy, Min: 120, Weight: 1})))
	f.page = parts.Page(parts.Pad(parts.Gap22, 24, parts.Gap16, 24, body), foot)
	return f
}

// touched tells whether something has been typed or ticked, or is being sent.
func (f *inviteForm) touched() bool {
	return f.calls.Working() || f.profile.differs() || f.profile.person.Language.PickedID() != f.began ||
		f.form.Text("email") != "" || f.form.Text("reason") != "" || otherRoles(f.roles)
}

// invitation is what was entered.
func (f *inviteForm) invitation() api.InviteUser {
	who := f.profile.entered()
	in := api.InviteUser{
		Title: who.Title, FirstName: who.FirstName, FamilyName: who.FamilyName,
		Language: f.profile.person.Language.PickedID(), Membership: who.Membership, Country: who.Country,
		OrganizationID: who.OrganizationID, NewOrganization: who.NewOrganization,
		Roles: tickedRoles(f.roles), Email: f.form.Text("email"), Reason: f.form.Text("reason"),
	}
	if address, err := rules.ReadEmail(in.Email); err == nil {
		in.Email = address
	}
	return in
}

func (f *inviteForm) submitted() {
	if f.calls.Working() {
		return
	}
	right := f.form.Check()
	if wrong := f.profile.check(); wrong != nil {
		parts.Focus(wrong)
		return
	}
	if !right {
		return
	}
	d, s, in := f.detail, f.detail.screen, f.invitation()
	kit.Call(f.calls, "users.form.busy", func(ctx context.Context) (api.Invited, error) {
		return s.service.InviteUser(ctx, in)
	}, func(api.Invited) {
		s.bar.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: s.env.T("users.invite.done", map[string]any{"Email": in.Email})}}})
		d.invite = nil
		if d.inviting {
			d.closeInvite()
		}
		s.listing.Load()
	}, f.elsewhere, f.form.Refused, s.env.AtFields(f.fieldOf, nil))
}

// fieldOf is the field for a JSON Pointer into the request.
func (f *inviteForm) fieldOf(pointer string) *parts.Field {
	return f.profile.fieldOf("/profile" + pointer)
}

// elsewhere says above the list what went wrong where users are looked at by now.
func (f *inviteForm) elsewhere(err error) bool {
	if f.detail.inviting {
		return false
	}
	f.detail.screen.bar.Say(f.detail.screen.env.Problem(err))
	return true
}
