//go:build e2e

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/e2e/postgres"
	inside "plenary/service"
	"plenary/service/account/credential"
	"plenary/service/account/staff"
	members "plenary/service/accounts"
	"plenary/service/meetings"
	"plenary/service/secret"
)

const (
	registrants    = 64   // who register at once, each one person after the other
	registered     = 3000 // in all
	readers        = 16
	readFor        = 3 * time.Second
	relayDelay     = 500 * time.Microsecond // of each direction
	onlyMeeting    = "C-00000001"
	relayedMeeting = "C-00000002"
	decidedMeeting = "C-00000003" // by the secretariat, without a limit
)

// hall is a service with people who have logged in, and meetings that are open to all.
type hall struct {
	*site
	sessions []api.Session
	tokens   []string // access tokens of the sessions
}

// newHall makes people and meetings in the database of a running service, as its
// commands do but with a password hash that costs nothing, and logs the people in.
func newHall(s *site, database string, people int) (*hall, error) {
	ctx := context.Background()
	key, err := secret.Load(filepath.Join(s.Data(), "plenaryd.key"))
	if err != nil {
		return nil, err
	}
	beside, err := inside.Open(ctx, inside.Config{
		Database: database, Key: key, Hashing: credential.Hashing{MemoryKiB: 64, Time: 1, Threads: 1},
	})
	if err != nil {
		return nil, err
	}
	defer beside.Close()
	if err := makeMeetings(ctx, beside.Meetings()); err != nil {
		return nil, err
	}
	h := &hall{site: s, sessions: make([]api.Session, people), tokens: make([]string, people)}
	return h, inParallel(people, atOnce, func(i int) error {
		session, err := member(ctx, beside.Accounts(), i)
		h.sessions[i], h.tokens[i] = session, session.Access
		return err
	})
}

// makeMeetings makes the meetings for which people register.
func makeMeetings(ctx context.Context, m *meetings.Meetings) error {
	now := time.Now().UTC()
	start := now.AddDate(0, 1, 0)
	var definitions []api.MeetingDetails
	for _, code := range []string{onlyMeeting, relayedMeeting, decidedMeeting} {
		capacity, approval := 2*registered, api.ApprovalNone
		if code == decidedMeeting {
			capacity, approval = 0, api.ApprovalSecretariat
		}
		definitions = append(definitions, api.MeetingDetails{MeetingPrivate: api.MeetingPrivate{Platform: "https://remote.example.int/1"}, Meeting: api.Meeting{
			Code: code, Title: api.Text{"en": "Plenary"}, Place: api.Text{"en": "Geneva"}, Zone: "Europe/Zurich",
			Sessions:         []api.MeetingSession{{Title: api.Text{"en": "Day"}, Start: start, End: start.Add(8 * time.Hour)}},
			RegistrationFrom: now.Add(-time.Hour), RegistrationUntil: now.Add(24 * time.Hour),
			Capacity: capacity, WaitingList: capacity > 0, Participation: []string{api.OnSite, api.Remote},
			Approval: approval, Contact: "meetings@example.int",
		}})
	}
	reports, err := m.Import(ctx, definitions)
	if err != nil {
		return err
	}
	for _, r := range reports {
		if r.Outcome != "added" {
			return fmt.Errorf("meeting %s: %s %q", r.Code, r.Outcome, r.Wrong)
		}
	}
	return nil
}

// member makes an account and gives a session.
func member(ctx context.Context, a *members.Accounts, i int) (api.Session, error) {
	n := staff.NewAccount{
		Username: fmt.Sprintf("member%d", i), Email: fmt.Sprintf("member%d@example.org", i), Password: "Window-Seat-7-Lausanne",
		FirstName: "Member", FamilyName: fmt.Sprint(i),
		Organization: api.Organization{Name: "Example University", Country: "CH", Membership: "academia"},
	}
	if _, err := a.Create(ctx, n); err != nil {
		return api.Session{}, err
	}
	return a.LogIn(ctx, api.LogIn{Identifier: n.Username, Password: n.Password})
}

// register lets everybody in the hall register for a meeting, 64 at once, and gives
// how many did in a second.
func (h *hall) register(meeting string) (float64, error) {
	var (
		next   atomic.Int64
		failed = make(chan error, registrants)
		group  sync.WaitGroup
		client = &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: registrants}}
		start  = time.Now()
	)
	for range registrants {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(h.tokens)); i = next.Add(1) - 1 {
				if err := registerOne(client, h.Address, h.tokens[i], meeting); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	group.Wait()
	took := time.Since(start)
	select {
	case err := <-failed:
		return 0, err
	default:
	}
	return float64(len(h.tokens)) / took.Seconds(), nil
}

