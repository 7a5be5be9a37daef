package client_test

import (
	"errors"
	"testing"

	"plenary/client"
)

func TestParseAddress(t *testing.T) {
	tests := []struct{ typed, want, reason string }{
		{"example.int", "https://example.int", ""},
		{"  Example.INT/ ", "https://example.int", ""},
		{"https://example.int:443/m/C-00016105?x=1#y", "https://example.int", ""},
		{"example.int:8443", "https://example.int:8443", ""},
		{"example.int.", "https://example.int", ""},
		{"HTTPS://example.int", "https://example.int", ""},
		{"bücher.example", "https://xn--bcher-kva.example", ""},
		{"http://127.0.0.1:8080", "http://127.0.0.1:8080", ""},
		{"http://localhost:80/", "http://localhost", ""},
		{"http://[::1]:8080", "http://[::1]:8080", ""},
		{"https://[2001:db8::1]", "https://[2001:db8::1]", ""},
		{"", "", client.AddressEmpty},
		{" \t", "", client.AddressEmpty},
		{"http://example.int", "", client.AddressInsecure},
		{"http://localhost.example.int", "", client.AddressInsecure},
		{"ftp://example.int", "", client.AddressScheme},
		{"https://user:secret@example.int", "", client.AddressUser},
		{"someone@example.int", "", client.AddressUser},
		{"https://", "", client.AddressInvalid},
		{"not an address", "", client.AddressInvalid},
		{"exa_mple..int", "", client.AddressInvalid},
		{"example.int:port", "", client.AddressInvalid},
		{"example.int:0", "", client.AddressInvalid},
		{"example.int:70000", "", client.AddressInvalid},
	}
	for _, tt := range tests {
		t.Run(tt.typed, func(t *testing.T) {
			got, err := client.ParseAddress(tt.typed)
			var reason string
			var a *client.AddressError
			if errors.As(err, &a) {
				reason = a.Reason
			}
			if got != tt.want || reason != tt.reason || errors.Is(err, client.ErrAddress) != (tt.reason != "") {
				t.Errorf("got %q, %v; want %q, %q", got, err, tt.want, tt.reason)
			}
			if err != nil {
				return
			}
			if again, err := client.ParseAddress(got); again != got || err != nil {
				t.Errorf("the normal form changes: %q, %v", again, err)
			}
		})
	}
}
