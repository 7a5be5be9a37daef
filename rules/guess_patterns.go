package rules

import (
	"math"
	"strings"
	"sync"
	"unicode"
)

// sequencePatterns finds runs of at least three characters that go up or down
// one by one: abc, 4321, где.
func sequencePatterns(runes []rune) []pattern {
	var patterns []pattern
	for i := 0; i+2 < len(runes); {
		step := runes[i+1] - runes[i]
		j := i + 1
		for (step == 1 || step == -1) && j+1 < len(runes) && runes[j+1]-runes[j] == step {
			j++
		}
		if j-i < 2 {
			i++
			continue
		}
		bits := math.Log2(float64(j - i + 1))
		switch first := runes[i]; {
		case strings.ContainsRune("aAzZ019", first):
			bits += 2
		case unicode.IsDigit(first):
			bits += math.Log2(10)
		default:
			bits += math.Log2(26)
		}
		if step < 0 {
			bits++
		}
		patterns = append(patterns, pattern{i, j, bits})
		i = j
	}
	return patterns
}

// keyboards are rows of keys, each row half a key to the right of the one above.
var keyboards = []string{
	"`1234567890-=\n qwertyuiop[]\\\n asdfghjkl;'\n zxcvbnm,./",
	"^1234567890ß´\n qwertzuiopü+\n asdfghjklöä#\n yxcvbnm,.-",
	"²&é\"'(-è_çà)=\n azertyuiop^$\n qsdfghjklmù*\n wxcvbn,;:!",
	"ё1234567890-=\n йцукенгшщзхъ\n фывапролджэ\n ячсмитьбю.",
	"\n 789\n 456\n 123\n 0",
}

// shifted are the characters of a US keyboard with and without the shift key.
const (
	shifted   = "~!@#$%^&*()_+{}|:\"<>?"
	unshifted = "`1234567890-=[]\\;',./"
)

type key struct{ row, column int }

// keyPlaces are the places of the keys on each keyboard.
var keyPlaces = sync.OnceValue(func() []map[rune]key {
	var all []map[rune]key
	for _, keyboard := range keyboards {
		places := make(map[rune]key)
		for row, keys := range strings.Split(keyboard, "\n") {
			for column, r := range []rune(keys) {
				if r != ' ' {
					places[r] = key{row, column}
				}
			}
		}
		all = append(all, places)
	}
	return all
})

// keyboardPatterns finds walks over neighbouring keys, at least four long.
func keyboardPatterns(runes []rune) []pattern {
	var patterns []pattern
	for _, places := range keyPlaces() {
		for i := 0; i < len(runes)-1; {
			j, turns, shifts := walk(runes, i, places)
			if j-i >= 3 {
				patterns = append(patterns, pattern{i, j, walkBits(j-i+1, turns) + waysBits(shifts, j-i+1-shifts)})
			}
			i = max(j, i+1)
		}
	}
	return patterns
}

// walk follows neighbouring keys from rune i to rune j.
func walk(runes []rune, i int, places map[rune]key) (j, turns, shifts int) {
	var direction key
	at, isShifted, ok := place(runes[i], places)
	if !ok {
		return i, 0, 0
	}
	if isShifted {
		shifts++
	}
	for j = i; j+1 < len(runes); j++ {
		next, isShifted, ok := place(runes[j+1], places)
		step := key{next.row - at.row, next.column - at.column}
		if !ok || !neighbours(step) {
			break
		}
		if isShifted {
			shifts++
		}
		if step != direction {
			turns++
		}
		at, direction = next, step
	}
	return j, turns, shifts
}

func place(r rune, places map[rune]key) (at key, isShifted, ok bool) {
	if at, ok = places[r]; ok {
		return at, false, true
	}
	if i := strings.IndexRune(shifted, r); i >= 0 {
		r = rune(unshifted[i])
	} else {
		r = unicode.ToLower(r)
	}
	at, ok = places[r]
	return at, true, ok
}

