//go:build e2e

package main

import (
	"fmt"
	"slices"

	"plenary/api"
	"plenary/e2e/postgres"
	"plenary/e2e/service"
)

// Log-ins are counted of so many people, so often of each: fewer than an account has
// devices. The service looks for e-mails and the like meanwhile: the middle one is
// of a log-in alone.
const (
	tripPeople = 4
	tripsEach  = 6
)

// loginRoundTrips counts how often the service waits for PostgreSQL's answer in one
// log-in, on a known device and on a new one.
func loginRoundTrips(b *bench) ([]float64, error) {
	var relay *postgres.Relay
	site, stop, err := b.onPostgres("trips", func(address string) (string, error) {
		var err error
		if relay, err = postgres.NewRelay(address, 0); err != nil {
			return "", err
		}
		return relay.Address, nil
	})
	if relay != nil {
		defer relay.Close()
	}
	if err != nil {
		return nil, err
	}
	defer stop()
	people, err := site.people(2 * tripPeople)
	if err != nil {
		return nil, err
	}
	values := make([]float64, 2)
	for i, known := range []bool{true, false} {
		var counts []int64
		for _, p := range people[i*tripPeople:][:tripPeople] {
			of, err := tripsOfLogIns(site, relay, p, known)
			if err != nil {
				return nil, err
			}
			counts = append(counts, of...)
		}
		slices.Sort(counts)
		fmt.Printf("  known device %v: %v\n", known, counts)
		values[i] = float64(counts[len(counts)/2])
	}
	return values, nil
}

func tripsOfLogIns(site *site, relay *postgres.Relay, person service.Person, known bool) ([]int64, error) {
	device, counts := "", make([]int64, 0, tripsEach)
	for i := range tripsEach + 2 {
		before := relay.RoundTrips()
		var s api.Session
		in := api.LogIn{Identifier: person.Identifier, Password: person.Password, Device: device}
		if err := service.Call("POST", site.Address+"/v1/session", "", in, &s); err != nil {
			return nil, fmt.Errorf("logging in: %w", err)
		}
		if known {
			device = s.Device
		}
		if i >= 2 { // the first one is on a new device, and prepares statements
			counts = append(counts, relay.RoundTrips()-before)
		}
	}
	return counts, nil
}
