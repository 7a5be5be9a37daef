package screens

import (
	"context"

	"plenary/screens/help"
	"plenary/screens/parts"
)

// tellSupport says over a screen that stands alone what Help has for the service
// desk: whoever cannot log in needs it most.
func (s *Shell) tellSupport() {
	if s.deps.Support == nil {
		return
	}
	var support help.Support
	s.env.Run.Run(s.ctx, func(context.Context) { support = s.deps.Support() }, func() {
		t, c := s.env.T, s.deps.Window.Canvas()
		close := parts.Answer{ID: "support.close", Text: t("shell.close"), Kind: parts.Outlined}
		answers := []parts.Answer{{ID: "support.copy", Text: t("help.copy"), Kind: parts.Outlined, Do: func() {
			k := help.Keeper("") // not known before a service is open
			if s.opened {
				k = help.KeeperOf(s.services.Session.State())
			}
			s.env.Clipboard.SetContent(help.SupportText(s.env, s.deps.Version, k, support))
			parts.Ask(c, t("help.for-desk"), t("help.copied"), close)
		}}}
		if support.LogFolder != "" {
			answers = append(answers, parts.Answer{
				ID: "support.open-log", Text: t("help.open-log"), Kind: parts.Outlined,
				Do: func() { s.env.OpenFile(support.LogFolder) },
			})
		}
		text := t("help.copy-what") + "\n" + t("support.line", map[string]any{"What": t("help.log"), "Value": support.Log(s.env)})
		parts.Ask(c, t("help.for-desk"), text, append(answers, close)...)
	})
}
