package job

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"plenary/service/store"
)

// Runner runs jobs and keeps copies fresh.
type Runner struct {
	db     *store.DB
	log    *slog.Logger
	now    func() time.Time
	jobs   []*state
	copies []*copied
	look   string // the statement that asks what there is to do

	failing failing // the last look
	work    sync.WaitGroup
}

// state is a job on this node.
type state struct {
	Job
	running atomic.Bool
	next    atomic.Int64 // microseconds: not before
	done    atomic.Int64 // microseconds: the last success on this node
	failed  atomic.Int64 // runs that failed
	panics  atomic.Int64 // ... of which by a panic
	failing failing      // the last run
}

// copied is a Copy with what it was last read at.
type copied struct {
	Copy
	seen    string
	read    bool
	failing failing
}

// New makes a runner. now is the service's clock.
func New(db *store.DB, log *slog.Logger, now func() time.Time, jobs []Job, copies []Copy) *Runner {
	r := &Runner{db: db, log: log, now: now}
	var columns []string
	for _, c := range copies {
		r.copies = append(r.copies, &copied{Copy: c})
		columns = append(columns, "CAST(("+c.Of+") AS TEXT)")
	}
	for _, j := range jobs {
		r.jobs = append(r.jobs, &state{Job: j})
		var conditions []string
		if !j.EachNode {
			// Its row comes with its first run.
			conditions = append(conditions, "NOT EXISTS (SELECT 1 FROM jobs WHERE name = '"+j.Name+"' AND (next_at > $1 OR lease_until > $1))")
		}
		if j.If != "" {
			conditions = append(conditions, "("+j.If+")")
		}
		if len(conditions) == 0 {
			conditions = []string{"1 = 1"}
		}
		columns = append(columns, "CASE WHEN "+strings.Join(conditions, " AND ")+" THEN 1 ELSE 0 END")
	}
	// $1 is there in any case, and so known to be a number.
	r.look = "SELECT CAST($1 AS BIGINT), " + strings.Join(columns, ", ")
	return r
}

