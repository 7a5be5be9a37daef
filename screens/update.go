package screens

import (
	"plenary/screens/help"
	"plenary/screens/parts"
)

// update is the newer version that this window tells of; where the organization
// sees to new versions by itself, none.
func (s *Shell) update() help.Update {
	if s.deps.NoUpdateNotice {
		return help.Update{}
	}
	return help.Newer(s.env.Info, s.deps.Version)
}

// tellUpdate says where the newer version is. Plenary installs nothing itself.
func (s *Shell) tellUpdate() {
	n, t := s.update(), s.env.T
	if n.Version == "" {
		return
	}
	data := map[string]any{"Version": n.Version, "Own": s.deps.Version, "Host": n.Host}
	close := parts.Answer{ID: "update.close", Text: t("shell.close"), Kind: parts.Outlined}
	if n.Download == "" {
		parts.Ask(s.deps.Window.Canvas(), t("update.available", data), t("update.ask-for-it", data), close)
		return
	}
	parts.Ask(s.deps.Window.Canvas(), t("update.available", data), t("update.text", data),
		parts.Answer{ID: "update.open", Text: t("update.open", data), Kind: parts.Primary, Do: func() { s.env.Open(n.Download) }}, close)
}
