package kit

import (
	"plenary/screens/parts"
	"plenary/words"
)

// TellParts gives the parts what they take from the language and no page gives them.
func TellParts(w *words.Words) {
	parts.SetMirrored(w.Direction() == "rtl")
	parts.SetEmojiWords(w.T("shell.no-emoji"))
	parts.SetSpoken(parts.Spoken{
		Required: w.T("spoken.required"), Ticked: w.T("spoken.ticked"), NotTicked: w.T("spoken.not-ticked"),
		Chosen: w.T("spoken.chosen"), Unavailable: w.T("spoken.unavailable"),
		Ascending: w.T("spoken.ascending"), Descending: w.T("spoken.descending"), EmptyList: w.T("spoken.empty-list"),
	})
}
