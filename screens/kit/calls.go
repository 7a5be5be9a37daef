package kit

import (
	"context"

	"plenary/api"
	"plenary/app"
	"plenary/screens/parts"
)

// Calls are what a page asks the service: one call at a time. The page's buttons have no
// effect meanwhile, after a second the page says what it waits for, a fresh proof is asked
// for where the service wants one, and an error is said in the bar unless somebody else
// deals with it. Nothing is heard any more once the page is closed.
type Calls struct {
	env    Env
	bar    *parts.Bar
	busy   sayer
	prover *Prover // nil where no call needs a proof

	ctx     context.Context
	leave   context.CancelFunc
	held    []Held
	working bool
	end     context.CancelFunc // of a try under way; nil while there is none
	unread  bool               // what the page shows could not be read, and the bar says so
}

// Held is what has no effect while a call is under way: a button, or a Cooldown.
type Held interface {
	Enable()
	Disable()
}

// Failed deals with an error of a call, and reports whether it did. Of several the first
// one that does is the last to be asked. A proof that the person has cancelled is an error
// too (app.KindCanceled), of which nothing is said in the end.
type Failed func(err error) bool

// NewCalls returns the calls of a page, which end with ctx or Close. What is waited for
// is said by busy, mostly a parts.Busy.
func NewCalls(ctx context.Context, env Env, bar *parts.Bar, busy sayer, prover *Prover) *Calls {
	c := &Calls{env: env, bar: bar, busy: busy, prover: prover}
	c.ctx, c.leave = context.WithCancel(ctx)
	return c
}

// Close ends what the page waits for.
func (c *Calls) Close() { c.leave() }

// Context ends with the page.
func (c *Calls) Context() context.Context { return c.ctx }

// Working reports whether a call is under way.
func (c *Calls) Working() bool { return c.working }

// Button makes a button that has no effect while a call is under way; key is that of its
// words.
func (c *Calls) Button(id parts.ID, key string, kind parts.ButtonKind, do func()) *parts.Button {
	b := parts.NewButton(id, c.env.T(key), kind, do)
	c.Hold(b)
	return b
}

// Hold takes the effect from buttons while a call is under way.
func (c *Calls) Hold(buttons ...Held) { c.held = append(c.held, buttons...) }

// Release forgets the buttons, since others are to be shown.
func (c *Calls) Release() { c.held = nil }

// Do carries out what the person has decided, also if the page is left meanwhile, and then
// goes on; waiting is the key of what is waited for. It does nothing while a call is under
// way.
func (c *Calls) Do(waiting string, work func(context.Context) error, then func(), failed ...Failed) {
	if c.working {
		return
	}
	carry := c.env.Commit
	if c.prover != nil {
		carry = c.prover.Do
	}
	c.begin()
	carry(c.ctx, c.busy, c.env.T(waiting), work, c.over(then, failed))
}

// Try is Do for what changes nothing: Cancel ends it.
func (c *Calls) Try(waiting string, work func(context.Context) error, then func(), failed ...Failed) {
	if c.working {
		return
	}
	carry := c.env.Do
	if c.prover != nil {
		carry = c.prover.Try
	}
	c.begin()
	var ctx context.Context
	ctx, c.end = context.WithCancel(c.ctx)
	carry(ctx, c.busy, c.env.T(waiting), work, c.over(then, failed))
}

// Call is Do for work with a result.
func Call[T any](c *Calls, waiting string, work func(context.Context) (T, error), then func(T), failed ...Failed) {
	var result T
	c.Do(waiting, func(ctx context.Context) (err error) {
		result, err = work(ctx)
		return err
	}, func() { then(result) }, failed...)
}

// Ask is Try for work with a result.
func Ask[T any](c *Calls, waiting string, work func(context.Context) (T, error), then func(T), failed ...Failed) {
	var result T
	c.Try(waiting, func(ctx context.Context) (err error) {
		result, err = work(ctx)
		return err
	}, func() { then(result) }, failed...)
}

// Cancel ends a try; it reports whether there was one.
func (c *Calls) Cancel() bool {
	if c.end == nil {
		return false
	}
	c.done()
	c.busy.Say("")
	return true
}

// Problem says an error in the bar.
func (c *Calls) Problem(err error) {
	c.bar.Say(c.env.Problem(err))
	parts.IntoView(c.bar)
}

func (c *Calls) begin() {
	c.bar.Clear()
	c.unread = false
	c.setWorking(true)
}

func (c *Calls) done() {
	c.setWorking(false)
	if c.end != nil {
		c.end()
		c.end = nil
	}
}

func (c *Calls) over(then func(), failed []Failed) func(error) {
	return func(err error) {
		c.done()
		if err == nil {
			then()
			return
		}
		for _, deals := range failed {
			if deals(err) {
				return
			}
		}
		if c.env.KindOf(err) != app.KindCanceled { // by the person, who knows
			c.Problem(err)
		}
	}
}

