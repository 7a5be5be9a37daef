package rules

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Limits of a username in characters.
const (
	MinUsername = 3
	MaxUsername = 40
)

// ValidUsername says whether a wished username is possible: 3 to 40 letters a
// to z in any case, digits, dots, hyphens and underscores, with a letter or a digit at
// both ends. So it can be typed on every keyboard, read out on the telephone,
// and is never taken for an e-mail address.
func ValidUsername(s string) bool {
	if len(s) < MinUsername || len(s) > MaxUsername {
		return false
	}
	for i := range len(s) {
		c := lowerASCII(s[i])
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			continue
		}
		if i == 0 || i == len(s)-1 || c != '.' && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// UsernameKey is what usernames that differ only in case have in common.
func UsernameKey(s string) string {
	return strings.ToLower(Typed(s))
}

// ProposeUsername makes a username of a name, such as "jose.munoz" of José
// Muñoz. It is empty where nothing of the name can be written in Latin letters
// without knowing its language (Chinese, Arabic, ...); UsernameFromEmail helps then.
func ProposeUsername(first, family string) string {
	return usernameOf(first, family)
}

// UsernameFromEmail makes a username of the local part of an address.
func UsernameFromEmail(address string) string {
	local, _, _ := strings.Cut(address, "@")
	local, _, _ = strings.Cut(local, "+")
	return usernameOf(strings.FieldsFunc(local, func(r rune) bool { return r == '.' })...)
}

func usernameOf(parts ...string) string {
	var words []string
	for _, part := range parts {
		if word := romanLetters(part); word != "" {
			words = append(words, word)
		}
	}
	s := strings.Join(words, ".")
	if len(s) > MaxUsername-4 { // room for the number that tells two of them apart
		s = strings.TrimRight(s[:MaxUsername-4], ".")
	}
	if !ValidUsername(s) {
		return ""
	}
	return s
}

// NumberedUsername is the n-th try for a username that is taken: "jose.munoz2".
func NumberedUsername(username string, n int) string {
	number := strconv.Itoa(n)
	if len(username)+len(number) > MaxUsername {
		username = username[:MaxUsername-len(number)]
	}
	return username + number
}

// romanLetters keeps of a text what can be written in a to z and 0 to 9.
func romanLetters(s string) string {
	var b strings.Builder
	for _, r := range Fold(truncate(s, 400)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		default:
			b.WriteString(roman[r])
		}
	}
	return b.String()
}

// roman writes Cyrillic and Greek letters, folded, in Latin ones: after the
// ICAO's table for passports (Doc 9303-3, section 6) and ISO 843, without marks.
var roman = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'ґ': "g", 'д': "d", 'ђ': "d", 'ѓ': "g", 'е': "e", 'є': "ie",
	'ж': "zh", 'з': "z", 'ѕ': "dz", 'и': "i", 'і': "i", 'ї': "i", 'ј': "j", 'к': "k", 'ќ': "k", 'л': "l",
	'љ': "lj", 'м': "m", 'н': "n", 'њ': "nj", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'ћ': "c",
	'у': "u", 'ў': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'џ': "dz", 'ш': "sh", 'щ': "shch",
	'ъ': "ie", 'ы': "y", 'ь': "", 'э': "e", 'ю': "iu", 'я': "ia",
	'α': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'ζ': "z", 'η': "i", 'θ': "th", 'ι': "i", 'κ': "k",
	'λ': "l", 'μ': "m", 'ν': "n", 'ξ': "x", 'ο': "o", 'π': "p", 'ρ': "r", 'σ': "s", 'τ': "t", 'υ': "y",
	'φ': "f", 'χ': "ch", 'ψ': "ps", 'ω': "o",
}

// IdentifierKey is what was typed as e-mail address or username, so normalized
// that all spellings that reach one account, existing or not, have one key: limits
// count by it (security.md, Limits).
func IdentifierKey(s string) string {
	s = Typed(norm.NFKC.String(truncate(s, 8*maxEmail)))
	if key := EmailKey(s); key != "" {
		return key
	}
	return norm.NFKC.String(strings.Map(foldCase, s))
}
