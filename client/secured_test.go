package client_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"plenary/api"
	"plenary/client"
)

// securedCalls are the operations on accounts and for staff: what each asks of
// the service, and whether it is repeated when an answer was lost.
var securedCalls = map[string]struct {
	asks     string
	repeated bool
	call     func(ctx context.Context, c *client.Client) error
}{
	"managed meetings": {"GET /v1/managed/meetings", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.ManagedMeetings(ctx)
		return err
	}},
	"managed meeting": {"GET /v1/managed/meetings/C-00000001", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.ManagedMeeting(ctx, "C-00000001")
		return err
	}},
	"managers": {"GET /v1/managed/managers", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.Managers(ctx)
		return err
	}},
	"create a meeting": {"POST /v1/managed/meetings", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.CreateMeeting(ctx, api.CreateMeeting{})
		return err
	}},
	"save a meeting": {"PUT /v1/managed/meetings/C-00000001", false, func(ctx context.Context, c *client.Client) error {
		_, err := c.SaveMeeting(ctx, "C-00000001", api.SaveMeeting{})
		return err
	}},
	"change a meeting's state": {"POST /v1/managed/meetings/C-00000001/status", false, func(ctx context.Context, c *client.Client) error {
		_, err := c.ChangeMeetingStatus(ctx, "C-00000001", api.ChangeMeetingStatus{})
		return err
	}},
	"cancel a meeting": {"POST /v1/managed/meetings/C-00000001/cancel", false, func(ctx context.Context, c *client.Client) error {
		_, err := c.CancelMeeting(ctx, "C-00000001", api.CancelMeeting{})
		return err
	}},
	"delete a meeting": {"DELETE /v1/managed/meetings/C-00000001", false, func(ctx context.Context, c *client.Client) error {
		return c.DeleteMeeting(ctx, "C-00000001")
	}},
	"save managers": {"PUT /v1/managed/meetings/C-00000001/managers", false, func(ctx context.Context, c *client.Client) error {
		_, err := c.SaveManagers(ctx, "C-00000001", api.SaveManagers{})
		return err
	}},
	"prove": {"POST /v1/session/proof", false, func(ctx context.Context, c *client.Client) error {
		return c.Prove(ctx, "", "")
	}},
	"password": {"POST /v1/account/password", false, func(ctx context.Context, c *client.Client) error {
		_, err := c.ChangePassword(ctx, api.ChangePassword{})
		return err
	}},
	"second factor": {"GET /v1/account/second-factor", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.SecondFactor(ctx)
		return err
	}},
	"set up second factor": {"POST /v1/account/second-factor", false, func(ctx context.Context, c *client.Client) error {
		_, err := c.SetUpSecondFactor(ctx)
		return err
	}},
	"confirm second factor": {"POST /v1/account/second-factor/confirm", false, func(ctx context.Context, c *client.Client) error {
		_, err := c.ConfirmSecondFactor(ctx, "")
		return err
	}},
	"recovery codes": {"POST /v1/account/second-factor/recovery-codes", false, func(ctx context.Context, c *client.Client) error {
		_, err := c.NewRecoveryCodes(ctx)
		return err
	}},
	"remove second factor": {"DELETE /v1/account/second-factor", false, func(ctx context.Context, c *client.Client) error {
		return c.RemoveSecondFactor(ctx)
	}},
	"secret question": {"GET /v1/account/secret-question", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.SecretQuestion(ctx)
		return err
	}},
	"set secret question": {"PUT /v1/account/secret-question", false, func(ctx context.Context, c *client.Client) error {
		return c.SetSecretQuestion(ctx, api.SetSecretQuestion{})
	}},
	"remove secret question": {"DELETE /v1/account/secret-question", false, func(ctx context.Context, c *client.Client) error {
		return c.RemoveSecretQuestion(ctx)
	}},
	"recovery question": {"POST /v1/account/recovery/question", false, func(ctx context.Context, c *client.Client) error {
		_, err := c.RecoveryQuestion(ctx, api.RecoveryCode{})
		return err
	}},
	"answer": {"POST /v1/account/recovery/answer", false, func(ctx context.Context, c *client.Client) error {
		return c.CheckAnswer(ctx, api.RecoveryAnswer{})
	}},
	"profile": {"PUT /v1/account/profile", false, func(ctx context.Context, c *client.Client) error {
		_, err := c.ChangeProfile(ctx, api.ChangeProfile{})
		return err
	}},
	"username": {"PUT /v1/account/username", false, func(ctx context.Context, c *client.Client) error {
		_, err := c.ChangeUsername(ctx, "")
		return err
	}},
	"email": {"POST /v1/account/email", false, func(ctx context.Context, c *client.Client) error {
		return c.ChangeEmail(ctx, "")
	}},
	"confirm email": {"POST /v1/account/email/confirm", false, func(ctx context.Context, c *client.Client) error {
		_, err := c.ConfirmEmail(ctx, "")
		return err
	}},
	"adopt email": {"POST /v1/account/email/adopt", false, func(ctx context.Context, c *client.Client) error {
		return c.AdoptEmail(ctx)
	}},
	"sessions": {"GET /v1/sessions", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.Sessions(ctx)
		return err
	}},
	"end session": {"DELETE /v1/sessions/1%2F2", false, func(ctx context.Context, c *client.Client) error {
		return c.EndSession(ctx, "1/2")
	}},
	"forget device": {"POST /v1/devices/forget", true, func(ctx context.Context, c *client.Client) error {
		return c.VoidDevice(ctx, "d")
	}},
	"export": {"GET /v1/account/export", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.Export(ctx)
		return err
	}},
	"deletion": {"GET /v1/account/deletion", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.Deletion(ctx)
		return err
	}},
	"ask deletion": {"POST /v1/account/deletion", false, func(ctx context.Context, c *client.Client) error {
		_, err := c.AskDeletion(ctx)
		return err
	}},
	"take back deletion": {"DELETE /v1/account/deletion", false, func(ctx context.Context, c *client.Client) error {
		return c.TakeBackDeletion(ctx)
	}},
	"users": {"GET /v1/users?query=a+%26+b&role=administrator&state=active", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.Users(ctx, api.UserFilter{Query: "a & b", State: "active", Role: "administrator"})
		return err
	}},
	"user": {"GET /v1/users/..%2Fx", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.User(ctx, "../x")
		return err
	}},
	"export users": {"POST /v1/exports/users", false, func(ctx context.Context, c *client.Client) error {
		return c.ExportUsers(ctx, api.ExportUsers{State: "active"})
	}},
	"invite user": {"POST /v1/users", false, func(ctx context.Context, c *client.Client) error {
		_, err := c.InviteUser(ctx, api.InviteUser{})
		return err
	}},
	"user's registrations": {"GET /v1/users/u/registrations?after=x", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.UserRegistrations(ctx, "u", "x")
		return err
	}},
	"managed registrations": {"GET /v1/managed/meetings/C-00000001/registrations?country=CH&descending=true&limit=7&query=a+b&sort=changed", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.ManagedRegistrations(ctx, api.RegistrationFilter{Meeting: "C-00000001", Query: "a b", Country: "CH", Sort: api.SortByChanged, Descending: true, Limit: 7})
		return err
	}},
	"export registrations": {"POST /v1/managed/meetings/C-00000001/exports", false, func(ctx context.Context, c *client.Client) error {
		return c.ExportRegistrations(ctx, "C-00000001", api.ExportRegistrations{State: api.Confirmed})
	}},
	"managed registration": {"GET /v1/registrations/R-1", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.ManagedRegistration(ctx, "R-1")
		return err
	}},
	"change user": {"POST /v1/users/u/changes", false, func(ctx context.Context, c *client.Client) error {
		_, err := c.ChangeUser(ctx, "u", api.ChangeUser{})
		return err
	}},
	"approvals": {"GET /v1/approvals", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.Approvals(ctx)
		return err
	}},
	"decide approval": {"POST /v1/approvals/p", false, func(ctx context.Context, c *client.Client) error {
		return c.Decide(ctx, "p", true, "")
	}},
	"mail settings": {"GET /v1/mail/settings", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.MailSettings(ctx)
		return err
	}},
	"save mail settings": {"PUT /v1/mail/settings", false, func(ctx context.Context, c *client.Client) error {
		return c.SaveMailSettings(ctx, api.MailSettings{})
	}},
	"test mail": {"POST /v1/mail/test", false, func(ctx context.Context, c *client.Client) error {
		_, err := c.TestMail(ctx, api.TestMail{})
		return err
	}},
	"last mail test": {"GET /v1/mail/test/last", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.LastMailTest(ctx)
		return err
	}},
	"automatic mails": {"GET /v1/mail/automatic", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.AutomaticMails(ctx)
		return err
	}},
	"switch mail": {"PUT /v1/mail/automatic/registered", false, func(ctx context.Context, c *client.Client) error {
		return c.SwitchMail(ctx, "registered", true)
	}},
	"outgoing": {"GET /v1/mail/outgoing?after=x&state=failed", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.Outgoing(ctx, api.MailFilter{State: "failed", After: "x"})
		return err
	}},
	"export mails": {"POST /v1/exports/mails", false, func(ctx context.Context, c *client.Client) error {
		return c.ExportMails(ctx, api.ExportMails{State: "failed"})
	}},
	"export organizations": {"POST /v1/exports/organizations", false, func(ctx context.Context, c *client.Client) error {
		return c.ExportOrganizations(ctx)
	}},
	"send mail again": {"POST /v1/mail/outgoing/m/again", false, func(ctx context.Context, c *client.Client) error {
		return c.SendAgain(ctx, "m")
	}},
	"entered organizations": {"GET /v1/organizations/entered", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.EnteredOrganizations(ctx, "")
		return err
	}},
	"accept organization": {"POST /v1/organizations/entered/o/accept", false, func(ctx context.Context, c *client.Client) error {
		return c.AcceptOrganization(ctx, "o", api.AcceptOrganization{})
	}},
	"merge organization": {"POST /v1/organizations/entered/o/merge", false, func(ctx context.Context, c *client.Client) error {
		return c.MergeOrganization(ctx, "o", "p")
	}},
	"policies": {"GET /v1/policies", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.Policies(ctx)
		return err
	}},
	"save policies": {"PUT /v1/policies", false, func(ctx context.Context, c *client.Client) error {
		_, err := c.SavePolicies(ctx, api.Policies{})
		return err
	}},
	"settings": {"GET /v1/settings", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.Settings(ctx)
		return err
	}},
	"save settings": {"PUT /v1/settings", false, func(ctx context.Context, c *client.Client) error {
		_, err := c.SaveSettings(ctx, api.ServiceSettings{})
		return err
	}},
	"audit": {"GET /v1/audit?event=logged-in&from=2026-11-01&until=2026-11-22&user=elena", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.Audit(ctx, api.AuditFilter{Event: "logged-in", User: "elena", From: "2026-11-01", Until: "2026-11-22"})
		return err
	}},
	"audit, the oldest first": {"GET /v1/audit?limit=1000&order=oldest", true, func(ctx context.Context, c *client.Client) error {
		_, err := c.Audit(ctx, api.AuditFilter{Order: api.AuditOldest, Limit: api.AuditLimit})
		return err
	}},
	"export audit": {"POST /v1/audit/exports", false, func(ctx context.Context, c *client.Client) error {
		return c.ExportAudit(ctx, api.ExportAudit{})
	}},
}

