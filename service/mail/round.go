package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"plenary/api"
)

// round is one round of a Sender: workers with a conversation each, which get
// e-mails from take.
type round struct {
	*Sender
	server   *Server
	info     Info
	queue    chan claimedMail
	workers  sync.WaitGroup
	finished chan struct{} // an e-mail was

	mu      sync.Mutex
	changed *sync.Cond // of what follows
	width   int        // workers that there may be
	running int        // workers that there are; once there is one, one stays to the end
	open    int        // conversations
	proven  bool       // the server and its settings have stood one e-mail
	busy    int        // e-mails that are not finished
	sent    int
	stopped bool // the rest is given back
	errs    []error
}

type claimedMail struct {
	*Mail
	lease string
	until time.Time
}

func newRound(s *Sender, server *Server, info Info) *round {
	r := &round{Sender: s, server: server, info: info, queue: make(chan claimedMail), finished: make(chan struct{}, 1), width: s.width()}
	r.changed = sync.NewCond(&r.mu)
	return r
}

// take claims e-mails and gives them to workers. It is false when there is nothing
// more to do in this round.
func (r *round) take(ctx context.Context) (more bool, err error) {
	server, err := r.Server(ctx)
	if err != nil || server != r.server || r.over(ctx) {
		return false, err
	}
	idle, n := r.idle(), claims
	if r.probing() {
		n = 1
	}
	// A claimed e-mail may wait for another one before its own turn.
	c, err := r.claim(ctx, n, 3*r.server.timeout())
	if err != nil {
		return false, err
	}
	if len(c.mails) == 0 {
		if idle {
			return false, nil
		}
		r.wait(ctx) // what is under way may hold later ones of the same person back
		return true, nil
	}
	for _, m := range c.mails {
		r.give(ctx, claimedMail{m, c.lease, c.until})
	}
	return true, nil
}

// over says that no more e-mails are to be tried.
func (r *round) over(ctx context.Context) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stopped || ctx.Err() != nil
}

func (r *round) idle() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.busy == 0
}

// wait waits until an e-mail was finished, but not for long: there may be others.
func (r *round) wait(ctx context.Context) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-r.finished:
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (r *round) fail(err error) {
	if err == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errs = append(r.errs, err)
}

// give gives an e-mail to a worker, to one more where there may be. The first e-mail
// is through before there is a second: a wrong password is tried once.
func (r *round) give(ctx context.Context, m claimedMail) {
	r.mu.Lock()
	r.busy++
	for !r.proven && r.busy > 1 && !r.stopped {
		r.changed.Wait()
	}
	if r.running == 0 || !r.stopped && r.running < r.width && r.running < r.busy {
		r.running++
		r.workers.Go(func() { r.work(ctx) })
	}
	r.mu.Unlock()
	r.queue <- m
}

// work delivers e-mails until the queue ends, or until the server bears no
// conversation of this worker beside those of others.
func (r *round) work(ctx context.Context) {
	w := worker{round: r}
	defer w.end()
	for m := range r.queue {
		o, more := outcome{state: Waiting, at: r.Now(), untried: true}, true
		if !r.over(ctx) && r.Now().Before(m.until.Add(-r.server.timeout())) {
			o, more = w.attempt(ctx, m.Mail)
		}
		asked := o.state == Sent || o.asked
		r.fail(r.finish(ctx, m.Mail, m.lease, o))
		r.mu.Lock()
		r.busy--
		r.proven = r.proven || asked
		if o.state == Sent {
			r.sent++
		}
		if !more {
			r.running--
		}
		r.changed.Broadcast()
		r.mu.Unlock()
		select {
		case r.finished <- struct{}{}:
		default:
		}
		if !more {
			return
		}
	}
}

// worker has a conversation and delivers one e-mail after another.
type worker struct {
	*round
	talk *conversation // nil: none is open
}

