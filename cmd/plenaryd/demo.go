package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"plenary/service/demo"
)

// serveDemo runs the demonstration until ctx ends. When it listens, it says
// where, and how its staff logs in, as one line of JSON.
func serveDemo(ctx context.Context, p process, c demo.Config, log *slog.Logger) error {
	c.Version, c.Log = version, log
	d, err := demo.Start(ctx, c)
	if errors.Is(err, demo.ErrOld) {
		return fmt.Errorf("the demonstration in %s is from before the first release: remove this folder, which holds example data only, and start again", c.Dir)
	}
	if err != nil {
		return err
	}
	type staff struct {
		Identifier string `json:"identifier"`
		Password   string `json:"password"`
	}
	ready := struct {
		Address string           `json:"address"`
		Staff   map[string]staff `json:"staff"`
	}{d.Address(), map[string]staff{}}
	for _, s := range d.Staff() {
		ready.Staff[s.Identifier] = staff{s.Identifier, s.Password}
	}
	if err := json.NewEncoder(p.stdout).Encode(ready); err != nil {
		return errors.Join(err, d.Close())
	}
	<-ctx.Done()
	log.Info("stopping")
	return d.Close()
}
