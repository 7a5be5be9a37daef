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
		if err := multiply(ctx, p.database, n/fewAccounts); err != nil {
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

// employ makes somebody with a role of staff, and gives the access token of a new session.
func (p population) employ(role string) (token string, err error) {
	who := newMember(fewAccounts, "Staff")
	who.Roles = []string{role}
	err = p.with(func(ctx context.Context, beside *inside.Service) error {
		if _, err := beside.Accounts().Create(ctx, who); err != nil {
			return err
		}
		session, err := beside.Accounts().LogIn(ctx, api.LogIn{Identifier: who.Username, Password: who.Password})
		if err != nil {
			return err
		}
		token = session.Access
		// Roles of staff count once there is two-step log-in.
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
// each other, and what each table is sorted by.
var copiedTables = []struct{ name, columns, where, order string }{
	{"owners", "id", " WHERE id <> ''", "id"},
	{"usernames", "username_key owner", "", "username_key"},
	{"accounts", "id username username_key email email_key title first_name family_name phone language country " +
		"membership organization_id organization_name news created_at activated_at search sort_key", "", "sort_key"},
	{"credentials", "account_id password changed_at", "", "account_id"},
	{"account_words", "word sort_key account_id", "", "word, sort_key"},
}

// copies gives the statements that make so many copies of each account, with the same
// names, but an id, a username and an address of its own, which have a number at their
// ends. Rows come in the order of their table's key, which is the quickest.
func copies(n int, bytesOf func(text string) string) (statements []string) {
	const number = `'-' || CAST(copy.number AS TEXT)`
	for _, t := range copiedTables {
		columns := strings.Fields(t.columns)
		values := slices.Clone(columns)
		for i, column := range columns {
			switch column {
			case "id", "account_id", "owner", "username", "username_key", "email", "email_key":
				values[i] += " || " + number
			case "sort_key":
				values[i] = bytesOf(number)
			}
		}
		statements = append(statements,
			"CREATE TEMPORARY TABLE original AS SELECT * FROM "+t.name+t.where+" ORDER BY "+t.order,
			fmt.Sprintf(`WITH RECURSIVE copy (number) AS (SELECT 10001 UNION ALL SELECT number + 1 FROM copy WHERE number < %d)
				INSERT INTO %s (%s) SELECT %s FROM original CROSS JOIN copy`,
				10000+n, t.name, strings.Join(columns, ", "), strings.Join(values, ", ")),
			"DROP TABLE original")
	}
	return statements
}

// multiply copies the accounts until there are n times as many. Indexes are made at the
// end, as far as the database can do without them.
func multiply(ctx context.Context, database string, n int) error {
	ctx, cancel := context.WithTimeout(ctx, time.Hour)
	defer cancel()
	db, err := store.Open(ctx, database, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer db.Close()
	fill, postgres := multiplyOnSQLite, strings.HasPrefix(database, "postgres://")
	if postgres {
		fill = multiplyOnPostgres
	}
	// READ COMMITTED: nobody else makes accounts.
	if err := db.UpdateCommitted(ctx, func(tx *store.Tx) error {
		fill(tx, n-1)
		return nil
	}); err != nil {
		return err
	}
	// What either database does by itself after a while, is not to be measured.
	if postgres {
		for _, t := range copiedTables {
			if err := db.UpdateOne(ctx, func(tx *store.Tx) error {
				tx.Do(`VACUUM ANALYZE ` + t.name)
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	}
	return db.Peek(ctx, func(tx *store.Tx) error {
		var busy, pages, moved int
		tx.Get(`PRAGMA wal_checkpoint(TRUNCATE)`).Into(&busy, &pages, &moved)
		return nil
	})
}

func multiplyOnSQLite(tx *store.Tx, more int) {
	tx.Do(`PRAGMA cache_size = -4000000`) // in KiB, so that indexes are filled in memory
	var indexes []string
	for _, t := range copiedTables {
		for scan := range tx.Each(`SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = $1 AND sql IS NOT NULL`, t.name) {
			var name, sql string
			scan(&name, &sql)
			indexes = append(indexes, name, sql)
		}
	}
	for i := 0; i < len(indexes); i += 2 {
		tx.Do(`DROP INDEX ` + indexes[i])
	}
	for _, q := range copies(more, func(text string) string { return "CAST(sort_key || " + text + " AS BLOB)" }) {
		tx.Do(q)
	}
	for i := 0; i < len(indexes); i += 2 {
		tx.Do(indexes[i+1])
	}
}

func multiplyOnPostgres(tx *store.Tx, more int) {
	tx.Do(`SET LOCAL session_replication_role = replica`) // copies refer to copies: nothing to check
	tx.Do(`SET LOCAL maintenance_work_mem = '512MB'`)
	ready := func(table string, ready bool) {
		tx.Do(`UPDATE pg_index SET indisready = $1 WHERE indrelid = CAST(CAST($2 AS TEXT) AS regclass)`, ready, table)
	}
	for _, t := range copiedTables {
		ready(t.name, false)
	}
	for _, q := range copies(more, func(text string) string { return "sort_key || convert_to(" + text + ", 'UTF8')" }) {
		tx.Do(q)
	}
	for _, t := range copiedTables {
		tx.Do(`REINDEX TABLE ` + t.name)
	}
}
