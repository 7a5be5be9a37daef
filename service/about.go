package service

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/store"
)

// changeable are the settings that administrators, and "plenaryd settings", change,
// by their names in the database and in the contract.
var changeable = []struct {
	row, field string
	of         func(*api.ServiceSettings) *string
}{
	{"organization", "organization", func(s *api.ServiceSettings) *string { return &s.Organization }},
	{"service-desk", "service_desk", func(s *api.ServiceSettings) *string { return &s.ServiceDesk }},
	{"address", "address", func(s *api.ServiceSettings) *string { return &s.Address }},
	{"faq", "faq", func(s *api.ServiceSettings) *string { return &s.FAQ }},
	{"chat", "chat", func(s *api.ServiceSettings) *string { return &s.Chat }},
	{"terms", "terms", func(s *api.ServiceSettings) *string { return &s.Terms }},
	{"privacy", "privacy", func(s *api.ServiceSettings) *string { return &s.Privacy }},
	{"download", "download", func(s *api.ServiceSettings) *string { return &s.Download }},
}

// refreshSettings reads what any node, or a command, has saved.
func (s *Service) refreshSettings(ctx context.Context) error {
	found, err := loadSettings(ctx, s.db)
	if err != nil {
		return err
	}
	if s.config.Address != "" {
		found.Address = s.config.Address
	}
	if s.config.Download != "" {
		found.Download = s.config.Download
	}
	s.settings.Store(&found)
	return nil
}

// about are the settings as this node knows them, which are not to be changed.
func (s *Service) about() *Settings { return s.settings.Load() }

// Settings gives the settings as they stand in the database.
func (s *Service) Settings(ctx context.Context) (out api.ServiceSettings, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		out = readChangeable(tx)
		return nil
	})
	out.Fixed = []string{"address"}
	if s.config.Download != "" {
		out.Fixed = append(out.Fixed, "download")
	}
	return out, err
}

// showSettings is Settings for administrators.
func (s *Service) showSettings(ctx context.Context, _ caller.Caller) (api.ServiceSettings, error) {
	return s.Settings(ctx)
}

// changeSettings is ChangeSettings for those who may not change what is
// Fixed: links in e-mails lead to the address with the secrets of others.
func (s *Service) changeSettings(ctx context.Context, _ caller.Caller, in api.ServiceSettings) (api.ServiceSettings, error) {
	now, err := s.Settings(ctx)
	if err != nil {
		return in, err
	}
	var wrong []api.FieldError
	for _, c := range changeable {
		if slices.Contains(now.Fixed, c.field) && *c.of(&now) != *c.of(&in) {
			wrong = append(wrong, api.FieldError{Pointer: "/" + c.field, Code: api.FieldNotAccepted})
		}
	}
	if len(wrong) > 0 && in.Version == now.Version {
		return in, api.Invalid(wrong...)
	}
	return s.ChangeSettings(ctx, in)
}

func readChangeable(tx *store.Tx) (out api.ServiceSettings) {
	var all strings.Builder
	for _, c := range changeable {
		value := tx.ReadSetting(c.row)
		*c.of(&out) = value
		all.WriteString(value + "\x00")
	}
	out.Version = store.Version(all.String())
	return out
}

// ChangeSettings saves settings that were read before, notes in the audit log which
// of them are different now, and gives them as they stand then.
//
// Errors: api.CodeInvalid with its fields; api.CodeOutdated where they were changed
// since they were read.
func (s *Service) ChangeSettings(ctx context.Context, in api.ServiceSettings) (api.ServiceSettings, error) {
	for _, c := range changeable {
		*c.of(&in) = strings.TrimSpace(*c.of(&in))
	}
	in.Address = strings.TrimRight(in.Address, "/")
	if wrong := wrongSettings(in); len(wrong) > 0 {
		return in, api.Invalid(wrong...)
	}
	// Serializable: the settings that are judged by their version are those that are replaced.
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		before := readChangeable(tx)
		if before.Version != in.Version {
			return api.Refuse(api.CodeOutdated)
		}
		var changed []audit.Detail
		for _, c := range changeable {
			if *c.of(&before) == *c.of(&in) {
				continue
			}
			changed = append(changed, audit.Detail{Field: c.field})
			tx.WriteSetting(c.row, *c.of(&in))
		}
		if len(changed) > 0 {
			s.auditLog.Note(tx, audit.SettingsChanged, "", changed...)
		}
		return nil
	})
	if err != nil {
		return in, err
	}
	if err := s.refreshSettings(ctx); err != nil {
		return in, err
	}
	return s.Settings(ctx)
}

// wrongSettings says what is wrong with settings.
func wrongSettings(in api.ServiceSettings) (wrong []api.FieldError) {
	bad := func(field, code string) { wrong = append(wrong, api.FieldError{Pointer: "/" + field, Code: code}) }
	for _, c := range changeable {
		value := *c.of(&in)
		switch c.field {
		case "organization":
			switch {
			case value == "":
				bad(c.field, api.FieldRequired)
			case strings.ContainsFunc(value, unicode.IsControl):
				bad(c.field, api.FieldInvalid)
			}
		case "service_desk":
			if value == "" {
				bad(c.field, api.FieldRequired)
			} else if _, err := rules.ParseEmail(value); err != nil {
				bad(c.field, api.FieldInvalid)
			}
		case "address":
			if value == "" {
				bad(c.field, api.FieldRequired)
			} else if CheckAddress(value) != nil {
				bad(c.field, api.FieldInvalid)
			}
		default:
			if value != "" && !isPage(value) {
				bad(c.field, api.FieldInvalid)
			}
		}
	}
	return wrong
}

// isPage tells whether a text is the address of a page that people can open.
func isPage(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil &&
		!strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) })
}
