package admin

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// SettingsOffice is what the service says of itself.
type SettingsOffice interface {
	Settings(ctx context.Context) (api.ServiceSettings, error)
	// SaveSettings gives them as they stand then.
	SaveSettings(ctx context.Context, s api.ServiceSettings) (api.ServiceSettings, error)
}

// settingInputs are the inputs of the form, in order, by the names of the contract;
// their texts are "servicesettings.NAME".
var settingInputs = []struct {
	name     string
	required bool
	of       func(*api.ServiceSettings) *string
}{
	{"organization", true, func(s *api.ServiceSettings) *string { return &s.Organization }},
	{"service_desk", true, func(s *api.ServiceSettings) *string { return &s.ServiceDesk }},
	{"address", true, func(s *api.ServiceSettings) *string { return &s.Address }},
	{"faq", false, func(s *api.ServiceSettings) *string { return &s.FAQ }},
	{"chat", false, func(s *api.ServiceSettings) *string { return &s.Chat }},
	{"terms", false, func(s *api.ServiceSettings) *string { return &s.Terms }},
	{"privacy", false, func(s *api.ServiceSettings) *string { return &s.Privacy }},
	{"download", false, func(s *api.ServiceSettings) *string { return &s.Download }},
}

// serviceSettings is the form with the organization's name, the service desk and
// the pages that the program and the e-mails lead to.
type serviceSettings struct {
	screen  *Management
	content *fyne.Container

	stored  api.ServiceSettings
	loaded  bool
	asking  bool
	err     error
	working bool

	entries map[string]*parts.Entry
	fields  map[string]*parts.Field
	save    *parts.Button
}

func newServiceSettings(m *Management) *serviceSettings {
	return &serviceSettings{
		screen: m, content: container.NewStack(parts.Panel(parts.Space(1))),
		entries: map[string]*parts.Entry{}, fields: map[string]*parts.Field{},
	}
}

func (s *serviceSettings) open() {
	if !s.loaded && !s.asking {
		s.load()
	}
}

func (s *serviceSettings) back() bool { return false }

func (s *serviceSettings) online(online bool) {
	if online && s.err != nil {
		s.load()
	}
}

func (s *serviceSettings) first() fyne.Focusable {
	if !s.loaded {
		return nil
	}
	return s.entries[settingInputs[0].name]
}

func (s *serviceSettings) load() {
	m := s.screen
	s.asking = true
	var settings api.ServiceSettings
	m.env.Do(m.ctx, m.busy, m.env.T("servicesettings.loading"), func(ctx context.Context) (err error) {
		settings, err = m.office.Settings(ctx)
		return err
	}, func(err error) {
		s.asking = false
		if s.err = err; err != nil {
			n := m.env.Problem(err)
			n.Action, n.Act = m.env.T("shell.retry"), s.load
			m.bar.Say(n)
			return
		}
		m.bar.Clear()
		if !s.loaded {
			s.build()
		}
		s.fill(settings)
	})
}

func (s *serviceSettings) build() {
	s.loaded = true
	t := s.screen.env.T
	form := parts.Stack(parts.Gap16, parts.Muted(t("servicesettings.line")))
	for _, in := range settingInputs {
		id := "servicesettings." + in.name
		e := parts.NewEntry(parts.ID(id))
		e.OnSubmitted = func(string) { s.store() }
		f := parts.NewField(parts.ID(id+".field"), t(id), in.required, e).WithHint(parts.Span{Text: t(id + ".hint")})
		f.CheckWith(func() string { return s.wrong(in.name, strings.TrimSpace(e.Text)) })
		s.entries[in.name], s.fields[in.name] = e, f
		form.Add(f)
	}
	s.save = parts.NewButton("servicesettings.save", t("servicesettings.save"), parts.Primary, s.store)
	buttons := parts.TrailingRow(parts.Gap12, parts.Cell{Object: s.save})
	foot := parts.Stack(0, parts.Divider(), parts.Pad(parts.Gap8, parts.Gap22, parts.Gap8, parts.Gap22, buttons))
	kit.Swap(s.content, parts.Panel(parts.Page(parts.PadAll(parts.Gap22, parts.Column(kit.FormWidth, form)), foot)))
	parts.Focus(s.entries[settingInputs[0].name])
}

// wrong says what is wrong with the text of an input; the service judges the rest.
func (s *serviceSettings) wrong(name, text string) string {
	t := s.screen.env.T
	switch {
	case name == "organization" && text == "":
		return t("servicesettings.wrong.organization")
	case name == "organization":
		return ""
	case name == "service_desk":
		if _, err := rules.ParseEmail(text); err != nil {
			return t("users.wrong.email")
		}
		return ""
	case text == "" && name != "address", strings.HasPrefix(text, "https://"), strings.HasPrefix(text, "http://"):
		return ""
	case name == "address":
		return t("servicesettings.wrong.address")
	}
	return t("servicesettings.wrong.page")
}

func (s *serviceSettings) fill(settings api.ServiceSettings) {
	s.stored = settings
	t := s.screen.env.T
	fixed := map[string]bool{}
	for _, name := range settings.Fixed {
		fixed[name] = true
	}
	for _, in := range settingInputs {
		s.entries[in.name].SetText(*in.of(&settings))
		f := s.fields[in.name]
		f.SetError("")
		hint := t("servicesettings." + in.name + ".hint")
		s.entries[in.name].Enable()
		if fixed[in.name] {
			hint = t("servicesettings.fixed")
			s.entries[in.name].Disable()
		}
		f.WithHint(parts.Span{Text: hint})
	}
}

// store is "Save".
func (s *serviceSettings) store() {
	var inputs []kit.FieldInput
	next := s.stored
	next.Fixed = nil
	for _, in := range settingInputs {
		inputs = append(inputs, kit.FieldInput{Field: s.fields[in.name], Input: s.entries[in.name]})
		*in.of(&next) = strings.TrimSpace(s.entries[in.name].Text)
	}
	if s.working || !kit.CheckAll(inputs...) {
		return
	}
	m := s.screen
	s.working = true
	s.save.Disable()
	m.bar.Clear()
	var saved api.ServiceSettings
	m.prover.Do(m.ctx, m.busy, m.env.T("servicesettings.saving"), func(ctx context.Context) (err error) {
		saved, err = m.office.SaveSettings(ctx, next)
		return err
	}, func(err error) {
		s.working = false
		s.save.Enable()
		if err != nil {
			s.refused(err)
			return
		}
		s.fill(saved)
		m.done(m.env.T("servicesettings.saved"))
	})
}

// refused says at its field what the service does not accept.
func (s *serviceSettings) refused(err error) {
	if canceled(s.screen.env, err) {
		return
	}
	said := false
	for _, wrong := range s.screen.env.Explain(err).Fields {
		name := strings.TrimPrefix(wrong.Pointer, "/")
		f := s.fields[name]
		if f == nil {
			continue
		}
		key := "servicesettings.wrong.page"
		switch name {
		case "organization", "address":
			key = "servicesettings.wrong." + name
		case "service_desk":
			key = "users.wrong.email"
		}
		f.SetError(s.screen.env.T(key))
		said = true
	}
	if !said {
		s.screen.bar.Say(changedMeanwhile(s.screen.env, err, s.load))
	}
}
