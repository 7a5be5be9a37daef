package main

import (
	"context"
	"log/slog"

	"plenary/service"
)

// openService opens the service's data for a command. Nothing happens by itself
// meanwhile, and nothing is migrated: that is the running service's.
func openService(ctx context.Context, dir, database string) (*service.Service, error) {
	if dir == "" {
		return nil, wrongUsage("--data DIR is missing")
	}
	c, err := readConfig(dir)
	if err != nil {
		return nil, err
	}
	if database != "" {
		c.Database = database
	}
	s, err := openWith(ctx, dir, c)
	return s, explainOpening(err, dir)
}

// openWith is openService with a configuration.
func openWith(ctx context.Context, dir string, c config) (*service.Service, error) {
	c.SMTP = smtpConfig{} // the running service sends
	settings, err := c.service(dir)
	if err != nil {
		return nil, err
	}
	settings.Log = slog.New(slog.DiscardHandler)
	return service.Open(ctx, settings)
}
