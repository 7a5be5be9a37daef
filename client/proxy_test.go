package client_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"plenary/api"
	"plenary/client"
)

func TestRetryAfter_ofAServerBeforeTheServiceIsHeardWithinReason(t *testing.T) {
	tests := map[string]struct {
		status int
		header string
		want   time.Duration // 0: no wait
	}{
		"too many":      {http.StatusTooManyRequests, "30", 30 * time.Second},
		"unavailable":   {http.StatusServiceUnavailable, "120", 2 * time.Minute},
		"a whole day":   {http.StatusServiceUnavailable, "86400", 10 * time.Minute},
		"without":       {http.StatusServiceUnavailable, "", 0},
		"with nonsense": {http.StatusTooManyRequests, "soon", 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", tt.header)
				http.Error(w, "not now", tt.status)
			})
			_, err := newClient(t, s.URL, client.Options{}).Service(t.Context())
			if !errors.Is(err, client.ErrUnreachable) {
				t.Fatalf("got %v", err)
			}
			var p *api.Problem
			if asked := errors.As(err, &p); asked != (tt.want > 0) || asked && (p.Code != api.CodeBusy || p.RetryAfter != tt.want) {
				t.Errorf("got %+v, want a wait of %v", p, tt.want)
			}
		})
	}
}
