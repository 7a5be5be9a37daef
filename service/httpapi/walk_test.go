package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"plenary/api"
	"plenary/service/account/staff"
	"plenary/service/caller"
)

// Every operation of the description is asked as the developer of a client would find
// out about it: without a token, with that of too small a role, without a fresh proof,
// with bodies and parameters that are wrong in each way that the description lets one
// be, and at last as it is meant. Whatever it answers is what the description says.
func TestOperations_answerAsDescribed(t *testing.T) {
	for name, d := range serve(t, nil).requests() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &walk{described: d.described, kind: d.kind, server: serve(t, func(deps *Deps) {
				withMail(t)(deps)
				deps.Settings = func(context.Context, caller.Caller) (api.ServiceSettings, error) {
					return api.ServiceSettings{Organization: "Example"}, nil
				}
				deps.ChangeSettings = func(_ context.Context, _ caller.Caller, in api.ServiceSettings) (api.ServiceSettings, error) {
					return in, nil
				}
			})}
			w.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			w.meeting()
			w.amina, w.boss = w.account("amina"), w.account("boss", api.RoleAdministrator, api.RoleMeetingManager, api.RoleVisa)
			w.lets()
			q := asked{}
			if meant, ok := asMeant[name]; ok {
				q = meant(w)
			}
			w.refuses(q)
			w.refusesOtherFields(q)
			a := w.ask(q)
			if a.StatusCode >= 300 {
				t.Errorf("as it is meant: %d %s", a.StatusCode, a.body)
			}
			if etag := a.Header.Get("ETag"); etag != "" {
				q.header = []string{"If-None-Match", etag}
				if a := w.ask(q); a.StatusCode != http.StatusNotModified || a.Header.Get("ETag") != etag {
					t.Errorf("once more, with %s: %d", etag, a.StatusCode)
				}
			}
		})
	}
}

// asking is an operation, and one of its kinds where it has several.
type asking struct {
	described
	kind *staff.UserKind
}

// requests are all operations of the contract by their names, with that of the kind
// behind it where there are several.
func (s *server) requests() map[string]asking {
	all := map[string]asking{}
	for _, d := range s.descriptions() {
		if len(d.kinds()) == 0 {
			all[d.OperationID] = asking{d, nil}
		}
		for name, kind := range d.kinds() {
			all[d.OperationID+" "+name] = asking{d, &kind}
		}
	}
	return all
}

func (d described) kinds() map[string]staff.UserKind {
	kinds, _ := d.Extensions["x-kinds"].(map[string]staff.UserKind)
	return kinds
}

// walk is an operation in a service of its own.
type walk struct {
	*server
	described
	kind        *staff.UserKind // of the request; nil where the operation has no kinds
	amina, boss api.Session     // of no role, and of all
}

// asked is a request to the operation. What is empty is filled with what the description
// lets pass: a body made from its schema.
type asked struct {
	by    string // access token; if empty that of who is let
	name  string // in the path
	query string
	body  any // as JSON, unless it is a []byte
	// header are names and values.
	header []string
}

// schema is that of an operation's body; nil if it takes none.
func (d described) schema() *huma.Schema {
	if d.RequestBody == nil {
		return nil
	}
	return d.RequestBody.Content["application/json"].Schema
}

func (w *walk) registry() huma.Registry { return w.api.huma.OpenAPI().Components.Schemas }

func (w *walk) roles() []string {
	roles, _ := w.Extensions["x-roles"].([]string)
	return roles
}

// who is an account that has the roles of the operation.
func (w *walk) who() api.Session {
	if len(w.roles()) > 0 {
		return w.boss
	}
	return w.amina
}

