package screens

import (
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/app"
	"plenary/screens/screentest"
)

func TestShell_countsWhatNeedsAttention(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	p.sync.tell(app.Status{Online: false, Since: screentest.Now.Add(-2 * time.Minute), Waiting: 1, Attention: 2, Kind: app.KindUnreachable})
	if got := p.shell.status.String(); !strings.Contains(got, "Offline since 09:12") || !strings.Contains(got, "1 registration waits to be sent, 2 need your attention") {
		t.Errorf("the status bar says %q", got)
	}
	p.sync.tell(app.Status{Online: true, Refreshed: screentest.Now})
	if got := p.shell.status.String(); !strings.Contains(got, "Online") || !strings.Contains(got, "Nothing waits to be sent") {
		t.Errorf("the status bar says %q", got)
	}
}

func TestShell_saysTroubleThatAPersonCanEnd(t *testing.T) {
	for i, kind := range troubles {
		p := testWindow(t, screentest.NewEnv(t))
		p.sync.tell(app.Status{Kind: kind, Online: i%2 == 0}) // some of them while the service can be reached
		if p.shell.bar.String() == "" {
			t.Errorf("%s: nothing is said", kind)
		}
		if kind != app.KindOtherService { // which is not over by itself: see serviceidentity_test.go
			screentest.Tap(t, p.window, "shell.bar.action")
			if p.sync.asked != 1 {
				t.Errorf("%s: the button does not try again", kind)
			}
		}
		p.sync.tell(app.Status{Online: true})
		if p.shell.bar.String() != "" {
			t.Errorf("%s: still said when it is over", kind)
		}
	}
}

// As the first start does: who inspects the connections is named, and the clock
// that may be wrong.
func TestShell_saysOfACertificateWhatAPersonCanCheck(t *testing.T) {
	for _, c := range []struct {
		status app.Status
		says   string
	}{
		{app.Status{Kind: app.KindUnknownIssuer, Issuer: "Example Web Filter"}, "issued by “Example Web Filter”"},
		{app.Status{Kind: app.KindUntrusted, Issuer: "Example Web Filter"}, "issued by “Example Web Filter”"},
		{app.Status{Kind: app.KindCertificateTime, Issuer: "Example CA"}, "This computer’s clock says"},
	} {
		p := testWindow(t, screentest.NewEnv(t))
		p.sync.tell(c.status)
		if said := p.shell.bar.String(); !strings.Contains(said, c.says) {
			t.Errorf("%s: says %q", c.status.Kind, said)
		}
	}
}

func TestShell_saysNothingOfWhatEndsByItself(t *testing.T) {
	for _, kind := range []string{app.KindUnreachable, app.KindTimeout, string(api.CodeBusy), app.KindBrokenAnswer} {
		p := testWindow(t, screentest.NewEnv(t))
		p.sync.tell(app.Status{Kind: kind, Since: screentest.Now})
		if said := p.shell.bar.String(); said != "" || !strings.Contains(p.shell.status.String(), "Offline") {
			t.Errorf("%s: says %q, status bar %q", kind, said, p.shell.status.String())
		}
	}
}

func TestShell_countsWhatIsLostUntilThePersonKnows(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	p.sync.status = app.Status{Online: true, Lost: 2}
	p.sync.tell(p.sync.status)
	if !strings.Contains(p.shell.bar.String(), "2 entries") {
		t.Fatalf("says %q", p.shell.bar.String())
	}
	screentest.Tap(t, p.window, "shell.bar.action")
	p.sync.tell(p.sync.status)
	if said := p.shell.bar.String(); said != "" {
		t.Errorf("says it again: %q", said)
	}
	p.sync.status.Lost = 3
	p.sync.tell(p.sync.status)
	if !strings.Contains(p.shell.bar.String(), "3 entries") {
		t.Errorf("more is lost, and it says %q", p.shell.bar.String())
	}
}

// Any other notice stands in front of what is not over, and a new language has it said anew.
func TestShell_saysAgainWhatIsNotOver(t *testing.T) {
	for name, c := range map[string]struct {
		begin func(p *testProgram)
		words string // the key of what is not over
	}{
		"trouble": {func(p *testProgram) {
			p.sync.status.Kind = app.KindDiskFull
			p.sync.tell(p.sync.status)
		}, "error.disk-full"},
		"the end of the session": {func(p *testProgram) {
			p.session.phase = app.Ended
			p.session.tell(p.session.State())
		}, "shell.ended"},
	} {
		t.Run(name, func(t *testing.T) {
			p := testWindow(t, screentest.NewEnv(t))
			c.begin(p)
			stands := func(when string) {
				t.Helper()
				if said, want := p.shell.bar.String(), p.shell.env.T(c.words); said != want {
					t.Errorf("%s it says %q, want %q", when, said, want)
				}
			}
			stands("at first")
			p.shell.sayLate(&api.Problem{Code: api.CodeBusy})
			screentest.Tap(t, p.window, "shell.bar.action")
			stands("after another notice")
			p.shell.speakNow("fr")
			stands("in French")
		})
	}
}

// What somebody has not read yet is not lost to trouble that comes and goes.
func TestShell_newsOutlastsTrouble(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	p.shell.sayLate(&api.Problem{Code: api.CodeBusy})
	news := p.shell.bar.String()
	p.sync.tell(app.Status{Kind: app.KindDiskFull})
	if said, want := p.shell.bar.String(), p.shell.env.T("error.disk-full"); said != want {
		t.Errorf("it says %q, want %q", said, want)
	}
	p.sync.tell(app.Status{Online: true})
	if said := p.shell.bar.String(); said != news || news == "" {
		t.Errorf("it says %q, want %q", said, news)
	}
	screentest.Tap(t, p.window, "shell.bar.action")
	if said := p.shell.bar.String(); said != "" {
		t.Errorf("it says %q", said)
	}
}
