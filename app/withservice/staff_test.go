package withservice

import (
	"context"
	"errors"
	"slices"
	"testing"

	"plenary/api"
	"plenary/app"
	"plenary/service/mail/mailtest"
)

// administrator logs the program in as the demonstration's first administrator.
func (p *person) administrator() {
	p.t.Helper()
	for _, s := range p.demo.Staff() {
		if s.Role != api.RoleAdministrator {
			continue
		}
		if _, err := p.app.Session.LogIn(p.t.Context(), app.LogIn{Identifier: s.Identifier, Password: s.Password}); err != nil {
			p.t.Fatal(err)
		}
		if err := p.app.Service.Prove(p.t.Context(), s.Password, ""); err != nil {
			p.t.Fatal(err)
		}
		return
	}
	p.t.Fatal("the demonstration has no administrator")
}

func TestStaff_usersAndApprovals(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signUp()
	p.logIn(true)
	if _, err := p.app.Service.Users(t.Context(), api.UserFilter{}); kind(err) != string(api.CodeForbidden) {
		t.Errorf("a participant: %v", err)
	}
	if err := p.app.Session.LogOut(t.Context(), app.UnsentDiscard); err != nil {
		t.Fatal(err)
	}
	p.administrator()
	staff := p.app.Service
	list, err := staff.Users(t.Context(), api.UserFilter{Query: "dupont", State: api.UserActive})
	if err != nil || len(list.Users) != 1 || list.Users[0].Email != email {
		t.Fatalf("users: %+v, %v", list, err)
	}
	id := list.Users[0].ID
	change := func(in api.ChangeUser) api.Outcome {
		t.Helper()
		out, err := staff.ChangeUser(t.Context(), id, in)
		if err != nil {
			t.Fatalf("%s: %v", in.Kind, err)
		}
		return out
	}
	const reason = "for the test"
	for _, in := range []api.ChangeUser{
		{Kind: api.KindDeactivate, Reason: reason},
		{Kind: api.KindActivate, Reason: reason},
		{Kind: api.KindResetAddress, Email: "head@example.int", Reason: "no access to her e-mail"},
	} {
		if o := change(in); o.Waiting {
			t.Fatalf("%s waits", in.Kind)
		}
	}
	u, err := staff.User(t.Context(), id)
	if err != nil || u.ResetAddress == nil || u.ResetAddress.Email != "head@example.int" || len(u.History) == 0 {
		t.Fatalf("user: %+v, %v", u, err)
	}
	change(api.ChangeUser{Kind: api.KindRemoveResetAddress})
	change(api.ChangeUser{Kind: api.KindEndSessions, Reason: reason})
	o := change(api.ChangeUser{Kind: api.KindRoles, Roles: []string{api.RoleParticipant, api.RoleAdministrator}, Reason: reason, Version: u.Version})
	if !o.Waiting {
		t.Fatalf("roles: %+v", o)
	}
	approvals, err := staff.Approvals(t.Context())
	if err != nil || len(approvals) != 1 || approvals[0].ID != o.Approval || !approvals[0].Own {
		t.Fatalf("approvals: %+v, %v", approvals, err)
	}
	if err := staff.Decide(t.Context(), o.Approval, true, ""); kind(err) != string(api.CodeSecondPerson) {
		t.Errorf("approves alone: %v", err)
	}
	if err := staff.Decide(t.Context(), o.Approval, false, "changed my mind"); err != nil {
		t.Error(err)
	}
}

// nobody looks on; a test that ends at once is not asked how far it is.
func nobody(api.MailTest) {}

// Whoever waits for a mail server that says nothing sees where it hangs, and can end
// the test at once, and begin another.
func TestStaff_faultOfASilentMailServerIsSeenWhileItLasts(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.administrator()
	before, err := p.app.Service.MailSettings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	server := mailtest.Start(t, mailtest.Manners{Silent: api.MailStepRecipient})
	in := api.MailSettings{Host: server.Host, Port: server.Port, Security: api.MailNone, Sender: "no-reply@example.int", Version: before.Version}
	for name, try := range map[string]func(context.Context, func(api.MailTest)) error{
		"EMail Test": func(ctx context.Context, seen func(api.MailTest)) error {
			_, err := p.app.Service.TestMail(ctx, in, seen)
			return err
		},
		"save": func(ctx context.Context, seen func(api.MailTest)) error {
			_, err := p.app.Service.SaveMailSettings(ctx, in, seen)
			return err
		},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		var last api.MailStep
		// The service may still be busy with the end of the test before.
		for canceled := false; !canceled; {
			err := try(ctx, func(test api.MailTest) {
				if last = test.Steps[len(test.Steps)-1]; last.Step == api.MailStepRecipient {
					cancel()
				}
			})
			if kind(err) == string(api.CodeTooMany) && t.Context().Err() == nil {
				continue
			}
			if canceled = true; !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", name, err)
			}
		}
		cancel()
		if last.Step != api.MailStepRecipient || last.State != api.MailStepRunning {
			t.Errorf("%s was last seen at %+v", name, last)
		}
	}
}

