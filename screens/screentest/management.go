package screentest

import (
	"context"
	"slices"
	"strings"
	"time"

	"plenary/api"
)

// Management is Application Management and the policies in memory.
type Management struct {
	Staff
	StoredSettings api.MailSettings
	Test           api.MailTest
	TestErr        error
	Progress       []api.MailTest // what is seen while a test goes on
	Tested         []api.MailSettings
	Saved          []api.MailSettings
	automatic      []api.AutomaticMail
	mails          []api.OutgoingMail
	Cause          *api.MailCause
	entered        []api.EnteredOrganization
	StoredPolicies api.Policies
	About          api.ServiceSettings
}

func (k *Management) MailSettings(context.Context) (api.MailSettings, error) {
	return k.StoredSettings, k.Err
}

func (k *Management) SaveMailSettings(_ context.Context, m api.MailSettings, seen func(api.MailTest)) (api.MailTest, error) {
	if k.Unproved {
		return api.MailTest{}, &api.Problem{Code: api.CodeProofNeeded}
	}
	k.goesOn(seen)
	if k.TestErr == nil {
		k.Saved = append(k.Saved, m)
		k.StoredSettings = m
		k.StoredSettings.PasswordSet, k.StoredSettings.Password, k.StoredSettings.Origin = m.Password != "", "", "saved"
	}
	return k.Test, k.TestErr
}

func (k *Management) TestMail(_ context.Context, m api.MailSettings, seen func(api.MailTest)) (api.MailTest, error) {
	if k.Unproved {
		return api.MailTest{}, &api.Problem{Code: api.CodeProofNeeded}
	}
	k.Tested = append(k.Tested, m)
	k.goesOn(seen)
	return k.Test, k.Err
}

// goesOn tells how far a test is.
func (k *Management) goesOn(seen func(api.MailTest)) {
	for _, at := range k.Progress {
		seen(at)
	}
}

func (k *Management) AutomaticMails(context.Context) ([]api.AutomaticMail, error) {
	return k.automatic, k.Err
}

func (k *Management) SwitchMail(_ context.Context, template string, on bool) error {
	_, err := k.change("switch %s: %v", template, on)
	return err
}

func (k *Management) Outgoing(_ context.Context, f api.MailFilter) (api.OutgoingMails, error) {
	page := api.OutgoingMails{Waiting: 1, Failed: 1, Cause: k.Cause}
	for _, m := range k.mails {
		if strings.Contains(m.To, f.Query) && (f.State == "" || f.State == m.State) {
			page.Mails = append(page.Mails, m)
		}
	}
	return page, k.Err
}

func (k *Management) ExportMails(_ context.Context, in api.ExportMails) error {
	_, err := k.change("note that e-mails are exported: %s", in.State)
	return err
}

func (k *Management) ExportOrganizations(context.Context) error {
	_, err := k.change("note that organizations are exported")
	return err
}

func (k *Management) SendAgain(_ context.Context, id string) error {
	_, err := k.change("send %s again", id)
	return err
}

func (k *Management) EnteredOrganizations(context.Context, string) (api.EnteredOrganizations, error) {
	return api.EnteredOrganizations{Organizations: slices.Clone(k.entered)}, k.Err
}

func (k *Management) AcceptOrganization(_ context.Context, id string, in api.AcceptOrganization) error {
	_, err := k.change("accept %s as %s, %s, %s", id, in.Name, in.Country, in.Membership)
	k.entered = slices.DeleteFunc(k.entered, func(o api.EnteredOrganization) bool { return err == nil && o.ID == id })
	return err
}

func (k *Management) MergeOrganization(_ context.Context, id, into string) error {
	_, err := k.change("merge %s with %s", id, into)
	k.entered = slices.DeleteFunc(k.entered, func(o api.EnteredOrganization) bool { return err == nil && o.ID == id })
	return err
}

func (k *Management) Policies(context.Context) (api.Policies, error) {
	return k.StoredPolicies, k.Err
}

func (k *Management) SavePolicies(_ context.Context, p api.Policies) (api.Policies, error) {
	_, err := k.change("policies")
	if err == nil && p.Version != k.StoredPolicies.Version {
		err = &api.Problem{Code: api.CodeOutdated}
	}
	if err != nil {
		return api.Policies{}, err
	}
	k.StoredPolicies = p
	k.StoredPolicies.Version += "+"
	return k.StoredPolicies, nil
}

func (k *Management) Settings(context.Context) (api.ServiceSettings, error) {
	return k.About, k.Err
}

func (k *Management) SaveSettings(_ context.Context, s api.ServiceSettings) (api.ServiceSettings, error) {
	_, err := k.change("settings")
	if err == nil && s.Version != k.About.Version {
		err = &api.Problem{Code: api.CodeOutdated}
	}
	if err != nil {
		return api.ServiceSettings{}, err
	}
	k.About = s
	k.About.Version += "+"
	return k.About, nil
}