// neighbours says whether a step leads to a key that touches.
func neighbours(step key) bool {
	switch step.row {
	case 0:
		return step.column == 1 || step.column == -1
	case 1:
		return step.column == 0 || step.column == -1
	case -1:
		return step.column == 0 || step.column == 1
	}
	return false
}

const (
	startKeys  = 47  // keys on which a walk may start
	keyDegrees = 4.6 // neighbours that a key has on average
)

// walkBits is the entropy of walks of up to length keys with up to turns turns.
func walkBits(length, turns int) float64 {
	ways := 0.0
	for l := 2; l <= length; l++ {
		for t := 1; t <= min(turns, l-1); t++ {
			ways += binomial(l-1, t-1) * startKeys * math.Pow(keyDegrees, float64(t))
		}
	}
	return math.Log2(max(1, ways))
}

const years = 131 // 1920 to 2050

// datePatterns finds years, and days with or without separators.
func datePatterns(runes []rune) []pattern {
	var patterns []pattern
	for i := range runes {
		for _, length := range []int{4, 6, 8, 10} {
			j := i + length - 1
			if j >= len(runes) {
				break
			}
			part := string(runes[i : j+1])
			switch {
			case length == 4 && isYear(part):
				patterns = append(patterns, pattern{i, j, math.Log2(years)})
			case length == 6 && isDate(part[:2], part[2:4], part[4:]), length == 8 && isLongDate(part):
				patterns = append(patterns, pattern{i, j, math.Log2(31 * 12 * years)})
			case isSeparatedDate(part):
				patterns = append(patterns, pattern{i, j, math.Log2(31*12*years) + 2})
			}
		}
	}
	return patterns
}

func isYear(s string) bool { return allDigits(s) && s >= "1920" && s <= "2050" }

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// isDate says whether two parts can be day and month in any order.
func isDate(a, b, year string) bool {
	if !allDigits(a) || !allDigits(b) || !allDigits(year) {
		return false
	}
	day := func(s string) bool { return s >= "01" && s <= "31" }
	month := func(s string) bool { return s >= "01" && s <= "12" }
	return day(a) && month(b) || month(a) && day(b)
}

func isLongDate(s string) bool {
	return isYear(s[4:]) && isDate(s[:2], s[2:4], s[4:]) || isYear(s[:4]) && isDate(s[4:6], s[6:], s[:4])
}

func isSeparatedDate(s string) bool {
	for _, separator := range []string{"/", "-", ".", "_", " "} {
		if parts := strings.Split(s, separator); len(parts) == 3 && len(s) >= 8 {
			return len(parts[0]) == 2 && len(parts[1]) == 2 && isDate(parts[0], parts[1], parts[2]) ||
				isYear(parts[0]) && len(parts[1]) == 2 && isDate(parts[1], parts[2], parts[0])
		}
	}
	return false
}

const maxBlock = 16 // characters of a block whose repetition is looked for

// repeatPatterns finds a character three times or more, or a block twice or more:
// the block has to be guessed once, from the patterns found so far.
func repeatPatterns(runes []rune, patterns []pattern) []pattern {
	var repeats []pattern
	for block := 1; block <= maxBlock; block++ {
		for i := 0; i+2*block <= len(runes); {
			j := i + block
			for j < len(runes) && runes[j] == runes[j-block] {
				j++
			}
			times := (j - i) / block
			if times < 2 || block == 1 && times < 3 {
				i++
				continue
			}
			bits := cheapest(runes[i:i+block], within(patterns, i, i+block-1))
			repeats = append(repeats, pattern{i, i + times*block - 1, bits + math.Log2(float64(times))})
			i = j - block + 1
		}
	}
	return repeats
}

// within gives the patterns between rune i and rune j, counted from i.
func within(patterns []pattern, i, j int) []pattern {
	var inner []pattern
	for _, p := range patterns {
		if p.i >= i && p.j <= j {
			inner = append(inner, pattern{p.i - i, p.j - i, p.bits})
		}
	}
	return inner
}
