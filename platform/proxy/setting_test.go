package proxy

import (
	"errors"
	"strings"
	"testing"
)

func TestParseSetting(t *testing.T) {
	tests := map[string]struct {
		want string
		err  error
	}{
		"":                                {"", nil},
		" System ":                        {"", nil},
		"DIRECT":                          {"direct", nil},
		"proxy.example.org:3128":          {"http://proxy.example.org:3128", nil},
		" http://Proxy.example.org:8080/": {"http://proxy.example.org:8080", nil},
		"http://10.0.0.1":                 {"http://10.0.0.1:80", nil},
		"https://proxy.example.org":       {"https://proxy.example.org:443", nil},
		"socks5://localhost":              {"socks5://localhost:1080", nil},
		"http://[2001:db8::1]:3128":       {"http://[2001:db8::1]:3128", nil},

		"http://anna:secret@proxy.example.org:3128": {"", ErrLogIn},
		"anna@proxy.example.org:3128":               {"", ErrLogIn},
		"http://wpad.example.org/wpad.dat":          {"", ErrScript},
		"wpad.example.org/proxy.pac?x=1":            {"", ErrScript},
		"file:///etc/proxy.pac":                     {"", ErrSetting},
		"ftp://proxy.example.org:21":                {"", ErrSetting},
		"http://":                                   {"", ErrSetting},
		":3128":                                     {"", ErrSetting},
		"proxy:0":                                   {"", ErrSetting},
		"proxy:99999":                               {"", ErrSetting},
		"proxy:port":                                {"", ErrSetting},
		"our proxy":                                 {"", ErrSetting},
		"http://%zz":                                {"", ErrSetting},
	}
	for text, tt := range tests {
		got, err := ParseSetting(text)
		if got.String() != tt.want || !errors.Is(err, tt.err) || (err != nil) != (tt.err != nil) || err != nil && !errors.Is(err, ErrSetting) {
			t.Errorf("%q: %q, %v", text, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the error repeats the password: %v", text, err)
		}
	}
}

// FuzzParseSetting: what is read is written so that it is read as the same, and
// holds no log-in.
func FuzzParseSetting(f *testing.F) {
	for _, s := range []string{"proxy:3128", "http://a:b@c:1", "socks5h://[::1]", "direct", "http://x/y.pac"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSetting(text)
		if err != nil {
			return
		}
		again, err := ParseSetting(s.String())
		if err != nil || again.String() != s.String() || strings.Contains(s.String(), "@") {
			t.Errorf("%q became %q, then %q, %v", text, s, again, err)
		}
	})
}
