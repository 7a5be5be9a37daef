package kit

import (
	"fyne.io/fyne/v2"

	"plenary/screens/parts"
)

// Copying is how a value that people carry elsewhere is offered to be copied.
func (e Env) Copying(value string) parts.Copying {
	return parts.Copying{Value: value, Word: e.T("shell.copy"), Done: e.T("shell.copied")}
}

// Carried is a text that can be selected, with what copies the value in it; id
// names the latter.
func (e Env) Carried(id parts.ID, text *parts.Text, value string) fyne.CanvasObject {
	return parts.Inline(parts.Gap12, text.Selectable(), parts.NewCopy(id, e.Copying(value)))
}