func TestStaff_mail(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.administrator()
	staff := p.app.Service
	before, err := staff.MailSettings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dead := api.MailSettings{Host: "127.0.0.1", Port: 1, Security: api.MailNone, Sender: "no-reply@example.int", Version: before.Version}
	for name, try := range map[string]func() (api.MailTest, error){
		"EMail Test": func() (api.MailTest, error) { return staff.TestMail(t.Context(), dead, nobody) },
		"save":       func() (api.MailTest, error) { return staff.SaveMailSettings(t.Context(), dead, nobody) },
	} {
		test, err := try()
		if name == "save" && kind(err) != string(api.CodeMailFailed) || name != "save" && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		failed := slices.ContainsFunc(test.Steps, func(s api.MailStep) bool {
			return s.Step == api.MailStepConnection && s.State == "failed" && s.Problem == api.MailProblemRefused
		})
		if test.OK || !failed {
			t.Errorf("%s: %+v", name, test)
		}
	}
	if after, err := staff.MailSettings(t.Context()); err != nil || after != before {
		t.Errorf("settings are %+v, were %+v, %v", after, before, err)
	}
	kinds, err := staff.AutomaticMails(t.Context())
	if err != nil || len(kinds) < 5 {
		t.Fatalf("automatic: %+v, %v", kinds, err)
	}
	free := kinds[slices.IndexFunc(kinds, func(m api.AutomaticMail) bool { return !m.Required })]
	if err := staff.SwitchMail(t.Context(), free.Template, !free.On); err != nil {
		t.Fatal(err)
	}
	if kinds, err = staff.AutomaticMails(t.Context()); err != nil || !slices.Contains(kinds, api.AutomaticMail{Template: free.Template, On: !free.On}) {
		t.Errorf("automatic: %+v, %v", kinds, err)
	}
}

func TestStaff_outgoingMail(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signUp()
	p.administrator()
	page, err := p.app.Service.Outgoing(t.Context(), api.MailFilter{Query: "amelie.dupont"})
	if err != nil || len(page.Mails) == 0 {
		t.Fatalf("outgoing: %+v, %v", page, err)
	}
	again := slices.IndexFunc(page.Mails, func(m api.OutgoingMail) bool { return m.Again })
	if again < 0 {
		t.Fatalf("nothing can be sent again: %+v", page.Mails)
	}
	if err := p.app.Service.SendAgain(t.Context(), page.Mails[again].ID); err != nil {
		t.Error(err)
	}
}

func TestStaff_serviceAndAudit(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.administrator()
	staff := p.app.Service
	if page, err := staff.EnteredOrganizations(t.Context(), ""); err != nil || len(page.Organizations) != 0 {
		t.Errorf("entered organizations: %+v, %v", page, err)
	}
	if err := staff.MergeOrganization(t.Context(), "x", "y"); kind(err) != string(api.CodeNotFound) {
		t.Errorf("merge nothing: %v", err)
	}
	in := api.AcceptOrganization{Name: "Example", Country: "CH", Membership: "academia"}
	if err := staff.AcceptOrganization(t.Context(), "x", in); kind(err) != string(api.CodeNotFound) {
		t.Errorf("accept nothing: %v", err)
	}
	policies, err := staff.Policies(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	asRead := policies
	policies.DeletionDays = 21
	if policies, err = staff.SavePolicies(t.Context(), policies); err != nil || policies.DeletionDays != 21 || policies.Version == asRead.Version {
		t.Fatalf("saved policies: %+v, %v", policies, err)
	}
	// Who has read those of before undoes nothing.
	if _, err := staff.SavePolicies(t.Context(), asRead); kind(err) != string(api.CodeOutdated) {
		t.Errorf("policies of before: %v", err)
	}
	if after, err := staff.Policies(t.Context()); err != nil || after.DeletionDays != 21 {
		t.Errorf("policies: %+v, %v", after, err)
	}
	policies.DeletionDays = -1
	if _, err := staff.SavePolicies(t.Context(), policies); kind(err) != string(api.CodeInvalid) || len(app.Explain(err).Fields) == 0 {
		t.Errorf("bad policies: %v", err)
	}
	about, err := staff.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	about.Chat = "https://chat.example.int"
	if about, err = staff.SaveSettings(t.Context(), about); err != nil || about.Chat != "https://chat.example.int" {
		t.Errorf("settings: %+v, %v", about, err)
	}
	about.Address = "https://elsewhere.example.int"
	if _, err := staff.SaveSettings(t.Context(), about); kind(err) != string(api.CodeInvalid) {
		t.Errorf("an administrator moves the service: %v", err)
	}
	all, err := staff.Audit(t.Context(), api.AuditFilter{})
	if err != nil || len(all.Entries) == 0 || !all.Intact || !slices.Contains(all.Events, all.Entries[0].Event) {
		t.Fatalf("audit: %+v, %v", all, err)
	}
	some, err := staff.Audit(t.Context(), api.AuditFilter{Event: all.Entries[0].Event, User: "administrator"})
	if err != nil || len(some.Entries) == 0 || len(some.Entries) >= len(all.Entries) {
		t.Errorf("filtered: %d of %d, %v", len(some.Entries), len(all.Entries), err)
	}
	if err := staff.ExportAudit(t.Context(), api.ExportAudit{Event: all.Entries[0].Event}); err != nil {
		t.Errorf("export: %v", err)
	}
	again, err := staff.Audit(t.Context(), api.AuditFilter{Order: api.AuditOldest, Limit: api.AuditLimit})
	if err != nil || len(again.Entries) <= len(all.Entries) || again.Entries[len(again.Entries)-1].Event != "log-exported" {
		t.Errorf("the oldest first, with the export last: %+v, %v", again.Entries, err)
	}
}
