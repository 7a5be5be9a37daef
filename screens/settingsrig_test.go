package screens

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/platform/proxy"
)

// selfDesk is an account in memory whose owner has the password
// Correct-Horse-7, and the second factor 123456 where that is on. What needs a
// fresh proof fails without one.
type selfDesk struct {
	account  api.Account
	factor   api.SecondFactor
	question api.SecretQuestion
	sessions []api.SessionInfo
	clockOff []api.FieldError // of a wrong code at set-up

	proved bool
	calls  []string         // in order, proofs included
	fail   map[string]error // by call
	sent   any              // the last request
}

func newSelfDesk() *selfDesk {
	at := func(hours int) time.Time { return testTime.Add(-time.Duration(hours) * time.Hour) }
	account := testAccount
	account.Language, account.Roles = "en", []string{api.RoleParticipant}
	return &selfDesk{
		account: account, question: api.SecretQuestion{Policy: api.QuestionOn},
		sessions: []api.SessionInfo{
			{ID: "s1", Machine: "Plenary 1.0, Linux", Since: at(50), LastUsed: at(0), Kept: true, Current: true},
			{ID: "s2", Machine: "Plenary 1.0, Windows 11", Since: at(900), LastUsed: at(30), Kept: true},
			{ID: "s3", Since: at(3), LastUsed: at(2)},
		},
		fail: map[string]error{},
	}
}

// call notes a call and tells whether it works.
func (d *selfDesk) call(name string, needsProof bool) error {
	d.calls = append(d.calls, name)
	if needsProof && !d.proved {
		return &api.Problem{Code: api.CodeProofNeeded}
	}
	return d.fail[name]
}

// count tells how often a call worked or failed for its own reasons.
func (d *selfDesk) count(name string) (n int) {
	for _, c := range d.calls {
		if c == name {
			n++
		}
	}
	return n
}

func (d *selfDesk) Prove(_ context.Context, password, code string) error {
	if err := d.call("prove", false); err != nil {
		return err
	}
	switch {
	case password != "Correct-Horse-7":
		return &api.Problem{Code: api.CodeCredentials}
	case d.factor.On && code == "":
		return &api.Problem{Code: api.CodeSecondFactorNeeded}
	case d.factor.On && code != "123456":
		return &api.Problem{Code: api.CodeSecondFactorWrong}
	}
	d.proved = true
	return nil
}

func (d *selfDesk) Account(context.Context) (api.Account, error) {
	return d.account, d.call("account", false)
}

func (d *selfDesk) ChangeProfile(_ context.Context, in api.ChangeProfile) (api.Account, error) {
	if err := d.call("profile", false); err != nil {
		return api.Account{}, err
	}
	d.sent = in
	a := &d.account
	a.Title, a.FirstName, a.FamilyName, a.Phone, a.Language, a.News = in.Title, in.FirstName, in.FamilyName, in.Phone, in.Language, in.News
	if in.NewOrganization != nil {
		a.Organization = api.Organization{Name: in.NewOrganization.Name, Country: in.Country, Membership: in.Membership}
	} else if in.OrganizationID != "" {
		a.Organization = api.Organization{ID: in.OrganizationID, Name: "TeleCable", Country: in.Country, Membership: in.Membership}
	}
	return *a, nil
}

func (d *selfDesk) ChangeUsername(_ context.Context, username string) (api.Account, error) {
	if err := d.call("username", true); err != nil {
		return api.Account{}, err
	}
	if username == "taken" {
		username = "taken2"
	}
	d.account.Username = username
	return d.account, nil
}

func (d *selfDesk) ChangeEmail(_ context.Context, email string) error {
	if err := d.call("email", true); err != nil {
		return err
	}
	d.account.PendingEmail = email
	return nil
}

func (d *selfDesk) ConfirmEmail(_ context.Context, code string) (api.Account, error) {
	if err := d.call("confirm-email", false); err != nil {
		return api.Account{}, err
	}
	if code != "7K3QD-9XW2M" {
		return api.Account{}, &api.Problem{Code: api.CodeCodeWrong}
	}
	d.account.Email, d.account.PendingEmail = d.account.PendingEmail, ""
	return d.account, nil
}

func (d *selfDesk) AdoptEmail(context.Context) error {
	if err := d.call("adopt", true); err != nil {
		return err
	}
	d.account.Email, d.account.ResetAddress = d.account.ResetAddress, ""
	return nil
}

func (d *selfDesk) ChangePassword(_ context.Context, in api.ChangePassword) error {
	if err := d.call("password", false); err != nil {
		return err
	}
	d.sent = in
	switch {
	case in.Current != "Correct-Horse-7":
		return &api.Problem{Code: api.CodeCredentials}
	case d.factor.On && in.SecondFactor == "":
		return &api.Problem{Code: api.CodeSecondFactorNeeded}
	case d.factor.On && in.SecondFactor != "123456":
		return &api.Problem{Code: api.CodeSecondFactorWrong}
	}
	return nil
}

func (d *selfDesk) SecretQuestion(context.Context) (api.SecretQuestion, error) {
	return d.question, d.call("question", false)
}

func (d *selfDesk) SetSecretQuestion(_ context.Context, in api.SetSecretQuestion) error {
	if err := d.call("set-question", true); err != nil {
		return err
	}
	d.sent = in
	d.question = api.SecretQuestion{Policy: api.QuestionOn, Set: true, Question: in.Question, Own: in.Own}
	return nil
}

func (d *selfDesk) RemoveSecretQuestion(context.Context) error {
	if err := d.call("remove-question", true); err != nil {
		return err
	}
	d.question = api.SecretQuestion{Policy: api.QuestionOn}
	return nil
}

