package screentest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"plenary/api"
)

// Staff is what administrators see and do, in memory.
type Staff struct {
	People        []api.User
	Requests      []api.Approval
	entries       []api.AuditEntry
	Broken        bool // the audit log is not intact
	Asked         []api.UserFilter
	Audited       []api.AuditFilter
	Exported      []api.ExportAudit
	ExportedUsers []api.ExportUsers
	Long          int      // how many entries the audit log has; a few if 0
	OnAudit       func()   // called when it is asked for
	Done          []string // what was changed
	Waiting       bool     // changes wait for a second administrator
	Unproved      bool     // changes need a proof that was not given yet
	Err           error
	ChangeErr     error
}

// Prove gives the proof that changes wait for.
func (k *Staff) Prove(_ context.Context, password, _ string) error {
	if password != "Right-password-1" {
		return &api.Problem{Code: api.CodeCredentials}
	}
	k.Unproved = false
	return nil
}

func (k *Staff) change(format string, args ...any) (api.Outcome, error) {
	switch {
	case k.Unproved:
		return api.Outcome{}, &api.Problem{Code: api.CodeProofNeeded}
	case k.ChangeErr != nil:
		return api.Outcome{}, k.ChangeErr
	}
	k.Done = append(k.Done, fmt.Sprintf(format, args...))
	return api.Outcome{Waiting: k.Waiting}, nil
}

func (k *Staff) Users(_ context.Context, f api.UserFilter) (api.Users, error) {
	k.Asked = append(k.Asked, f)
	if k.Err != nil {
		return api.Users{}, k.Err
	}
	var found []api.UserSummary
	for _, u := range k.People {
		text := strings.ToLower(u.Name + " " + u.Username + " " + u.Email + " " + u.Organization)
		if strings.Contains(text, strings.ToLower(f.Query)) && (f.State == "" || f.State == u.State) &&
			(f.Role == "" || slices.Contains(u.Roles, f.Role)) && (f.After == "" || u.Username > f.After) {
			found = append(found, u.UserSummary)
		}
	}
	if n := cmp.Or(f.Limit, 50); len(found) > n {
		return api.Users{Users: found[:n], Next: found[n-1].Username}, nil
	}
	return api.Users{Users: found}, nil
}

func (k *Staff) User(_ context.Context, id string) (api.User, error) {
	for _, u := range k.People {
		if u.ID == id && k.Err == nil {
			return u, nil
		}
	}
	return api.User{}, k.Err
}

func (k *Staff) ExportUsers(_ context.Context, in api.ExportUsers) error {
	k.ExportedUsers = append(k.ExportedUsers, in)
	return k.ChangeErr
}

func (k *Staff) InviteUser(_ context.Context, in api.InviteUser) (api.Invited, error) {
	_, err := k.change("invite %s %s <%s> in %s of %s%s as %s: %s", in.FirstName, in.FamilyName, in.Email, in.Language, in.OrganizationID, in.Country, strings.Join(in.Roles, " "), in.Reason)
	return api.Invited{ID: "u9"}, err
}

// UserRegistrations are those of Elena García, one on each page.
func (k *Staff) UserRegistrations(_ context.Context, id, after string) (api.UserRegistrations, error) {
	page := api.UserRegistrations{}
	if id != "u2" || k.Err != nil {
		return page, k.Err
	}
	day := Now.Add(1000 * time.Hour)
	list := []api.UserRegistration{
		{
			Number: "R-7F3K-92QD", Meeting: "C-00016105", Title: api.Text{"en": "Seventh Meeting of the Working Group on the Future of Numbering"},
			Start: day, End: day.Add(50 * time.Hour), Zone: "Europe/Zurich", State: api.Confirmed, Participation: api.OnSite,
		},
		{
			Number: "R-2222-3333", Meeting: "C-00016512", Title: api.Text{"en": "X.509 Day"},
			Start: Now, End: Now.Add(time.Hour), Zone: "Asia/Tokyo", State: api.WaitingFocalPoint, Participation: api.Remote,
		},
	}
	if after == "" {
		page.Next, list = "2", list[:1]
	} else {
		list = list[1:]
	}
	page.Registrations = list
	return page, nil
}

