package rules

import "testing"

func TestCheckPIN(t *testing.T) {
	for pin, want := range map[string]PINFault{
		"":                      PINShort,
		"48151":                 PINShort,
		"481516":                "",
		"4815162342":            "",
		"48151623424815162300":  "",
		"481516234248151623001": PINLong,
		"48 516":                PINNoDigits,
		"48x516":                PINNoDigits,
		"٤٨١٥١٦":                PINNoDigits,
		"000000":                PINEasy,
		"121212":                PINEasy,
		"112212":                PINEasy,
		"123456":                PINEasy,
		"987654":                PINEasy,
		"890123":                PINEasy,
		"135791":                PINEasy,
		"123123":                PINEasy,
		"481481481":             PINEasy,
		"4814815":               "",
	} {
		if got := CheckPIN(pin); got != want {
			t.Errorf("%q: %q, not %q", pin, got, want)
		}
	}
}
