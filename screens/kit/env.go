// Package kit is what every page does: it calls the service beside the window (Calls, above
// Env.Do, Commit and Executor), asks for a fresh proof (Prover), counts a wait down
// (Cooldown), turns errors into words (Env.Say, Env.Problem), has its inputs as a list
// (Form), shows lists (Browser, of a Listing or in memory), and follows what changes
// (Env.Follow). It knows no area. Start reading at env.go and calls.go.
package kit

import (
	"context"
	"errors"
	"math"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/parts"
	"plenary/words"
)

// Env is what every screen works with: words, time, a way to do things beside
// the window, and what the service says about itself.
type Env struct {
	Words *words.Words
	Run   Executor
	// Sleep returns after a time, or as soon as ctx has ended.
	Sleep func(ctx context.Context, d time.Duration)
	// Now is the time, in the zone of this computer: by the service's clock once that is
	// known.
	Now func() time.Time
	// Clock is what the clock of this computer says, right or wrong.
	Clock func() time.Time
	Info  api.ServiceInfo
	// Address is where the service is reached; Info has the one that its links have.
	Address string
	// Explain tells what an error is about; app.Explain, and what the program adds to it.
	Explain   func(error) app.Explanation
	OpenURL   func(*url.URL) error
	Clipboard fyne.Clipboard
	// Conceal puts a secret into the clipboard in a way that the system, and programs that
	// remember what was copied, leave it out; false where that cannot be done. Nil: it never
	// can. It is for CopySecret, as Copied is.
	Conceal func(secret string) bool
	Copied  *Copied
	// TellSupport tells what the service desk asks for; the window's.
	TellSupport func()
	// Speak changes the language of the window, and Enlarge the size of its text by a step
	// up or down; the window's. Speak is nil where the organization has set the language.
	Speak   func(language string)
	Enlarge func(step int)
	// ChooseFile has the person choose a file whose name has one of these endings; chosen is
	// not called for none. Drops is where files go that are dropped on the window. Both are
	// the window's.
	ChooseFile func(endings []string, chosen func(ChosenFile))
	Drops      *Drops
	// Decisions are what the person has decided and what is being done about it.
	Decisions *Decisions
}

// Decisions are what a person has decided, and what is being done about it, on whichever
// screen. They are for the window's goroutine.
type Decisions struct {
	// Late tells of one that failed, and whose screen has been left.
	Late    func(error)
	running int
	waiting []func()
}

// After calls then as soon as all that was decided has been done, or has failed.
func (d *Decisions) After(then func()) {
	if d.running == 0 {
		then()
		return
	}
	d.waiting = append(d.waiting, then)
}

func (d *Decisions) done() {
	if d.running--; d.running > 0 {
		return
	}
	waiting := d.waiting
	d.waiting = nil
	for _, then := range waiting {
		then()
	}
}

// Sleep is Env.Sleep with the machine's clock.
func Sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// T returns the text of a key.
func (e Env) T(key string, data ...map[string]any) string { return e.Words.T(key, data...) }

// patience is after how long a screen says what it waits for.
const patience = time.Second

// sayer is where it is said what a screen waits for: a parts.Busy, mostly.
type sayer interface{ Say(words string) }

// Prepare runs beside the window what would hold it later, and for which nobody waits.
func (e Env) Prepare(work func()) {
	e.Run.Run(context.Background(), func(context.Context) { work() }, func() {})
}

