package rules

import (
	"math"
	"unicode"
)

// How hard a password is to guess is estimated as zxcvbn does (Wheeler, "zxcvbn:
// Low-Budget Password Strength Estimation", USENIX Security 2016): patterns that
// attackers try first are matched (guess_patterns.go), and the cheapest way to
// put the password together from them counts. The word lists are those of
// zxcvbn-go; its own code is not used, since it reads them at every program
// start (63 ms, 18 MB) and takes seconds for some inputs of 64 characters.

// hardBits is the entropy at which zxcvbn gives its score 3: a million seconds
// on average at 10,000 guesses a second.
const hardBits = 34.2

// pattern is a part of a password, from rune i to rune j inclusive, that can be
// guessed in 2^bits tries.
type pattern struct {
	i, j int
	bits float64
}

// guessBits estimates the tries for a password as a power of two. Context are
// words that an attacker would try first.
func guessBits(password string, context []string) float64 {
	runes := []rune(password)
	if len(runes) > maxGuessInput {
		runes = runes[:maxGuessInput]
	}
	patterns := wordPatterns(runes, rankOf(context))
	patterns = append(patterns, sequencePatterns(runes)...)
	patterns = append(patterns, keyboardPatterns(runes)...)
	patterns = append(patterns, datePatterns(runes)...)
	patterns = append(patterns, repeatPatterns(runes, patterns)...)
	return cheapest(runes, patterns)
}

// cheapest is the least entropy with which patterns, and single characters
// between them, make up the whole password.
func cheapest(runes []rune, patterns []pattern) float64 {
	each := math.Log2(alphabet(runes))
	upTo := make([]float64, len(runes)+1) // entropy of the first k runes
	for k := 1; k <= len(runes); k++ {
		upTo[k] = upTo[k-1] + each
		for _, p := range patterns {
			if p.j == k-1 {
				upTo[k] = min(upTo[k], upTo[p.i]+p.bits)
			}
		}
	}
	return upTo[len(runes)]
}

// alphabet is the number of characters that somebody has to try who knows only
// of which kinds the password's are.
func alphabet(runes []rune) float64 {
	var lower, upper, digits, symbols, others float64
	for _, r := range runes {
		switch {
		case r >= 'a' && r <= 'z':
			lower = 26
		case r >= 'A' && r <= 'Z':
			upper = 26
		case r >= '0' && r <= '9':
			digits = 10
		case r < unicode.MaxASCII:
			symbols = 33
		default:
			others = 100
		}
	}
	return max(2, lower+upper+digits+symbols+others)
}

// caseBits is what capitals add to a word: a bit for the usual ways, else the
// ways to choose them.
func caseBits(word []rune) float64 {
	var upper, lower int
	for _, r := range word {
		if unicode.IsUpper(r) {
			upper++
		} else {
			lower++
		}
	}
	switch {
	case upper == 0:
		return 0
	case lower == 0, upper == 1 && (unicode.IsUpper(word[0]) || unicode.IsUpper(word[len(word)-1])):
		return 1
	default:
		return waysBits(upper, lower)
	}
}

// waysBits is the entropy of choosing the places of the rarer of two kinds.
func waysBits(a, b int) float64 {
	ways := 0.0
	for i := 1; i <= min(a, b); i++ {
		ways += binomial(a+b, i)
	}
	return math.Log2(max(1, ways))
}

func binomial(n, k int) float64 {
	if k < 0 || k > n {
		return 0
	}
	c := 1.0
	for i := 1; i <= k; i++ {
		c = c * float64(n-k+i) / float64(i)
	}
	return c
}
