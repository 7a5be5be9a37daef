package screens

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"plenary/api"
)

// knownStaff is what administrators see and do, in memory.
type knownStaff struct {
	users     []api.User
	approvals []api.Approval
	entries   []api.AuditEntry
	broken    bool // the audit log is not intact
	asked     []api.UserFilter
	audited   []api.AuditFilter
	done      []string // what was changed
	waiting   bool     // changes wait for a second administrator
	unproved  bool     // changes need a proof that was not given yet
	err       error
	changeErr error
}

// prove gives the proof that changes wait for.
func (k *knownStaff) prove(_ context.Context, password, _ string) error {
	if password != "Right-password-1" {
		return &api.Problem{Code: api.CodeCredentials}
	}
	k.unproved = false
	return nil
}

func (k *knownStaff) change(format string, args ...any) (api.Outcome, error) {
	switch {
	case k.unproved:
		return api.Outcome{}, &api.Problem{Code: api.CodeProofNeeded}
	case k.changeErr != nil:
		return api.Outcome{}, k.changeErr
	}
	k.done = append(k.done, fmt.Sprintf(format, args...))
	return api.Outcome{Waiting: k.waiting}, nil
}

func (k *knownStaff) Users(_ context.Context, f api.UserFilter) (api.Users, error) {
	k.asked = append(k.asked, f)
	if k.err != nil {
		return api.Users{}, k.err
	}
	var found []api.UserSummary
	for _, u := range k.users {
		text := strings.ToLower(u.Name + " " + u.Username + " " + u.Email + " " + u.Organization)
		if strings.Contains(text, strings.ToLower(f.Query)) && (f.State == "" || f.State == u.State) &&
			(f.Role == "" || slices.Contains(u.Roles, f.Role)) && (f.After == "" || u.Username > f.After) {
			found = append(found, u.UserSummary)
		}
	}
	if len(found) > 50 {
		return api.Users{Users: found[:50], Next: found[49].Username}, nil
	}
	return api.Users{Users: found}, nil
}

func (k *knownStaff) User(_ context.Context, id string) (api.User, error) {
	for _, u := range k.users {
		if u.ID == id && k.err == nil {
			return u, nil
		}
	}
	return api.User{}, k.err
}

func (k *knownStaff) ChangeUser(_ context.Context, id string, in api.ChangeUser) (api.Outcome, error) {
	return k.change("%s of %s: %s", in.Kind, id, strings.Join(slices.DeleteFunc(append(slices.Clone(in.Roles), in.Email, in.Reason), func(s string) bool { return s == "" }), " "))
}

func (k *knownStaff) Approvals(context.Context) ([]api.Approval, error) { return k.approvals, k.err }

func (k *knownStaff) Decide(_ context.Context, id string, approve bool, reason string) error {
	_, err := k.change("decide %s: %v %s", id, approve, reason)
	if err == nil {
		k.approvals = slices.DeleteFunc(k.approvals, func(a api.Approval) bool { return a.ID == id })
	}
	return err
}

func (k *knownStaff) Audit(_ context.Context, f api.AuditFilter) (api.AuditPage, error) {
	k.audited = append(k.audited, f)
	if k.err != nil {
		return api.AuditPage{}, k.err
	}
	page := api.AuditPage{Events: []string{"logged-in", "log-in-failed", "roles-changed", "from-the-future"}, Intact: !k.broken}
	for _, e := range k.entries {
		if (f.Event == "" || f.Event == e.Event) && (f.User == "" || f.User == e.User) {
			page.Entries = append(page.Entries, e)
		}
	}
	return page, nil
}

func summary(id, username, name, organization, country, state string, roles ...string) api.UserSummary {
	return api.UserSummary{
		ID: id, Username: username, Name: name, Email: username + "@example.org", Organization: organization, Country: country,
		State: state, Roles: append([]string{api.RoleParticipant}, roles...),
	}
}

