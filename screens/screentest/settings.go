package screentest

import (
	"context"
	"time"

	"plenary/api"
)

// Self is an account in memory whose owner has the password
// Correct-Horse-7, and the second factor 123456 where that is on. What needs a
// fresh proof fails without one.
type Self struct {
	Owner    api.Account
	Factor   api.SecondFactor
	Question api.SecretQuestion
	sessions []api.SessionInfo
	ClockOff []api.FieldError // of a wrong code at set-up

	Proved bool
	Calls  []string         // in order, proofs included
	Fail   map[string]error // by call
	Sent   any              // the last request
}

func NewSelf() *Self {
	at := func(hours int) time.Time { return Now.Add(-time.Duration(hours) * time.Hour) }
	account := Account
	account.Language, account.Roles = "en", []string{api.RoleParticipant}
	return &Self{
		Owner: account, Question: api.SecretQuestion{Policy: api.QuestionOn},
		sessions: []api.SessionInfo{
			{
				ID: "s1", Computer: "elena-laptop", Machine: "Plenary 1.0, Linux", Since: at(50), FirstNetwork: "192.0.2.*",
				LastUsed: at(0), LastNetwork: "Hall 1, Geneva", Kept: true, Current: true,
			},
			{
				ID: "s2", Computer: "workstation-4711-geneva-varembe-building-room-212-desk-4-of-6", Machine: "Plenary 1.0, Windows", Since: at(900),
				FirstNetwork: "2001:db8:1:*", LastUsed: at(30), LastNetwork: "2001:db8:1:*", Kept: true,
			},
			{ID: "s3", Since: at(3), LastUsed: at(2)},
		},
		Fail: map[string]error{},
	}
}

// call notes a call and tells whether it works.
func (d *Self) call(name string, needsProof bool) error {
	d.Calls = append(d.Calls, name)
	if needsProof && !d.Proved {
		return &api.Problem{Code: api.CodeProofNeeded}
	}
	return d.Fail[name]
}

// Count tells how often a call worked or failed for its own reasons.
func (d *Self) Count(name string) (n int) {
	for _, c := range d.Calls {
		if c == name {
			n++
		}
	}
	return n
}

func (d *Self) Prove(_ context.Context, password, code string) error {
	if err := d.call("prove", false); err != nil {
		return err
	}
	switch {
	case password != "Correct-Horse-7":
		return &api.Problem{Code: api.CodeCredentials}
	case d.Factor.On && code == "":
		return &api.Problem{Code: api.CodeSecondFactorNeeded}
	case d.Factor.On && code != "123456":
		return &api.Problem{Code: api.CodeSecondFactorWrong}
	}
	d.Proved = true
	return nil
}

func (d *Self) Account(context.Context) (api.Account, error) {
	return d.Owner, d.call("account", false)
}

func (d *Self) ChangeProfile(_ context.Context, in api.ChangeProfile) (api.Account, error) {
	if err := d.call("profile", false); err != nil {
		return api.Account{}, err
	}
	d.Sent = in
	a := &d.Owner
	if in.Version != a.Version {
		return api.Account{}, &api.Problem{Code: api.CodeOutdated}
	}
	a.Version += "+"
	a.Title, a.FirstName, a.FamilyName, a.Phone, a.Language, a.News = in.Title, in.FirstName, in.FamilyName, in.Phone, in.Language, in.News
	if in.NewOrganization != nil {
		a.Organization = api.Organization{Name: in.NewOrganization.Name, Country: in.Country, Membership: in.Membership}
	} else if in.OrganizationID != "" {
		a.Organization = api.Organization{ID: in.OrganizationID, Name: "TeleCable", Country: in.Country, Membership: in.Membership}
	}
	return *a, nil
}

func (d *Self) ChangeUsername(_ context.Context, username string) (api.Account, error) {
	if err := d.call("username", true); err != nil {
		return api.Account{}, err
	}
	if username == "taken" {
		username = "taken2"
	}
	d.Owner.Username = username
	return d.Owner, nil
}

func (d *Self) ChangeEmail(_ context.Context, email string) error {
	if err := d.call("email", true); err != nil {
		return err
	}
	d.Owner.PendingEmail = email
	return nil
}

func (d *Self) ConfirmEmail(_ context.Context, code string) (api.Account, error) {
	if err := d.call("confirm-email", false); err != nil {
		return api.Account{}, err
	}
	if code != "7K3QD-9XW2M" {
		return api.Account{}, &api.Problem{Code: api.CodeCodeWrong}
	}
	d.Owner.Email, d.Owner.PendingEmail = d.Owner.PendingEmail, ""
	return d.Owner, nil
}

