package admin

import (
	"testing"

	"fyne.io/fyne/v2"

	"plenary/screens/kit"
	"plenary/screens/screentest"
)

func testManagementScreen(t *testing.T, e kit.Env, service *screentest.Management) (*Management, fyne.Window) {
	t.Helper()
	m := NewManagement(e, service, &screentest.Directory{List: screentest.Organizations()}, service.Prove)
	t.Cleanup(m.Close)
	return m, screentest.Show(t, m.Content(), 1100, 740)
}

func TestManagement_pictures(t *testing.T) {
	var m *Management
	var service *screentest.Management
	build := func(e kit.Env) fyne.CanvasObject {
		service = screentest.NewManagement()
		m = NewManagement(e, service, &screentest.Directory{List: screentest.Organizations()}, service.Prove)
		t.Cleanup(m.Close)
		return m.Content()
	}
	screentest.CaptureFew(t, "mailserver-ok", build, func(fyne.Window) { m.server.try() })
	screentest.CaptureFew(t, "mailserver-silent", build, func(fyne.Window) {
		m.server.result.wait(service.StoredSettings)
		m.server.result.progress(silentServer(), service.StoredSettings)
		m.server.stop.Show()
		m.server.test.Disable()
		m.server.save.Disable()
	})
	screentest.CaptureFew(t, "mailserver-failed", build, func(fyne.Window) {
		service.Test = screentest.DeadServer()
		m.server.form.Set("host", "dead.example.int")
		m.server.try()
	})
	screentest.CaptureFew(t, "automatic", build, func(fyne.Window) { m.tabs.Choose(1) })
	list := func(tab int, choose func()) func(fyne.Window) {
		return func(w fyne.Window) {
			m.tabs.Choose(tab)
			screentest.Settle(w)
			choose()
		}
	}
	screentest.CaptureFew(t, "outgoing", build, list(2, func() { m.outgoing.list.List.Choose(1); m.outgoing.list.Choose(1); m.outgoing.panes.ShowDetail(true) }))
	screentest.Capture(t, "outgoing-marked", build, list(2, func() {
		m.outgoing.list.List.Choose(0)
		m.outgoing.list.List.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
		m.outgoing.list.List.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		m.outgoing.list.List.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
		m.outgoing.list.List.FocusGained()
	}))
	screentest.Capture(t, "organizations", build, list(3, func() { m.entered.list.List.Choose(0); m.entered.list.Choose(0); m.entered.panes.ShowDetail(true) }))
	screentest.CaptureFew(t, "organizations-list", build, list(3, func() {}))
}
