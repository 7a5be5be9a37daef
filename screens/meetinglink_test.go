package screens

import (
	"fmt"
	"strings"
	"testing"

	"plenary/api"
	"plenary/app"
)

func TestShell_linkLeadsToTheFormAfterTheLogIn(t *testing.T) {
	p := testWindow(t, testEnv(t), func(p *testProgram, _ *WindowDeps) { p.session.restore = app.ErrNoSession })
	p.shell.Open("https://service.example.int/m/C-00016512")
	login := p.shell.page.(*Login)
	if !strings.Contains(login.bar.String(), "Sixth X.509 Day") {
		t.Errorf("the log-in screen says %q, want the meeting's name", login.bar.String())
	}
	p.shell.enter(testAccount)
	form, ok := p.shell.page.(*Register)
	if !ok || form.meeting.Code != "C-00016512" {
		t.Fatalf("page is %T, want the form", p.shell.page)
	}
	p.shell.escape()
	if _, ok := p.shell.page.(*Meetings); !ok {
		t.Errorf("Escape leads to %T, want the meetings", p.shell.page)
	}
}

func TestShell_linkLeadsWhereOneStands(t *testing.T) {
	for _, c := range []struct {
		name, code string
		want       string
	}{
		{"registered", "C-00016342", "*screens.Registration"},
		{"a draft", "C-00016512", "*screens.Register"},
		{"over", "C-00016105", "*screens.Meetings"},
		{"known to the service only", "C-00019999", "*screens.Register"},
		{"unknown", "C-00018888", "*screens.Meetings"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := testWindow(t, testEnv(t), func(p *testProgram, _ *WindowDeps) {
				other := testMeetings()[1]
				other.Code = "C-00019999"
				p.meetings.elsewhere = []api.Meeting{other}
				p.mine.drafts = map[string]api.Register{"C-00016512": {Meeting: "C-00016512", BadgeName: "Elena"}}
			})
			p.shell.Open(c.code)
			if got := fmt.Sprintf("%T", p.shell.page); got != c.want {
				t.Errorf("leads to %s, want %s", got, c.want)
			}
		})
	}
}

func TestShell_wrongLinkIsSaid(t *testing.T) {
	p := testWindow(t, testEnv(t))
	p.shell.Open("https://example.int/elsewhere")
	if !strings.Contains(p.shell.bar.String(), "no meeting code") {
		t.Errorf("the notice is %q", p.shell.bar.String())
	}
}
