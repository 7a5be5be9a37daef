package settings

import (
	"context"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/person"
)

// emailForm changes the e-mail address: a new one, then the code that went
// there. A change under way survives leaving the screen, since the account
// remembers it (api.Account.PendingEmail).
type emailForm struct {
	s     *identitySection
	other bool // another address is wanted than the one whose code is awaited

	now      *parts.Text
	sent     *parts.Text
	entry    *parts.Entry
	field    *parts.Field
	meant    *person.MeantEmail
	code     *kit.CodeEntry
	adopt    *parts.Text
	asking   *fyne.Container // for the new address
	awaiting *fyne.Container // for the code
	adopting *fyne.Container // the address that staff has set
	content  *fyne.Container
}

func newEmailForm(s *identitySection) *emailForm {
	t := s.env.T
	f := &emailForm{s: s, now: parts.NewText().Selectable(), sent: parts.NewText().WithID("settings.email.sent").Selectable(), adopt: parts.NewText().Selectable()}
	f.entry = parts.NewEntry("settings.email.new")
	f.field = parts.NewField("settings.email.new.field", t("settings.email.new"), true, f.entry).WithHint(parts.Span{Text: t("settings.email.hint")})
	f.meant = person.NewMeantEmail(s.env, "settings.email.meant", f.entry)
	f.field.CheckWith(func() string { // once it was left
		if f.meant.Look() {
			f.field.SetRight(false)
		}
		return f.field.Error()
	})
	f.entry.OnChanged = func(string) {
		f.meant.Typed()
		if f.wrong() == "" {
			f.field.SetError("")
		}
		f.field.SetRight(f.typed() != "" && f.wrong() == "")
	}
	f.entry.OnSubmitted = func(string) { f.change() }
	f.asking = parts.Stack(parts.Gap12, column(parts.Stack(parts.Gap4, f.field, f.meant.Text)),
		parts.Inline(parts.Gap12, s.Button("settings.email.submit", "settings.email.submit", parts.Outlined, f.change)))

	f.code = kit.NewCodeEntry(s.env, "settings.email", t("activate.code"), f.confirm)
	another := parts.Link("settings.email.other", t("settings.email.other"), func() { f.setOther(true) })
	f.awaiting = parts.Stack(parts.Gap12, f.sent, s.env.MailNote(), parts.Muted(t("settings.email.nothing")), column(f.code.Field),
		parts.Inline(parts.Gap12,
			s.Button("settings.email.confirm", "settings.email.confirm", parts.Primary, f.confirm),
			s.Button("settings.email.again", "account.send-again", parts.Outlined, f.again), another))

	use := s.Button("settings.email.adopt", "settings.email.adopt", parts.Outlined, f.useResetAddress)
	f.adopting = parts.Stack(parts.Gap8, f.adopt, parts.Inline(parts.Gap12, use))
	f.content = parts.Stack(parts.Gap12, f.now, f.adopting, f.awaiting, f.asking)
	return f
}

// show follows the account.
func (f *emailForm) show() {
	a, t := f.s.account, f.s.env.T
	address := func(key, address string) []parts.Span {
		return []parts.Span{{Text: t(key) + " "}, {Text: address, Bold: true}}
	}
	f.now.SetSpans(address("settings.email.now", a.Email)...)
	f.sent.SetSpans(address("settings.email.sent", a.PendingEmail)...)
	f.adopt.SetSpans(parts.Span{Text: t("settings.email.reset-address", map[string]any{"Address": a.ResetAddress})})
	parts.SetVisible(a.ResetAddress != "", f.adopting)
	waits := a.PendingEmail != "" && !f.other
	parts.ShowOne(waits, f.awaiting, f.asking)
}

func (f *emailForm) setOther(other bool) {
	f.other = other
	f.show()
	if other {
		parts.Focus(f.entry)
	}
}

// typed is the address as it is kept, if it is one.
func (f *emailForm) typed() string {
	if address, err := rules.ReadEmail(f.entry.Text); err == nil {
		return address
	}
	return rules.Typed(f.entry.Text)
}

func (f *emailForm) wrong() string {
	t := f.s.env.T
	address, err := rules.ParseEmail(f.typed())
	switch {
	case f.typed() == "":
		return t("settings.email.missing")
	case err != nil:
		return t("signup.email-wrong")
	case address == f.s.account.Email:
		return t("settings.email.same")
	}
	return ""
}

func (f *emailForm) change() {
	if wrong := f.wrong(); wrong != "" {
		f.field.SetError(wrong)
		parts.Focus(f.entry)
		return
	}
	f.send(f.typed())
}

func (f *emailForm) again() { f.send(f.s.account.PendingEmail) }

// send has the code sent to an address, and waits for it.
func (f *emailForm) send(address string) {
	s := f.s
	s.Do("account.busy-sending", func(ctx context.Context) error { return s.acc.ChangeEmail(ctx, address) }, func() {
		account := s.account
		account.PendingEmail = address
		f.other = false
		f.entry.SetText("")
		f.field.SetError("")
		s.onChanged(account)
		f.code.Entry.SetText("")
		parts.Focus(f.code.Entry)
		s.say(s.env.T("settings.email.sent") + " " + address)
	}, s.at(func(string) *parts.Field {
		if f.asking.Hidden {
			return nil
		}
		return f.field
	}))
}

func (f *emailForm) confirm() {
	code, ok := f.code.Value()
	if !ok {
		return
	}
	s := f.s
	kit.Call(s.Calls, "settings.email.busy", func(ctx context.Context) (api.Account, error) { return s.acc.ConfirmEmail(ctx, code) }, func(account api.Account) {
		f.code.Entry.SetText("")
		s.onChanged(account)
		s.say(s.env.T("settings.email.done", map[string]any{"Address": account.Email}))
		parts.Focus(f.entry)
	}, s.env.OnCode(func(err error) { f.code.Wrong(s.env.Say(err)) }, string(api.CodeCodeWrong), string(api.CodeCodeExpired)))
}

// useResetAddress makes the address that staff has set the account's own.
func (f *emailForm) useResetAddress() {
	s := f.s
	address := s.account.ResetAddress
	s.Do("settings.email.busy", s.acc.AdoptEmail, func() {
		account := s.account
		account.Email, account.ResetAddress = address, ""
		s.onChanged(account)
		s.say(s.env.T("settings.email.done", map[string]any{"Address": address}))
		parts.Focus(f.entry)
	})
}
