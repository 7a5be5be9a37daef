//go:build e2e

// Package crowd lets many people log in to a service at the same moment. Begin at
// LogIn.
package crowd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"plenary/api"
	"plenary/e2e/service"
	inside "plenary/service"
	"plenary/service/account/bulk"
	"plenary/service/account/credential"
	"plenary/service/secret"
	"plenary/service/store"
)

// Password is everybody's: one hash is made for all, since each takes a while.
const Password = "Doors-Open-At-9-Sharp"

// Fill makes n accounts beside a service, in its database, and gives who they are.
func Fill(s *service.Service, database string, n int) (people []service.Person, err error) {
	ctx := context.Background()
	key, err := secret.Load(filepath.Join(s.Data(), "plenaryd.key"))
	if err != nil {
		return nil, err
	}
	beside, err := inside.Open(ctx, inside.Config{Database: database, Key: key})
	if err != nil {
		return nil, err
	}
	defer beside.Close()
	file := strings.Builder{}
	file.WriteString("username,email,family_name\n")
	for i := range n {
		fmt.Fprintf(&file, "crowd%d,crowd%d@example.org,Crowd\n", i, i)
		people = append(people, service.Person{Identifier: fmt.Sprintf("crowd%d@example.org", i), Password: Password})
	}
	refused := 0
	if err := beside.Accounts().ImportUsers(ctx, bulk.Import{File: strings.NewReader(file.String()), Report: func(r bulk.Imported) error {
		if r.Outcome != bulk.ImportCreated {
			refused++
		}
		return nil
	}}); err != nil || refused > 0 {
		return nil, fmt.Errorf("crowd: %d of %d were not made: %w", refused, n, err)
	}
	hash, err := credential.NewHasher(credential.DefaultHashing, 1, slog.New(slog.DiscardHandler)).Hash(ctx, Password)
	if err != nil {
		return nil, err
	}
	// READ COMMITTED: one statement.
	return people, beside.DB().UpdateCommitted(ctx, func(tx *store.Tx) error {
		tx.Do(`UPDATE credentials SET password = $1 WHERE password = ''`, hash)
		return nil
	})
}

// Answer is what the service has answered to a log-in.
type Answer struct {
	Status     int
	Code       api.Code      // of a refusal
	RetryAfter time.Duration // of a refusal; 0 means that it says nothing
	Session    api.Session
	Took       time.Duration
	Err        error // there was no answer, or none that can be understood
}

// patience is after how long a request that is not answered counts as lost: longer
// than the service promises to answer in, also on a slow machine.
const patience = 2 * time.Minute

// LogIn lets everybody log in at the same moment, and gives the answers in the order
// of people.
func LogIn(address string, people []service.Person) []Answer {
	client := &http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: len(people)}}
	defer client.CloseIdleConnections()
	answers := make([]Answer, len(people))
	begin := make(chan struct{})
	var group sync.WaitGroup
	for i, p := range people {
		group.Go(func() {
			<-begin
			start := time.Now()
			answers[i] = logIn(client, address, p)
			answers[i].Took = time.Since(start)
		})
	}
	close(begin)
	group.Wait()
	return answers
}

func logIn(client *http.Client, address string, p service.Person) (a Answer) {
	body, err := json.Marshal(api.LogIn{Identifier: p.Identifier, Password: p.Password, Machine: "Plenary, a crowd's"})
	if err != nil {
		return Answer{Err: err}
	}
	r, err := client.Post(address+"/v1/session", "application/json", bytes.NewReader(body))
	if err != nil {
		return Answer{Err: err}
	}
	defer r.Body.Close()
	a.Status = r.StatusCode
	said, err := io.ReadAll(r.Body)
	if err != nil {
		return Answer{Status: a.Status, Err: err}
	}
	if r.StatusCode == http.StatusOK {
		a.Err = json.Unmarshal(said, &a.Session)
		return a
	}
	var problem api.Problem
	a.Err = json.Unmarshal(said, &problem)
	a.Code = problem.Code
	if after := r.Header.Get("Retry-After"); after != "" {
		seconds, err := strconv.Atoi(after)
		a.Err = errors.Join(a.Err, err)
		a.RetryAfter = time.Duration(seconds) * time.Second
	}
	return a
}

// Refused says that a log-in was not taken, and when to come again.
func (a Answer) Refused() bool {
	return a.Err == nil && a.Status == http.StatusServiceUnavailable && a.RetryAfter > 0 &&
		(a.Code == api.CodeBusy || a.Code == api.CodeUnavailable)
}

// In says that a log-in has led to a session.
func (a Answer) In() bool {
	return a.Err == nil && a.Status == http.StatusOK && a.Session.Access != "" && a.Session.Refresh != ""
}