// testStaff has users in all states, with names as the world has them.
func testStaff() *knownStaff {
	k := &knownStaff{}
	for _, s := range []api.UserSummary{
		summary("u1", "a.lindgren", "Astrid Lindgren", "Administration of Sweden", "SE", api.UserActive, api.RoleMeetingManager),
		summary("u2", "elena.garcia", "Elena García", "Telefónica", "ES", api.UserLocked),
		summary("u3", "layla", "ليلى غارسيا الأندلسي", "المنظمة العربية لتكنولوجيات الاتصال", "TN", api.UserActive),
		summary("u4", "li.ming", "李明", "中国信息通信研究院", "CN", api.UserNoPassword),
		summary("u5", "m.konstantinopolitanski", "Maximiliane Konstantinopolitanski-Oberhauserin von und zu Hohenfels", longName, "DE", api.UserDeactivated),
		summary("u6", "new.one", "", "Telefónica", "ES", api.UserUnverified),
		summary("u7", "root", "Ines Ferreira", "example.int", "CH", api.UserActive, api.RoleAdministrator),
		summary("u8", "t.going", "Tomás Going", "Orange", "FR", api.UserDeleting),
	} {
		k.users = append(k.users, api.User{
			UserSummary: s, Created: testTime.Add(-4000 * time.Hour), LastLogIn: testTime.Add(-50 * time.Minute), Language: "en",
			SecondFactor: s.ID == "u1" || s.ID == "u7", SecretQuestion: s.ID == "u2",
			History: []api.AuditEntry{
				{ID: "9", At: testTime.Add(-40 * time.Minute), Event: "locked"},
				{ID: "8", At: testTime.Add(-41 * time.Minute), Event: "log-in-failed"},
				{ID: "7", At: testTime.Add(-400 * time.Hour), Event: "roles-changed", Actor: "root", Detail: "participant"},
			},
		})
	}
	k.users[1].Sessions = []api.SessionInfo{{ID: "s1", Machine: "Plenary 1.0, Windows", Since: testTime.Add(-30 * time.Hour), LastUsed: testTime.Add(-2 * time.Hour)}}
	k.users[1].ResetAddress = &api.ResetAddress{Email: "area.manager@example.org", Reason: "Called from the office; ticket 4711", By: "root", Expires: testTime.Add(70 * time.Hour)}
	k.approvals = []api.Approval{
		{ID: "a1", Kind: "roles", User: k.users[0].UserSummary, Roles: []string{api.RoleParticipant, api.RoleAdministrator}, Reason: "Takes over from Ines in January", By: "second.admin", Asked: testTime.Add(-3 * time.Hour), Expires: testTime.Add(69 * time.Hour)},
		{ID: "a2", Kind: "reset-address", User: k.users[4].UserSummary, Email: "area.manager@example.org", Reason: "Lost access to the old address", By: "root", Asked: testTime.Add(-time.Hour), Expires: testTime.Add(71 * time.Hour), Own: true},
	}
	k.entries = []api.AuditEntry{
		{ID: "5", At: testTime.Add(-time.Minute), Event: "logged-in", Subject: "u2", User: "elena.garcia", Network: "2001:db8:85a3::8a2e:370:7334"},
		{ID: "4", At: testTime.Add(-time.Hour), Event: "reset-address-set", Subject: "u5", User: "m.konstantinopolitanski", Actor: "root", Network: "192.0.2.7"},
		{ID: "3", At: testTime.Add(-30 * time.Hour), Event: "roles-changed", Subject: "u1", User: "a.lindgren", Actor: "root", Detail: "participant meeting-manager", Network: "192.0.2.7"},
		{ID: "2", At: testTime.Add(-31 * time.Hour), Event: "from-the-future", Subject: "0198f0a2-6a5e-7000-8000-0123456789ab"},
		{ID: "1", At: testTime.Add(-500 * time.Hour), Event: "policy-changed", Actor: "root", Detail: "limits.mails 5->10; network 192.0.2.0/24 removed", Network: "192.0.2.7"},
	}
	return k
}

// adminAccount is the administrator who looks.
var adminAccount = api.Account{ID: "u7", Username: "root", Roles: []string{api.RoleParticipant, api.RoleAdministrator}}
