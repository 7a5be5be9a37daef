package screens

import (
	"context"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/help"
	"plenary/screens/screentest"
)

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
	e := screentest.NewEnv(t)
	opened := screentest.RecordOpened(&e)
	p := testWindow(t, e, func(_ *testProgram, deps *WindowDeps) { withNewest(deps, "1.2.0", "https://get.example.int/p") })
	screentest.Tap(t, p.window, "status.update")
	if len(*opened) != 0 {
		t.Fatalf("opened %q without saying where it leads", *opened)
	}
	screentest.Tap(t, p.window, "update.open")
	if want := []string{"https://get.example.int/p"}; !slices.Equal(*opened, want) {
		t.Errorf("opened %q, want %q", *opened, want)
	}
}

func TestShell_tellsOfANewerVersionWithoutAnAddress(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(_ *testProgram, deps *WindowDeps) { withNewest(deps, "1.2.0", "") })
	screentest.Tap(t, p.window, "status.update")
	if screentest.Find(p.window, "update.open") != nil {
		t.Error("there is a button that leads nowhere")
	}
	screentest.Tap(t, p.window, "update.close")
}

func TestShell_doesNotTellOfNewerVersionsWhereThePolicySaysSo(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t), func(_ *testProgram, deps *WindowDeps) {
		withNewest(deps, "1.2.0", "https://get.example.int/p")
		deps.NoUpdateNotice = true
	})
	if screentest.Find(p.window, "status.update") != nil {
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
	b := newStatusBar(screentest.NewEnv(t), false, func() {})
	b.list, b.service, b.state, b.work = "Meetings updated 09:14", "example.int", "Online", "Nothing waits to be sent"
	b.tell(help.Update{Version: "1.2.0"})
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
