package client_test

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"plenary/api"
	"plenary/client"
)

// TestService_ofAHostileServiceChangesNoTextAroundIt: what it says of itself stands on
// screens before anybody has reason to trust it.
func TestService_ofAHostileServiceChangesNoTextAroundIt(t *testing.T) {
	long := strings.Repeat("é", 300)
	for name, test := range map[string]struct{ said, want api.ServiceInfo }{
		"as it should be": {
			api.ServiceInfo{Organization: "سازمان\u200cها “A” & B", Address: "https://a.example", ServiceDesk: "desk@a.example", FAQ: "https://a.example/faq?x=é"},
			api.ServiceInfo{Organization: "سازمان\u200cها “A” & B", Address: "https://a.example", ServiceDesk: "desk@a.example", FAQ: "https://a.example/faq?x=é"},
		},
		"line ends and marks of direction": {
			api.ServiceInfo{Organization: "Good\r\n\u202eOrg\u2066\x00", Version: "1.0\n2", NewestVersion: "2\t0"},
			api.ServiceInfo{Organization: "GoodOrg", Version: "1.02", NewestVersion: "20"},
		},
		"too long": {
			api.ServiceInfo{Organization: long, FAQ: "https://a.example/" + strings.Repeat("x", 2000)},
			api.ServiceInfo{Organization: strings.Repeat("é", 199) + "…"},
		},
		"addresses that show another one": {
			api.ServiceInfo{
				Address: "https://a.example\u202e", ServiceDesk: "desk@a.example\nOr call 1234", FAQ: "https://a.example /", Chat: "https://a.ex\u200dample",
				Terms: "\u2066https://a.example", Privacy: "https://a.example\u00a0", Download: "https://a.example/\x7f",
			},
			api.ServiceInfo{},
		},
	} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			plenaryHeaders(w)
			if err := json.NewEncoder(w).Encode(test.said); err != nil {
				t.Error(err)
			}
		})
		got, err := newClient(t, s.URL, client.Options{}).Service(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		said, _ := json.Marshal(got)
		want, _ := json.Marshal(test.want)
		if string(said) != string(want) {
			t.Errorf("%s: %s, want %s", name, said, want)
		}
	}
}

// TestNew_readsAuthoritiesBehindAByteOrderMark, as editors on Windows write it.
func TestNew_readsAuthoritiesBehindAByteOrderMark(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		plenaryHeaders(w)
		fmt.Fprint(w, "{}")
	}))
	t.Cleanup(s.Close)
	pem := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	marked := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(marked, append([]byte("\xef\xbb\xbf"), pem...), 0o600); err != nil {
		t.Fatal(err)
	}
	c := newClient(t, s.URL, client.Options{CAFile: marked})
	if _, err := c.Service(t.Context()); err != nil {
		t.Error(err)
	}
}
