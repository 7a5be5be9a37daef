package rules

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What people paste, see "about" in the file.
type pasted struct {
	Same       map[string]string `json:"same_meeting"`
	Another    map[string]string `json:"another_service"`
	Unreadable map[string]string `json:"unreadable"`
}

func readPasted(t testing.TB) (p pasted) {
	t.Helper()
	b, err := os.ReadFile("testdata/meeting-links.json")
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	if err != nil || len(p.Same) == 0 || len(p.Another) == 0 || len(p.Unreadable) == 0 {
		t.Fatal("testdata/meeting-links.json: ", err)
	}
	return p
}

const pastedService = "https://accounts.example.com"

func TestReadMeeting_findsItInWhatPeoplePaste(t *testing.T) {
	p := readPasted(t)
	for name, text := range p.Same {
		if m, ok := ReadMeeting(text); !ok || m.Code != "C-00020417" || !m.OfService(pastedService) {
			t.Errorf("%s: %q gives %+v %v", name, text, m, ok)
		}
	}
	for name, text := range p.Another {
		if m, ok := ReadMeeting(text); !ok || m.Code != "C-00020417" || m.OfService(pastedService) {
			t.Errorf("%s: %q gives %+v %v", name, text, m, ok)
		}
	}
	for name, text := range p.Unreadable {
		if m, ok := ReadMeeting(text); ok || m != (MeetingRef{}) {
			t.Errorf("%s: %q gives %+v", name, text, m)
		}
	}
}

// A line end anywhere in a link, or a mark that cannot be seen.
func TestReadMeeting_brokenAnywhere(t *testing.T) {
	p := readPasted(t)
	for _, name := range []string{"page", "link for the program", "Safe Links", "URL Defense v2", "URL Defense v3", "percent-encoded twice"} {
		link := p.Same[name]
		for i := 1; i < len(link); i++ {
			for _, mark := range []string{"\n", "\r\n", " ", "\u00ad", "\u200b", "\ufeff"} {
				text := link[:i] + mark + link[i:]
				if m, ok := ReadMeeting(text); !ok || m.Code != "C-00020417" || !m.OfService(pastedService) {
					t.Errorf("%q gives %+v %v", text, m, ok)
				}
			}
		}
	}
}

func TestMeetingRef_host(t *testing.T) {
	for link, host := range map[string]string{
		"https://Accounts.Example.com/m/C-00020417":           "accounts.example.com",
		"https://accounts.example.com./m/C-00020417":          "accounts.example.com",
		"https://accounts.example.com:0443/m/C-00020417":      "accounts.example.com",
		"https://accounts.example.com:8443/m/C-00020417":      "accounts.example.com:8443",
		"https://réunions.example.com/m/C-00020417":           "xn--runions-bya.example.com",
		"http://[::1]:8080/m/C-00020417":                      "[::1]:8080",
		"http://[::1]/m/C-00020417":                           "[::1]",
		"plenary://127.0.0.1:40123/m/C-00020417":              "127.0.0.1:40123",
		"localhost:8443/m/C-00020417":                         "localhost:8443",
		"https://intranet/m/C-00020417":                       "intranet",
		"https://a.example?x=https://b.example/m/C-00020417":  "b.example",
		"https://plenary.example.org:80/?Event=C-00020417#x":  "plenary.example.org",
		"plenary://https://accounts.example.com/m/C-00020417": "accounts.example.com",
	} {
		if m, ok := ReadMeeting(link); !ok || m.Host != host {
			t.Errorf("%s gives %+v %v, want %s", link, m, ok, host)
		}
	}
}

