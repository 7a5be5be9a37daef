package kit

import (
	"context"
	"reflect"
	"time"
)

// Draft keeps what is typed on a page, one save at a time, so that an older one never
// overtakes a newer one. It lives on the window's goroutine.
type Draft[T any] struct {
	env     Env
	entered func() T
	save    func(ctx context.Context, typed T) error
	told    func(err error)
	saved   T // as last given to be saved
	saving  bool
	stopped bool
	soon    bool   // Soon waits
	pending func() // what waits for the save under way
}

// NewDraft returns one for what entered gives. save keeps it; told hears how each save
// went. Until Begin what is entered counts as not saved.
func NewDraft[T any](env Env, entered func() T, save func(context.Context, T) error, told func(error)) *Draft[T] {
	return &Draft[T]{env: env, entered: entered, save: save, told: told}
}

// Begin says that what is entered now is nothing to be saved.
func (d *Draft[T]) Begin() { d.saved = d.entered() }

// Keep saves what is entered, if it is not yet.
func (d *Draft[T]) Keep() {
	typed := d.entered()
	if d.saving || d.stopped || reflect.DeepEqual(typed, d.saved) {
		return
	}
	d.saving = true
	var err error
	d.env.Run.Run(context.Background(), func(ctx context.Context) { err = d.save(ctx, typed) }, func() {
		d.saving = false
		if err == nil {
			d.saved = typed
		}
		d.told(err)
		if err == nil {
			d.Keep() // what was typed meanwhile
		}
		if next := d.pending; next != nil && !d.saving {
			d.pending = nil
			next()
		}
	})
}

// draftPause is how long what is typed waits to be kept.
const draftPause = 500 * time.Millisecond

// Soon is Keep a moment later, once for all that is typed until then: where much is typed, not
// each letter is worth a save of it all. It does nothing once ctx has ended.
func (d *Draft[T]) Soon(ctx context.Context) {
	if d.soon {
		return
	}
	d.soon = true
	d.env.Run.Run(ctx, func(ctx context.Context) { d.env.Sleep(ctx, draftPause) }, func() {
		d.soon = false
		d.Keep()
	})
}

// KeepThen keeps what was typed, and goes on once that is saved.
func (d *Draft[T]) KeepThen(next func()) {
	d.Keep()
	d.Then(next)
}

// Then does something once no save is under way, behind what waits for that already.
func (d *Draft[T]) Then(next func()) {
	switch before := d.pending; {
	case !d.saving:
		next()
	case before != nil:
		d.pending = func() { before(); next() }
	default:
		d.pending = next
	}
}

// Stop keeps nothing any more, until Resume: what is typed is being sent or deleted.
func (d *Draft[T]) Stop() { d.stopped = true }

// Resume keeps again what is typed from now on.
func (d *Draft[T]) Resume() { d.stopped = false }

// Stopped tells whether Stop was called last.
func (d *Draft[T]) Stopped() bool { return d.stopped }
