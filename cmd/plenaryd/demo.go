package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"

	"plenary/service/demo"
)

// serveDemo runs the demonstration until ctx ends. When it listens, it says
// where, and who may decide on registrations, as one line of JSON.
func serveDemo(ctx context.Context, p process, c demo.Config, log *slog.Logger) error {
	c.Version, c.Log = version, log
	d, err := demo.Start(ctx, c)
	if err != nil {
		return err
	}
	var ready struct {
		Address string `json:"address"`
		Manager struct {
			Identifier string `json:"identifier"`
			Password   string `json:"password"`
		} `json:"manager"`
	}
	ready.Address = d.Address()
	ready.Manager.Identifier, ready.Manager.Password = d.Manager()
	if err := json.NewEncoder(p.stdout).Encode(ready); err != nil {
		return errors.Join(err, d.Close())
	}
	<-ctx.Done()
	log.Info("stopping")
	return d.Close()
}