func TestMeetingRef_ofService(t *testing.T) {
	at := func(host string) MeetingRef { return MeetingRef{Code: "C-00020417", Host: host} }
	older := func(host string) MeetingRef { return MeetingRef{Code: "C-00020417", Host: host, Older: true} }
	for _, c := range []struct {
		name      string
		meeting   MeetingRef
		addresses []string
		want      bool
	}{
		{"a code alone", at(""), nil, true},
		{"the address in use", at("10.0.0.5:8443"), []string{"https://10.0.0.5:8443", "https://accounts.example.org"}, true},
		{"the public address", at("accounts.example.org"), []string{"https://10.0.0.5:8443", "https://accounts.example.org"}, true},
		{"an address in capitals", at("accounts.example.org"), []string{"https://Accounts.Example.org:443"}, true},
		{"another host", at("example.net"), []string{"https://accounts.example.org"}, false},
		{"another port", at("accounts.example.org:8443"), []string{"https://accounts.example.org"}, false},
		{"another host of the domain", at("test.example.org"), []string{"https://accounts.example.org"}, false},
		{"the demonstration of the last start", at("127.0.0.1:40001"), []string{"http://127.0.0.1:40002"}, true},
		{"this machine by another name", at("localhost:8080"), []string{"http://[::1]:40002"}, true},
		{"this machine, but a service elsewhere", at("127.0.0.1:40001"), []string{"https://accounts.example.org"}, false},
		{"the organization's website", older("www.example.org"), []string{"https://accounts.example.org"}, true},
		{"another organization's website", older("www.example.net"), []string{"https://accounts.example.org"}, false},
		{"an organization below the same suffix", older("www.one.co.uk"), []string{"https://accounts.two.co.uk"}, false},
		{"an address of numbers", older("10.0.0.6"), []string{"https://10.0.0.5"}, false},
		{"no address is known", at("accounts.example.org"), []string{"", ""}, false},
	} {
		if got := c.meeting.OfService(c.addresses...); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// Every way to write a link, in any order, names the same meeting.
func TestReadMeeting_wrappedInAnyOrder(t *testing.T) {
	wraps := []func(string) string{
		func(s string) string {
			return "https://nam02.safelinks.protection.outlook.com/?url=" + url.QueryEscape(s) + "&data=05%7C02&reserved=0"
		},
		func(s string) string { return "https://urldefense.com/v3/__" + s + "__;!!A!B$" },
		func(s string) string {
			return "https://www.google.com/url?sa=D&q=" + url.QueryEscape(s) + "&usg=AOvVaw0"
		},
		func(s string) string { return "https://gateway.example.net/1/" + url.PathEscape(s) },
		func(s string) string { return strings.ReplaceAll(s, "&", "&amp;") },
		func(s string) string { return "<" + s + ">" },
		func(s string) string { return "Register: " + s + " by Friday, 27 November 2026." },
	}
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.StringMatching(`C-[0-9]{8}`).Draw(t, "code")
		want := MeetingRef{Code: code, Host: rapid.SampledFrom([]string{"accounts.example.com", "plenary.example.int:8443", "127.0.0.1:40123"}).Draw(t, "host")}
		text := want.String()
		if want.Older = rapid.Bool().Draw(t, "older"); want.Older {
			text = "https://" + want.Host + "/x/Login.aspx?src=Registration&Event=" + code
		}
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, 3), 0, 2).Draw(t, "gateways") {
			text = wraps[i](text)
		}
		for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(4, 6), 0, 3, rapid.ID[int]).Draw(t, "around") {
			text = wraps[i](text)
		}
		if got, ok := ReadMeeting(text); !ok || got != want {
			t.Fatalf("%s\ngives %+v %v, want %+v", text, got, ok, want)
		}
	})
}

// hostile are texts that make a careless reader slow, by the piece that is
// repeated in them.
var hostile = map[string]string{
	"codes": "C-00020417 ", "beginnings": "C-", "schemes": "https://", "paths": "/m/", "links": "https://a.example/m/C-1 ",
	"percent": "%25", "brackets": "[", "spaces": "C- ", "ligatures": "\ufdfa", "base64": "=aHR0c", "events": "&event=", "entities": "&amp;",
}

func TestReadMeeting_leavesLongTextsAlone(t *testing.T) {
	code := "C-00020417"
	if _, ok := ReadMeeting(strings.Repeat(" ", maxPasted-len(code)) + code); !ok {
		t.Error("a text of the greatest length is not read")
	}
	if m, ok := ReadMeeting(strings.Repeat(" ", maxPasted-len(code)+1) + code); ok {
		t.Errorf("a longer one is: %+v", m)
	}
}

// BenchmarkReadMeeting: the time of a byte is to be the same in texts of all
// lengths.
func BenchmarkReadMeeting(b *testing.B) {
	for name, piece := range hostile {
		for _, n := range []int{maxPasted / 16, maxPasted} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				text := strings.Repeat(piece, n/len(piece))
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					ReadMeeting(text)
				}
			})
		}
	}
}