// attempt delivers an e-mail and says what became of it, and whether the worker goes on.
func (w *worker) attempt(ctx context.Context, m *Mail) (o outcome, more bool) {
	failed := w.guarded(ctx, m)
	now := w.Now()
	switch {
	case failed == nil:
		w.works()
		return outcome{state: Sent, at: now}, true
	case ctx.Err() != nil: // stopped, not failed: the next one may try at once
		return outcome{state: Waiting, at: now, untried: true}, true
	case failed.ofServer():
		if failed.beforeEMail() && w.talk == nil && w.yield() {
			return outcome{state: Waiting, at: now, untried: true}, false
		}
		w.stop(failed)
		if failed.beforeEMail() {
			return outcome{state: Waiting, at: now, problem: failed.stored()}, true
		}
	}
	o = outcome{state: Waiting, problem: failed.stored(), asked: failed.step != "", at: now.Add(backOff(m.attempts))}
	about := []any{slog.String("mail", m.ID), slog.String("template", m.Template), slog.String("problem", o.problem)}
	if failed.permanent || !m.first.IsZero() && now.Sub(m.first) > giveUp {
		w.Log.Warn("an e-mail failed for good", about...)
		o.state, o.at = Failed, now
		return o, true
	}
	w.Log.Warn("an e-mail is tried again later", append(about, slog.Int("attempts", m.attempts), slog.Time("next", o.at))...)
	return o, true
}

// yield says that this worker may leave the server to the others.
func (w *worker) yield() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.open == 0 {
		return false
	}
	w.width = w.open
	w.narrowTo(w.open)
	return true
}

// stop ends the round for all e-mails.
func (w *worker) stop(failed *sendError) {
	w.mu.Lock()
	first := !w.stopped
	w.stopped = true
	w.mu.Unlock()
	if first {
		rest := w.trouble()
		w.Log.Warn("e-mails wait: the mail server or its settings are in trouble",
			slog.String("problem", failed.stored()), slog.Duration("for", rest))
	}
}

var errPanic = errors.New("panic")

// guarded is deliver, but a panic fails the e-mail for good: a row that brings it
// about would end the process at each try, and keep the others from being sent. The
// panic's value could hold anything, so only where it happened is logged.
func (w *worker) guarded(ctx context.Context, m *Mail) (failed *sendError) {
	defer func() {
		if v := recover(); v != nil {
			w.Log.Error("panic while an e-mail was delivered", slog.String("mail", m.ID),
				slog.String("what", fmt.Sprintf("%T", v)), slog.String("stack", string(debug.Stack())))
			w.end()
			failed = unreadable(errPanic)
		}
	}()
	return w.deliver(ctx, m)
}

// deliver hands an e-mail over in the worker's conversation, or in a new one where
// there is none, it is worn out, or the server has ended it meanwhile.
func (w *worker) deliver(ctx context.Context, m *Mail) *sendError {
	if m.broken != nil {
		return unreadable(m.broken)
	}
	if w.info.confirms(&m.Message) {
		err := w.paced.do(ctx, func() error { return w.info.complete(ctx, &m.Message) })
		if ctx.Err() != nil { // it waits for the next one to make it whole
			return unreadable(ctx.Err())
		} else if err != nil {
			w.Log.Warn("a confirmation leaves without code and PDF", slog.String("mail", m.ID), slog.Any("error", err))
		}
	}
	rendered, err := Render(w.info, m.Message)
	if err != nil {
		return unreadable(err)
	}
	l, failed := w.server.letter(m.ID, w.info.Organization, rendered)
	if failed != nil {
		return failed
	}
	ctx, cancel := context.WithTimeout(ctx, w.server.timeout())
	defer cancel()
	if w.talk != nil && w.talk.worn() {
		w.end()
	}
	kept := w.talk != nil
	for {
		if w.talk == nil {
			if failed := w.begin(ctx); failed != nil {
				return failed
			}
		}
		failed := w.handOver(ctx, l)
		over := w.talk.broken
		if over {
			w.end()
		}
		if failed == nil || !kept || !over || failed.step != api.MailStepSender {
			return failed
		}
		kept = false
	}
}

// handOver hands an e-mail over in the worker's conversation. If the service stops
// meanwhile, that is finished within the sender's grace: a mail server that has taken
// an e-mail, and is not heard to say so, would get it again.
func (w *worker) handOver(ctx context.Context, l letter) *sendError {
	until, _ := ctx.Deadline()
	handing, cancel := context.WithDeadline(context.WithoutCancel(ctx), until)
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		over := time.AfterFunc(w.grace, cancel)
		context.AfterFunc(handing, func() { over.Stop() })
	})
	defer stop()
	return w.talk.deliver(handing, l, unseen)
}

func unseen(api.MailStep) {}

// begin opens a conversation.
func (w *worker) begin(ctx context.Context) *sendError {
	c := &conversation{server: w.server}
	if failed := c.open(ctx, unseen); failed != nil {
		c.end()
		return failed
	}
	w.talk = c
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open++
	return nil
}

// end ends the conversation, if there is one.
func (w *worker) end() {
	if w.talk == nil {
		return
	}
	w.talk.end()
	w.talk = nil
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open--
}
