package admin

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// settingInputs are the inputs of the form, in order, by the names of the contract;
// their texts are "servicesettings.NAME".
var settingInputs = []struct {
	name  string
	wrong func(env kit.Env, text string) string
	of    func(*api.ServiceSettings) *string
}{
	{"organization", nil, func(s *api.ServiceSettings) *string { return &s.Organization }},
	{"service_desk", wrongEmail, func(s *api.ServiceSettings) *string { return &s.ServiceDesk }},
	{"address", wrongServiceAddress, func(s *api.ServiceSettings) *string { return &s.Address }},
	{"faq", wrongPage, func(s *api.ServiceSettings) *string { return &s.FAQ }},
	{"chat", wrongPage, func(s *api.ServiceSettings) *string { return &s.Chat }},
	{"terms", wrongPage, func(s *api.ServiceSettings) *string { return &s.Terms }},
	{"privacy", wrongPage, func(s *api.ServiceSettings) *string { return &s.Privacy }},
	{"download", wrongPage, func(s *api.ServiceSettings) *string { return &s.Download }},
}

// wrongEmail says what is wrong with an e-mail address, in words, or nothing.
func wrongEmail(env kit.Env, text string) string {
	if _, err := rules.ParseEmail(text); err != nil {
		return env.T("users.wrong.email")
	}
	return ""
}

// wrongServiceAddress and wrongPage say what is obviously no web address; the service
// judges the rest.
func wrongServiceAddress(env kit.Env, text string) string {
	if isWeb(text) {
		return ""
	}
	return env.T("servicesettings.wrong.address")
}

func wrongPage(env kit.Env, text string) string {
	if text == "" || isWeb(text) {
		return ""
	}
	return env.T("servicesettings.wrong.page")
}

func isWeb(text string) bool {
	return strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://")
}

// serviceSettings is the form with the organization's name, the service desk and
// the pages that the program and the e-mails lead to.
type serviceSettings struct {
	screen  *Management
	calls   *kit.Calls
	content *fyne.Container

	*kit.Loading[api.ServiceSettings]
	stored api.ServiceSettings
	form   *kit.Form // nil until it is known what stands in it
}

func newServiceSettings(m *Management) *serviceSettings {
	s := &serviceSettings{screen: m, calls: m.calls(), content: container.NewStack(parts.Panel(parts.Space(1)))}
	s.Loading = kit.NewLoading(s.calls, "servicesettings.loading", m.service.Settings, func(settings api.ServiceSettings) {
		if s.form == nil {
			s.build()
		}
		s.fill(settings)
	})
	return s
}

func (s *serviceSettings) back() bool { return false }

func (s *serviceSettings) first() fyne.Focusable {
	if s.form == nil {
		return nil
	}
	return s.form.First()
}

func (s *serviceSettings) build() {
	env, t := s.screen.env, s.screen.env.T
	s.form = kit.NewForm(env, "servicesettings")
	s.form.Enter = s.store
	for _, in := range settingInputs {
		input := kit.Input{Name: in.name, Required: !optionalSetting(in.name), Refused: func(api.FieldError) string { return s.refused(in.name) }}
		if in.wrong != nil {
			input.Wrong = func(text string) string { return in.wrong(env, text) }
		}
		s.form.Add(input)
	}
	column := parts.Stack(parts.Gap16, append([]fyne.CanvasObject{parts.Muted(t("servicesettings.line"))}, s.form.Fields()...)...)
	save := s.calls.Button("servicesettings.save", "servicesettings.save", parts.Primary, s.store)
	buttons := parts.TrailingRow(parts.Gap12, parts.Cell{Object: save})
	foot := parts.Stack(0, parts.Divider(), parts.Pad(parts.Gap8, parts.Gap22, parts.Gap8, parts.Gap22, buttons))
	kit.Swap(s.content, parts.Panel(parts.Page(parts.PadAll(parts.Gap22, parts.Column(kit.FormWidth, column)), foot)))
	parts.Focus(s.form.First())
}

// optionalSetting reports whether a setting may be empty.
func optionalSetting(name string) bool {
	return !slices.Contains([]string{"organization", "service_desk", "address"}, name)
}

func (s *serviceSettings) fill(settings api.ServiceSettings) {
	s.stored = settings
	t := s.screen.env.T
	values := map[string]string{}
	for _, in := range settingInputs {
		values[in.name] = *in.of(&settings)
		fixed := slices.Contains(settings.Fixed, in.name)
		hint := "servicesettings." + in.name + ".hint"
		if fixed {
			hint = "servicesettings.fixed"
		}
		s.form.SetHint(in.name, t(hint))
		s.form.Enable(in.name, !fixed)
	}
	s.form.Fill(values)
}

// store is "Save".
func (s *serviceSettings) store() {
	if s.calls.Working() || !s.form.Check() {
		return
	}
	m, next := s.screen, s.stored
	next.Fixed = nil
	for _, in := range settingInputs {
		*in.of(&next) = s.form.Text(in.name)
	}
	kit.Call(s.calls, "servicesettings.saving", func(ctx context.Context) (api.ServiceSettings, error) {
		return m.service.SaveSettings(ctx, next)
	}, func(saved api.ServiceSettings) {
		s.fill(saved)
		m.done(m.env.T("servicesettings.saved"))
	}, s.form.Refused, m.env.ChangedMeanwhile(m.bar, s.Load))
}

// refused are the words for a setting that the service does not accept.
func (s *serviceSettings) refused(name string) string {
	key := "servicesettings.wrong.page"
	switch name {
	case "organization", "address":
		key = "servicesettings.wrong." + name
	case "service_desk":
		key = "users.wrong.email"
	}
	return s.screen.env.T(key)
}
