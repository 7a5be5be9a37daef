package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/store"
)

// Limits of EMail Test, which must be no way to look around in a network.
const (
	testTime    = 12 * time.Second // of the 15 within which it answers, whatever the server does
	testLease   = 20 * time.Second // one at a time for each administrator, also if a node dies over it
	testsWindow = time.Hour
	testsAllow  = 30             // in the window, for each administrator, saving included
	keepTests   = 24 * time.Hour // then the last one is forgotten
)

// Test is "EMail Test": it sends an e-mail by these settings, saved or not, to
// the administrator who asks, and says of each step what became of it. It
// answers within 15 seconds; more than one test at a time, or 30 in an hour, are
// refused with api.CodeTooMany.
func (a *Admin) Test(ctx context.Context, who caller.Caller, in api.TestMail) (api.MailTest, error) {
	server, _, err := a.candidate(ctx, in.Settings)
	if invalid, ok := errors.AsType[*api.Problem](err); ok {
		for i := range invalid.Errors {
			invalid.Errors[i].Pointer = "/settings" + invalid.Errors[i].Pointer
		}
	}
	if err != nil {
		return api.MailTest{}, err
	}
	return a.runTest(ctx, who.AccountID, server, true)
}

// LastTest gives the newest test of an administrator of the last 24 hours, or
// refuses with api.CodeNotFound. It may have run on another node.
func (a *Admin) LastTest(ctx context.Context, who caller.Caller) (api.MailTest, error) {
	var result string
	err := a.DB.Peek(ctx, func(tx *store.Tx) error {
		tx.Get(`SELECT result FROM mail_tests WHERE account_id = $1 AND begun_at > $2`,
			who.AccountID, store.Micros(a.Now().Add(-keepTests))).Into(&result)
		return nil
	})
	switch {
	case err != nil:
		return api.MailTest{}, err
	case result == "": // none, or one that runs
		return api.MailTest{}, api.Refuse(api.CodeNotFound)
	}
	var test api.MailTest
	if err := json.Unmarshal([]byte(result), &test); err != nil {
		return api.MailTest{}, fmt.Errorf("mail: read the last test: %w", err)
	}
	account, err := a.Account(ctx, who.AccountID)
	test.Recipient = account.Email
	return test, err
}

// runTest runs a test; message says whether it sends one.
func (a *Admin) runTest(ctx context.Context, accountID string, server *Server, message bool) (api.MailTest, error) {
	who, err := a.Account(ctx, accountID)
	if err != nil {
		return api.MailTest{}, err
	}
	info, err := a.Info(ctx)
	if err != nil {
		return api.MailTest{}, err
	}
	if err := a.begin(ctx, accountID); err != nil {
		return api.MailTest{}, err
	}
	test, problem := trial(ctx, server, info, who, message)
	test.At = a.Now().UTC()
	return test, a.end(context.WithoutCancel(ctx), accountID, test, problem)
}

// trial goes through the steps; problem says where it failed and why, without
// addresses, or is "ok".
func trial(ctx context.Context, server *Server, info Info, who api.Account, message bool) (test api.MailTest, problem string) {
	ctx, cancel := context.WithTimeout(ctx, min(testTime, server.timeout()))
	defer cancel()
	var l letter
	r, err := Render(info, Message{To: who.Email, Language: who.Language, Template: Test})
	failed := unreadable(err)
	if err == nil {
		l, failed = server.letter(uuid.NewString(), info.Organization, r)
	}
	if !message {
		l.write = nil
	}
	if failed == nil {
		failed = server.reach(ctx, l, func(s api.MailStep) { test.Steps = append(test.Steps, s) })
	}
	test.OK, test.Recipient, problem = failed == nil, who.Email, "ok"
	if failed != nil {
		problem = failed.stored()
	}
	return test, problem
}

// begin counts a test before it runs, or refuses with api.CodeTooMany.
func (a *Admin) begin(ctx context.Context, accountID string) error {
	// Serializable: the row that is judged is the one that is replaced.
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		var (
			now                   = a.Now()
			running, window, done int64
		)
		tx.Get(`SELECT running_until, window_at, count FROM mail_tests WHERE account_id = $1`, accountID).
			Into(&running, &window, &done)
		if wait := store.Time(running).Sub(now); wait > 0 {
			return &api.Problem{Code: api.CodeTooMany, RetryAfter: wait}
		}
		opened := store.Time(window)
		if now.Sub(opened) >= testsWindow {
			opened, done = now, 0
		}
		if done >= testsAllow {
			return &api.Problem{Code: api.CodeTooMany, RetryAfter: opened.Add(testsWindow).Sub(now)}
		}
		tx.Do(`INSERT INTO mail_tests (account_id, begun_at, running_until, window_at, count, result)
			VALUES ($1, $2, $3, $4, $5, '') ON CONFLICT (account_id) DO UPDATE SET begun_at = excluded.begun_at,
			running_until = excluded.running_until, window_at = excluded.window_at, count = excluded.count, result = ''`,
			accountID, store.Micros(now), store.Micros(now.Add(testLease)), store.Micros(opened), done+1)
		return nil
	})
}

// end keeps what became of a test, without the recipient's address.
func (a *Admin) end(ctx context.Context, accountID string, test api.MailTest, problem string) error {
	test.Recipient = ""
	result, err := json.Marshal(test)
	if err != nil {
		return fmt.Errorf("mail: write a test: %w", err)
	}
	// READ COMMITTED: one row, which is this administrator's.
	return a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		tx.Do(`UPDATE mail_tests SET running_until = 0, result = $1 WHERE account_id = $2`, string(result), accountID)
		a.Audit.Note(tx, audit.MailTested, "", problem)
		return nil
	})
}
