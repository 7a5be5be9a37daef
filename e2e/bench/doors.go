//go:build e2e

package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	together "plenary/e2e/crowd"
	"plenary/e2e/postgres"
)

// doorsOpen is how many log in when the doors of a meeting open.
const doorsOpen = 600

// doorsOnSQLite lets 600 people log in at the same moment, and measures how long the
// slowest answer takes (s): a session, or 503 with when to come again.
func doorsOnSQLite(b *bench) ([]float64, error) {
	s, err := b.onSQLite("doors")
	if err != nil {
		return nil, err
	}
	defer s.Stop()
	return doors(s, filepath.Join(s.Data(), "plenaryd.db"))
}

// doorsOnPostgres is doorsOnSQLite on PostgreSQL.
func doorsOnPostgres(b *bench) ([]float64, error) {
	s, stop, err := b.onPostgres("doors_postgres", nil)
	if err != nil {
		return nil, err
	}
	defer stop()
	return doors(s, postgres.DSN(b.database.Address, "doors_postgres"))
}

func doors(s *site, database string) ([]float64, error) {
	people, err := together.Fill(s.Service, database, doorsOpen)
	if err != nil {
		return nil, err
	}
	in := 0
	var slowest time.Duration
	for i, a := range together.LogIn(s.Address, people) {
		slowest = max(slowest, a.Took)
		switch {
		case a.In():
			in++
		case !a.Refused():
			return nil, fmt.Errorf("%s: status %d, code %q, Retry-After %v: %w", people[i].Identifier, a.Status, a.Code, a.RetryAfter, a.Err)
		}
	}
	if in == 0 {
		return nil, errors.New("nobody was let in")
	}
	fmt.Printf("  %d of %d logged in, the others are to come again; the last answer after %v\n", in, doorsOpen, slowest)
	return []float64{slowest.Seconds()}, nil
}
