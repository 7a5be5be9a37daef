//go:build unix && !darwin

package proxy

import "testing"

func TestPortal_theFirstAnswerThatCanBeUsedCounts(t *testing.T) {
	for name, tt := range map[string]struct {
		answers []string
		want    string // "": none
	}{
		"no answer":        {nil, ""},
		"direct":           {[]string{"direct://"}, ""},
		"one":              {[]string{"http://proxy.example:3128"}, "http://proxy.example:3128"},
		"direct is second": {[]string{"http://proxy.example:3128", "direct://"}, "http://proxy.example:3128"},
		"direct is first":  {[]string{"direct://", "http://proxy.example:3128"}, ""},
		"an old kind":      {[]string{"ftp://proxy.example:21", "socks://proxy.example:1080"}, "socks5://proxy.example:1080"},
		"nonsense":         {[]string{"", "our proxy"}, ""},
	} {
		got := firstOf(tt.answers)
		if (got == nil) != (tt.want == "") || got != nil && got.String() != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
