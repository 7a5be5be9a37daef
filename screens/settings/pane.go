package settings

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// settingsPane is the look of each section of Settings: a surface with the way
// back to the list (in a narrow window), heading, notices and body, and a foot
// that stays in sight: its buttons, and what is waited for.
type settingsPane struct {
	back    *parts.Text
	bar     *parts.Bar
	busy    *parts.Busy
	body    *fyne.Container
	foot    *fyne.Container
	buttons bool // in the foot
	panel   *fyne.Container
}

func newSettingsPane(env kit.Env, id parts.ID, title, line string, toList func(), foot ...fyne.CanvasObject) *settingsPane {
	p := &settingsPane{bar: parts.NewBar(id + ".bar"), busy: parts.NewBusy(id + ".busy").Folding(), body: parts.Stack(parts.Gap16)}
	p.back = parts.Link(id+".back", env.T("shell.back", map[string]any{"To": env.T("nav.settings")}), toList)
	p.back.Hide()
	head := parts.Stack(parts.Gap4, p.back, parts.Section(title), parts.Muted(line))
	content := parts.Pad(parts.Gap22, 24, parts.Gap16, 24, parts.Stack(parts.Gap12, head, p.bar, p.body))
	cells := make([]parts.Cell, len(foot))
	for i, o := range foot {
		cells[i] = parts.Cell{Object: o}
	}
	p.buttons = len(foot) > 0
	row := parts.MiddleRow(parts.Gap12, append(cells, parts.Cell{Object: p.busy, Min: 160, Weight: 1})...)
	p.foot = parts.Stack(0, parts.Divider(), parts.Pad(parts.Gap12, 24, parts.Gap12, 24, row))
	p.foot.Hidden = !p.buttons
	p.panel = parts.Panel(parts.Page(content, p.foot))
	return p
}

// Say says what is waited for, in the foot.
func (p *settingsPane) Say(words string) {
	p.busy.Say(words)
	p.foot.Hidden = words == "" && !p.buttons
	parts.Changed(p.panel)
}

// setNarrow shows or hides the way back to the list.
func (p *settingsPane) setNarrow(narrow bool) {
	if p.back.Visible() != narrow {
		p.back.Hidden = !narrow
		parts.Changed(p.back)
	}
}

// say shows that something has been done.
func (p *settingsPane) say(words string) {
	p.bar.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: words}}})
	parts.IntoView(p.bar)
}

// column keeps inputs as wide as on the account screens.
func column(inputs fyne.CanvasObject) fyne.CanvasObject {
	return parts.Row(0, parts.Cell{Object: inputs, Min: kit.AccountWidth})
}

// proveFunc is Prove of app.Self.
type proveFunc func(ctx context.Context, password, secondFactor string) error

// accountSection is what the sections that ask the service have in common: one call
// at a time, with a fresh proof where the service wants one; no answer counts
// after the section was left for good.
type accountSection struct {
	*settingsPane
	env    kit.Env
	prover *kit.Prover

	ctx     context.Context
	leave   context.CancelFunc
	acts    []*parts.Button // without effect while a call is under way
	working bool
	unread  bool // what the section shows could not be read, and the bar says so
	content fyne.CanvasObject
}

func newAccountSection(env kit.Env, id parts.ID, title, line string, prove proveFunc, toList func(), foot ...*parts.Button) *accountSection {
	objects := make([]fyne.CanvasObject, len(foot))
	for i, b := range foot {
		objects[i] = b
	}
	s := &accountSection{env: env, settingsPane: newSettingsPane(env, id, title, line, toList, objects...), acts: foot}
	s.ctx, s.leave = context.WithCancel(context.Background())
	s.prover = kit.NewProver(env, string(id), prove)
	s.content = s.prover.Over(s.panel)
	return s
}

// Content is what is to be shown.
func (s *accountSection) Content() fyne.CanvasObject { return s.content }

// Close ends what the section waits for.
func (s *accountSection) Close() { s.leave() }

// Back cancels a question for a proof; it tells whether there was one.
func (s *accountSection) Back() bool { return s.prover.Cancel() }

// Tick counts down the wait between two tries of a proof.
func (s *accountSection) Tick() { s.prover.Tick() }

// button makes a button that has no effect while a call is under way.
func (s *accountSection) button(id parts.ID, key string, kind parts.ButtonKind, do func()) *parts.Button {
	b := parts.NewButton(id, s.env.T(key), kind, do)
	s.acts = append(s.acts, b)
	return b
}

// do runs one call of the service, and then done or, with the error, failed;
// neither if the person cancels the proof.
func (s *accountSection) do(waiting string, work func(context.Context) error, done func(), failed func(error)) {
	if s.working {
		return
	}
	s.setWorking(true)
	s.bar.Clear()
	s.prover.Do(s.ctx, s, s.env.T(waiting), work, func(err error) {
		s.setWorking(false)
		switch {
		case errors.Is(err, context.Canceled):
		case err != nil:
			failed(err)
		default:
			done()
		}
	})
}

// load asks the service for what the section shows, beside everything else. If
// that does not work, it says so, with a way to try again.
func (s *accountSection) load(waiting string, work func(context.Context) error, done func()) {
	s.env.Do(s.ctx, s, s.env.T(waiting), work, func(err error) {
		if err != nil {
			n := s.env.Problem(err)
			n.Action, n.Act = s.env.T("shell.retry"), func() { s.load(waiting, work, done) }
			s.unread = true
			s.bar.Say(n)
			return
		}
		if s.unread {
			s.unread = false
			s.bar.Clear()
		}
		done()
	})
}

func (s *accountSection) setWorking(working bool) {
	s.working = working
	for _, b := range s.acts {
		if working {
			b.Disable()
		} else {
			b.Enable()
		}
	}
}

func (s *accountSection) problem(err error) {
	s.bar.Say(s.env.Problem(err))
	parts.IntoView(s.bar)
}

// refused shows each mistake that the service found at its field, and the rest
// at the top.
func (s *accountSection) refused(err error, fieldOf func(pointer string) *parts.Field) {
	rest := true
	for _, f := range s.env.Explain(err).Fields {
		if field := fieldOf(f.Pointer); field != nil {
			field.SetRight(false)
			field.SetError(s.env.T("field." + f.Code))
			rest = false
		}
	}
	if rest || s.env.KindOf(err) != string(api.CodeInvalid) {
		s.problem(err)
	}
}
