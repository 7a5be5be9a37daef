package admin

import (
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/screentest"
)

// testServiceSettings is the tab "Service" of Application Management.
func testServiceSettings(t *testing.T, service *screentest.Management) (*Management, fyne.Window) {
	t.Helper()
	m, w := testManagementScreen(t, screentest.NewEnv(t), service)
	m.tabs.Choose(4)
	return m, w
}

func TestServiceSettings_pictures(t *testing.T) {
	var m *Management
	screentest.CaptureFew(t, "servicesettings", func(e kit.Env) fyne.CanvasObject {
		service := screentest.NewManagement()
		m = NewManagement(e, service, &screentest.Directory{List: screentest.Organizations()}, service.Prove)
		t.Cleanup(m.Close)
		return m.Content()
	}, func(w fyne.Window) {
		m.tabs.Choose(4)
		screentest.Settle(w)
	})
}

func TestServiceSettings_areSaved(t *testing.T) {
	service := screentest.NewManagement()
	m, w := testServiceSettings(t, service)
	s := m.about
	for _, in := range settingInputs {
		if got, want := s.form.Entry(in.name).Text, *in.of(&service.About); got != want {
			t.Errorf("%s shows %q, want %q", in.name, got, want)
		}
	}
	s.form.Set("organization", " International Example Union ")
	s.form.Set("chat", "")
	screentest.Tap(t, w, "servicesettings.save")
	screentest.Says(t, m.bar.String(), "Saved")
	if got := service.About; got.Organization != "International Example Union" || got.Chat != "" || got.ServiceDesk != "servicedesk@example.int" {
		t.Errorf("saved %+v", got)
	}
	// Once more, from what was answered.
	s.form.Set("chat", "https://chat.example.int")
	screentest.Tap(t, w, "servicesettings.save")
	if service.About.Chat != "https://chat.example.int" {
		t.Errorf("saved %+v", service.About)
	}
}

func TestServiceSettings_sayWhatIsWrong(t *testing.T) {
	service := screentest.NewManagement()
	m, w := testServiceSettings(t, service)
	s := m.about
	for name, c := range map[string]struct{ text, says string }{
		"organization": {"", "name"}, "service_desk": {"desk", "e-mail"}, "address": {"plenary.example.int", "https://"}, "faq": {"faq", "https://"},
	} {
		s.fill(service.About)
		s.form.Set(name, c.text)
		screentest.Tap(t, w, "servicesettings.save")
		screentest.Says(t, s.form.Field(name).Error(), c.says)
	}
	if len(service.Done) != 0 {
		t.Errorf("saved: %v", service.Done)
	}
	s.fill(service.About)
	service.ChangeErr = &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{{Pointer: "/address", Code: api.FieldInvalid}}}
	screentest.Tap(t, w, "servicesettings.save")
	screentest.Says(t, s.form.Field("address").Error(), "https://")
}

func TestServiceSettings_thatSomebodyElseHasChanged(t *testing.T) {
	service := screentest.NewManagement()
	m, w := testServiceSettings(t, service)
	service.About.Organization, service.About.Version = "Somebody else's", "another"
	m.about.form.Set("chat", "https://chat.example.int")
	screentest.Tap(t, w, "servicesettings.save")
	screentest.Says(t, m.bar.String(), "Somebody else has changed this")
	screentest.Tap(t, w, "management.bar.action")
	if got := m.about.form.Text("organization"); got != "Somebody else's" || m.bar.String() != "" {
		t.Errorf("shows %q, says %q", got, m.bar.String())
	}
}

// What the operator's configuration sets is said at its field.
func TestServiceSettings_thatAreFixed(t *testing.T) {
	service := screentest.NewManagement()
	service.About.Fixed = []string{"address"}
	m, _ := testServiceSettings(t, service)
	if !m.about.form.Entry("address").Disabled() || m.about.form.Entry("faq").Disabled() {
		t.Error("what only the operator changes can be typed, or all else cannot")
	}
}
