package settings

import (
	"context"

	"fyne.io/fyne/v2"

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
	parts.SetVisible(words != "" || p.buttons, p.foot)
}

// setNarrow shows or hides the way back to the list.
func (p *settingsPane) setNarrow(narrow bool) {
	parts.SetVisible(narrow, p.back)
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

// proveFunc is Prove of app.Service.
type proveFunc func(ctx context.Context, password, secondFactor string) error

// accountSection is what the sections that ask the service have in common; no answer
// counts after the section was left for good.
type accountSection struct {
	*settingsPane
	*kit.Calls
	env     kit.Env
	prover  *kit.Prover
	content fyne.CanvasObject
}

func newAccountSection(env kit.Env, id parts.ID, title, line string, prove proveFunc, toList func(), foot ...*parts.Button) *accountSection {
	objects := make([]fyne.CanvasObject, len(foot))
	for i, b := range foot {
		objects[i] = b
	}
	s := &accountSection{env: env, settingsPane: newSettingsPane(env, id, title, line, toList, objects...)}
	s.prover = kit.NewProver(env, string(id), prove)
	s.Calls = kit.NewCalls(context.Background(), env, s.bar, s, s.prover)
	for _, b := range foot {
		s.Hold(b)
	}
	s.content = s.prover.Over(s.panel)
	return s
}

// Content is what is to be shown.
func (s *accountSection) Content() fyne.CanvasObject { return s.content }

// Back cancels a question for a proof; it tells whether there was one.
func (s *accountSection) Back() bool { return s.prover.Cancel() }

// cancelProof ends a question for a proof.
func (s *accountSection) cancelProof() { s.prover.Cancel() }

// Tick counts down the wait between two tries of a proof.
func (s *accountSection) Tick() { s.prover.Tick() }

// at has each mistake that the service finds shown at a field.
func (s *accountSection) at(fieldOf func(pointer string) *parts.Field) kit.Failed {
	return s.env.AtFields(fieldOf, nil)
}
