package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxPhone is the length that a telephone number may have as it is kept, in
// characters.
const MaxPhone = 40

// Limits of a telephone number in digits, extension included: ITU-T E.164 has 15,
// and people add a 0 in brackets and the digits with which one dials abroad.
const (
	minPhoneDigits = 4
	maxPhoneDigits = 20
)

// ParsePhone reads a telephone number as people type or paste it: digits of any
// script, a plus before them, spaces, hyphens and dashes of all kinds, dots,
// brackets and slashes between them, signs that cannot be seen, an extension
// behind "ext", "x", "#" or a word for it in one of the six languages.
//
// It is kept as a person would write it, in ASCII: the digits grouped as they
// were, "-" for every dash, one space for every space, " ext. " before an
// extension. Nothing is added that depends on a country: +44 (0)20 7946 0018
// stays so. What is kept is read as itself.
func ParsePhone(s string) (kept string, ok bool) {
	s = plainPhone(s)
	end := strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune(phoneSigns, r) })
	extension := ""
	if end >= 0 {
		if extension, ok = phoneExtension(s[end:]); !ok {
			return "", false
		}
		s = s[:end]
	}
	s = strings.TrimRight(strings.TrimLeft(s, " -./"), " -./(")
	if plus := strings.LastIndexByte(s, '+'); plus > 1 || plus == 1 && s[0] != '(' {
		return "", false
	}
	if n := countDigits(s); n < minPhoneDigits || n+len(extension) > maxPhoneDigits {
		return "", false
	}
	if extension != "" {
		s += " ext. " + extension
	}
	return s, utf8.RuneCountInString(s) <= MaxPhone
}

// phoneSigns are what a number is written with, as plainPhone gives it.
const phoneSigns = "+0123456789 -.()/"

// maxTypedPhone bounds what is looked at, in bytes.
const maxTypedPhone = 400

// plainPhone writes digits, dashes and spaces of all kinds in ASCII, letters
// folded, and leaves out what cannot be seen.
func plainPhone(s string) string {
	s = strings.TrimPrefix(Fold(Typed(truncate(s, maxTypedPhone))), "tel:") // RFC 3966
	var b strings.Builder
	for _, r := range norm.NFKC.String(s) {
		switch {
		case unicode.IsSpace(r):
			r = ' '
		case unicode.Is(unicode.Dash, r) || r == 'ー': // what Japanese keyboards write for one
			r = '-'
		}
		if r == ' ' && strings.HasSuffix(b.String(), " ") {
			continue
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}

// extensionWords stand before an extension, folded, longer ones first.
var extensionWords = []string{
	"extension", "extn", "ext", "int", "poste", "anexo", "x", "#", "доб", "вн", "转", "轉", "分机", "分機", "内线", "內線", "تحويله", "داخلي",
}

// phoneExtension reads what stands behind a number: a word and digits.
func phoneExtension(s string) (digits string, ok bool) {
	s = strings.TrimLeft(s, " ,;")
	for _, word := range extensionWords {
		rest, found := strings.CutPrefix(s, word)
		if !found {
			continue
		}
		digits = strings.TrimLeft(rest, " .:=")
		return digits, digits != "" && strings.Trim(digits, "0123456789") == ""
	}
	return "", false
}

func countDigits(s string) int {
	n := 0
	for i := range len(s) {
		if isDigit(s[i]) {
			n++
		}
	}
	return n
}
