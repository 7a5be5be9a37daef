//go:build e2e

package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"plenary/api"
	inside "plenary/service"
	"plenary/service/account/credential"
	"plenary/service/account/staff"
	"plenary/service/secret"
	"plenary/service/store"
)

// names are the first names of most people.
var names = []string{"José", "Amina", "伟", "سلمى", "Łukasz", "Olga", "Jean-Pierre", "Mette", "Ngozi", "Aiko"}

// population is a service's database, filled beside the service.
type population struct{ database, keyFile string }

// with opens the service's insides on the database for a while.
func (p population) with(do func(context.Context, *inside.Service) error) error {
	ctx := context.Background()
	key, err := secret.Load(p.keyFile)
	if err != nil {
		return err
	}
	beside, err := inside.Open(ctx, inside.Config{
		Database: p.database, Key: key, Hashing: credential.Hashing{MemoryKiB: 64, Time: 1, Threads: 1},
	})
	if err != nil {
		return err
	}
	defer beside.Close()
	return do(ctx, beside)
}

// fill makes n accounts, and those of people: a thousand as the service's commands do,
// and the others as their copies, since a million takes hours otherwise.
func (p population) fill(n int, people []staff.NewAccount) error {
	return p.with(func(ctx context.Context, beside *inside.Service) error {
		if err := inParallel(fewAccounts, atOnce, func(i int) error {
			_, err := beside.Accounts().Create(ctx, newMember(i, names[i%len(names)]))
			return err
		}); err != nil {
			return err
		}
		if err := multiply(ctx, p.database, n); err != nil {
			return err
		}
		for _, who := range people {
			if _, err := beside.Accounts().Create(ctx, who); err != nil {
				return err
			}
		}
		return nil
	})
}

// administrator makes an administrator, and gives the access token of a new session.
func (p population) administrator() (token string, err error) {
	who := newMember(fewAccounts, "Staff")
	who.Roles = []string{api.RoleAdministrator}
	err = p.with(func(ctx context.Context, beside *inside.Service) error {
		if _, err := beside.Accounts().Create(ctx, who); err != nil {
			return err
		}
		session, err := beside.Accounts().LogIn(ctx, api.LogIn{Identifier: who.Username, Password: who.Password})
		if err != nil {
			return err
		}
		token = session.Access
		// Administrators count as such once they have two-step log-in.
		return beside.DB().UpdateOne(ctx, func(tx *store.Tx) error {
			tx.Do(`INSERT INTO second_factors (account_id, secret, confirmed_at, last_step)
				SELECT id, '', 1, 0 FROM accounts WHERE username = $1`, who.Username)
			return nil
		})
	})
	return token, err
}

func newMember(i int, first string) staff.NewAccount {
	return staff.NewAccount{
		Username: fmt.Sprintf("member%d", i), Email: fmt.Sprintf("member%d@example.org", i), Password: "Window-Seat-7-Lausanne",
		FirstName: first, FamilyName: fmt.Sprintf("Family%d", i%700),
		Organization: api.Organization{Name: fmt.Sprintf("Ministry %d", i%190), Country: "CH", Membership: "academia"},
	}
}

// copiedTables are the rows that an account has, in an order in which they refer to
// each other.
var copiedTables = []struct{ name, columns, where string }{
	{"owners", "id", " WHERE id <> ''"},
	{"usernames", "username_key owner", ""},
	{"accounts", "id username username_key email email_key title first_name family_name phone language country " +
		"membership organization_id organization_name news created_at activated_at search sort_key", ""},
	{"credentials", "account_id password changed_at", ""},
	{"account_words", "word sort_key account_id", ""},
}

// doubleAccounts gives each account a copy, with the same names but an id, a username
// and an address of its own: suffix is what those have at their ends.
func doubleAccounts(tx *store.Tx, suffix string, concatenated func(column, place string) string) {
	for _, t := range copiedTables {
		columns := strings.Fields(t.columns)
		values, args := slices.Clone(columns), []any{suffix}
		for i, column := range columns {
			switch column {
			case "id", "account_id", "owner", "username", "username_key", "email", "email_key":
				values[i] += " || CAST($1 AS TEXT)"
			case "sort_key":
				values[i] = concatenated(column, "$2")
				args = append(args, []byte(suffix))
			}
		}
		tx.Do("INSERT INTO "+t.name+" ("+strings.Join(columns, ", ")+") SELECT "+strings.Join(values, ", ")+
			" FROM "+t.name+t.where, args...)
	}
}

// multiply doubles the accounts until there are n, and has PostgreSQL look at what it
// holds, as it does by itself after a while.
func multiply(ctx context.Context, database string, n int) error {
	ctx, cancel := context.WithTimeout(ctx, time.Hour)
	defer cancel()
	db, err := store.Open(ctx, database, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer db.Close()
	postgres := strings.HasPrefix(database, "postgres://")
	concatenated := func(column, place string) string { return "CAST(" + column + " || " + place + " AS BLOB)" }
	if postgres {
		concatenated = func(column, place string) string { return column + " || CAST(" + place + " AS BYTEA)" }
	} else if err := db.UpdateCommitted(ctx, func(tx *store.Tx) error {
		// In KiB, so that indexes are filled in memory. READ COMMITTED: it changes no rows.
		tx.Do(`PRAGMA cache_size = -4000000`)
		return nil
	}); err != nil {
		return err
	}
	for have, round := fewAccounts, 0; have < n; have, round = 2*have, round+1 {
		// READ COMMITTED: nobody else makes accounts.
		if err := db.UpdateCommitted(ctx, func(tx *store.Tx) error {
			if postgres {
				tx.Do(`SET LOCAL session_replication_role = replica`) // copies refer to copies: nothing to check
			}
			doubleAccounts(tx, fmt.Sprintf("-%d", round), concatenated)
			return nil
		}); err != nil {
			return err
		}
	}
	if !postgres {
		return nil
	}
	return db.UpdateCommitted(ctx, func(tx *store.Tx) error { // READ COMMITTED: it changes no rows of ours
		tx.Do(`ANALYZE`)
		return nil
	})
}