// errBusy: the service asks to come back.
var errBusy = errors.New("busy")

// registerOne lets somebody register for a meeting.
func registerOne(client *http.Client, address, token, meeting string) error {
	body, err := registration(meeting)
	if err != nil {
		return err
	}
	_, err = deliver(client, address, token, body)
	return err
}

// registration is the delivery of an operation that registers for a meeting.
func registration(meeting string) ([]byte, error) {
	payload, err := json.Marshal(api.Register{Meeting: meeting, Participation: api.OnSite, BadgeName: "Member"})
	if err != nil {
		return nil, err
	}
	return json.Marshal(api.Deliver{Stream: uuid.NewString(), Sent: time.Now(), Operations: []api.Operation{
		{ID: uuid.Must(uuid.NewV7()).String(), Number: 1, Kind: api.OpRegister, Made: time.Now(), Payload: payload},
	}})
}

// deliver delivers a registration, and gives its number.
func deliver(client *http.Client, address, token string, body []byte) (number string, err error) {
	answer, err := exchange(client, http.MethodPost, address+"/v1/operations", token, body)
	if err != nil {
		return "", err
	}
	var delivered api.Delivered
	if err := json.Unmarshal(answer, &delivered); err != nil {
		return "", err
	}
	if len(delivered.Results) != 1 || delivered.Results[0].Outcome != api.Done || delivered.Results[0].Registration == nil {
		return "", fmt.Errorf("registering: %s", answer)
	}
	return delivered.Results[0].Registration.Number, nil
}

// exchange gives the body of an answer with 200; errBusy for 503.
func exchange(client *http.Client, method, address, token string, body []byte) ([]byte, error) {
	request, err := http.NewRequest(method, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return nil, err
	case response.StatusCode == http.StatusServiceUnavailable:
		return nil, errBusy
	case response.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%s %s: %s %s", method, address, response.Status, answer)
	}
	return answer, nil
}

// reads gives how often in a second people can ask for their account.
func (h *hall) reads() (float64, error) {
	var (
		done   atomic.Int64
		failed = make(chan error, readers)
		group  sync.WaitGroup
		client = &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: readers}}
		start  = time.Now()
	)
	for i := range readers {
		group.Go(func() {
			for time.Since(start) < readFor {
				if _, err := exchange(client, http.MethodGet, h.Address+"/v1/account", h.tokens[i], nil); err != nil {
					failed <- err
					return
				}
				done.Add(1)
			}
		})
	}
	group.Wait()
	took := time.Since(start)
	select {
	case err := <-failed:
		return 0, err
	default:
	}
	return float64(done.Load()) / took.Seconds(), nil
}

// hallOnSQLite measures registrations for one meeting, and authenticated reads, of a
// service on SQLite.
func hallOnSQLite(b *bench) ([]float64, error) {
	s, err := b.onSQLite("hall")
	if err != nil {
		return nil, err
	}
	defer s.Stop()
	h, err := newHall(s, filepath.Join(s.Data(), "plenaryd.db"), registered)
	if err != nil {
		return nil, err
	}
	reads, err := h.reads()
	if err != nil {
		return nil, err
	}
	rate, err := h.register(onlyMeeting)
	return []float64{rate, reads}, err
}

// hallOnPostgres is the same on PostgreSQL, and then with the network in between.
func hallOnPostgres(b *bench) ([]float64, error) {
	s, stop, err := b.onPostgres("filled", nil)
	if err != nil {
		return nil, err
	}
	defer stop()
	h, err := newHall(s, postgres.DSN(b.database.Address, "filled"), registered)
	if err != nil {
		return nil, err
	}
	reads, err := h.reads()
	if err != nil {
		return nil, err
	}
	rate, err := h.register(onlyMeeting)
	if err != nil {
		return nil, err
	}
	relay, err := postgres.NewRelay(b.database.Address, relayDelay)
	if err != nil {
		return nil, err
	}
	defer relay.Close()
	if err := s.Restart("--database", postgres.DSN(relay.Address, "filled")); err != nil {
		return nil, err
	}
	relayed, err := h.register(relayedMeeting)
	return []float64{rate, reads, relayed}, err
}
