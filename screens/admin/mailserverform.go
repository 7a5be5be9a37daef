package admin

import (
	"strconv"
	"strings"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// build makes the form once it is known what the operator allows.
func (s *mailServer) build(settings api.MailSettings) {
	env, t := s.screen.env, s.screen.env.T
	email := func(text string) string { return wrongEmail(env, text) }
	s.form = kit.NewForm(env, "mailserver",
		kit.Input{Name: "host", Required: true, Wrong: func(text string) string {
			if text == "" || strings.ContainsAny(text, " /@:") {
				return t("mailserver.wrong.host")
			}
			return ""
		}},
		kit.Input{Name: "port", Required: true, Wrong: func(text string) string {
			if n, err := strconv.Atoi(text); err != nil || n < 1 || n > 65535 {
				return t("mailserver.wrong.port")
			}
			return ""
		}},
		kit.Input{Name: "security", Required: true, Choose: s.securities(settings), Changed: s.secured},
		kit.Input{Name: "user"},
		kit.Input{Name: "password", Secret: true},
		kit.Input{Name: "sender", Required: true, Wrong: email},
		kit.Input{Name: "reply-to", Pointer: "/reply_to", Wrong: func(text string) string {
			if text == "" {
				return ""
			}
			return email(text)
		}, Refused: func(api.FieldError) string { return t("mailserver.wrong.reply_to") }},
	)
	s.form.Changed, s.form.Enter = s.changed, s.try
	s.note = parts.Muted("")
	s.result = newMailTest(env)
	s.test = s.calls.Button("mailserver.test", "mailserver.test", parts.Outlined, s.try)
	s.stop = parts.NewButton("mailserver.cancel", t("shell.cancel"), parts.Outlined, func() { s.cancel() })
	s.stop.Hide()
	s.save = s.calls.Button("mailserver.save", "mailserver.save", parts.Primary, s.store)

	cell := func(name string, min, weight float32) parts.Cell {
		return parts.Cell{Object: s.form.Field(name), Min: min, Weight: weight}
	}
	column := parts.Stack(parts.Gap16, parts.Stack(parts.Gap4, s.note, parts.Muted(t("mailserver.save.hint"))),
		parts.Row(parts.Gap16, cell("host", 200, 3), cell("port", 80, 1)),
		s.form.Field("security"),
		parts.Row(parts.Gap16, cell("user", 180, 1), cell("password", 180, 1)),
		parts.Row(parts.Gap16, cell("sender", 180, 1), cell("reply-to", 180, 1)))
	body := parts.PadAll(parts.Gap22, parts.Row(parts.Gap22,
		parts.Cell{Object: column, Min: 400, Weight: 3}, parts.Cell{Object: s.result.content, Min: 250, Weight: 2}))
	buttons := parts.TrailingRow(parts.Gap12, parts.Cell{Object: s.stop}, parts.Cell{Object: s.test}, parts.Cell{Object: s.save})
	foot := parts.Stack(0, parts.Divider(), parts.Pad(parts.Gap8, parts.Gap22, parts.Gap8, parts.Gap22, buttons))
	kit.Swap(s.content, parts.Panel(parts.Page(body, foot)))
	parts.Focus(s.form.First())
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
	s.form.Fill(map[string]string{
		"host": settings.Host, "port": strconv.Itoa(settings.Port), "security": settings.Security, "user": settings.User, "password": "",
		"sender": settings.Sender, "reply-to": settings.ReplyTo,
	})
	origin := settings.Origin
	if origin == "" {
		origin = "saved"
	}
	s.note.SetText(s.screen.env.T("mailserver.origin." + origin))
	s.changed()
}

// secured brings the port along that the chosen security is used with, unless
// another one was typed.
func (s *mailServer) secured(security string) {
	typed := s.form.Text("port")
	usual := typed == ""
	for _, port := range mailPorts {
		usual = usual || typed == strconv.Itoa(port)
	}
	if usual {
		s.form.Set("port", strconv.Itoa(mailPorts[security]))
	}
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
	if password := s.form.Entry("password"); password.PlaceHolder != placeholder {
		password.SetPlaceHolder(placeholder)
	}
	s.form.SetHint("password", hint)
}

// settings are what stands in the form.
func (s *mailServer) settings() api.MailSettings {
	f := s.form
	return api.MailSettings{
		Host: f.Text("host"), Port: f.Int("port"), Security: f.Text("security"), User: f.Text("user"), Password: f.Text("password"),
		Sender: f.Text("sender"), ReplyTo: f.Text("reply-to"), Version: s.stored.Version,
	}
}
