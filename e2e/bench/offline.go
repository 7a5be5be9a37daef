//go:build e2e

package main

import (
	"path/filepath"

	"plenary/e2e/desktop"
	"plenary/e2e/program"
	"plenary/e2e/service"
)

// offlineStart measures from exec to the list of meetings, with the first of them chosen,
// of somebody who has stayed logged in, while the service is down; against a bare Fyne
// window, as firstFrame does.
func offlineStart(b *bench) ([]float64, error) {
	started, err := service.Start(b.binary("plenaryd"), filepath.Join(b.work, "offline-service"), b.mail.Address())
	if err != nil {
		return nil, err
	}
	defer started.Stop()
	own := &site{Service: started, mail: b.mail}
	people, err := own.people(1)
	if err != nil {
		return nil, err
	}
	desk, err := desktop.Start(filepath.Join(b.work, "offline"), displayWidth, displayHeight)
	if err != nil {
		return nil, err
	}
	defer desk.Close()
	args := []string{"--data", filepath.Join(b.work, "offline", "data"), "--service", started.Address}
	p, err := program.Start(desk, "first", b.binary("e2e/plenary"), args...)
	if err != nil {
		return nil, err
	}
	defer p.Kill()
	for _, step := range []func() error{
		func() error { return p.Fill("login.identifier", people[0].Identifier) },
		func() error { return p.Fill("login.password", people[0].Password) },
		func() error { return desk.Press("Enter") },
		func() error { _, err := p.Wait("meetings.list"); return err },
		p.Close,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	started.Stop()

	return b.againstBare(desk, args...)
}
