package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"plenary/api"
	"plenary/service/caller"
)

// described is an operation of the contract with its method and path.
type described struct {
	*huma.Operation
	method, path string
}

// filled is the path with something in the place of each of its names.
func (d described) filled() string {
	return strings.NewReplacer("{id}", "0", "{code}", "x", "{template}", "t").Replace(d.path)
}

// descriptions gives all operations of the contract, by path.
func (s *server) descriptions() []described {
	var all []described
	for path, item := range s.api.huma.OpenAPI().Paths {
		for method, o := range map[string]*huma.Operation{
			http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodDelete: item.Delete, http.MethodPatch: item.Patch,
		} {
			if o != nil {
				all = append(all, described{o, method, path})
			}
		}
	}
	slices.SortFunc(all, func(a, b described) int {
		return strings.Compare(a.path+a.method, b.path+b.method)
	})
	return all
}

// Whatever is asked of an address for programs, an error is a problem.
func TestWrongRequests_areAnsweredWithProblems(t *testing.T) {
	s := serve(t, func(d *Deps) {
		d.Pages = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "a page", http.StatusNotFound) })
	})
	methods := map[string][]string{ // by path; those of the pages and of the watch are not in the contract
		healthPath: {"GET", "HEAD"}, readyPath: {"GET", "HEAD"}, "/web/reset": {"POST"}, "/web/stop/check": {"POST"},
	}
	for _, d := range s.descriptions() {
		methods[d.filled()] = append(methods[d.filled()], d.method)
		if d.method == "GET" {
			methods[d.filled()] = append(methods[d.filled()], "HEAD")
		}
		if d.method != "GET" && d.method != "DELETE" {
			for _, c := range []struct{ media, encoding string }{{"text/plain", ""}, {"", ""}, {"application/xml", ""}, {"application/json", "gzip"}} {
				a := s.do(d.method, d.filled(), `{}`, "Content-Type", c.media, "Content-Encoding", c.encoding)
				if p := a.problem(t); a.StatusCode != http.StatusUnsupportedMediaType || p.Code != api.CodeMediaType {
					t.Errorf("%s %s as %q: %d %s", d.method, d.path, c.media, a.StatusCode, a.body)
				}
			}
		}
	}
	if len(methods) < 50 {
		t.Fatalf("only %d addresses", len(methods))
	}
	for path, allowed := range methods {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"} {
			if slices.Contains(allowed, method) {
				continue
			}
			a := s.do(method, path, "")
			if a.StatusCode != http.StatusMethodNotAllowed {
				t.Errorf("%s %s: %d %s", method, path, a.StatusCode, a.body)
			}
			got := strings.Split(strings.ReplaceAll(a.Header.Get("Allow"), " ", ""), ",")
			slices.Sort(got)
			slices.Sort(allowed)
			if !slices.Equal(got, allowed) {
				t.Errorf("%s %s: Allow %v, want %v", method, path, got, allowed)
			}
			if method != "HEAD" && a.problem(t).Code != api.CodeMethod {
				t.Errorf("%s %s: %s", method, path, a.body)
			}
			if a.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %s: %s", method, path, a.Header.Get("Content-Type"))
			}
		}
		if strings.HasPrefix(path, "/web/") {
			continue // beside it are files of the pages
		}
		for _, wrong := range []string{path + "/", path + "/nothing/at/all", "/" + path, strings.Replace(path, "/", "//", 1)} {
			for _, method := range []string{"GET", "POST"} {
				a := s.do(method, wrong, "")
				if a.StatusCode != http.StatusNotFound || a.problem(t).Code != api.CodeNotFound {
					t.Errorf("%s %s: %d %s", method, wrong, a.StatusCode, a.body)
				}
			}
		}
	}
	if a := s.do("GET", "/no/operation", ""); !strings.Contains(string(a.body), "a page") {
		t.Errorf("a page: %s", a.body)
	}
}

// What an operation wants, and what it can answer with, is what its entry says, and
// the contract says the same.
func TestOperations_wantWhatTheContractSays(t *testing.T) {
	s := serve(t, func(d *Deps) {
		withMail(t)(d)
		d.Settings = func(context.Context, caller.Caller) (api.ServiceSettings, error) { return api.ServiceSettings{}, nil }
		d.ChangeSettings = func(_ context.Context, _ caller.Caller, in api.ServiceSettings) (api.ServiceSettings, error) {
			return in, nil
		}
	})
	s.account("ordinary")
	s.account("everything", api.RoleAdministrator, api.RoleMeetingManager, api.RoleVisa)
	token := func(username string) string {
		a := s.post("/v1/session", api.LogIn{Identifier: username, Password: password})
		var session api.Session
		if err := json.Unmarshal(a.body, &session); err != nil || a.StatusCode != http.StatusOK {
			t.Fatalf("log in: %d %s", a.StatusCode, a.body)
		}
		return "Bearer " + session.Access
	}
	var secured int
	for _, d := range s.descriptions() {
		codes, _ := d.Extensions["x-codes"].([]api.Code)
		roles, _ := d.Extensions["x-roles"].([]string)
		proof, _ := d.Extensions["x-proof"].(bool)
		ask := func(username string) api.Code {
			t.Helper()
			header := []string{}
			if username != "" {
				header = []string{"Authorization", token(username)}
			}
			body := ""
			if d.method != "GET" && d.method != "DELETE" {
				body = "{}"
			}
			a := s.do(d.method, d.filled(), body, header...)
			if a.StatusCode < 400 {
				return ""
			}
			code := a.problem(t).Code
			if code == api.CodeInternal || !slices.Contains(codes, code) && !slices.Contains(everywhere, code) {
				t.Errorf("%s answers %s, and the contract says %v", d.OperationID, code, codes)
			}
			return code
		}
		if len(codes) == 0 && d.OperationID != "get-service" && d.OperationID != "list-join-keys" {
			t.Errorf("%s says no codes", d.OperationID)
		}
		for _, code := range codes {
			if _, ok := statuses[code]; !ok {
				t.Errorf("%s says %q, which is no code", d.OperationID, code)
			}
		}
		if len(d.Security) == 0 {
			if code := ask(""); code == api.CodeUnauthenticated {
				t.Errorf("%s wants a session and does not say so", d.OperationID)
			}
			continue
		}
		secured++
		if code := ask(""); code != api.CodeUnauthenticated {
			t.Errorf("%s without a session: %q", d.OperationID, code)
		}
		if code := ask("ordinary"); len(roles) > 0 != (code == api.CodeForbidden) {
			t.Errorf("%s, which says that it wants one of the roles %v, without any: %q", d.OperationID, roles, code)
		}
		if code := ask("everything"); proof != (code == api.CodeProofNeeded) {
			t.Errorf("%s, which says %v of a proof, without any: %q", d.OperationID, proof, code)
		}
	}
	if secured < 40 {
		t.Errorf("only %d secured operations", secured)
	}
}

// A schema that nothing refers to is a leftover.
func TestContract_hasNoSchemaThatNothingUses(t *testing.T) {
	text, err := OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	_, schemas, _ := strings.Cut(string(text), "\n  schemas:\n")
	schemas, _, _ = strings.Cut(schemas, "\n  securitySchemes:\n")
	names := regexp.MustCompile(`(?m)^    ([A-Za-z]+):$`).FindAllStringSubmatch(schemas, -1)
	if len(names) < 60 {
		t.Fatalf("only %d schemas", len(names))
	}
	for _, name := range names {
		if !strings.Contains(string(text), `"#/components/schemas/`+name[1]+`"`) {
			t.Errorf("%s is used by nothing", name[1])
		}
	}
}
