package kit

import (
	"context"
	"slices"

	"plenary/screens/parts"
)

// FormDraft is the Draft of a page that is a form: the foot says that it is kept, the bar why
// it is not. It is on the disk once the page is closed.
type FormDraft[T any] struct {
	*Draft[T]
	// Saved is called after each save, unless the draft was stopped meanwhile; nil for nobody.
	Saved func()

	flush  func(ctx context.Context) error
	bar    *parts.Bar
	foot   *parts.Text
	saves  int
	unkept bool // the last save failed, and the bar says why
	over   bool
}

// NewFormDraft is NewDraft for a form; flush writes what is saved at once.
func NewFormDraft[T any](env Env, bar *parts.Bar, foot *parts.Text, entered func() T, save func(context.Context, T) error, flush func(context.Context) error) *FormDraft[T] {
	d := &FormDraft[T]{flush: flush, bar: bar, foot: foot}
	d.Draft = NewDraft(env, entered, save, d.kept)
	return d
}

// Begin says that what is entered now is nothing to be saved, be it since it is the draft of
// before.
func (d *FormDraft[T]) Begin(drafted bool) {
	d.Draft.Begin()
	if drafted {
		d.foot.SetText(d.env.T("register.draft.restored"))
	}
}

// kept follows a save, which is on the disk a moment later: only then it is said to be kept.
func (d *FormDraft[T]) kept(err error) {
	if err != nil {
		d.failed(err)
		return
	}
	if !d.Stopped() {
		if d.Saved != nil {
			d.Saved()
		}
		if d.foot.String() != d.env.T("register.draft.saved") {
			d.foot.SetText("")
		}
	}
	d.saves++
	of := d.saves
	d.env.Run.Run(context.Background(), func(ctx context.Context) { d.env.Sleep(ctx, draftPause) }, func() {
		if of == d.saves && !d.Stopped() { // else a newer one, or its end, is under way
			d.write()
		}
	})
}

func (d *FormDraft[T]) write() {
	var err error
	d.env.Run.Run(context.Background(), func(ctx context.Context) { err = d.flush(ctx) }, func() {
		switch {
		case d.Stopped():
		case err != nil:
			d.failed(err)
		default:
			d.written()
		}
	})
}

func (d *FormDraft[T]) failed(err error) {
	d.unkept = true
	d.foot.SetText("")
	d.bar.Say(d.env.Problem(err))
}

func (d *FormDraft[T]) written() {
	if d.unkept {
		d.bar.Clear()
	}
	d.unkept = false
	if d.foot.String() != "" { // it says what is missing, since somebody wanted to send it meanwhile
		return
	}
	d.foot.SetSpans(parts.Span{Text: d.env.T("register.draft.saved"), Color: parts.ColorMuted}) // not as what is missing
}

// End carries out what ends the draft, once no save is under way, and then goes on, see
// Calls.Do; where it fails, the draft goes on.
func (d *FormDraft[T]) End(calls *Calls, waiting string, work func(context.Context) error, then func(), failed ...Failed) {
	d.Stop()
	d.Then(func() {
		calls.Do(waiting, work, func() {
			d.Over()
			then()
		}, slices.Insert(failed, 0, func(error) bool {
			d.Resume()
			return false
		})...)
	})
}

// Over says that there is no draft any more.
func (d *FormDraft[T]) Over() { d.over = true }

// CloseThen keeps what was typed, and goes on once that is on the disk.
func (d *FormDraft[T]) CloseThen(then func()) {
	if d.over {
		then()
		return
	}
	d.KeepThen(func() {
		d.env.Run.Run(context.Background(), func(ctx context.Context) {
			// The screen on which it could be said is gone. What the disk does not take stays
			// in memory, and is asked about before the end (Quit).
			_ = d.flush(ctx)
		}, then)
	})
}
