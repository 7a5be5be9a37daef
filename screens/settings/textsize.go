package settings

import (
	"slices"

	"fyne.io/fyne/v2"
)

// StepTextSize chooses the next larger size of text, or the next smaller one for a negative
// step, as in Settings.
func StepTextSize(p fyne.Preferences, step int) {
	at, _ := slices.BinarySearch(textSizes, p.IntWithFallback(PrefTextSize, 100))
	p.SetInt(PrefTextSize, textSizes[min(max(at+step, 0), len(textSizes)-1)])
}
