package screens

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"plenary/screens/kit"
	"plenary/screens/parts"
)

// Managed is what the organization has set for Plenary on this computer, as far
// as screens go by it.
type Managed struct {
	// ServiceLocked: no other service is offered.
	ServiceLocked bool
	// Language is the one that is set; empty where the person chooses.
	Language string
	// LockAfter is after how long without use Plenary is locked at the latest; 0 where the
	// person chooses.
	LockAfter time.Duration
	// Refused are flags of the command line that were not followed ("--service").
	Refused []string
	// Faults are what is set and cannot be used.
	Faults []ManagedFault
	// Stopped: it cannot be known what is set, and so nothing is opened.
	Stopped bool
}

// ManagedFault is a value, or a whole place, that cannot be used; Reason picks
// the words (managed.fault.REASON).
type ManagedFault struct{ Place, Key, Reason string }

// say puts a fault into words.
func (f ManagedFault) say(env kit.Env) string {
	what := f.Place
	if f.Key != "" {
		what = env.T("managed.key", map[string]any{"Key": inOneLine(f.Key), "Place": f.Place})
	}
	return env.T("managed.fault."+f.Reason, map[string]any{"What": what})
}

// sayManaged says at the top of the window, whatever screen is there, what of
// the organization's settings or of the command line does not count.
func (s *Shell) sayManaged() {
	m := s.deps.Managed
	var words []string
	if len(m.Refused) > 0 {
		words = append(words, s.env.T("managed.refused", map[string]any{"Flags": strings.Join(m.Refused, ", ")}))
	}
	if len(m.Faults) > 0 {
		words = append(words, s.env.T("managed.faults"))
		for _, f := range m.Faults {
			words = append(words, f.say(s.env))
		}
	}
	if len(words) == 0 || m.Stopped {
		return
	}
	s.above.Show()
	s.managed.Say(parts.Notice{
		Tone: parts.Warning, Words: []parts.Span{{Text: strings.Join(words, "\n")}},
		Action: s.env.T("shell.close"), Act: s.closeManaged,
	})
}

func (s *Shell) closeManaged() {
	s.deps.Managed.Refused, s.deps.Managed.Faults = nil, nil
	s.managed.Clear()
	parts.SetVisible(false, s.above)
}

// managedStop is all there is in the window while it cannot be known what the
// organization has set: what that is, and who puts it right.
type managedStop struct {
	close   *parts.Button
	content fyne.CanvasObject
}

func newManagedStop(env kit.Env, faults []ManagedFault, quit func()) *managedStop {
	m := &managedStop{close: parts.NewButton("managed.close", env.T("managed.close"), parts.Primary, quit)}
	objects := []fyne.CanvasObject{
		parts.Pad(0, 0, parts.Gap4, 0, parts.Title(env.T("managed.title"))),
		parts.Body(env.T("managed.text")),
	}
	for _, f := range faults {
		objects = append(objects, parts.Body(f.say(env)).WithID("managed.fault"))
	}
	objects = append(objects, parts.Body(env.T("managed.ask")), m.close)
	m.content = env.AccountCard("managed", objects...)
	return m
}

// Content is what is to be shown.
func (m *managedStop) Content() fyne.CanvasObject { return m.content }

// First is what takes the keyboard.
func (m *managedStop) First() fyne.Focusable { return m.close }

// Close has nothing to end.
func (m *managedStop) Close() {}
