package settings

import (
	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// identitySection is "Username and e-mail": what one logs in with.
type identitySection struct {
	*accountSection
	acc       Account
	account   api.Account
	onChanged func(api.Account)

	username *usernameForm
	email    *emailForm
}

func newIdentitySection(env kit.Env, account api.Account, acc Account, prove proveFunc, toList func(), onChanged func(api.Account)) *identitySection {
	t := env.T
	s := &identitySection{acc: acc, account: account, onChanged: onChanged}
	s.accountSection = newAccountSection(env, "settings.identity", t("settings.section.identity"), t("settings.identity.line"), prove, toList)
	s.username, s.email = newUsernameForm(s), newEmailForm(s)
	s.body.Add(s.username.content)
	s.body.Add(parts.Divider())
	s.body.Add(s.email.content)
	s.SetAccount(account)
	return s
}

// First is what takes the keyboard.
func (s *identitySection) First() fyne.Focusable { return s.username.entry }

// SetAccount shows the account as it is now; what is being typed stays.
func (s *identitySection) SetAccount(account api.Account) {
	before := s.account
	s.account = account
	s.username.show(before.Username)
	s.email.show()
}

// unsaved reports whether another username or address is being typed.
func (s *identitySection) unsaved() bool {
	username, email := s.username.typed(), s.email
	return username != "" && username != s.account.Username || !email.asking.Hidden && email.typed() != ""
}
