package httpapi

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"plenary/api"
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
