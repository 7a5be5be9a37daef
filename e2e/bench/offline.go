//go:build e2e

package main

import (
	"fmt"
	"path/filepath"
	"time"

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

	var ours, theirs []time.Duration
	for i := range starts + 2 { // two to warm up
		h, err := timeToPixels(desk, isLabel, 2, b.binary("e2e/hello"))
		if err != nil {
			return nil, fmt.Errorf("the bare window: %w", err)
		}
		m, err := timeToPixels(desk, isPrimary, seenFrom, b.binary("plenary"), args...)
		if err != nil {
			return nil, fmt.Errorf("the list of meetings: %w", err)
		}
		if i >= 2 {
			ours, theirs = append(ours, m), append(theirs, h)
		}
	}
	fmt.Printf("  meetings %v, bare window %v\n", median(ours), median(theirs))
	return []float64{float64(median(ours)) / float64(median(theirs))}, nil
}