func (d *selfDesk) SecondFactor(context.Context) (api.SecondFactor, error) {
	return d.factor, d.call("factor", false)
}

func (d *selfDesk) SetUpSecondFactor(context.Context) (api.SecondFactorSetup, error) {
	return api.SecondFactorSetup{
		Secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
		URI:    "otpauth://totp/example.int:elena.garcia?algorithm=SHA1&digits=6&issuer=example.int&period=30&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
	}, d.call("set-up", true)
}

func recoveryCodes() api.RecoveryCodes {
	return api.RecoveryCodes{Codes: []string{
		"7K3QD-9XW2M", "M4T8A-K2PZV", "QX7RN-5HBD3", "8WJ2C-YF6ST", "D5VKE-3MP9X",
		"2NZ7H-RQ4GB", "T9CXA-8WKJ5", "F3YPM-6DVE2", "KB8SN-Q7TZ4", "5GRHX-W2C9J",
	}}
}

func (d *selfDesk) ConfirmSecondFactor(_ context.Context, code string) (api.RecoveryCodes, error) {
	if err := d.call("confirm-factor", true); err != nil {
		return api.RecoveryCodes{}, err
	}
	if code != "123456" {
		return api.RecoveryCodes{}, &api.Problem{Code: api.CodeSecondFactorWrong, Errors: d.clockOff}
	}
	d.factor = api.SecondFactor{On: true, Since: testTime, RecoveryCodes: 10, Required: d.factor.Required}
	return recoveryCodes(), nil
}

func (d *selfDesk) NewRecoveryCodes(context.Context) (api.RecoveryCodes, error) {
	err := d.call("codes", true)
	if err == nil {
		d.factor.RecoveryCodes = 10
	}
	return recoveryCodes(), err
}

func (d *selfDesk) RemoveSecondFactor(context.Context) error {
	err := d.call("remove-factor", true)
	if err == nil {
		d.factor = api.SecondFactor{Required: d.factor.Required}
	}
	return err
}

func (d *selfDesk) Sessions(context.Context) ([]api.SessionInfo, error) {
	return d.sessions, d.call("sessions", false)
}

func (d *selfDesk) EndSession(_ context.Context, id string) error {
	d.sent = id
	return d.call("end-session", false)
}

func (d *selfDesk) ForgetDevice(context.Context) error { return d.call("forget-device", false) }

func (d *selfDesk) Export(context.Context) ([]byte, error) {
	return []byte("{}\n"), d.call("export", true)
}

// deletion follows the account; the grace period is 14 days.
func (d *selfDesk) deletion() api.Deletion {
	return api.Deletion{Due: d.account.Deletion, GraceDays: 14}
}

func (d *selfDesk) Deletion(context.Context) (api.Deletion, error) {
	return d.deletion(), d.call("deletion", false)
}

func (d *selfDesk) AskDeletion(context.Context) (api.Deletion, error) {
	if err := d.call("delete", true); err != nil {
		return api.Deletion{}, err
	}
	d.account.Deletion = testTime.AddDate(0, 0, 14)
	return d.deletion(), nil
}

func (d *selfDesk) TakeBackDeletion(context.Context) error {
	err := d.call("keep", false)
	if err == nil {
		d.account.Deletion = time.Time{}
	}
	return err
}

// settingsRig is Settings in a window.
type settingsRig struct {
	desk     *selfDesk
	settings *Settings
	window   fyne.Window
	told     []api.Account
	saved    map[string]string
	saveErr  error
	env      Env
	left     int
	proxies  []string // those entered
	keepErr  error
}

func newSettingsRig(t *testing.T, e Env, desk *selfDesk, section string) *settingsRig {
	t.Helper()
	r := &settingsRig{desk: desk, saved: map[string]string{}, env: e}
	r.settings = NewSettings(e, desk.account, desk, &fakeDirectory{list: organizations()}, fyne.CurrentApp().Preferences(), section, SettingsEvents{
		Language: func(string) {}, Appearance: func() {}, LogOut: func() { r.left++ }, Everywhere: func() { r.left += 100 },
		Proxy: func(text string) error {
			_, err := proxy.ParseSetting(text)
			return err
		},
		KeepProxy: func() error { r.proxies = append(r.proxies, "kept"); return r.keepErr },
		NewProxy:  func() { r.proxies = append(r.proxies, "tried") },
		Account:   func(a api.Account) { r.told = append(r.told, a) },
	})
	r.window = show(t, r.settings.Content(), 1024, 700)
	r.settings.SetOnline(true)
	save := func(name string, data []byte) (string, error) {
		r.saved[name] = string(data)
		return "/home/elena/Downloads/" + name, r.saveErr
	}
	switch s := r.settings.section().(type) {
	case *dataSection:
		s.save = save
	case *twoStepSection:
		s.save = save
	}
	if first := r.settings.section().First(); first != nil {
		r.window.Canvas().Focus(first)
	}
	return r
}

// prove types a password into the question for a proof.
func (r *settingsRig) prove(t *testing.T, area, password string) {
	t.Helper()
	if got := focusedID(r.window); got != area+".proof.password" {
		t.Fatalf("the keyboard is on %q, want the password", got)
	}
	write(t, r.window, password)
	press(t, r.window, fyne.KeyReturn)
}

// bar is what the section's bar says.
func (r *settingsRig) bar() string {
	if s, ok := r.settings.section().(interface{ said() string }); ok {
		return s.said()
	}
	return ""
}

func (s *accountSection) said() string { return s.bar.String() }
