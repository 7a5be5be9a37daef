package client

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/api"
)

func TestParseProblem_takesOverOnlyWhatIsHarmless(t *testing.T) {
	body := `{"code":"invalid","reference":"a b\u001b[31mc","title":"someone@example.int is wrong","errors":[
		{"pointer":"/email","code":"required"},
		{"pointer":"/` + strings.Repeat("x", 300) + `","code":"required"},
		{"pointer":"/name","code":"<b>"}],"effects":[
		{"kind":"removed","question":"di\u202eet","registrations":-3},{"kind":"A b","question":"x"}]}`
	p, err := parseProblem(answer{422, http.Header{"Content-Type": {"application/problem+json"}}, []byte(body)}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if p.Reference != "ab[31mc" || p.Title != "" || p.Status != 422 || len(p.Errors) != 1 || p.Errors[0].Pointer != "/email" {
		t.Errorf("got %+v", p)
	}
	if want := []api.FormEffect{{Kind: "removed", Question: "diet"}}; !slices.Equal(p.Effects, want) {
		t.Errorf("effects %+v", p.Effects)
	}
}

func FuzzParseProblem(f *testing.F) {
	f.Add(422, "application/problem+json", "5", []byte(`{"code":"invalid","errors":[{"pointer":"/a","code":"required"}]}`))
	f.Add(503, "application/problem+json; charset=utf-8", "Mon, 02 Jan 2006 15:04:05 GMT", []byte(`{"code":"busy","reference":"x"}`))
	f.Add(500, "text/html", "-1", []byte(`<html>`))
	f.Add(400, "application/problem+json", "9223372036854775807", []byte(`{"code":null,"errors":{}}`))
	f.Fuzz(func(t *testing.T, status int, contentType, retryAfter string, body []byte) {
		h := http.Header{"Content-Type": {contentType}, "Retry-After": {retryAfter}}
		p, err := parseProblem(answer{status, h, body}, time.Unix(1e9, 0))
		if err != nil {
			if p != nil {
				t.Error("a problem and an error")
			}
			return
		}
		if !isCode(string(p.Code)) || len(p.Reference) > maxReference || len(p.Errors) > maxFieldErrors {
			t.Errorf("got %+v", p)
		}
		if p.RetryAfter < 0 || p.RetryAfter > maxRetryAfter {
			t.Errorf("RetryAfter is %v", p.RetryAfter)
		}
		if p.Status != status || p.Title != "" {
			t.Errorf("got %+v", p)
		}
		for _, e := range p.Errors {
			if !isCode(e.Code) || len(e.Pointer) > maxPointer {
				t.Errorf("got %+v", e)
			}
		}
		for _, r := range p.Reference {
			if r <= ' ' || r > '~' {
				t.Errorf("reference %q", p.Reference)
			}
		}
	})
}