// ask sends a request, and checks that its answer is one of the description.
func (w *walk) ask(q asked) answered {
	w.t.Helper()
	header := q.header
	if len(w.Security) > 0 && !slices.Contains(header, "Authorization") {
		header = append(header, "Authorization", "Bearer "+first(q.by, w.who().Access))
	}
	path := w.filled()
	if q.name != "" {
		before, _, _ := strings.Cut(w.path, "{")
		_, after, _ := strings.Cut(w.path, "}")
		path = before + url.PathEscape(q.name) + after
	}
	a := w.do(w.method, path+q.query, string(w.text(q.body)), header...)
	w.check(a)
	return a
}

func first(tokens ...string) string {
	return tokens[slices.IndexFunc(tokens, func(t string) bool { return t != "" })]
}

// text is a body as it is sent.
func (w *walk) text(body any) []byte {
	w.t.Helper()
	if text, ok := body.([]byte); ok || w.schema() == nil {
		return text
	}
	if body == nil {
		body = w.made(w.schema())
	}
	text, err := json.Marshal(body)
	if err != nil {
		w.t.Fatal(err)
	}
	return text
}

// check compares an answer with the description.
func (w *walk) check(a answered) {
	w.t.Helper()
	described, ok := w.Responses[strconv.Itoa(a.StatusCode)]
	if !ok && a.StatusCode < 400 {
		w.t.Errorf("%d is not described: %s", a.StatusCode, a.body)
		return
	}
	if !ok {
		described = w.Responses["default"]
		codes := w.codes()
		if code := a.problem(w.t).Code; code == api.CodeInternal || !slices.Contains(codes, code) && !slices.Contains(everywhere, code) {
			w.t.Errorf("%d %s is not described: %s", a.StatusCode, code, a.body)
		}
	}
	if etag, ok := described.Headers["ETag"]; ok != (a.Header.Get("ETag") != "") {
		w.t.Errorf("%d has the ETag %q, described is %v", a.StatusCode, a.Header.Get("ETag"), etag)
	}
	media := a.Header.Get("Content-Type")
	content, ok := described.Content[media]
	switch {
	case len(described.Content) == 0 && len(a.body) == 0:
	case !ok:
		w.t.Errorf("%d answers %q, described is %v: %s", a.StatusCode, media, slices.Collect(maps.Keys(described.Content)), a.body)
	case content.Schema.Format == "binary":
	case media == typeNDJSON:
		for line := range bytes.Lines(a.body) {
			w.fits(content.Schema, line)
		}
	default:
		w.fits(content.Schema, a.body)
	}
}

// fits compares JSON with a schema.
func (w *walk) fits(schema *huma.Schema, text []byte) {
	w.t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		w.t.Errorf("%v: %s", err, text)
		return
	}
	var found huma.ValidateResult
	huma.Validate(w.registry(), schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, v, &found)
	for _, err := range found.Errors {
		w.t.Errorf("not as described: %v: %s", err, text)
	}
}

// codes are those that the operation can answer with, by the description.
func (w *walk) codes() []api.Code {
	codes, _ := w.Extensions["x-codes"].([]api.Code)
	if w.kind == nil {
		return codes
	}
	return slices.DeleteFunc(slices.Clone(codes), func(code api.Code) bool {
		ofSome := false
		for _, k := range w.kinds() {
			ofSome = ofSome || slices.Contains(k.Codes, code)
		}
		return ofSome && !slices.Contains(w.kind.Codes, code)
	})
}

// lets checks whom the operation lets in: before it looks at what it is sent, it looks
// at the token, the roles and the proof. Afterwards the sessions have a fresh proof.
func (w *walk) lets() {
	want := func(q asked, code api.Code) {
		w.t.Helper()
		for _, body := range []any{q.body, []byte(`{`), []byte(`{"unheard_of":1}`)} {
			if q.body = body; w.schema() == nil {
				q.body = nil
			}
			if a := w.ask(q); a.StatusCode < 400 || a.problem(w.t).Code != code {
				w.t.Errorf("want %s, got %d %s", code, a.StatusCode, a.body)
			}
		}
	}
	if len(w.Security) > 0 {
		for _, token := range []string{"", "Bearer", "Bearer x", "Basic eDp5", "Bearer " + w.who().Refresh, w.who().Access} {
			want(asked{header: []string{"Authorization", token}}, api.CodeUnauthenticated)
		}
	}
	if proof, _ := w.Extensions["x-proof"].(bool); proof {
		want(asked{}, api.CodeProofNeeded)
	}
	w.prove(w.amina.Access)
	w.prove(w.boss.Access)
	if len(w.roles()) > 0 {
		want(asked{by: w.amina.Access}, api.CodeForbidden)
	}
}

