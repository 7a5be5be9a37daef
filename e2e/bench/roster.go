//go:build e2e

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/e2e/postgres"
	inside "plenary/service"
	"plenary/service/registrations"
)

const (
	fewRegistered  = 1000
	manyRegistered = 100_000
	enteredAtOnce  = 1000
	rosterTimes    = 60   // each thing is done with few registrations and with many, in turn
	rosterRare     = 20   // people with a name that nobody else has
	decidedOn      = 1000 // at once
)

// rosterOnSQLite measures what grows with the number of registrations for one meeting: the
// largest ratio of middle times with 100,000 of them to those with a thousand, of pages of
// the managers' list, of searches by the beginnings of words that find as many with either,
// and of registering; and how long it takes to approve a thousand, in seconds.
func rosterOnSQLite(b *bench) ([]float64, error) {
	var sites [2]*site
	for i, name := range []string{"few_registered", "many_registered"} {
		s, err := b.onSQLite(name)
		if err != nil {
			return nil, err
		}
		defer s.Stop()
		sites[i] = s
	}
	return compareRosters(sites, func(i int) string { return filepath.Join(sites[i].Data(), "plenaryd.db") })
}

// rosterOnPostgres is the same on PostgreSQL.
func rosterOnPostgres(b *bench) ([]float64, error) {
	var sites [2]*site
	on := [2]string{"few_registered_on_postgres", "many_registered_on_postgres"}
	for i, name := range on {
		s, stop, err := b.onPostgres(name, nil)
		if err != nil {
			return nil, err
		}
		defer stop()
		sites[i] = s
	}
	return compareRosters(sites, func(i int) string { return postgres.DSN(b.database.Address, on[i]) })
}

// roster is a meeting with a number of registrations, its manager, and people who have not
// registered yet.
type roster struct {
	*hall
	client  *http.Client
	manager string // access token
	last    string // number of who was entered last
}

// rosterVisits are what is done with either number of registrations; of is the measure.
var rosterVisits = []struct {
	of   int
	what string
	do   func(r *roster, n int) error
}{
	{0, "the first page", listed("", 50)},
	{0, "those that wait, by organization", listed("sort=organization&state="+api.WaitingSecretariat, 50)},
	{0, "the latest changes", listed("sort=changed&descending=true", 50)},
	{0, "those of a country", listed("sort=country&country=CH", 50)},
	{1, "search", listed("query=zdenka", rosterRare)},
	{1, "search for two words", listed("query=zdenka+family6", rosterRare)},
	{2, "registering", (*roster).registerOne},
	{0, "the first page after a change", (*roster).listedAfterAChange},
}

func compareRosters(sites [2]*site, database func(i int) string) ([]float64, error) {
	var rosters [2]*roster
	for i, n := range []int{fewRegistered, manyRegistered} {
		begin := time.Now()
		var err error
		if rosters[i], err = newRoster(sites[i], database(i), n); err != nil {
			return nil, err
		}
		entered := time.Since(begin)
		if err := rosters[i].indexed(); err != nil {
			return nil, err
		}
		fmt.Printf("  %d registrations made in %v, indexed in %v\n", n, entered.Round(time.Second), (time.Since(begin) - entered).Round(time.Second))
	}
	ratios := make([]float64, 3)
	for _, visit := range rosterVisits {
		var took [2][]time.Duration
		for n := range rosterTimes {
			for i, r := range rosters {
				d, err := timed(func() error { return visit.do(r, n) })
				if err != nil {
					return nil, fmt.Errorf("%s: %w", visit.what, err)
				}
				took[i] = append(took[i], d)
			}
		}
		few, many := quantile(took[0], 0.5), quantile(took[1], 0.5)
		fmt.Printf("  %s: %v with few, %v with many, 95th percentile %v\n", visit.what, few, many, quantile(took[1], 0.95))
		ratios[visit.of] = max(ratios[visit.of], float64(many)/float64(few))
	}
	decided, err := timed(rosters[1].decideMany)
	return append(ratios, decided.Seconds()), err
}

