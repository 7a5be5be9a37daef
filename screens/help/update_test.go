package help

import (
	"testing"

	"plenary/api"
)

func TestNewer_takesOnlyANewerVersionAndAnHTTPSAddress(t *testing.T) {
	get := "https://get.example.org/plenary?from=app"
	for _, c := range []struct {
		name, own, newest, download string
		want                        Update
	}{
		{"newer", "0.2.0", "0.3.0", get, Update{"0.3.0", get, "get.example.org"}},
		{"by one number", "0.2.9", "0.2.10", get, Update{"0.2.10", get, "get.example.org"}},
		{"with a port", "0.2.0", "1", "https://get.example.org:8443/", Update{"1", "https://get.example.org:8443/", "get.example.org:8443"}},
		{"without an address", "0.2.0", "0.3.0", "", Update{Version: "0.3.0"}},
		{"an address that is not encrypted", "0.2.0", "0.3.0", "http://get.example.org", Update{Version: "0.3.0"}},
		{"a file", "0.2.0", "0.3.0", "file:///tmp/plenary.exe", Update{Version: "0.3.0"}},
		{"a host that pretends", "0.2.0", "0.3.0", "https://example.int@evil.example/", Update{Version: "0.3.0"}},
		{"a host with a mark that turns what follows", "0.2.0", "0.3.0", "https://get.example.org\u202emoc.live", Update{Version: "0.3.0"}},
		{"a host in letters that look like others", "0.2.0", "0.3.0", "https://get.ex\u0430mple.org/", Update{Version: "0.3.0"}},
		{"a script", "0.2.0", "0.3.0", "javascript:alert(1)", Update{Version: "0.3.0"}},
		{"a file of another computer", "0.2.0", "0.3.0", `\\evil.example\share\plenary.msi`, Update{Version: "0.3.0"}},
		{"our own links", "0.2.0", "0.3.0", "plenary://evil.example/m/C-00000001", Update{Version: "0.3.0"}},
		{"the same", "0.3.0", "0.3.0", get, Update{}},
		{"older", "0.4.0", "0.3.0", get, Update{}},
		{"on the way to the newest", "0.3.0-dev.4+g7804272", "0.3.0", get, Update{}},
		{"built by hand", "dev", "0.3.0", get, Update{}},
		{"nothing said", "0.2.0", "", get, Update{}},
		{"a sentence", "0.2.0", "0.3.0, call +49 1234", get, Update{}},
	} {
		if got := Newer(api.ServiceInfo{NewestVersion: c.newest, Download: c.download}, c.own); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}