func (k *Staff) ChangeUser(_ context.Context, id string, in api.ChangeUser) (api.Outcome, error) {
	at := slices.IndexFunc(k.People, func(u api.User) bool { return u.ID == id })
	if in.Version != "" && in.Version != k.People[at].Version {
		return api.Outcome{}, &api.Problem{Code: api.CodeOutdated}
	}
	what := append(slices.Clone(in.Roles), in.Email)
	if p := in.Profile; p != nil {
		what = append(what, p.Title, p.FirstName, p.FamilyName, p.OrganizationID)
	}
	what = append(what, in.Reason)
	return k.change("%s of %s: %s", in.Kind, id, strings.Join(slices.DeleteFunc(what, func(s string) bool { return s == "" }), " "))
}

func (k *Staff) Approvals(context.Context) ([]api.Approval, error) { return k.Requests, k.Err }

func (k *Staff) Decide(_ context.Context, id string, approve bool, reason string) error {
	_, err := k.change("decide %s: %v %s", id, approve, reason)
	if err == nil {
		k.Requests = slices.DeleteFunc(k.Requests, func(a api.Approval) bool { return a.ID == id })
	}
	return err
}

func (k *Staff) Audit(ctx context.Context, f api.AuditFilter) (api.AuditPage, error) {
	k.Audited = append(k.Audited, f)
	if k.OnAudit != nil {
		k.OnAudit()
	}
	if ctx.Err() != nil {
		return api.AuditPage{}, ctx.Err()
	}
	if k.Err != nil {
		return api.AuditPage{}, k.Err
	}
	page := api.AuditPage{Events: []string{"logged-in", "log-in-failed", "roles-changed", "from-the-future"}, Intact: !k.Broken}
	if k.Long > 0 {
		return k.long(page, f), nil
	}
	for _, e := range k.entries {
		if (f.Event == "" || f.Event == e.Event) && (f.User == "" || f.User == e.User) {
			page.Entries = append(page.Entries, e)
		}
	}
	if f.Order == api.AuditOldest {
		slices.Reverse(page.Entries)
	}
	return page, nil
}

// long is a page of Long entries.
func (k *Staff) long(page api.AuditPage, f api.AuditFilter) api.AuditPage {
	from, _ := strconv.Atoi(f.After)
	until := min(from+cmp.Or(f.Limit, 100), k.Long)
	for i := from; i < until; i++ {
		page.Entries = append(page.Entries, api.AuditEntry{ID: strconv.Itoa(i), At: Now.Add(-time.Duration(i) * time.Minute), Event: "logged-in", User: "=elena"})
	}
	if until < k.Long {
		page.Next = strconv.Itoa(until)
	}
	return page
}

func (k *Staff) ExportAudit(_ context.Context, in api.ExportAudit) error {
	k.Exported = append(k.Exported, in)
	return k.ChangeErr
}

func Summary(id, username, name, organization, country, state string, roles ...string) api.UserSummary {
	return api.UserSummary{
		ID: id, Username: username, Name: name, Email: username + "@example.org", Organization: organization, Country: country,
		State: state, Roles: append([]string{api.RoleParticipant}, roles...),
	}
}