// Run looks, and does what there is to do, until ctx ends; then it waits for what is
// under way, whose contexts have ended too.
func (r *Runner) Run(ctx context.Context) {
	tick := time.NewTicker(LookEvery)
	defer tick.Stop()
	defer r.work.Wait()
	for {
		r.Look(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Wait waits for what Look has begun.
func (r *Runner) Wait() { r.work.Wait() }

// Look asks once what there is to do, and begins with it.
func (r *Runner) Look(ctx context.Context) {
	texts, due, err := r.ask(ctx)
	if err != nil {
		if ctx.Err() == nil && r.failing.worse(err) {
			r.log.Log(ctx, store.Level(err), "what there is to do could not be read", slog.Any("error", err))
		}
		return
	}
	r.failing.over()
	for i, c := range r.copies {
		if c.read && c.seen == texts[i] {
			continue
		}
		err := r.guard(c.Name, nil, func() error { return c.Refresh(ctx) })
		if err == nil {
			c.failing.over()
		} else if ctx.Err() == nil && c.failing.worse(err) {
			r.log.Log(ctx, store.Level(err), "what other nodes have changed could not be read",
				slog.String("what", c.Name), slog.Any("error", err))
		}
		c.seen, c.read = texts[i], err == nil
	}
	now := store.Micros(r.now())
	for i, j := range r.jobs {
		if due[i] == 0 || j.next.Load() > now || !j.running.CompareAndSwap(false, true) {
			continue
		}
		r.work.Go(func() {
			defer j.running.Store(false)
			r.run(ctx, j)
		})
	}
}

// ask gives the texts of the copies, and which jobs are due.
func (r *Runner) ask(ctx context.Context) (texts []string, due []int64, err error) {
	texts, due = make([]string, len(r.copies)), make([]int64, len(r.jobs))
	var now int64
	into := []any{&now}
	nullable := make([]*string, len(texts))
	for i := range nullable {
		into = append(into, &nullable[i])
	}
	for i := range due {
		into = append(into, &due[i])
	}
	err = r.db.Peek(ctx, func(tx *store.Tx) error {
		tx.Get(r.look, store.Micros(r.now())).Into(into...)
		return nil
	})
	for i, text := range nullable {
		if text != nil {
			texts[i] = *text
		}
	}
	return texts, due, err
}

// run does a job, under a lease if one node is to do it.
func (r *Runner) run(ctx context.Context, j *state) {
	ctx, cancel := context.WithTimeout(ctx, lease)
	defer cancel()
	id := ""
	if !j.EachNode {
		id = uuid.NewString()
		if taken, err := r.take(ctx, j, id); err != nil || !taken {
			r.report(ctx, j, err)
			return
		}
	}
	err := r.guard(j.Name, &j.panics, func() error { return j.Do(ctx) })
	now, wait := r.now(), j.Every
	if err == nil {
		j.done.Store(store.Micros(now))
	} else if wait == 0 || wait > afterFailure {
		wait = afterFailure
	}
	if err != nil {
		j.failed.Add(1)
	}
	j.next.Store(store.Micros(now.Add(wait)))
	if !j.EachNode {
		// Also when the service ends: the next node need not wait for the lease.
		if e := r.giveBack(context.WithoutCancel(ctx), j, id, now, wait, err == nil); e != nil && err == nil {
			err = e
		}
	}
	r.report(ctx, j, err)
}

// failing is how a series of failures was logged last. So each is logged once, and once
// more when what was a warning has become an error (store.Level). The zero value is for
// none.
type failing struct{ as *slog.Level }

// worse tells whether a failure is to be logged.
func (f *failing) worse(err error) bool {
	level := store.Level(err)
	if f.as != nil && *f.as >= level {
		return false
	}
	f.as = &level
	return true
}

// over ends a series, and tells whether there was one.
func (f *failing) over() bool {
	was := f.as != nil
	f.as = nil
	return was
}

// report logs a failure, the first of several only, and the end of failing.
func (r *Runner) report(ctx context.Context, j *state, err error) {
	if ctx.Err() != nil {
		return
	}
	if err != nil && j.failing.worse(err) {
		r.log.Log(ctx, store.Level(err), "a job failed", slog.String("job", j.Name), slog.Any("error", err))
	} else if err == nil && j.failing.over() {
		r.log.Info("a job works again", slog.String("job", j.Name))
	}
}

// guard runs work and turns a panic into an error; the panic's value could hold
// anything, so only where it happened is logged.
func (r *Runner) guard(name string, panics *atomic.Int64, work func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			if panics != nil {
				panics.Add(1)
			}
			r.log.Error("panic in a job", slog.String("job", name), slog.String("what", fmt.Sprintf("%T", v)), slog.String("stack", string(debug.Stack())))
			err = fmt.Errorf("job %s: panic", name)
		}
	}()
	return work()
}

// take takes the lease of a job. It is false if another node was faster.
func (r *Runner) take(ctx context.Context, j *state, id string) (taken bool, err error) {
	now := r.now()
	// READ COMMITTED: the lease is taken by one conditional statement.
	err = r.db.UpdateCommitted(ctx, func(tx *store.Tx) error {
		taken = tx.Do(`INSERT INTO jobs (name, lease, lease_until) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET lease = excluded.lease, lease_until = excluded.lease_until
			WHERE jobs.next_at <= $4 AND jobs.lease_until <= $4`,
			j.Name, id, store.Micros(now.Add(lease)), store.Micros(now)) == 1
		return nil
	})
	return taken, err
}

// giveBack ends a lease, and says when the job is due again.
func (r *Runner) giveBack(ctx context.Context, j *state, id string, now time.Time, wait time.Duration, ok bool) error {
	done := int64(0)
	if ok {
		done = store.Micros(now)
	}
	// READ COMMITTED: one row, while the lease is this node's.
	return r.db.UpdateCommitted(store.MayRepeat(ctx), func(tx *store.Tx) error {
		tx.Do(`UPDATE jobs SET lease_until = 0, next_at = $1, done_at = CASE WHEN CAST($2 AS BIGINT) > 0 THEN CAST($2 AS BIGINT) ELSE done_at END
			WHERE name = $3 AND lease = $4`, store.Micros(now.Add(wait)), done, j.Name, id)
		return nil
	})
}

// Status is how a job goes.
type Status struct {
	Name   string
	Done   time.Time // the last success on this node; zero before the first
	Failed int64     // runs on this node that failed
	Panics int64     // ... of which by a panic
}

// Status gives how each job goes on this node.
func (r *Runner) Status() []Status {
	var list []Status
	for _, j := range r.jobs {
		list = append(list, Status{Name: j.Name, Done: store.Time(j.done.Load()), Failed: j.failed.Load(), Panics: j.panics.Load()})
	}
	return list
}
