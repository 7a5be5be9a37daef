package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold brings a text into the form under which it is searched: compatibility
// decomposition (NFKD), marks dropped, case folded, then what NFKD leaves: letters
// with a stroke, ligatures, forms of Arabic letters, digits of all scripts. Two
// texts that a person takes for the same name fold to the same text
// (localdb-facts.md, Search). Spaces and punctuation stay.
func Fold(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		if r < utf8.RuneSelf {
			b.WriteByte(lowerASCII(byte(r)))
			continue
		}
		if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) || r == tatweel {
			continue
		}
		r = foldCase(r)
		if plain, ok := leftByNFKD[r]; ok {
			b.WriteString(plain)
			continue
		}
		if d, ok := digit(r); ok {
			b.WriteByte('0' + d)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// isPlain says whether folding would change nothing, which most text that is
// folded twice shows at once.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf || s[i]-'A' < 26 {
			return false
		}
	}
	return true
}

func lowerASCII(c byte) byte {
	if c-'A' < 26 {
		return c + 'a' - 'A'
	}
	return c
}

// foldCase gives the same rune for all that differ only in case. Dotless i is no
// case of i, and neither is capital I with a dot: only Turkish takes them for it.
func foldCase(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		return rune(lowerASCII(byte(r)))
	case r == 'ı' || r == 'İ':
		return r
	default:
		return unicode.ToLower(unicode.ToUpper(r))
	}
}

const tatweel = 'ـ' // stretches a word in Arabic, means nothing

// leftByNFKD are letters, case folded, that NFKD does not take apart.
var leftByNFKD = map[rune]string{
	'ł': "l", 'ø': "o", 'ı': "i", 'æ': "ae", 'œ': "oe", 'þ': "th", 'ß': "ss", 'ẞ': "ss", 'ð': "d",
	'đ': "d", 'ħ': "h", 'ŧ': "t", 'ŋ': "ng", 'ĸ': "k", 'ƒ': "f", 'ɓ': "b", 'ɗ': "d", 'ƙ': "k", 'ƴ': "y",
	'ə': "a", 'ɛ': "e", 'ɔ': "o", 'ǝ': "e", 'ǥ': "g", 'ƶ': "z", 'ɨ': "i", 'ʉ': "u",
	// Arabic: forms that people type for one another, and those of Persian and Urdu.
	'ٱ': "ا", 'ى': "ي", 'ة': "ه", 'ک': "ك", 'ی': "ي", 'ہ': "ه", 'ھ': "ه", 'ۀ': "ه", 'ە': "ه", 'ے': "ي", 'ء': "",
	// Apostrophes and hyphens in their many forms.
	'’': "'", '‘': "'", 'ʼ': "'", 'ʻ': "'", '′': "'", 'ʿ': "'", 'ʾ': "'", '`': "'",
	'‐': "-", '‑': "-", '‒': "-", '–': "-", '—': "-", '−': "-",
}

// zeros are the zeros of decimal digits outside ASCII; nine digits follow each.
var zeros = []rune{
	'٠', '۰', '߀', '०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦', '๐', '໐', '༠', '၀', '០', '᠐',
}

func digit(r rune) (byte, bool) {
	if r < zeros[0] || !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	for _, zero := range zeros {
		if r >= zero && r <= zero+9 {
			return byte(r - zero), true
		}
	}
	return 0, false
}

// Tokens folds a text and splits it into its words: runs of letters and digits.
func Tokens(s string) []string { return wordsOf(Fold(s)) }

// wordsOf splits a folded text into its words.
func wordsOf(folded string) []string {
	return strings.FieldsFunc(folded, func(r rune) bool { return !IsWord(r) })
}

// IsWord says whether a rune of a folded text is part of a word.
func IsWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r-'a' < 26 && r >= 'a' || r >= '0' && r <= '9'
	}
	return unicode.In(r, unicode.L, unicode.N, unicode.Mc)
}
