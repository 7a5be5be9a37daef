package admin

import (
	"strconv"
	"strings"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// build makes the form once it is known what the operator allows.
func (s *mailServer) build(settings api.MailSettings) {
	s.loaded = true
	t := s.screen.env.T
	entry := func(id parts.ID) *parts.Entry {
		e := parts.NewEntry(id)
		e.OnChanged = func(string) { s.changed() }
		e.OnSubmitted = func(string) { s.try() }
		return e
	}
	field := func(e *parts.Entry, required bool, check func(text string) string) *parts.Field {
		f := parts.NewField(e.ID+".field", t(string(e.ID)), required, e)
		return f.CheckWith(func() string { return check(strings.TrimSpace(e.Text)) })
	}
	s.host, s.port, s.user = entry("mailserver.host"), entry("mailserver.port"), entry("mailserver.user")
	s.sender, s.replyTo = entry("mailserver.sender"), entry("mailserver.reply-to")
	s.password = parts.NewPassword("mailserver.password", t("account.show"), t("account.hide"))
	s.password.OnChanged = func(string) { s.changed() }
	s.password.OnSubmitted = func(string) { s.try() }
	s.hostField = field(s.host, true, func(text string) string {
		if text == "" || strings.ContainsAny(text, " /@:") {
			return t("mailserver.wrong.host")
		}
		return ""
	}).WithHint(parts.Span{Text: t("mailserver.host.hint")})
	s.portField = field(s.port, true, func(text string) string {
		if n, err := strconv.Atoi(text); err != nil || n < 1 || n > 65535 {
			return t("mailserver.wrong.port")
		}
		return ""
	})
	s.userField = field(s.user, false, func(string) string { return "" }).WithHint(parts.Span{Text: t("mailserver.user.hint")})
	s.passwordField = s.screen.env.PasswordField("mailserver.password.field", t("mailserver.password"), false, s.password)
	s.senderField = field(s.sender, true, func(text string) string { return s.wrongAddress(text) }).
		WithHint(parts.Span{Text: t("mailserver.sender.hint")})
	s.replyField = field(s.replyTo, false, func(text string) string {
		if text == "" {
			return ""
		}
		return s.wrongAddress(text)
	}).WithHint(parts.Span{Text: t("mailserver.reply-to.hint")})
	s.security = parts.NewRadios("mailserver.security", s.securities(settings))
	s.security.OnChange = s.secured
	s.note = parts.Muted("")
	s.result = newMailTest(s.screen.env)
	s.test = parts.NewButton("mailserver.test", t("mailserver.test"), parts.Outlined, s.try)
	s.stop = parts.NewButton("mailserver.cancel", t("shell.cancel"), parts.Outlined, func() { s.cancel() })
	s.stop.Hide()
	s.save = parts.NewButton("mailserver.save", t("mailserver.save"), parts.Primary, s.store)

	form := parts.Stack(parts.Gap16, parts.Stack(parts.Gap4, s.note, parts.Muted(t("mailserver.save.hint"))),
		parts.Row(parts.Gap16,
			parts.Cell{Object: s.hostField, Min: 200, Weight: 3}, parts.Cell{Object: s.portField, Min: 80, Weight: 1}),
		parts.NewField("mailserver.security.field", t("mailserver.security"), true, s.security),
		parts.Row(parts.Gap16,
			parts.Cell{Object: s.userField, Min: 180, Weight: 1}, parts.Cell{Object: s.passwordField, Min: 180, Weight: 1}),
		parts.Row(parts.Gap16,
			parts.Cell{Object: s.senderField, Min: 180, Weight: 1}, parts.Cell{Object: s.replyField, Min: 180, Weight: 1}))
	body := parts.PadAll(parts.Gap22, parts.Row(parts.Gap22,
		parts.Cell{Object: form, Min: 400, Weight: 3}, parts.Cell{Object: s.result.content, Min: 250, Weight: 2}))
	buttons := parts.TrailingRow(parts.Gap12, parts.Cell{Object: s.stop}, parts.Cell{Object: s.test}, parts.Cell{Object: s.save})
	foot := parts.Stack(0, parts.Divider(), parts.Pad(parts.Gap8, parts.Gap22, parts.Gap8, parts.Gap22, buttons))
	kit.Swap(s.content, parts.Panel(parts.Page(body, foot)))
	parts.Focus(s.host)
}

func (s *mailServer) wrongAddress(text string) string {
	if _, err := rules.ParseEmail(text); err != nil {
		return s.screen.env.T("users.wrong.email")
	}
	return ""
}

// securities are the kinds of security that the operator allows, and the one of
// now in any case.
func (s *mailServer) securities(settings api.MailSettings) []parts.Item {
	t := s.screen.env.T
	items := []parts.Item{
		{ID: api.MailStartTLS, Text: t("mailserver.security.starttls")},
		{ID: api.MailTLS, Text: t("mailserver.security.tls")},
	}
	if settings.NoneAllowed || settings.Security == api.MailNone {
		items = append(items, parts.Item{ID: api.MailNone, Text: t("mailserver.security.none")})
	}
	return items
}

// fill shows the settings in use; of a password only that there is one.
func (s *mailServer) fill(settings api.MailSettings) {
	s.stored = settings
	if settings.Security == "" {
		settings.Security = api.MailStartTLS
	}
	if settings.Port == 0 {
		settings.Port = mailPorts[settings.Security]
	}
	s.security.Set(settings.Security)
	for e, text := range map[*parts.Entry]string{
		s.host: settings.Host, s.port: strconv.Itoa(settings.Port), s.user: settings.User, s.password: "",
		s.sender: settings.Sender, s.replyTo: settings.ReplyTo,
	} {
		e.SetText(text)
	}
	for _, f := range s.fields() {
		f.SetError("")
	}
	origin := settings.Origin
	if origin == "" {
		origin = "saved"
	}
	s.note.SetText(s.screen.env.T("mailserver.origin." + origin))
	s.changed()
}

func (s *mailServer) fields() []*parts.Field {
	return []*parts.Field{s.hostField, s.portField, s.userField, s.passwordField, s.senderField, s.replyField}
}

// secured brings the port along that the chosen security is used with, unless
// another one was typed.
func (s *mailServer) secured(security string) {
	usual := s.port.Text == ""
	for _, port := range mailPorts {
		usual = usual || s.port.Text == strconv.Itoa(port)
	}
	if usual {
		s.port.SetText(strconv.Itoa(mailPorts[security]))
	}
	s.changed()
}

// changed says what counts as password now: the stored one is void as soon as
// it would go elsewhere.
func (s *mailServer) changed() {
	in := s.settings()
	t := s.screen.env.T
	same := in.Host == s.stored.Host && in.Port == s.stored.Port && in.Security == s.stored.Security && in.User == s.stored.User
	hint, placeholder := t("mailserver.password.hint"), ""
	switch {
	case s.stored.PasswordSet && same:
		hint, placeholder = t("mailserver.password.set"), t("mailserver.password.stored")
	case s.stored.PasswordSet:
		hint = t("mailserver.password.void")
	}
	if s.password.PlaceHolder != placeholder {
		s.password.SetPlaceHolder(placeholder)
	}
	s.passwordField.WithHint(parts.Span{Text: hint})
}

// settings are what stands in the form.
func (s *mailServer) settings() api.MailSettings {
	port, _ := strconv.Atoi(strings.TrimSpace(s.port.Text)) // checked before it is sent
	return api.MailSettings{
		Host: strings.TrimSpace(s.host.Text), Port: port, Security: s.security.Chosen(),
		User: strings.TrimSpace(s.user.Text), Password: s.password.Text,
		Sender: strings.TrimSpace(s.sender.Text), ReplyTo: strings.TrimSpace(s.replyTo.Text),
		Version: s.stored.Version,
	}
}

// check shows all mistakes; the first input that has one gets the keyboard.
func (s *mailServer) check() bool {
	return kit.CheckAll(kit.FieldInput{Field: s.hostField, Input: s.host}, kit.FieldInput{Field: s.portField, Input: s.port},
		kit.FieldInput{Field: s.senderField, Input: s.sender}, kit.FieldInput{Field: s.replyField, Input: s.replyTo})
}
