package settings

import "slices"

// textSizes are the sizes of text that one can choose, in percent.
var textSizes = []int{80, 90, 100, 110, 125, 150, 175, 200}

// TextSize is the chosen one.
func TextSize(p Preferences) int { return p.IntWithFallback(PrefTextSize, 100) }

// StepTextSize chooses the next larger size of text, or the next smaller one for a negative
// step, as in Settings.
func StepTextSize(p Preferences, step int) {
	at, _ := slices.BinarySearch(textSizes, TextSize(p))
	p.SetInt(PrefTextSize, textSizes[min(max(at+step, 0), len(textSizes)-1)])
}
