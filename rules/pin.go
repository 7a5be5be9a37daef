package rules

// Bounds of a PIN of a computer, in digits.
const (
	MinPIN = 6
	MaxPIN = 20
)

// PINFault says what is wrong with a PIN that somebody chooses.
type PINFault string

// The faults, in the order in which they are looked for.
const (
	PINNoDigits PINFault = "digits" // something else than digits
	PINShort    PINFault = "short"
	PINLong     PINFault = "long"
	PINEasy     PINFault = "easy" // one of those that are tried first
)

// CheckPIN judges a PIN; "" for one that is right. Ten tries shall not be enough for
// whoever knows what people choose: so no digit over and over, no two digits only, none that
// go up or down by the same step, and no group that is repeated.
func CheckPIN(pin string) PINFault {
	digits := map[rune]bool{}
	for _, r := range pin {
		if r < '0' || r > '9' {
			return PINNoDigits
		}
		digits[r] = true
	}
	switch {
	case len(pin) < MinPIN:
		return PINShort
	case len(pin) > MaxPIN:
		return PINLong
	case len(digits) < 3, steady(pin), repeated(pin):
		return PINEasy
	}
	return ""
}

// steady reports whether each digit follows from the one before by the same step: 123456,
// 987654, 890123.
func steady(pin string) bool {
	step := func(i int) byte { return (pin[i] - pin[i-1] + 10) % 10 }
	for i := 2; i < len(pin); i++ {
		if step(i) != step(1) {
			return false
		}
	}
	return true
}

// repeated reports whether the PIN is one group of digits several times.
func repeated(pin string) bool {
	for n := 1; n <= len(pin)/2; n++ {
		if len(pin)%n == 0 && pin[n:] == pin[:len(pin)-n] {
			return true
		}
	}
	return false
}
