package kit

import (
	"fyne.io/fyne/v2"

	"plenary/screens/parts"
	"plenary/words"
)

// Display is the row in which whoever is not logged in chooses the language and the size
// of the text, as in Settings. It stands last, so that Tab comes to everything else first.
func (e Env) Display() *parts.Text {
	gap := parts.Span{Text: "   "}
	var spans []parts.Span
	if offered := words.Offered(); e.Speak != nil && len(offered) > 1 {
		for _, l := range offered {
			name := parts.Span{Text: l.Name}
			if l.Code != e.Words.Lang() {
				name.ID, name.OnTapped = parts.ID("display."+l.Code), func() { e.Speak(l.Code) }
			}
			spans = append(spans, name, gap)
		}
	}
	if e.Enlarge != nil {
		spans = append(spans,
			parts.Span{Text: e.T("account.text-smaller"), ID: "display.smaller", OnTapped: func() { e.Enlarge(-1) }}, gap,
			parts.Span{Text: e.T("account.text-larger"), ID: "display.larger", OnTapped: func() { e.Enlarge(1) }})
	}
	row := parts.NewText(Muted(spans)...).WithSize(parts.SizeSmall).WithAlign(fyne.TextAlignCenter)
	row.Hidden = len(spans) == 0
	return row
}
