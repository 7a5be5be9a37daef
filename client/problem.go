package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"plenary/api"
)

// Limits on what is taken over from a problem: screens show it, logs hold it.
const (
	maxReference   = 64
	maxFieldErrors = 200
	maxPointer     = 200
	maxEffects     = 1000
	maxID          = 40
	maxRetryAfter  = 24 * time.Hour
)

// parseProblem reads the service's refusal. now is the device's clock.
func parseProblem(a answer, now time.Time) (*api.Problem, error) {
	if err := checkType(a, "application/problem+json"); err != nil {
		return nil, fmt.Errorf("status %d: %w", a.status, err)
	}
	var p api.Problem
	if err := json.Unmarshal(a.body, &p); err != nil || !isCode(string(p.Code)) {
		return nil, fmt.Errorf("status %d: %w: not the problem that was agreed on", a.status, ErrBrokenAnswer)
	}
	p.Status = a.status
	if p.Reference == "" {
		p.Reference = a.header.Get(api.HeaderReference)
	}
	p.Type, p.Title, p.Reference = "", "", clip(p.Reference, maxReference)
	p.Errors, p.Effects = cleanFields(p.Errors), cleanEffects(p.Effects)
	p.RetryAfter = parseRetryAfter(a.header, now)
	return &p, nil
}

// isCode says whether s has the form of a code: words are looked up by it.
func isCode(s string) bool {
	if len(s) == 0 || len(s) > 40 {
		return false
	}
	for _, r := range s {
		if (r < 'a' || r > 'z') && r != '-' {
			return false
		}
	}
	return true
}

func cleanFields(in []api.FieldError) []api.FieldError {
	var out []api.FieldError
	for _, f := range in[:min(len(in), maxFieldErrors)] {
		if isCode(f.Code) && len(f.Pointer) <= maxPointer {
			out = append(out, api.FieldError{Pointer: clip(f.Pointer, maxPointer), Code: f.Code})
		}
	}
	return out
}

func cleanEffects(in []api.FormEffect) []api.FormEffect {
	var out []api.FormEffect
	for _, e := range in[:min(len(in), maxEffects)] {
		if isCode(e.Kind) {
			out = append(out, api.FormEffect{Kind: e.Kind, Question: clip(e.Question, maxID), Choice: clip(e.Choice, maxID), Registrations: max(e.Registrations, 0)})
		}
	}
	return out
}

// clip keeps the visible ASCII of s, at most n characters.
func clip(s string, n int) string {
	b := make([]byte, 0, min(len(s), n))
	for i := 0; i < len(s) && len(b) < n; i++ {
		if s[i] > ' ' && s[i] < 0x7f {
			b = append(b, s[i])
		}
	}
	return string(b)
}

// parseRetryAfter reads the header of that name in both of its forms (RFC 9110,
// 10.2.3). A date is taken against the service's own clock, since the device's
// may be wrong. At most a day.
func parseRetryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if seconds, err := strconv.ParseUint(v, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, maxRetryAfter)
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	if service, err := time.Parse(time.RFC3339, h.Get(api.HeaderTime)); err == nil {
		now = service
	}
	return min(max(at.Sub(now), 0), maxRetryAfter)
}

func retryAfterOf(err error) time.Duration {
	var p *api.Problem
	if errors.As(err, &p) {
		return p.RetryAfter
	}
	return 0
}

// isLost says whether the answer was lost, or nobody was there to give one, so
// that another try may succeed at once. Nobody waits twice for a slow service.
func isLost(err error) bool {
	return errors.Is(err, ErrUnreachable) || errors.Is(err, ErrProxy) || errors.Is(err, ErrBrokenAnswer)
}
