//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/e2e/crowd"
	"plenary/e2e/mailserver"
	"plenary/e2e/postgres"
	"plenary/e2e/service"
	"plenary/service/store"
	_ "plenary/service/store/postgres"
)

const (
	doorsOpen = 600 // log in at the same moment
	comeAgain = 40  // of those who were refused, so that the test does not take minutes
)

// crowded runs a real service, with n people, on a database: SQLite if none is named.
func crowded(t *testing.T, database string, n int) (*service.Service, []service.Person) {
	t.Helper()
	mails, err := mailserver.Start()
	must(t, err)
	t.Cleanup(func() { mails.Close() })
	s, err := service.StartReal(binary(t, "plenaryd"), t.TempDir(), database, mails.Address())
	must(t, err)
	t.Cleanup(s.Stop)
	if database == "" {
		database = filepath.Join(s.Data(), "plenaryd.db")
	}
	people, err := crowd.Fill(s, database, n)
	must(t, err)
	return s, people
}

// readiness asks whether the service is ready, and gives what it says.
func readiness(address string) (status int, says string, err error) {
	client := &http.Client{Timeout: time.Minute}
	r, err := client.Get(address + "/readyz")
	if err != nil {
		return 0, "", err
	}
	defer r.Body.Close()
	var said struct{ Status string }
	err = json.NewDecoder(r.Body).Decode(&said)
	return r.StatusCode, said.Status, err
}

// noDefect fails if the service's log has an error, or an answer "internal".
func noDefect(t *testing.T, s *service.Service) {
	t.Helper()
	log, err := os.ReadFile(s.Log())
	must(t, err)
	for line := range strings.Lines(string(log)) {
		if strings.Contains(line, `"level":"ERROR"`) || strings.Contains(line, "level=ERROR") {
			t.Errorf("the log says %s", line)
		}
	}
}

// When the doors open, all want to log in at once. Each is answered: with a session, or
// with 503 and when to come again; whoever does that gets in. The service says all the
// time whether it is ready, and nothing of it counts as a defect.
func TestCrowd_logsInAtOnce(t *testing.T) {
	server, err := postgres.Start()
	must(t, err)
	t.Cleanup(server.Stop)
	must(t, server.Create("crowd"))
	for name, database := range map[string]string{"SQLite": "", "PostgreSQL": postgres.DSN(server.Address, "crowd")} {
		t.Run(name, func(t *testing.T) {
			s, people := crowded(t, database, doorsOpen)
			over := make(chan struct{})
			looked := make(chan error, 1)
			go func() {
				for {
					status, says, err := readiness(s.Address)
					if err != nil || says == "" || (status == http.StatusOK) != (says == "ok") {
						looked <- errors.Join(err, errors.New("ready: "+http.StatusText(status)+" "+says))
						return
					}
					select {
					case <-over:
						looked <- nil
						return
					case <-time.After(50 * time.Millisecond):
					}
				}
			}()
			in, wanted := map[string]bool{}, 0
			for round := 1; len(people) > 0; round++ {
				answers := crowd.LogIn(s.Address, people)
				var again []service.Person
				var comeBack, slowest time.Duration
				for i, a := range answers {
					slowest = max(slowest, a.Took)
					switch {
					case a.In():
						in[a.Session.Account.ID] = true
					case a.Refused():
						again = append(again, people[i])
						comeBack = max(comeBack, a.RetryAfter)
					default:
						t.Errorf("%s: %d %s, Retry-After %v, %v", people[i].Identifier, a.Status, a.Code, a.RetryAfter, a.Err)
					}
				}
				t.Logf("round %d: %d of %d are in, the others come again after %v; the last answer after %v",
					round, len(people)-len(again), len(people), comeBack, slowest)
				if t.Failed() {
					break
				}
				if len(again) == len(people) {
					t.Fatal("nobody gets in any more")
				}
				if wanted == 0 {
					again = again[:min(len(again), comeAgain)]
					wanted = len(in) + len(again)
				}
				people = again
				if len(again) > 0 {
					<-time.After(comeBack) // as they were told
				}
			}
			close(over)
			if err := <-looked; err != nil {
				t.Error(err)
			}
			if len(in) != wanted && !t.Failed() {
				t.Errorf("%d people are in, want %d", len(in), wanted)
			}
			if status, says, err := readiness(s.Address); err != nil || status != http.StatusOK {
				t.Errorf("afterwards: %d %s, %v", status, says, err)
			}
			noDefect(t, s)
		})
	}
}

// Another process, such as a backup, holds SQLite's lock: log-ins are told to come
// again, and so is whoever asks whether the service is ready.
func TestCrowd_logsInWhileAnotherProcessHoldsTheLock(t *testing.T) {
	s, people := crowded(t, "", 20)
	db, err := store.Open(t.Context(), filepath.Join(s.Data(), "plenaryd.db"), slog.New(slog.DiscardHandler))
	must(t, err)
	t.Cleanup(func() { db.Close() })
	held, letGo, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	errLetGo := errors.New("let go")
	go func() {
		// READ COMMITTED: it changes nothing.
		ended <- db.UpdateCommitted(context.WithoutCancel(t.Context()), func(tx *store.Tx) error {
			tx.Do(`UPDATE settings SET value = value`)
			if tx.Err() != nil {
				return nil
			}
			select {
			case <-held: // tried again
			default:
				close(held)
			}
			<-letGo
			return errLetGo
		})
	}()
	select {
	case <-held:
	case err := <-ended:
		t.Fatalf("the lock cannot be had: %v", err)
	}
	answers := crowd.LogIn(s.Address, people)
	status, says, err := readiness(s.Address)
	close(letGo)
	if held := <-ended; !errors.Is(held, errLetGo) {
		t.Fatalf("the lock was not held all the time: %v", held)
	}
	for i, a := range answers {
		if !a.Refused() {
			t.Errorf("%s: %d %s, Retry-After %v, %v", people[i].Identifier, a.Status, a.Code, a.RetryAfter, a.Err)
		}
	}
	if err != nil || status != http.StatusServiceUnavailable || says != "the database is locked" {
		t.Errorf("ready while it is held: %d %q, %v", status, says, err)
	}
	slowest := slices.MaxFunc(answers, func(a, b crowd.Answer) int { return int(a.Took - b.Took) })
	t.Logf("the last answer came after %v", slowest.Took)
	for i, a := range crowd.LogIn(s.Address, people) {
		if !a.In() {
			t.Errorf("afterwards: %s: %d %s, %v", people[i].Identifier, a.Status, a.Code, a.Err)
		}
	}
	if status, says, err := readiness(s.Address); err != nil || status != http.StatusOK {
		t.Errorf("afterwards: ready %d %s, %v", status, says, err)
	}
	noDefect(t, s)
}
