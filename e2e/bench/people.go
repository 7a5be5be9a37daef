//go:build e2e

package main

import (
	"fmt"
	"path/filepath"

	"plenary/e2e/mailserver"
	"plenary/e2e/postgres"
	"plenary/e2e/service"
)

// site is a plenaryd of this run, a process of its own, and who has an account there.
type site struct {
	*service.Service
	mail *mailserver.Server
	made []service.Person // see people
}

// people gives n participants with active accounts, made at first use.
func (s *site) people(n int) ([]service.Person, error) {
	have := len(s.made)
	for i := have; i < n; i++ {
		s.made = append(s.made, service.Person{
			Identifier: fmt.Sprintf("person-%03d@example.org", i),
			Password:   fmt.Sprintf("Window-Seat-%03d-Lausanne", i),
		})
	}
	err := inParallel(len(s.made)-have, atOnce, func(i int) error {
		return s.SignUp(s.mail, s.made[have+i], "Person", fmt.Sprint(have+i))
	})
	for i := have; err == nil && i < len(s.made); i++ {
		// Until the last e-mail is out: what is measured next has the machine alone.
		_, err = s.mail.Next(s.made[i].Identifier, "Your account is active")
	}
	if err != nil {
		return nil, fmt.Errorf("making accounts: %w", err)
	}
	return s.made[:n], nil
}

// service gives the plenaryd of most measures: the demonstration, on SQLite.
func (b *bench) service() (*site, error) {
	if b.demo != nil {
		return b.demo, nil
	}
	demo, err := service.Start(b.binary("plenaryd"), filepath.Join(b.work, "service"), b.mail.Address())
	if err != nil {
		return nil, err
	}
	b.demo = &site{Service: demo, mail: b.mail}
	return b.demo, nil
}

// people gives n participants of that one.
func (b *bench) people(n int) ([]service.Person, error) {
	demo, err := b.service()
	if err != nil {
		return nil, err
	}
	return demo.people(n)
}

// onPostgres starts a plenaryd on an empty database of this run's PostgreSQL, which
// it reaches through a relay if through makes one of the server's address. The
// caller calls stop.
func (b *bench) onPostgres(name string, through func(address string) (string, error)) (_ *site, stop func(), err error) {
	if b.database == nil {
		if b.database, err = postgres.Start(); err != nil {
			return nil, nil, err
		}
	}
	if err := b.database.Create(name); err != nil {
		return nil, nil, err
	}
	address := b.database.Address
	if through != nil {
		if address, err = through(address); err != nil {
			return nil, nil, err
		}
	}
	// Mails of its own: what is sent to a person here is not to be taken for another's.
	mails, err := mailserver.Start()
	if err != nil {
		return nil, nil, err
	}
	s, err := service.StartReal(b.binary("plenaryd"), filepath.Join(b.work, name), postgres.DSN(address, name), mails.Address())
	if err != nil {
		mails.Close()
		return nil, nil, err
	}
	return &site{Service: s, mail: mails}, func() { s.Stop(); mails.Close() }, nil
}

// onSQLite starts a plenaryd that is no demonstration, on SQLite.
func (b *bench) onSQLite(name string) (*site, error) {
	s, err := service.StartReal(b.binary("plenaryd"), filepath.Join(b.work, name), "", b.mail.Address())
	if err != nil {
		return nil, err
	}
	return &site{Service: s, mail: b.mail}, nil
}
