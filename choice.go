package main

import (
	"context"
	"path/filepath"

	"plenary/app"
	"plenary/platform/managed"
	"plenary/platform/proxy"
	"plenary/screens"
)

// choose reads what the organization has set on this computer and what Plenary
// remembers, and decides with the command line what counts. It takes the data
// folder of the demonstration if that is what counts. An error is that of the
// settings, for which the person is asked again.
func choose(ctx context.Context, o *options) (app.Choice, error) {
	settings, err := app.LoadSettings(o.dir)
	c := app.Resolve(managed.Read(ctx), app.Flags{Service: o.service, CAFile: o.caFile, Demo: o.demo}, settings)
	if c.Demo {
		o.dir = filepath.Join(o.dir, demoFolder)
	}
	if c.Service != "" || c.Demo {
		err = nil
	}
	return c, err
}

// forScreens is what screens go by of a choice.
func forScreens(c app.Choice) screens.Managed {
	m := screens.Managed{ServiceLocked: c.ServiceLocked, Refused: c.Refused, Stopped: c.Stopped, LockAfter: c.LockAfter}
	if c.LanguageFixed {
		m.Language = c.Language
	}
	for _, f := range c.Faults {
		m.Faults = append(m.Faults, screens.ManagedFault(f))
	}
	return m
}

// enterProxy follows a proxy that the person has entered.
func (p *program) enterProxy(text string) error {
	setting, err := proxy.ParseSetting(text)
	if err == nil {
		p.proxies.Set(setting)
	}
	return err
}

// keepProxy keeps the proxy that was entered for the next start.
func (p *program) keepProxy() error {
	settings, err := app.LoadSettings(p.options.dir)
	if err != nil {
		return err
	}
	settings.Proxy = p.proxies.Setting().String()
	return app.SaveSettings(p.options.dir, settings)
}
