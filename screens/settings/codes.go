package settings

import (
	"context"
	"strings"

	"plenary/screens/kit"
	"plenary/screens/parts"
)

// showCodes shows the recovery codes, which nobody can look at again, with the
// ways to keep them; said is the key of what has just happened.
func (s *twoStepSection) showCodes(codes []string, said string) {
	t := s.env.T
	s.codes = codes
	s.Release()
	cells := make([]parts.Cell, len(codes))
	one := func(code string) { s.copy(code, "settings.twostep.copied-code") }
	for i, code := range codes {
		cells[i] = parts.Cell{Object: parts.Bold(code).WithID(parts.ID("settings.twostep.code." + string(rune('a'+i)))).SelectableSecret(one), Min: 150}
	}
	box := parts.Layers(parts.NewBox(parts.ColorTint, "", 7), parts.PadAll(parts.Gap16, parts.Row(parts.Gap12, cells...)))
	kept := s.Button("settings.twostep.kept", "settings.twostep.kept", parts.Primary, s.keptCodes)
	copyAll := s.Button("settings.twostep.copy-codes", "settings.copy", parts.Outlined, func() {
		s.copy(strings.Join(codes, "\n"), "settings.twostep.copied-codes")
	})
	s.step(copyAll, false,
		parts.Section(t("settings.twostep.codes")), parts.Body(t("settings.twostep.codes-what")), box,
		parts.Inline(parts.Gap12, kept, copyAll,
			s.Button("settings.twostep.save-codes", "settings.twostep.save-codes", parts.Outlined, s.saveCodes)))
	s.say(t(said))
	parts.Focus(copyAll) // not what takes the codes away: Enter may have been pressed twice
	parts.IntoView(copyAll)
}

// codesFile is the name of the file with the recovery codes.
const codesFile = "Plenary recovery codes.txt"

func (s *twoStepSection) saveCodes() {
	t := s.env.T
	text := t("settings.twostep.codes-file", map[string]any{
		"Organization": s.env.Info.Organization, "Name": s.account.Username, "Date": s.env.Words.Date(s.env.Now()),
	}) + "\n\n" + strings.Join(s.codes, "\n") + "\n"
	kit.Call(s.Calls, "settings.busy-saving", func(context.Context) (string, error) { return s.save(codesFile, []byte(text)) }, func(path string) {
		s.say(t("file.saved", map[string]any{"Path": path}))
	}, func(error) bool {
		s.bar.Say(s.env.NotSaved())
		return true
	})
}

// keptCodes goes back to how it stands, which is asked for anew.
func (s *twoStepSection) keptCodes() {
	s.bar.Clear()
	count := len(s.codes)
	if !s.state.On {
		s.state.On, s.state.Since = true, s.env.Now()
	}
	s.state.RecoveryCodes = count
	s.showState()
	s.reload(func() { parts.Focus(s.first) })
}
