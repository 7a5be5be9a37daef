package httpapi

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/store"
)

// prove gives a session a fresh proof.
func (s *server) prove(access string) {
	s.t.Helper()
	body, err := json.Marshal(api.Reauthenticate{Password: password})
	if err != nil {
		s.t.Fatal(err)
	}
	if a := s.do("POST", "/v1/session/proof", string(body), "Authorization", "Bearer "+access); a.StatusCode != http.StatusNoContent {
		s.t.Fatalf("proof: %d %s", a.StatusCode, a.body)
	}
}

func policiesBody(t *testing.T, change func(*api.Policies), now api.Policies) string {
	t.Helper()
	change(&now)
	body, err := json.Marshal(now)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// management are the operations of this package's audit.go, policies.go and
// organizations.go.
var management = []struct {
	method, path, body string
	changes            bool // needs a fresh proof
}{
	{"GET", "/v1/audit", "", false},
	{"GET", "/v1/policies", "", false},
	{"PUT", "/v1/policies", "{}", true},
	{"GET", "/v1/organizations/entered", "", false},
	{"POST", "/v1/organizations/entered/x/accept", `{"name":"A","country":"CH","membership":"media"}`, true},
	{"POST", "/v1/organizations/entered/x/merge", `{"organization_id":"x"}`, true},
}

func TestManagement_isForAdministratorsAndChangesNeedAProof(t *testing.T) {
	s := serve(t, nil)
	nobody := s.account("nobody")
	manager := s.account("manager", api.RoleMeetingManager)
	admin := s.account("admin", api.RoleAdministrator)
	for _, o := range management {
		if a := s.do(o.method, o.path, o.body); a.problem(t).Code != api.CodeUnauthenticated {
			t.Errorf("%s %s without a session: %s", o.method, o.path, a.body)
		}
		for _, other := range []api.Session{nobody, manager} {
			if a := s.do(o.method, o.path, o.body, "Authorization", "Bearer "+other.Access); a.problem(t).Code != api.CodeForbidden {
				t.Errorf("%s %s as %s: %s", o.method, o.path, other.Account.Username, a.body)
			}
		}
		a := s.do(o.method, o.path, o.body, "Authorization", "Bearer "+admin.Access)
		switch {
		case o.changes && a.problem(t).Code != api.CodeProofNeeded:
			t.Errorf("%s %s without a proof: %s", o.method, o.path, a.body)
		case !o.changes && a.StatusCode != http.StatusOK:
			t.Errorf("%s %s: %d %s", o.method, o.path, a.StatusCode, a.body)
		}
	}
}

// A proxy that does TLS is as good as TLS; anybody else is not believed.
func TestStrictTransport_isToldBehindATrustedProxy(t *testing.T) {
	for _, c := range []struct {
		trusted, want string
	}{{"127.0.0.0/8", "max-age=31536000"}, {"192.0.2.0/24", ""}} {
		s := serve(t, func(d *Deps) { d.TrustedProxies = []netip.Prefix{netip.MustParsePrefix(c.trusted)} })
		if got := s.do("GET", "/v1/service", "", "X-Forwarded-Proto", "https").Header.Get("Strict-Transport-Security"); got != c.want {
			t.Errorf("trusted %s: %q", c.trusted, got)
		}
	}
}

func TestNotAllowed_isLoggedWithWhoAndWhere(t *testing.T) {
	s := serve(t, nil)
	nobody := s.account("nobody")
	s.do("GET", "/v1/audit", "", "Authorization", "Bearer "+nobody.Access)
	for line := range strings.Lines(s.log.String()) {
		if strings.Contains(line, `"not allowed"`) && strings.Contains(line, nobody.Account.ID) && strings.Contains(line, `"route":"/v1/audit"`) {
			return
		}
	}
	t.Errorf("nothing of it in the log:\n%s", s.log.String())
}

func TestPolicies_areSavedAndCountAtOnce(t *testing.T) {
	s := serve(t, nil)
	admin := s.account("admin", api.RoleAdministrator)
	as := []string{"Authorization", "Bearer " + admin.Access}
	var now api.Policies
	if err := json.Unmarshal(s.do("GET", "/v1/policies", "", as...).body, &now); err != nil {
		t.Fatal(err)
	}
	s.prove(admin.Access)
	a := s.do("PUT", "/v1/policies", policiesBody(t, func(p *api.Policies) { p.Password, p.Limits.Mails = "nist", 9 }, now), as...)
	asRead := now
	if err := json.Unmarshal(a.body, &now); err != nil || a.StatusCode != http.StatusOK || now.Limits.Mails != 9 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	outdated := s.do("PUT", "/v1/policies", policiesBody(t, func(p *api.Policies) { p.Limits.Mails = 8 }, asRead), as...)
	if outdated.StatusCode != http.StatusConflict || outdated.problem(t).Code != api.CodeOutdated {
		t.Errorf("policies of before: %d %s", outdated.StatusCode, outdated.body)
	}
	if p := s.deps.Policies.Keeper.Now(); p.Password != "nist" || p.Limits.Mails != 9 {
		t.Errorf("%+v", p)
	}
	for _, c := range []struct {
		name, want string
		change     func(*api.Policies)
	}{
		{"a value outside of its range", "/limits/mails out-of-range", func(p *api.Policies) { p.Limits.Mails = 51 }},
		{"an unknown choice", "/password unknown", func(p *api.Policies) { p.Password = "weak" }},
		{"all networks", "/networks/0/network invalid", func(p *api.Policies) {
			p.Networks = []api.NetworkBudget{{Network: "::/0", Failures: 50, Requests: 50}}
		}},
		{"a second factor that the administrator does not have", "/second_factor not-accepted", func(p *api.Policies) {
			p.SecondFactor = api.SecondFactorStaff
		}},
	} {
		p := s.do("PUT", "/v1/policies", policiesBody(t, c.change, now), as...).problem(t)
		if p.Code != api.CodeInvalid || len(p.Errors) != 1 || p.Errors[0].Pointer+" "+p.Errors[0].Code != c.want {
			t.Errorf("%s: %+v", c.name, p)
		}
	}
	var page api.AuditPage
	if err := json.Unmarshal(s.do("GET", "/v1/audit?event=policy-changed", "", as...).body, &page); err != nil {
		t.Fatal(err)
	}
	if len(page.Entries) != 1 || page.Entries[0].Actor != "admin" || page.Entries[0].Network != "127.0.0.1" ||
		!slices.Equal(page.Entries[0].Details, []api.AuditDetail{{Field: "password", Before: "classic", After: "nist"}, {Field: "limits.mails", Before: "5", After: "9"}}) {
		t.Errorf("%+v", page.Entries)
	}
}

func TestAudit_filtersByDate(t *testing.T) {
	s := serve(t, nil)
	admin := s.account("admin", api.RoleAdministrator)
	today := time.Now().UTC()
	day := func(n int) string { return today.AddDate(0, 0, n).Format(time.DateOnly) }
	for query, want := range map[string]bool{
		"": true, "?from=" + day(0): true, "?from=" + day(1): false, "?until=" + day(0): true, "?until=" + day(-1): false,
		"?from=" + today.Add(-time.Minute).Format(time.RFC3339): true, "?until=" + today.Add(-time.Hour).Format(time.RFC3339): false,
		"?user=admin": true, "?user=somebody": false, "?event=created": true, "?event=deleted": false,
	} {
		var page api.AuditPage
		a := s.do("GET", "/v1/audit"+query, "", "Authorization", "Bearer "+admin.Access)
		if err := json.Unmarshal(a.body, &page); err != nil || a.StatusCode != http.StatusOK {
			t.Fatalf("%q: %d %s", query, a.StatusCode, a.body)
		}
		if (len(page.Entries) > 0) != want || len(page.Events) < 40 || !page.Intact {
			t.Errorf("%q: %d entries, %d events", query, len(page.Entries), len(page.Events))
		}
		if strings.Contains(string(a.body), "@example.org") {
			t.Errorf("%q: an address in the log: %s", query, a.body)
		}
	}
	for _, query := range []string{
		"?from=yesterday", "?until=2026-13-01", "?after=x", "?event=" + strings.Repeat("x", 61), "?order=loudest", "?limit=1001", "?limit=0",
	} {
		if p := s.do("GET", "/v1/audit"+query, "", "Authorization", "Bearer "+admin.Access).problem(t); p.Code != api.CodeInvalid {
			t.Errorf("%q: %+v", query, p)
		}
	}
}

func TestAudit_isReadFromEitherEndAndExportsAreInIt(t *testing.T) {
	s := serve(t, nil)
	admin := s.account("admin", api.RoleAdministrator)
	as := []string{"Authorization", "Bearer " + admin.Access}
	events := func(query string) (list []string, next string) {
		t.Helper()
		var page api.AuditPage
		if err := json.Unmarshal(s.do("GET", "/v1/audit"+query, "", as...).body, &page); err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Entries {
			list = append(list, e.Event)
		}
		return list, page.Next
	}
	newest, _ := events("")
	slices.Reverse(newest)
	first, next := events("?order=oldest&limit=1")
	rest, end := events("?order=oldest&after=" + url.QueryEscape(next))
	if got := append(first, rest...); len(first) != 1 || len(got) < 2 || !slices.Equal(got, newest) || end != "" {
		t.Errorf("the oldest first: %v, then %v; all: %v", first, rest, newest)
	}

	body := `{"event":"created","user":"admin","from":"2026-01-31","until":"2026-02-01"}`
	if a := s.do("POST", "/v1/audit/exports", body, as...); a.StatusCode != http.StatusNoContent {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if a := s.do("POST", "/v1/audit/exports", `{"event":"=cmd","user":"what somebody typed"}`, as...); a.StatusCode != http.StatusNoContent {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if p := s.do("POST", "/v1/audit/exports", `{"from":"soon"}`, as...).problem(t); p.Code != api.CodeInvalid {
		t.Errorf("%+v", p)
	}
	var page api.AuditPage
	if err := json.Unmarshal(s.do("GET", "/v1/audit?event=log-exported&order=oldest", "", as...).body, &page); err != nil || len(page.Entries) != 2 {
		t.Fatalf("%+v, %v", page.Entries, err)
	}
	want := []api.AuditDetail{
		{Field: "event", After: "created"},
		{Field: "account", After: admin.Account.ID},
		{Field: "from", After: "2026-01-31T00:00:00Z"},
		{Field: "until", After: "2026-02-02T00:00:00Z"},
	}
	if e := page.Entries[0]; e.Actor != "admin" || !slices.Equal(e.Details, want) {
		t.Errorf("%+v", e)
	}
	if e := page.Entries[1]; len(e.Details) != 0 {
		t.Errorf("what somebody typed is in the log: %+v", e)
	}
}

func TestDirectory_changesWithWhatStaffAccepts(t *testing.T) {
	s := serve(t, nil)
	admin := s.account("admin", api.RoleAdministrator)
	s.prove(admin.Access)
	const entered = "01900000-0000-7000-8000-000000000001"
	err := s.deps.DB.Update(t.Context(), func(tx *store.Tx) error {
		tx.Do(`INSERT INTO entered_organizations (id, account_id, name, city, website, country, membership, created_at)
			VALUES ($1, $2, 'Univeristy of Andora', '', '', 'AD', 'academia', 1)`, entered, admin.Account.ID)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var list api.EnteredOrganizations
	if err := json.Unmarshal(s.do("GET", "/v1/organizations/entered", "", "Authorization", "Bearer "+admin.Access).body, &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Organizations) != 1 || list.Organizations[0].By != "admin" || list.Organizations[0].Suggestions[0].Name != "University of Andorra" {
		t.Fatalf("%+v", list)
	}
	before := s.do("GET", "/v1/directory", "")
	a := s.do("POST", "/v1/organizations/entered/"+entered+"/accept", `{"name":"Andorran School of Radio","country":"AD","membership":"academia"}`,
		"Authorization", "Bearer "+admin.Access)
	if a.StatusCode != http.StatusNoContent {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	after := s.do("GET", "/v1/directory", "", "If-None-Match", before.Header.Get("ETag"))
	if after.StatusCode != http.StatusOK || after.Header.Get("ETag") == before.Header.Get("ETag") ||
		!strings.Contains(string(after.body), "Andorran School of Radio") || strings.Contains(string(before.body), "Andorran School of Radio") {
		t.Errorf("%d, ETag %s, before %s", after.StatusCode, after.Header.Get("ETag"), before.Header.Get("ETag"))
	}
	a = s.do("POST", "/v1/organizations/entered/"+entered+"/merge", `{"organization_id":"x"}`, "Authorization", "Bearer "+admin.Access)
	if p := a.problem(t); p.Code != api.CodeNotFound {
		t.Errorf("merged after it was accepted: %+v", p)
	}
}