func FuzzReadMeeting(f *testing.F) {
	p := readPasted(f)
	for _, texts := range []map[string]string{p.Same, p.Another, p.Unreadable} {
		for _, text := range texts {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, ok := ReadMeeting(text)
		if !ok {
			if m != (MeetingRef{}) {
				t.Fatalf("%q is not read, and gives %+v", text, m)
			}
			return
		}
		if code, ok := NormalizeMeetingCode(m.Code); !ok || code != m.Code || len(code) != len("C-00016105") {
			t.Fatalf("%q gives the code %q", text, m.Code)
		}
		if strings.ContainsFunc(m.Host, func(r rune) bool { return r <= ' ' || r > '~' || 'A' <= r && r <= 'Z' }) {
			t.Fatalf("%q gives the host %q", text, m.Host)
		}
		if again, ok := ReadMeeting(m.String()); !ok || again != m {
			t.Fatalf("%q gives %+v, and its text %q %+v %v", text, m, m.String(), again, ok)
		}
	})
}

func TestReadService(t *testing.T) {
	for link, want := range map[string]string{
		"plenary://accounts.example.com":        "accounts.example.com",
		"PLENARY://Accounts.example.com/":       "accounts.example.com",
		"plenary://accounts.example.com:8443":   "accounts.example.com:8443",
		"plenary://127.0.0.1:40123/":            "127.0.0.1:40123",
		"plenary://":                            "",
		"plenary:///":                           "",
		"plenary://..":                          "",
		"plenary:accounts.example.com":          "",
		"https://accounts.example.com":          "",
		"plenary://accounts.example.com/m/":     "",
		"plenary://accounts.example.com/x":      "",
		"plenary://a.example@accounts.evil.com": "",
		"plenary://a.example?service=evil":      "",
		"plenary://a.example --service evil":    "",
		"plenary://a.exam\u202eple":             "",

		"plenary://" + strings.Repeat("x", 63) + ".example": strings.Repeat("x", 63) + ".example",
		"plenary://" + strings.Repeat("x", 64) + ".example": "",
	} {
		if got, ok := ReadService(link); got != (MeetingRef{Host: want}) || ok != (want != "") {
			t.Errorf("%q: %+v, %t", link, got, ok)
		}
	}
}

func TestReadMeeting_invitation(t *testing.T) {
	token, other := strings.Repeat("aB3_-", 8)+"xyz", strings.Repeat("x", 43)
	page := "https://accounts.example.org/m/C-00016105"
	for name, c := range map[string]struct{ text, want string }{
		"the e-mail's link":       {page + "?lang=fr#" + token, token},
		"without a language":      {page + "#" + token, token},
		"for the program":         {"plenary://accounts.example.org/m/C-00016105#" + token, token},
		"with words around it":    {"Please open <" + page + "?lang=fr#" + token + ">. Thank you.", token},
		"wrapped by a gateway":    {"https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Faccounts.example.org%2Fm%2FC-00016105%3Flang%3Dfr%23" + token + "&data=05", token},
		"broken by a line end":    {page + "?lang=fr#" + token[:20] + "\r\n" + token[20:], token},
		"cut by a gateway":        {page + "?lang=fr", ""},
		"too short":               {page + "#" + token[:42], ""},
		"too long":                {page + "#" + token + "a", ""},
		"two of them":             {page + "#" + token + " or " + page + "#" + other, ""},
		"the same twice":          {page + "#" + token + " or " + page + "#" + token, token},
		"behind another address":  {page + " and https://accounts.example.org/reset#" + token, ""},
		"of a website's own form": {"https://www.example.org/?Event=C-00016105#" + token, ""},
		"the code alone":          {"C-00016105#" + token, ""},
	} {
		m, ok := ReadMeeting(c.text)
		if !ok || m.Code != "C-00016105" || m.Invitation != c.want {
			t.Errorf("%s: %+v, %v", name, m, ok)
			continue
		}
		if again, _ := ReadMeeting(m.String()); again != m {
			t.Errorf("%s: %q is read as %+v", name, m.String(), again)
		}
	}
	if link := InvitationPage("https://accounts.example.org", "C-00016105", "fr", token); link != page+"?lang=fr#"+token {
		t.Error(link)
	}
	if link := InvitationPage("", "C-00016105", "fr", token); link != "" {
		t.Error(link)
	}
}