// OnWindow does something on the window's goroutine, and waits until it is done: for work
// beside the window, which must not hold the window for all of it. Its error is that of ctx,
// which has ended before.
func (e Env) OnWindow(ctx context.Context, do func()) error {
	done := make(chan struct{})
	e.Run.Post(ctx, func() {
		do()
		close(done)
	})
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ReadFonts has the fonts read for texts in scripts that the program's own do not have, which
// the first text in each waits for otherwise. It is for work beside the window, which goes on
// between two of them: Fyne reads fonts on the window's goroutine only.
func (e Env) ReadFonts(ctx context.Context, texts ...string) error {
	for _, text := range texts {
		if err := e.OnWindow(ctx, func() { fyne.MeasureText(text, theme.TextSize(), fyne.TextStyle{}) }); err != nil {
			return err
		}
	}
	return nil
}

// Do runs work beside the window and brings its result to then. If that takes
// longer than a second, busy says what is being waited for.
func (e Env) Do(ctx context.Context, busy sayer, waiting string, work func(context.Context) error, then func(error)) {
	e.Carry(ctx, busy, waiting, func() error { return work(ctx) }, func(err error) {
		if ctx.Err() == nil {
			then(err)
		}
	})
}

// Commit is Do for what a person has decided: it is done even if the screen is left
// meanwhile. Nobody waits for then any more in that case; an error is told by the window,
// which does not end before the work has.
func (e Env) Commit(ctx context.Context, busy sayer, waiting string, work func(context.Context) error, then func(error)) {
	e.commit(ctx, busy, waiting, work, then, func(err error) {
		if err != nil {
			e.Decisions.Late(err)
		}
	})
}

// commit is Commit; left comes in place of then when the screen has been left.
func (e Env) commit(ctx context.Context, busy sayer, waiting string, work func(context.Context) error, then, left func(error)) {
	e.Decisions.running++
	e.Carry(ctx, busy, waiting, func() error { return work(context.WithoutCancel(ctx)) }, func(err error) {
		if ctx.Err() == nil {
			then(err)
		} else {
			left(err)
		}
		e.Decisions.done()
	})
}

// Carry is Do, but that then runs although ctx has ended meanwhile.
func (e Env) Carry(ctx context.Context, busy sayer, waiting string, work func() error, then func(error)) {
	patient, done := context.WithCancel(ctx)
	var err error
	e.Run.Run(context.WithoutCancel(ctx), func(context.Context) { err = work() }, func() {
		done()
		if ctx.Err() == nil {
			busy.Say("")
		}
		then(err)
	})
	e.Run.Run(patient, func(ctx context.Context) { e.Sleep(ctx, patience) }, func() { busy.Say(waiting) })
}

// KindOf returns the kind of an error.
func (e Env) KindOf(err error) string { return e.Explain(err).Kind }

// Say turns an error into words: what happened, what it means, what to do.
func (e Env) Say(err error) string {
	return e.SayExplained(e.Explain(err))
}

// SayExplained is Say for an error that is known by its explanation only.
func (e Env) SayExplained(x app.Explanation) string {
	key := "error." + x.Kind
	text := e.T(key)
	if text == key { // a kind that has no words yet
		text = e.T("error.internal")
	}
	if x.Issuer != "" {
		text += " " + e.T("error.issuer", map[string]any{"Issuer": x.Issuer})
	}
	if x.Kind == app.KindCertificateTime {
		now := e.Clock()
		text += " " + e.T("error.clock", map[string]any{"Date": e.Words.Date(now), "Time": e.Words.Time(now)})
	}
	if x.RetryAfter > 0 {
		text += " " + e.T("error.retry-after", map[string]any{"Wait": e.Wait(x.RetryAfter)})
	}
	return text
}

// Wait is a time to wait, in words, rounded up.
func (e Env) Wait(d time.Duration) string {
	for _, unit := range []struct {
		key   string
		d     time.Duration
		until time.Duration
	}{
		{"error.wait-seconds", time.Second, time.Minute},
		{"error.wait-minutes", time.Minute, 2 * time.Hour},
		{"error.wait-hours", time.Hour, 48 * time.Hour},
	} {
		if d < unit.until {
			return e.Words.N(unit.key, int(math.Ceil(float64(d)/float64(unit.d))))
		}
	}
	return e.Words.N("error.wait-days", int(math.Ceil(d.Hours()/24)))
}

// Problem is the notice for an error, for a bar at the top of a screen.
func (e Env) Problem(err error) parts.Notice {
	n := parts.Notice{Tone: parts.Bad, Words: []parts.Span{{Text: e.Say(err)}}}
	if ref := e.Explain(err).Reference; ref != "" {
		n.Reference, n.Copy = e.T("error.reference", map[string]any{"Reference": ref}), e.Copying(ref)
	}
	return n
}

// Open opens a web page, or an e-mail to an address, outside of Plenary. The
// address may come from the service: nothing else is opened, since the system
// would start programs and open other machines' shares by the same call. An address that
// cannot be opened is on the clipboard then, as a secret, since it may let somebody in.
func (e Env) Open(address string) {
	e.OpenThen(address, func(err error) { e.copyUnopened(address, err) })
}

// errNoAddress: what is to be opened is neither a web page nor an e-mail address, which is a
// mistake in the service's settings.
var errNoAddress = errors.New("neither a web page nor an e-mail address")

// OpenThen is Open, and tells whether the system has opened it; nothing is copied.
func (e Env) OpenThen(address string, then func(error)) {
	u, err := url.Parse(address)
	if err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
		e.openURL(u, then)
	} else if _, err := rules.ParseEmail(address); err == nil {
		e.openURL(&url.URL{Scheme: "mailto", Opaque: url.PathEscape(address)}, then)
	} else {
		then(errNoAddress)
	}
}

// OpenFile opens a file that Plenary has written, with the system's program for
// it.
func (e Env) OpenFile(path string) {
	e.openURL(&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}, func(err error) { e.copyUnopened(path, err) })
}

func (e Env) copyUnopened(address string, err error) {
	if err != nil && !errors.Is(err, errNoAddress) && e.Clipboard != nil {
		e.CopySecret(address)
	}
}

func (e Env) openURL(u *url.URL, then func(error)) {
	if e.OpenURL == nil {
		return
	}
	var err error
	e.Run.Run(context.Background(), func(context.Context) { err = e.OpenURL(u) }, func() { then(err) })
}

// Link makes the span "before LINK after" of a text with one link in it, whose
// place is marked with [ and ].
func Link(text string, id parts.ID, follow func()) []parts.Span {
	return Links(text, []parts.ID{id}, []func(){follow})
}

// Links splits a text at its [links], in order.
func Links(text string, ids []parts.ID, follow []func()) []parts.Span {
	var spans []parts.Span
	for i := range follow {
		before, rest, found := strings.Cut(text, "[")
		inside, after, closed := strings.Cut(rest, "]")
		if !found || !closed {
			break
		}
		if before != "" {
			spans = append(spans, parts.Span{Text: before})
		}
		spans = append(spans, parts.Span{Text: inside, ID: ids[i], OnTapped: follow[i]})
		text = after
	}
	if text != "" {
		spans = append(spans, parts.Span{Text: text})
	}
	return spans
}
