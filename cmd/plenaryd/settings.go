package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"plenary/api"
	"plenary/service"
)

const settingsAbout = `Shows what the service says of itself, or changes it, while the service runs or
not; nodes that run learn of it within seconds. Names: organization, service_desk,
address (the public one, without a path), and the URLs faq, chat, terms, privacy,
download. NAME= empties one that may be empty.

  settings                          show all
  settings address=https://...      change one, or several at once

Administrators change all but the address in Application Management.`

// settingsFields are the settings by their names.
func settingsFields(s *api.ServiceSettings) []struct {
	name  string
	value *string
} {
	return []struct {
		name  string
		value *string
	}{
		{"organization", &s.Organization},
		{"service_desk", &s.ServiceDesk},
		{"address", &s.Address},
		{"faq", &s.FAQ},
		{"chat", &s.Chat},
		{"terms", &s.Terms},
		{"privacy", &s.Privacy},
		{"download", &s.Download},
	}
}

func runSettings(ctx context.Context, p process, args []string) error {
	f := newFlags(p, "settings", "settings [NAME=VALUE...] --data DIR", settingsAbout)
	data := f.String("data", "", "`DIR` with the service's data")
	database := f.String("database", "", "`postgres://...` instead of the one in DIR/plenaryd.json")
	rest, err := parseSome(f, args, 0)
	if err != nil {
		return err
	}
	s, err := openService(ctx, *data, *database)
	if err != nil {
		return err
	}
	return errors.Join(explain(settings(ctx, p, s, rest)), s.Close())
}

func settings(ctx context.Context, p process, s *service.Service, changes []string) error {
	now, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	for _, c := range changes {
		if err := setSetting(&now, c); err != nil {
			return err
		}
	}
	if len(changes) > 0 {
		if now, err = s.ChangeSettings(ctx, now); err != nil {
			return err
		}
	}
	for _, f := range settingsFields(&now) {
		fmt.Fprintf(p.stdout, "%s=%s\n", f.name, *f.value)
	}
	return nil
}

func setSetting(s *api.ServiceSettings, change string) error {
	name, value, ok := strings.Cut(change, "=")
	if !ok {
		return wrongUsage("%q is not NAME=VALUE", change)
	}
	for _, f := range settingsFields(s) {
		if f.name == name {
			*f.value = value
			return nil
		}
	}
	return wrongUsage("there is no setting %q; plenaryd settings --help lists them", name)
}
