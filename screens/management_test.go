package screens

import (
	"testing"

	"fyne.io/fyne/v2"
)

func testManagementScreen(t *testing.T, e Env, office *knownManagement) (*Management, fyne.Window) {
	t.Helper()
	m := NewManagement(e, office, &fakeDirectory{list: organizations()}, office.prove)
	t.Cleanup(m.Close)
	return m, show(t, m.Content(), 1100, 740)
}

func TestManagement_pictures(t *testing.T) {
	var m *Management
	var office *knownManagement
	build := func(e Env) fyne.CanvasObject {
		office = testManagement()
		m = NewManagement(e, office, &fakeDirectory{list: organizations()}, office.prove)
		t.Cleanup(m.Close)
		return m.Content()
	}
	captureFew(t, "mailserver-ok", build, func(fyne.Window) { m.server.try() })
	captureFew(t, "mailserver-silent", build, func(fyne.Window) {
		m.server.result.wait(office.settings)
		m.server.result.progress(silentServer(), office.settings)
		m.server.stop.Show()
		m.server.test.Disable()
		m.server.save.Disable()
	})
	captureFew(t, "mailserver-failed", build, func(fyne.Window) {
		office.test = deadServer()
		m.server.host.SetText("dead.example.int")
		m.server.try()
	})
	captureFew(t, "automatic", build, func(fyne.Window) { m.tabs.Choose(1) })
	list := func(tab int, choose func()) func(fyne.Window) {
		return func(w fyne.Window) {
			m.tabs.Choose(tab)
			settle(w)
			choose()
		}
	}
	captureFew(t, "outgoing", build, list(2, func() { m.outgoing.list.list.Choose(1); m.outgoing.list.choose(1); m.outgoing.panes.ShowDetail(true) }))
	capture(t, "organizations", build, list(3, func() { m.entered.list.list.Choose(0); m.entered.list.choose(0); m.entered.panes.ShowDetail(true) }))
	captureFew(t, "organizations-list", build, list(3, func() {}))
}
