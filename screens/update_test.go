package screens

import (
	"context"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
)

func TestNewer_takesOnlyANewerVersionAndAnHTTPSAddress(t *testing.T) {
	get := "https://get.example.org/plenary?from=app"
	for _, c := range []struct {
		name, own, newest, download string
		want                        update
	}{
		{"newer", "0.2.0", "0.3.0", get, update{"0.3.0", get, "get.example.org"}},
		{"by one number", "0.2.9", "0.2.10", get, update{"0.2.10", get, "get.example.org"}},
		{"with a port", "0.2.0", "1", "https://get.example.org:8443/", update{"1", "https://get.example.org:8443/", "get.example.org:8443"}},
		{"without an address", "0.2.0", "0.3.0", "", update{version: "0.3.0"}},
		{"an address that is not encrypted", "0.2.0", "0.3.0", "http://get.example.org", update{version: "0.3.0"}},
		{"a file", "0.2.0", "0.3.0", "file:///tmp/plenary.exe", update{version: "0.3.0"}},
		{"a host that pretends", "0.2.0", "0.3.0", "https://example.int@evil.example/", update{version: "0.3.0"}},
		{"a host with a mark that turns what follows", "0.2.0", "0.3.0", "https://get.example.org\u202emoc.live", update{version: "0.3.0"}},
		{"a host in letters that look like others", "0.2.0", "0.3.0", "https://get.ex\u0430mple.org/", update{version: "0.3.0"}},
		{"a script", "0.2.0", "0.3.0", "javascript:alert(1)", update{version: "0.3.0"}},
		{"a file of another computer", "0.2.0", "0.3.0", `\\evil.example\share\plenary.msi`, update{version: "0.3.0"}},
		{"our own links", "0.2.0", "0.3.0", "plenary://evil.example/m/C-00000001", update{version: "0.3.0"}},
		{"the same", "0.3.0", "0.3.0", get, update{}},
		{"older", "0.4.0", "0.3.0", get, update{}},
		{"on the way to the newest", "0.3.0-dev.4+g7804272", "0.3.0", get, update{}},
		{"built by hand", "dev", "0.3.0", get, update{}},
		{"nothing said", "0.2.0", "", get, update{}},
		{"a sentence", "0.2.0", "0.3.0, call +49 1234", get, update{}},
	} {
		if got := newer(api.ServiceInfo{NewestVersion: c.newest, Download: c.download}, c.own); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// withNewest makes the service of a test tell of a newer version.
func withNewest(deps *WindowDeps, newest, download string) {
	open := deps.Open
	deps.Open = func(ctx context.Context, address string) (Services, error) {
		services, err := open(ctx, address)
		ask := services.Info
		services.Info = func(ctx context.Context) (api.ServiceInfo, error) {
			info, err := ask(ctx)
			info.NewestVersion, info.Download = newest, download
			return info, err
		}
		return services, err
	}
}

func TestShell_tellsOfANewerVersion(t *testing.T) {
	e := testEnv(t)
	opened := recordOpened(&e)
	p := testWindow(t, e, func(_ *testProgram, deps *WindowDeps) { withNewest(deps, "1.2.0", "https://get.example.int/p") })
	tap(t, p.window, "status.update")
	if len(*opened) != 0 {
		t.Fatalf("opened %q without saying where it leads", *opened)
	}
	tap(t, p.window, "update.open")
	if want := []string{"https://get.example.int/p"}; !slices.Equal(*opened, want) {
		t.Errorf("opened %q, want %q", *opened, want)
	}
}

func TestShell_tellsOfANewerVersionWithoutAnAddress(t *testing.T) {
	p := testWindow(t, testEnv(t), func(_ *testProgram, deps *WindowDeps) { withNewest(deps, "1.2.0", "") })
	tap(t, p.window, "status.update")
	if findByID(p.window, "update.open") != nil {
		t.Error("there is a button that leads nowhere")
	}
	tap(t, p.window, "update.close")
}

func TestShell_doesNotTellOfNewerVersionsWhereThePolicySaysSo(t *testing.T) {
	p := testWindow(t, testEnv(t), func(_ *testProgram, deps *WindowDeps) {
		withNewest(deps, "1.2.0", "https://get.example.int/p")
		deps.NoUpdateNotice = true
	})
	if findByID(p.window, "status.update") != nil {
		t.Error("the person is told")
	}
}

func TestShell_picturesOfANewerVersion(t *testing.T) {
	info := func(p *testProgram) {
		p.shell.env.Info.NewestVersion, p.shell.env.Info.Download = "1.2.0", "https://get.example.int/plenary"
		p.shell.status.tell(p.shell.update())
	}
	captureWindow(t, "window-update", nil, info)
	captureWindow(t, "window-update-told", nil, info, func(p *testProgram) { p.shell.tellUpdate() })
}

// TestStatusBar_keepsTheNewVersionLongerThanTheList: where there is little room.
func TestStatusBar_keepsTheNewVersionLongerThanTheList(t *testing.T) {
	b := newStatusBar(testEnv(t), false, func() {})
	b.list, b.service, b.state, b.work = "List of 09:14", "example.int", "Online", "Everything is saved and sent"
	b.tell(update{version: "1.2.0"})
	r := b.CreateRenderer().(*statusRenderer)
	for _, c := range []struct {
		width                 float32
		update, service, list bool
	}{
		{1000, true, true, true},
		{560, true, true, false},
		{480, true, false, false},
		{260, false, false, false},
	} {
		r.Layout(fyne.NewSize(c.width, 30))
		got := []bool{b.update.Visible(), r.texts[3].Visible(), r.texts[2].Visible()}
		if want := []bool{c.update, c.service, c.list}; !slices.Equal(got, want) {
			t.Errorf("at %v: update, service, list are %v, want %v", c.width, got, want)
		}
	}
}