func (c *Calls) setWorking(working bool) {
	c.working = working
	for _, b := range c.held {
		if working {
			b.Disable()
		} else {
			b.Enable()
		}
	}
}

// Load asks for what a page shows, beside everything else. If that does not work, the bar
// says so, with a way to try again.
func Load[T any](c *Calls, waiting string, ask func(context.Context) (T, error), show func(T)) {
	load(c.ctx, c, waiting, ask, func(value T, err error) {
		if err == nil {
			show(value)
		}
	}, func() { Load(c, waiting, ask, show) })
}

func load[T any](ctx context.Context, c *Calls, waiting string, ask func(context.Context) (T, error), then func(T, error), again func()) {
	var value T
	c.env.Do(ctx, c.busy, c.env.T(waiting), func(ctx context.Context) (err error) {
		value, err = ask(ctx)
		return err
	}, func(err error) {
		switch {
		case err != nil:
			n := c.env.Problem(err)
			n.Action, n.Act = c.env.T("shell.retry"), again
			c.unread = true
			c.bar.Say(n)
		case c.unread:
			c.unread = false
			c.bar.Clear()
		}
		then(value, err)
	})
}

// Loading is what a page shows as soon as the service has told it. It is asked for when it
// is first looked at, and again by "Try again" or once the service can be reached.
type Loading[T any] struct {
	calls   *Calls
	waiting string
	ask     func(context.Context) (T, error)
	show    func(T)

	stop                   context.CancelFunc // of the question under way
	loaded, asking, failed bool
}

// NewLoading asks for nothing yet; waiting is the key of what is waited for.
func NewLoading[T any](c *Calls, waiting string, ask func(context.Context) (T, error), show func(T)) *Loading[T] {
	return &Loading[T]{calls: c, waiting: waiting, ask: ask, show: show, stop: func() {}}
}

// Loaded reports whether the service has told it.
func (l *Loading[T]) Loaded() bool { return l.loaded }

// Open asks unless it is there, or asked for.
func (l *Loading[T]) Open() {
	if !l.loaded && !l.asking {
		l.Load()
	}
}

// Online asks again once the service can be reached, if it could not be before.
func (l *Loading[T]) Online(online bool) {
	if online && l.failed && !l.asking {
		l.Load()
	}
}

// Load asks, and shows the answer; that to an earlier question is dropped.
func (l *Loading[T]) Load() {
	l.stop()
	var ctx context.Context
	ctx, l.stop = context.WithCancel(l.calls.ctx)
	l.asking = true
	load(ctx, l.calls, l.waiting, l.ask, func(value T, err error) {
		l.asking, l.failed = false, err != nil
		if err == nil {
			l.loaded = true
			l.show(value)
		}
	}, l.Load)
}

// OnCode deals with an error of one of these kinds.
func (e Env) OnCode(deal func(err error), kinds ...string) Failed {
	return func(err error) bool {
		for _, kind := range kinds {
			if e.KindOf(err) == kind {
				deal(err)
				return true
			}
		}
		return false
	}
}

// ChangedMeanwhile deals with somebody else having been faster: it says so, with a way to
// what is stored now. What was typed stays until that way is taken.
func (e Env) ChangedMeanwhile(bar *parts.Bar, load func()) Failed {
	return e.OnCode(func(err error) {
		n := e.Problem(err)
		n.Action, n.Act = e.T("shell.reload"), func() {
			bar.Clear()
			load()
		}
		bar.Say(n)
	}, string(api.CodeOutdated))
}

// GoneMeanwhile is ChangedMeanwhile where what was to be dealt with is no longer there.
func (e Env) GoneMeanwhile(bar *parts.Bar, load func()) Failed {
	return e.OnCode(func(error) {
		bar.Say(parts.Notice{
			Tone: parts.Warning, Words: []parts.Span{{Text: e.T("staff.gone")}}, Action: e.T("shell.reload"),
			Act: func() {
				bar.Clear()
				load()
			},
		})
	}, string(api.CodeNotFound))
}

// AtFields shows each mistake that the service has found at its field, which is found by
// the JSON Pointer into the request, in the words of words, nil for those of the contract's
// codes. It deals with an error of which nothing is left to say.
func (e Env) AtFields(field func(pointer string) *parts.Field, words func(wrong api.FieldError) string) Failed {
	if words == nil {
		words = func(wrong api.FieldError) string { return e.T("field." + wrong.Code) }
	}
	return func(err error) bool {
		rest := e.KindOf(err) != string(api.CodeInvalid)
		said := false
		for _, wrong := range e.Explain(err).Fields {
			f := field(wrong.Pointer)
			if f == nil {
				continue
			}
			f.SetRight(false)
			f.SetError(words(wrong))
			if !said {
				parts.IntoView(f)
			}
			said = true
		}
		return said && !rest
	}
}