func (d *Self) AdoptEmail(context.Context) error {
	if err := d.call("adopt", true); err != nil {
		return err
	}
	d.Owner.Email, d.Owner.ResetAddress = d.Owner.ResetAddress, ""
	return nil
}

func (d *Self) ChangePassword(_ context.Context, in api.ChangePassword) error {
	if err := d.call("password", false); err != nil {
		return err
	}
	d.Sent = in
	switch {
	case in.Current != "Correct-Horse-7":
		return &api.Problem{Code: api.CodeCredentials}
	case d.Factor.On && in.SecondFactor == "":
		return &api.Problem{Code: api.CodeSecondFactorNeeded}
	case d.Factor.On && in.SecondFactor != "123456":
		return &api.Problem{Code: api.CodeSecondFactorWrong}
	}
	return nil
}

func (d *Self) SecretQuestion(context.Context) (api.SecretQuestion, error) {
	return d.Question, d.call("question", false)
}

func (d *Self) SetSecretQuestion(_ context.Context, in api.SetSecretQuestion) error {
	if err := d.call("set-question", true); err != nil {
		return err
	}
	d.Sent = in
	d.Question = api.SecretQuestion{Policy: api.QuestionOn, Set: true, Question: in.Question, Own: in.Own}
	return nil
}

func (d *Self) RemoveSecretQuestion(context.Context) error {
	if err := d.call("remove-question", true); err != nil {
		return err
	}
	d.Question = api.SecretQuestion{Policy: api.QuestionOn}
	return nil
}

func (d *Self) SecondFactor(context.Context) (api.SecondFactor, error) {
	return d.Factor, d.call("factor", false)
}

func (d *Self) SetUpSecondFactor(context.Context) (api.SecondFactorSetup, error) {
	return api.SecondFactorSetup{
		Secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
		URI:    "otpauth://totp/example.int:elena.garcia?algorithm=SHA1&digits=6&issuer=example.int&period=30&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
	}, d.call("set-up", true)
}

func RecoveryCodes() api.RecoveryCodes {
	return api.RecoveryCodes{Codes: []string{
		"7K3QD-9XW2M", "M4T8A-K2PZV", "QX7RN-5HBD3", "8WJ2C-YF6ST", "D5VKE-3MP9X",
		"2NZ7H-RQ4GB", "T9CXA-8WKJ5", "F3YPM-6DVE2", "KB8SN-Q7TZ4", "5GRHX-W2C9J",
	}}
}

func (d *Self) ConfirmSecondFactor(_ context.Context, code string) (api.RecoveryCodes, error) {
	if err := d.call("confirm-factor", true); err != nil {
		return api.RecoveryCodes{}, err
	}
	if code != "123456" {
		return api.RecoveryCodes{}, &api.Problem{Code: api.CodeSecondFactorWrong, Errors: d.ClockOff}
	}
	d.Factor = api.SecondFactor{On: true, Since: Now, RecoveryCodes: 10, Required: d.Factor.Required}
	return RecoveryCodes(), nil
}

func (d *Self) NewRecoveryCodes(context.Context) (api.RecoveryCodes, error) {
	err := d.call("codes", true)
	if err == nil {
		d.Factor.RecoveryCodes = 10
	}
	return RecoveryCodes(), err
}

func (d *Self) RemoveSecondFactor(context.Context) error {
	err := d.call("remove-factor", true)
	if err == nil {
		d.Factor = api.SecondFactor{Required: d.Factor.Required}
	}
	return err
}

func (d *Self) Sessions(context.Context) ([]api.SessionInfo, error) {
	return d.sessions, d.call("sessions", false)
}

func (d *Self) EndSession(_ context.Context, id string) error {
	d.Sent = id
	return d.call("end-session", false)
}

func (d *Self) ForgetDevice(context.Context) error { return d.call("forget-device", false) }

func (d *Self) Export(context.Context) ([]byte, error) {
	return []byte("{}\n"), d.call("export", true)
}

// deletion follows the account; the grace period is 14 days.
func (d *Self) deletion() api.Deletion {
	return api.Deletion{Due: d.Owner.Deletion, GraceDays: 14}
}

func (d *Self) Deletion(context.Context) (api.Deletion, error) {
	return d.deletion(), d.call("deletion", false)
}

func (d *Self) AskDeletion(context.Context) (api.Deletion, error) {
	if err := d.call("delete", true); err != nil {
		return api.Deletion{}, err
	}
	d.Owner.Deletion = Now.AddDate(0, 0, 14)
	return d.deletion(), nil
}

func (d *Self) TakeBackDeletion(context.Context) error {
	err := d.call("keep", false)
	if err == nil {
		d.Owner.Deletion = time.Time{}
	}
	return err
}
