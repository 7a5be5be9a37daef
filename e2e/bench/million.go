//go:build e2e

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"plenary/api"
	"plenary/e2e/postgres"
	"plenary/e2e/service"
	"plenary/service/account/staff"
)

const (
	fewAccounts  = 1000
	manyAccounts = fewAccounts << 10
	millionTimes = 60 // each thing is done with few accounts and with many, in turn
	millionUsers = 20 // who log in, and are found
)

// millionOnSQLite measures what grows with the number of accounts: the largest ratio of
// middle times with a million accounts to those with a thousand, of log-in, refresh,
// the list of active users and a search by the beginnings of words that finds as many
// with either; the largest 95th percentile of these, and of a search that finds every
// tenth account, with a million, in ms; and the middle time of a search inside words
// with a million, in seconds.
func millionOnSQLite(b *bench) ([]float64, error) {
	var sites [2]*site
	for i, name := range []string{"thousand", "million"} {
		s, err := b.onSQLite(name)
		if err != nil {
			return nil, err
		}
		defer s.Stop()
		sites[i] = s
	}
	return compareCrowds(sites, func(i int) string { return filepath.Join(sites[i].Data(), "plenaryd.db") })
}

// millionOnPostgres is the same on PostgreSQL.
func millionOnPostgres(b *bench) ([]float64, error) {
	var sites [2]*site
	on := [2]string{"thousand_on_postgres", "million_on_postgres"}
	for i, name := range on {
		s, stop, err := b.onPostgres(name, nil)
		if err != nil {
			return nil, err
		}
		defer stop()
		sites[i] = s
	}
	return compareCrowds(sites, func(i int) string { return postgres.DSN(b.database.Address, on[i]) })
}

// visits are what is done with either number of accounts.
var visits = []struct {
	what string
	do   func(v *visit, n int) error
	// compared: the times with few and with many are; else those with many count alone.
	compared bool
}{
	{"log-in", (*visit).logIn, true},
	{"refresh", (*visit).refreshOne, true},
	{"list of active users", list("state="+api.UserActive, 50), true},
	{"search", list("query=zden", millionUsers), true},
	{"search for two words", list("query=zden+family6", millionUsers), true},
	{"search for a common word", list("query=amina", 50), false},
	{insideWords, list("inside=true&query=zzzz", 0), false}, // nobody is: all are looked through
}

const insideWords = "search inside words"

func compareCrowds(sites [2]*site, database func(i int) string) ([]float64, error) {
	var crowds [2]*visit
	for i, n := range []int{fewAccounts, manyAccounts} {
		begin := time.Now()
		var err error
		if crowds[i], err = newVisit(sites[i], database(i), n); err != nil {
			return nil, err
		}
		fmt.Printf("  %d accounts made in %v\n", n, time.Since(begin).Round(time.Second))
	}
	for _, v := range crowds {
		if err := v.begin(); err != nil {
			return nil, err
		}
	}
	var ratio, p95, inside float64
	for _, visit := range visits {
		var took [2][]time.Duration
		for n := range millionTimes {
			for i, v := range crowds {
				d, err := timed(func() error { return visit.do(v, n) })
				if err != nil {
					return nil, fmt.Errorf("%s: %w", visit.what, err)
				}
				took[i] = append(took[i], d)
			}
		}
		few, many, slow := quantile(took[0], 0.5), quantile(took[1], 0.5), quantile(took[1], 0.95)
		fmt.Printf("  %s: %v with few, %v with many, 95th percentile %v\n", visit.what, few, many, slow)
		if visit.what == insideWords {
			inside = many.Seconds()
			continue
		}
		p95 = max(p95, float64(slow)/float64(time.Millisecond))
		if visit.compared {
			ratio = max(ratio, float64(many)/float64(few))
		}
	}
	return []float64{ratio, p95, inside}, nil
}

// visit is somebody of the staff, and people, at a service with a number of accounts.
type visit struct {
	*site
	population
	client  *http.Client
	token   string // the administrator's access token
	people  []staff.NewAccount
	refresh []string // tokens of the people's sessions
}

// newVisit fills a service with n accounts, and with people who have a name that
// nobody else has.
func newVisit(s *site, database string, n int) (*visit, error) {
	v := &visit{site: s, population: population{database, filepath.Join(s.Data(), "plenaryd.key")}, client: &http.Client{Timeout: time.Minute}, refresh: make([]string, millionUsers)}
	for i := range millionUsers {
		v.people = append(v.people, newMember(2*fewAccounts+i, "Zdenka"))
	}
	return v, v.fill(n, v.people)
}

// begin lets everybody log in: an access token lives for less time than it takes to
// fill a service.
func (v *visit) begin() (err error) {
	if v.token, err = v.employ(api.RoleAdministrator); err != nil {
		return err
	}
	for i := range v.people {
		if err := v.logIn(i); err != nil { // which hashes the password as the service does
			return err
		}
	}
	return nil
}

func (v *visit) logIn(n int) error {
	who := v.people[n%len(v.people)]
	var s api.Session
	err := service.Call("POST", v.Address+"/v1/session", "", api.LogIn{Identifier: who.Email, Password: who.Password, Keep: true}, &s)
	v.refresh[n%len(v.people)] = s.Refresh
	return err
}

func (v *visit) refreshOne(n int) (err error) {
	i := n % len(v.refresh)
	v.refresh[i], err = newStranger(v.Address).refresh(v.refresh[i])
	return err
}

// list asks for a page of users, which must have so many.
func list(query string, found int) func(*visit, int) error {
	return func(v *visit, _ int) error {
		answer, err := exchange(v.client, http.MethodGet, v.Address+"/v1/users?"+query, v.token, nil)
		if err != nil {
			return err
		}
		var page api.Users
		if err := json.Unmarshal(answer, &page); err != nil {
			return err
		}
		if len(page.Users) != found {
			return fmt.Errorf("%s finds %d users, not %d", query, len(page.Users), found)
		}
		return nil
	}
}