// NewStaff has users in all states, with names as the world has them.
func NewStaff() *Staff {
	k := &Staff{}
	for _, s := range []api.UserSummary{
		Summary("u1", "a.lindgren", "Astrid Lindgren", "Administration of Sweden", "SE", api.UserActive, api.RoleMeetingManager),
		Summary("u2", "elena.garcia", "Elena García", "Telefónica", "ES", api.UserLocked),
		Summary("u3", "layla", "ليلى غارسيا الأندلسي", "المنظمة العربية لتكنولوجيات الاتصال", "TN", api.UserActive),
		Summary("u4", "li.ming", "李明", "中国信息通信研究院", "CN", api.UserNoPassword),
		Summary("u5", "m.konstantinopolitanski", "Maximiliane Konstantinopolitanski-Oberhauserin von und zu Hohenfels", LongName, "DE", api.UserDeactivated),
		Summary("u6", "new.one", "", "Telefónica", "ES", api.UserUnverified),
		Summary("u7", "root", "Ines Ferreira", "example.int", "CH", api.UserActive, api.RoleAdministrator),
		Summary("u9", "ines.costa", "Inês Costa", "Orange", "FR", api.UserInvited),
		Summary("u8", "t.going", "Tomás Going", "Orange", "FR", api.UserDeleting),
	} {
		k.People = append(k.People, api.User{
			UserSummary: s, Created: Now.Add(-4000 * time.Hour), LastLogIn: Now.Add(-50 * time.Minute), Language: "en",
			SecondFactor: s.ID == "u1" || s.ID == "u7", SecretQuestion: s.ID == "u2",
			History: []api.AuditEntry{
				{ID: "9", At: Now.Add(-40 * time.Minute), Event: "locked"},
				{ID: "8", At: Now.Add(-41 * time.Minute), Event: "log-in-failed"},
				{ID: "7", At: Now.Add(-400 * time.Hour), Event: "roles-changed", Actor: "root", Details: []api.AuditDetail{{Field: api.DetailRole, Before: api.RoleMeetingManager}}, Reason: "Left the secretariat"},
			},
		})
	}
	for i := range k.People {
		if u := &k.People[i]; u.State != api.UserUnverified && u.State != api.UserInvited {
			first, family, _ := strings.Cut(u.Name, " ")
			u.Version, u.Profile = "1", &api.UserProfile{
				FirstName: first, FamilyName: family,
				Organization: api.Organization{ID: "of-" + u.ID, Name: u.Organization, Country: u.Country, Membership: "sector-member"},
			}
		}
	}
	k.People[1].Sessions = []api.SessionInfo{{ID: "s1", Machine: "Plenary 1.0, Windows", Since: Now.Add(-30 * time.Hour), LastUsed: Now.Add(-2 * time.Hour)}}
	k.People[1].ResetAddress = &api.ResetAddress{Email: "area.manager@example.org", Reason: "Called from the office; ticket 4711", By: "root", Expires: Now.Add(70 * time.Hour)}
	k.Requests = []api.Approval{
		{ID: "a1", Kind: "roles", User: k.People[0].UserSummary, Roles: []string{api.RoleParticipant, api.RoleAdministrator}, Reason: "Takes over from Ines in January", By: "second.admin", Asked: Now.Add(-3 * time.Hour), Expires: Now.Add(69 * time.Hour)},
		{ID: "a2", Kind: "reset-address", User: k.People[4].UserSummary, Email: "area.manager@example.org", Reason: "Lost access to the old address", By: "root", Asked: Now.Add(-time.Hour), Expires: Now.Add(71 * time.Hour), Own: true},
	}
	k.entries = []api.AuditEntry{
		{ID: "5", At: Now.Add(-time.Minute), Event: "logged-in", Subject: "u2", User: "elena.garcia", Network: "2001:db8:85a3::8a2e:370:7334"},
		{ID: "4", At: Now.Add(-time.Hour), Event: "reset-address-set", Subject: "u5", User: "m.konstantinopolitanski", Actor: "root", Network: "192.0.2.7"},
		{ID: "3", At: Now.Add(-30 * time.Hour), Event: "roles-changed", Subject: "u1", User: "a.lindgren", Actor: "root", Details: []api.AuditDetail{{Field: api.DetailRole, After: api.RoleMeetingManager}}, Network: "192.0.2.7"},
		{ID: "2", At: Now.Add(-31 * time.Hour), Event: "from-the-future", Subject: "0198f0a2-6a5e-7000-8000-0123456789ab"},
		{ID: "1", At: Now.Add(-500 * time.Hour), Event: "policy-changed", Actor: "root", Details: []api.AuditDetail{{Field: "limits.mails", Before: "5", After: "10"}, {Field: api.DetailNetwork, Before: "192.0.2.0/24"}}, Network: "192.0.2.7"},
	}
	return k
}

// Administrator is the administrator who looks.
var Administrator = api.Account{ID: "u7", Username: "root", Roles: []string{api.RoleParticipant, api.RoleAdministrator}}
