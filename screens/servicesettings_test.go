package screens

import (
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
)

// testServiceSettings is the tab "Service" of Application Management.
func testServiceSettings(t *testing.T, office *knownManagement) (*Management, fyne.Window) {
	t.Helper()
	m, w := testManagementScreen(t, testEnv(t), office)
	m.tabs.Choose(4)
	return m, w
}

func TestServiceSettings_pictures(t *testing.T) {
	var m *Management
	captureFew(t, "servicesettings", func(e Env) fyne.CanvasObject {
		office := testManagement()
		m = NewManagement(e, office, &fakeDirectory{list: organizations()}, office.prove)
		t.Cleanup(m.Close)
		return m.Content()
	}, func(w fyne.Window) {
		m.tabs.Choose(4)
		settle(w)
	})
}

func TestServiceSettings_areSaved(t *testing.T) {
	office := testManagement()
	m, w := testServiceSettings(t, office)
	s := m.about
	for _, in := range settingInputs {
		if got, want := s.entries[in.name].Text, *in.of(&office.about); got != want {
			t.Errorf("%s shows %q, want %q", in.name, got, want)
		}
	}
	s.entries["organization"].SetText(" International Example Union ")
	s.entries["chat"].SetText("")
	tap(t, w, "servicesettings.save")
	says(t, m.bar.String(), "Saved")
	if got := office.about; got.Organization != "International Example Union" || got.Chat != "" || got.ServiceDesk != "servicedesk@example.int" {
		t.Errorf("saved %+v", got)
	}
	// Once more, from what was answered.
	s.entries["chat"].SetText("https://chat.example.int")
	tap(t, w, "servicesettings.save")
	if office.about.Chat != "https://chat.example.int" {
		t.Errorf("saved %+v", office.about)
	}
}

func TestServiceSettings_sayWhatIsWrong(t *testing.T) {
	office := testManagement()
	m, w := testServiceSettings(t, office)
	s := m.about
	for name, c := range map[string]struct{ text, says string }{
		"organization": {"", "name"}, "service_desk": {"desk", "e-mail"}, "address": {"plenary.example.int", "https://"}, "faq": {"faq", "https://"},
	} {
		s.fill(office.about)
		s.entries[name].SetText(c.text)
		tap(t, w, "servicesettings.save")
		says(t, s.fields[name].Error(), c.says)
	}
	if len(office.done) != 0 {
		t.Errorf("saved: %v", office.done)
	}
	s.fill(office.about)
	office.changeErr = &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{{Pointer: "/address", Code: api.FieldInvalid}}}
	tap(t, w, "servicesettings.save")
	says(t, s.fields["address"].Error(), "https://")
}

func TestServiceSettings_thatSomebodyElseHasChanged(t *testing.T) {
	office := testManagement()
	m, w := testServiceSettings(t, office)
	office.about.Organization, office.about.Version = "Somebody else's", "another"
	m.about.entries["chat"].SetText("https://chat.example.int")
	tap(t, w, "servicesettings.save")
	says(t, m.bar.String(), "Somebody else has changed this")
	m.about.load()
	if got := m.about.entries["organization"].Text; got != "Somebody else's" || m.bar.String() != "" {
		t.Errorf("shows %q, says %q", got, m.bar.String())
	}
}

// What the operator's configuration sets is said at its field.
func TestServiceSettings_thatAreFixed(t *testing.T) {
	office := testManagement()
	office.about.Fixed = []string{"address"}
	m, _ := testServiceSettings(t, office)
	if !m.about.entries["address"].Disabled() || m.about.entries["faq"].Disabled() {
		t.Error("what only the operator changes can be typed, or all else cannot")
	}
}