// DeadServer is an EMail Test of a server that does not answer.
func DeadServer() api.MailTest {
	return api.MailTest{At: Now, Recipient: "root@example.org", Steps: []api.MailStep{
		{Step: api.MailStepName, State: api.MailStepOK, Millis: 3},
		{Step: api.MailStepConnection, State: api.MailStepFailed, Problem: api.MailProblemRefused, Millis: 12},
		{Step: api.MailStepGreeting, State: api.MailStepNotReached},
		{Step: api.MailStepEncryption, State: api.MailStepNotReached},
		{Step: api.MailStepLogIn, State: api.MailStepNotReached},
		{Step: api.MailStepSender, State: api.MailStepNotReached},
		{Step: api.MailStepRecipient, State: api.MailStepNotReached},
		{Step: api.MailStepMessage, State: api.MailStepNotReached},
	}}
}

// GoodServer is an EMail Test in which all went well.
func GoodServer() api.MailTest {
	test := DeadServer()
	for i := range test.Steps {
		test.Steps[i].State, test.Steps[i].Problem = api.MailStepOK, ""
	}
	test.Steps[3].Certificate = &api.MailCertificate{Names: []string{"mail.example.int"}, Issuer: "Example Authority", Until: Now.Add(90 * 24 * time.Hour)}
	test.Steps[4].State = api.MailStepSkipped
	test.OK = true
	return test
}

func NewManagement() *Management {
	return &Management{
		Staff:          *NewStaff(),
		StoredSettings: api.MailSettings{Host: "mail.example.int", Port: 587, Security: api.MailStartTLS, User: "plenary", PasswordSet: true, Sender: "noreply@example.int", ReplyTo: "servicedesk@example.int", Origin: "saved"},
		Test:           GoodServer(),
		automatic: []api.AutomaticMail{
			{Template: "activate", On: true, Required: true},
			{Template: "reset", On: true, Required: true},
			{Template: "password-changed", On: true, Required: true},
			{Template: "registration-received", On: true},
			{Template: "registration-waiting-list", On: false},
			{Template: "from-the-future", On: true},
		},
		mails: []api.OutgoingMail{
			{ID: "m3", To: "elena.garcia@example.org", Template: "reset", Language: "es", State: "waiting", Attempts: 3, Step: api.MailStepConnection, Problem: api.MailProblemTimeout, Created: Now.Add(-20 * time.Minute), Next: Now.Add(6 * time.Minute), Again: true},
			{ID: "m2", To: "someone@" + strings.Repeat("long-name.", 9) + "example.org", Template: "registration-received", Language: "fr", State: "failed", Attempts: 9, Step: api.MailStepRecipient, Problem: api.MailProblemRefusedBy, Code: 550, Created: Now.Add(-70 * time.Hour), Done: Now.Add(-20 * time.Hour), Again: true},
			{ID: "m1", To: "li.ming@example.org", Template: "active", Language: "zh", State: "sent", Attempts: 1, Created: Now.Add(-80 * time.Hour), Done: Now.Add(-80 * time.Hour)},
		},
		entered: []api.EnteredOrganization{
			{ID: "o1", Name: "Telefonica S.A.", City: "Madrid", Website: "https://telefonica.example", Country: "ES", Membership: "sector-member", By: "elena.garcia", Entered: Now.Add(-50 * time.Hour), Suggestions: []api.Organization{
				{ID: "d1", Name: "Telefónica", Country: "ES", Membership: "sector-member"}, {ID: "d2", Name: LongName, Country: "DE", Membership: "regional-international"},
			}},
			{ID: "o2", Name: LongName, Country: "GB", Membership: "unknown", By: "m.konstantinopolitanski", Entered: Now.Add(-3 * time.Hour)},
			{ID: "o3", Name: "中国信息通信研究院", Country: "CN", Membership: "non-member", By: "li.ming", Entered: Now.Add(-2 * time.Hour)},
		},
		About: api.ServiceSettings{
			Organization: "Example Organization", ServiceDesk: "servicedesk@example.int", Address: "https://plenary.example.int",
			FAQ: "https://example.int/plenary/faq", Chat: "https://chat.example.int/plenary", Version: "1",
		},
		StoredPolicies: api.Policies{
			Password: "classic", SecretQuestion: api.QuestionOn, SecondFactor: api.SecondFactorStaff,
			Limits:   api.LimitPolicy{IdentifierFailures: 10, AccountFailures: 20, DeviceFailures: 10, FailureHours: 24, NetworkFailures: 1000, NetworkRequests: 3000, Mails: 5},
			Sessions: api.SessionPolicy{KeptIdleDays: 90, KeptAbsoluteDays: 365, IdleHours: 12, AbsoluteHours: 24}, DeletionDays: 14, VisaDays: 30,
			Networks: []api.NetworkBudget{{Network: "192.0.2.0/24", Failures: 20000, Requests: 50000, Name: "Hall 1, Geneva"}},
		},
	}
}
