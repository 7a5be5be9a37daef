//go:build e2e

package main

import (
	"fmt"

	"plenary/e2e/service"
)

// people gives n participants with active accounts, made at first use.
func (b *bench) people(n int) ([]service.Person, error) {
	demo, err := b.service()
	if err != nil {
		return nil, err
	}
	have := len(b.made)
	for i := have; i < n; i++ {
		b.made = append(b.made, service.Person{
			Identifier: fmt.Sprintf("person-%03d@example.org", i),
			Password:   fmt.Sprintf("Window-Seat-%03d-Lausanne", i),
		})
	}
	err = inParallel(len(b.made)-have, atOnce, func(i int) error {
		return demo.SignUp(b.mail, b.made[have+i], "Person", fmt.Sprint(have+i))
	})
	for i := have; err == nil && i < len(b.made); i++ {
		// Until the last e-mail is out: what is measured next has the machine alone.
		_, err = b.mail.Next(b.made[i].Identifier, "Your account is active")
	}
	if err != nil {
		return nil, fmt.Errorf("making accounts: %w", err)
	}
	return b.made[:n], nil
}
