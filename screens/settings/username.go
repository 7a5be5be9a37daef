package settings

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// usernameForm changes the username.
type usernameForm struct {
	s       *identitySection
	entry   *parts.Entry
	field   *parts.Field
	content *fyne.Container
}

func newUsernameForm(s *identitySection) *usernameForm {
	t := s.env.T
	f := &usernameForm{s: s, entry: parts.NewEntry("settings.username")}
	f.field = parts.NewField("settings.username.field", t("settings.username"), true, f.entry).CheckWith(f.wrong).
		WithHint(parts.Span{Text: t("settings.username.hint")})
	f.entry.OnChanged = func(string) {
		if f.wrong() == "" {
			f.field.SetError("")
		}
		f.field.SetRight(f.typed() != s.account.Username && f.wrong() == "")
	}
	f.entry.OnSubmitted = func(string) { f.change() }
	f.content = parts.Stack(parts.Gap12, column(f.field),
		parts.Inline(parts.Gap12, s.Button("settings.username.submit", "settings.username.submit", parts.Outlined, f.change)))
	return f
}

// show fills in the username, unless another is being typed.
func (f *usernameForm) show(before string) {
	if f.typed() == "" || f.typed() == before {
		f.entry.SetText(f.s.account.Username)
	}
	f.field.SetRight(false)
}

func (f *usernameForm) typed() string { return rules.Typed(f.entry.Text) }

func (f *usernameForm) wrong() string {
	switch {
	case f.typed() == "":
		return f.s.env.T("signup.username-missing")
	case !rules.ValidUsername(f.typed()):
		return f.s.env.T("signup.username-wrong")
	}
	return ""
}

func (f *usernameForm) change() {
	s, wanted := f.s, f.typed()
	if !f.field.Check() {
		parts.Focus(f.entry)
		return
	}
	if wanted == s.account.Username {
		f.field.SetError(s.env.T("settings.username.same"))
		parts.Focus(f.entry)
		return
	}
	kit.Call(s.Calls, "settings.username.busy", func(ctx context.Context) (api.Account, error) { return s.acc.ChangeUsername(ctx, wanted) }, func(account api.Account) {
		f.entry.SetText(account.Username)
		s.onChanged(account)
		key := "settings.username.done"
		if !strings.EqualFold(account.Username, wanted) {
			key = "settings.username.numbered"
		}
		s.say(s.env.T(key, map[string]any{"Wanted": wanted, "Name": account.Username}))
		parts.Focus(f.entry)
	}, s.at(func(string) *parts.Field { return f.field }))
}