// TestSecured_asksForWhatTheContractSays: each call asks for its path, with the
// token where it needs one; after a lost answer only reading is tried again.
func TestSecured_asksForWhatTheContractSays(t *testing.T) {
	for name, tt := range securedCalls {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			var asked []string
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				asked = append(asked, r.Method+" "+r.URL.RequestURI())
				mu.Unlock()
				if open := strings.Contains(r.URL.Path, "/recovery/"); open == (r.Header.Get("Authorization") == "Bearer a") {
					t.Errorf("authorized with %q", r.Header.Get("Authorization"))
				}
				panic(http.ErrAbortHandler) // the answer is lost
			})
			if err := tt.call(t.Context(), newClient(t, s.URL, client.Options{}).As(client.StaticToken("a"))); err == nil {
				t.Error("a lost answer is no error")
			}
			want := 1
			if tt.repeated {
				want = 3
			}
			mu.Lock()
			defer mu.Unlock()
			if len(asked) != want || asked[0] != tt.asks {
				t.Errorf("asked %q, want %q %d times", asked, tt.asks, want)
			}
		})
	}
}

// TestSecured_readsTheAnswer by an answer of the wrong form, which every call
// that has one must refuse, and those without one must not look at.
func TestSecured_readsTheAnswer(t *testing.T) {
	silent := map[string]bool{
		"prove": true, "remove second factor": true, "set secret question": true,
		"remove secret question": true, "answer": true, "email": true, "adopt email": true, "end session": true,
		"forget device": true, "take back deletion": true, "deactivate user": true, "end user's sessions": true,
		"remove reset address": true, "decide approval": true, "save mail settings": true, "switch mail": true,
		"send mail again": true, "accept organization": true, "merge organization": true, "export audit": true, "export users": true, "export mails": true, "export organizations": true, "delete a meeting": true, "export registrations": true,
	}
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		plenaryHeaders(w)
		w.Write([]byte(`[`))
	})
	c := newClient(t, s.URL, client.Options{}).As(client.StaticToken("a"))
	for name, tt := range securedCalls {
		if err := tt.call(t.Context(), c); (err == nil) != silent[name] {
			t.Errorf("%s: %v", name, err)
		}
	}
}