// newRoster fills a service beside it.
func newRoster(s *site, database string, n int) (*roster, error) {
	h, err := newHall(s, database, 2*rosterTimes)
	if err != nil {
		return nil, err
	}
	r := &roster{hall: h, client: &http.Client{Timeout: 5 * time.Minute}}
	p := population{database, filepath.Join(s.Data(), "plenaryd.key")}
	err = p.with(func(ctx context.Context, beside *inside.Service) error {
		var some []registrations.Entry
		for i := range n {
			some = append(some, registrant(i))
			if len(some) < enteredAtOnce && i+1 < n {
				continue
			}
			entered, err := beside.Registrations().Enter(ctx, some)
			if err != nil {
				return err
			}
			some, r.last = some[:0], entered[len(entered)-1].Number
		}
		return nil
	})
	if err == nil {
		r.manager, err = p.employ(api.RoleMeetingManager)
	}
	return r, err
}

// registrant is somebody to enter; the first ones have a name that nobody else has.
func registrant(i int) registrations.Entry {
	first := names[i%len(names)]
	if i < rosterRare {
		first = "Zdenka"
	}
	family := i % 700
	if i < rosterRare {
		family = 600 + i
	}
	return registrations.Entry{
		Person: fmt.Sprintf("%s Family%d", first, family), Organization: fmt.Sprintf("Ministry %d", i%190),
		Country: []string{"CH", "FR", "CN", "EG"}[i%4], Membership: "academia",
		Register: api.Register{Meeting: decidedMeeting, Participation: api.OnSite, BadgeName: first},
	}
}

// listed asks for a page of the list, which must have so many.
func listed(query string, found int) func(*roster, int) error {
	return func(r *roster, _ int) error {
		page, err := r.list(query)
		if err == nil && len(page.Registrations) != found {
			err = fmt.Errorf("%s finds %d registrations, not %d", query, len(page.Registrations), found)
		}
		return err
	}
}

func (r *roster) list(query string) (page api.RegistrationRows, err error) {
	answer, err := exchange(r.client, http.MethodGet, r.Address+"/v1/managed/meetings/"+decidedMeeting+"/registrations?"+query, r.manager, nil)
	if err == nil {
		err = json.Unmarshal(answer, &page)
	}
	return page, err
}

// indexed waits until everybody is found by words.
func (r *roster) indexed() error {
	for range 600 {
		page, err := r.list("query=" + r.last)
		if err != nil || len(page.Registrations) == 1 {
			return err
		}
		time.Sleep(time.Second)
	}
	return errors.New("not everybody is found by words")
}

// registerOne lets the next person register.
func (r *roster) registerOne(n int) error {
	return registerOne(r.client, r.Address, r.tokens[n], decidedMeeting)
}

// listedAfterAChange is a page that has other counts than the one before.
func (r *roster) listedAfterAChange(n int) error {
	if err := r.registerOne(rosterTimes + n); err != nil {
		return err
	}
	return listed("", 50)(r, n)
}

// decideMany approves a thousand that wait.
func (r *roster) decideMany() error {
	page, err := r.list(fmt.Sprintf("state=%s&limit=%d", api.WaitingSecretariat, decidedOn))
	if err != nil {
		return err
	}
	var operations []api.Operation
	for len(page.Registrations) > 0 {
		n := min(api.MaxDecideMany, len(page.Registrations))
		in := api.DecideMany{Approve: true}
		for _, row := range page.Registrations[:n] {
			in.Registrations = append(in.Registrations, row.Number)
		}
		page.Registrations = page.Registrations[n:]
		payload, err := json.Marshal(in)
		if err != nil {
			return err
		}
		operations = append(operations, api.Operation{
			ID: uuid.Must(uuid.NewV7()).String(), Number: uint64(len(operations) + 1), Kind: api.OpDecideMany, Made: time.Now(), Payload: payload,
		})
	}
	body, err := json.Marshal(api.Deliver{Stream: uuid.NewString(), Sent: time.Now(), Operations: operations})
	if err != nil {
		return err
	}
	answer, err := exchange(r.client, http.MethodPost, r.Address+"/v1/operations", r.manager, body)
	if err != nil {
		return err
	}
	var delivered api.Delivered
	if err := json.Unmarshal(answer, &delivered); err != nil {
		return err
	}
	if len(delivered.Results) != len(operations) {
		return fmt.Errorf("deciding: %s", answer)
	}
	for _, result := range delivered.Results {
		if result.Outcome != api.Done || len(result.Errors) > 0 {
			return fmt.Errorf("deciding: %+v", result)
		}
	}
	return nil
}
