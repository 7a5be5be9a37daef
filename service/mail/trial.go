package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
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
// answers within 15 seconds, and LastTest tells meanwhile how far it is; more than one
// test at a time, or 30 in an hour, are refused with api.CodeTooMany. It ends with ctx.
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

// LastTest gives the newest test of an administrator of the last 24 hours, also one
// that goes on, or refuses with api.CodeNotFound. It may run on another node.
func (a *Admin) LastTest(ctx context.Context, who caller.Caller) (api.MailTest, error) {
	var (
		result string
		until  int64
	)
	err := a.DB.Peek(ctx, func(tx *store.Tx) error {
		tx.Get(`SELECT result, running_until FROM mail_tests WHERE account_id = $1 AND begun_at > $2`,
			who.AccountID, store.Micros(a.Now().Add(-keepTests))).Into(&result, &until)
		return nil
	})
	switch {
	case err != nil:
		return api.MailTest{}, err
	case result == "": // none, or one that has just begun
		return api.MailTest{}, api.Refuse(api.CodeNotFound)
	}
	var test api.MailTest
	if err := json.Unmarshal([]byte(result), &test); err != nil {
		return api.MailTest{}, fmt.Errorf("mail: read the last test: %w", err)
	}
	if test.Running && !store.Time(until).After(a.Now()) { // its node died over it
		return api.MailTest{}, api.Refuse(api.CodeNotFound)
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
	run := &testRun{Admin: a, account: accountID, at: a.Now()}
	if err := run.begin(ctx); err != nil {
		return api.MailTest{}, err
	}
	test, failed := trial(ctx, server, info, who, message, func(steps []api.MailStep) { run.progress(ctx, steps) })
	result := failed.details()
	if !test.OK && errors.Is(ctx.Err(), context.Canceled) {
		result = []audit.Detail{audit.Fact(api.DetailProblem, api.MailProblemStopped)}
		stop(test.Steps)
	}
	test.At = a.Now().UTC()
	return test, run.end(context.WithoutCancel(ctx), test, result)
}

// stop says of the step that failed that it was stopped, which is not the server's fault.
func stop(steps []api.MailStep) {
	for i, s := range steps {
		if s.State == api.MailStepFailed {
			steps[i].Problem, steps[i].Code, steps[i].Enhanced = api.MailProblemStopped, 0, ""
		}
	}
}

// trial goes through the steps; at is told of each that begins, with those before it.
// problem says where it failed and why, without addresses, or is "ok".
func trial(
	ctx context.Context, server *Server, info Info, who api.Account, message bool, at func([]api.MailStep),
) (test api.MailTest, failed *sendError) {
	ctx, cancel := context.WithTimeout(ctx, min(testTime, server.timeout()))
	defer cancel()
	var l letter
	r, err := Render(info, Message{To: who.Email, Language: who.Language, Template: Test})
	failed = unreadable(err)
	if err == nil {
		l, failed = server.letter(uuid.NewString(), info.Organization, r)
	}
	if !message {
		l.write = nil
	}
	if failed == nil {
		failed = server.reach(ctx, l, func(s api.MailStep) {
			if s.State == api.MailStepRunning {
				at(append(slices.Clone(test.Steps), s))
				return
			}
			test.Steps = append(test.Steps, s)
		})
	}
	test.OK, test.Recipient = failed == nil, who.Email
	return test, failed
}
