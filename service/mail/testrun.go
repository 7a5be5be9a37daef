package mail

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/store"
)

// testRun is a test of an administrator under way. How far it is stands in its row of
// mail_tests, where every node finds it: whoever waits asks again and again, whichever
// node answers, and no proxy keeps an answer back until it is complete.
type testRun struct {
	*Admin
	account string
	at      time.Time     // when it began, which is its name beside the account
	spent   time.Duration // on progress
}

// begin counts a test before it runs, or refuses with api.CodeTooMany.
func (r *testRun) begin(ctx context.Context) error {
	// Serializable: the row that is judged is the one that is replaced.
	return r.DB.Update(ctx, func(tx *store.Tx) error {
		var running, window, done int64
		tx.Get(`SELECT running_until, window_at, count FROM mail_tests WHERE account_id = $1`, r.account).
			Into(&running, &window, &done)
		if wait := store.Time(running).Sub(r.at); wait > 0 {
			return &api.Problem{Code: api.CodeTooMany, RetryAfter: wait}
		}
		opened := store.Time(window)
		if r.at.Sub(opened) >= testsWindow {
			opened, done = r.at, 0
		}
		if done >= testsAllow {
			return &api.Problem{Code: api.CodeTooMany, RetryAfter: opened.Add(testsWindow).Sub(r.at)}
		}
		tx.Do(`INSERT INTO mail_tests (account_id, begun_at, running_until, window_at, count, result)
			VALUES ($1, $2, $3, $4, $5, '') ON CONFLICT (account_id) DO UPDATE SET begun_at = excluded.begun_at,
			running_until = excluded.running_until, window_at = excluded.window_at, count = excluded.count, result = ''`,
			r.account, store.Micros(r.at), store.Micros(r.at.Add(testLease)), store.Micros(opened), done+1)
		return nil
	})
}

// Limits of the time that the database may take to keep how far a test is: for a step,
// and for all of them, since the test has to be done itself within testTime.
const (
	progressTime  = 500 * time.Millisecond
	progressTotal = 2 * time.Second
)

// progress keeps how far the test is, for those who look on. A database that does not
// take it changes nothing for the test; the next step is tried again.
func (r *testRun) progress(ctx context.Context, steps []api.MailStep) {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, min(progressTime, progressTotal-r.spent))
	defer cancel()
	test := api.MailTest{Running: true, Steps: steps, At: r.at.UTC()}
	_ = r.keep(store.MayRepeat(ctx), test, func(*store.Tx) {}) // who looks on sees an earlier step
	r.spent += time.Since(began)
}

// end keeps what became of the test, and notes its result.
func (r *testRun) end(ctx context.Context, test api.MailTest, result []audit.Detail) error {
	return r.keep(ctx, test, func(tx *store.Tx) {
		tx.Do(`UPDATE mail_tests SET running_until = 0 WHERE account_id = $1 AND begun_at = $2`, r.account, store.Micros(r.at))
		r.Audit.Note(tx, audit.MailTested, "", result...)
	})
}

// keep writes a test without the recipient's address, and what goes with it.
func (r *testRun) keep(ctx context.Context, test api.MailTest, with func(*store.Tx)) error {
	test.Recipient = ""
	result, err := json.Marshal(test)
	if err != nil {
		return fmt.Errorf("mail: write a test: %w", err)
	}
	// READ COMMITTED: one row, which is this run's until the next one begins.
	return r.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		tx.Do(`UPDATE mail_tests SET result = $1 WHERE account_id = $2 AND begun_at = $3`, string(result), r.account, store.Micros(r.at))
		with(tx)
		return nil
	})
}
