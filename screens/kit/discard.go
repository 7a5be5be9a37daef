package kit

import (
	"fyne.io/fyne/v2"

	"plenary/screens/parts"
)

// Discard asks before something that was typed is lost, and loses it on yes; what names it.
// The answers' ids are ID.discard.yes and ID.discard.no.
func (e Env) Discard(c fyne.Canvas, id parts.ID, what string, discard func()) {
	parts.Ask(c, e.T("discard.title"), e.T("discard.text", map[string]any{"What": what}),
		parts.Answer{ID: id + ".discard.yes", Text: e.T("discard.yes"), Kind: parts.Danger, Do: discard},
		parts.Answer{ID: id + ".discard.no", Text: e.T("discard.no"), Kind: parts.Outlined})
}