// refuses checks what the operation does not take, beginning with a request that it
// does.
func (w *walk) refuses(q asked) {
	for _, p := range w.Parameters {
		for value, code := range w.wrongTexts(p.Schema) {
			wrong := q
			switch p.In {
			case "path":
				wrong.name = value
			case "query":
				wrong.query = "?" + url.Values{p.Name: {value}}.Encode()
			default:
				wrong.header = append(slices.Clone(q.header), p.Name, value)
			}
			w.refused(w.ask(wrong), api.CodeInvalid, api.FieldError{Pointer: "/" + p.Name, Code: code})
		}
	}
	if w.schema() == nil {
		return
	}
	good := w.text(q.body)
	sent := func(body []byte, code api.Code, header ...string) {
		w.t.Helper()
		wrong := q
		wrong.body, wrong.header = body, append(slices.Clone(q.header), header...)
		w.refused(w.ask(wrong), code)
	}
	for _, none := range []string{"", " ", "{", "x", "{}{}", `{"a":1,"a":2}`, `{"a":"` + "\xff" + `"}`, `{"a":"\u0000"}`} {
		sent([]byte(none), api.CodeMalformed)
	}
	sent(append(bytes.Repeat([]byte(" "), int(w.MaxBodyBytes)), good...), api.CodeTooLarge)
	for _, media := range []string{"text/plain", "application/x-www-form-urlencoded", "application/xml", "nonsense"} {
		sent(good, api.CodeMediaType, "Content-Type", media)
	}
	sent(good, api.CodeMediaType, "Content-Encoding", "gzip")
	var v any
	if err := json.Unmarshal(good, &v); err != nil {
		w.t.Fatal(err)
	}
	for _, c := range w.wrong(w.schema(), v) {
		q.body = c.value
		if c.value == nil {
			q.body = []byte("null")
		}
		w.refused(w.ask(q), api.CodeInvalid, api.FieldError{Pointer: c.pointer, Code: c.code})
	}
}

// refusesOtherFields checks that a request of a kind wants what the kind takes, and
// nothing else.
func (w *walk) refusesOtherFields(q asked) {
	if w.kind == nil {
		return
	}
	var good map[string]any
	if err := json.Unmarshal(w.text(q.body), &good); err != nil {
		w.t.Fatal(err)
	}
	for field, property := range w.whole(w.schema()).Properties {
		if field == "kind" {
			continue
		}
		changed, code := maps.Clone(good), api.FieldRequired
		if slices.Contains(w.kind.Takes, field) {
			delete(changed, field)
		} else {
			changed[field], code = w.made(property), api.FieldUnknown
		}
		q.body = changed
		w.refused(w.ask(q), api.CodeInvalid, api.FieldError{Pointer: "/" + field, Code: code})
	}
}

// refused checks the code, and that a field is among those that are wrong.
func (w *walk) refused(a answered, code api.Code, fields ...api.FieldError) {
	w.t.Helper()
	p := api.Problem{}
	if a.StatusCode >= 400 {
		p = a.problem(w.t)
	}
	for _, field := range fields {
		if !slices.Contains(p.Errors, field) {
			w.t.Errorf("want %+v, got %d %s", field, a.StatusCode, a.body)
		}
	}
	if p.Code != code {
		w.t.Errorf("want %s, got %d %s", code, a.StatusCode, a.body)
	}
}
