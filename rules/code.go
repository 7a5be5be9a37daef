package rules

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// crockford is Crockford's base 32: no I, L, O, U.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	codeLength   = 10 // 50 bits (security.md, Proving who one is)
	numberLength = 8  // 40 bits: names a registration, proves nothing
)

// NewCode makes a code for an e-mail, 50 bits as "XXXXX-XXXXX", from random,
// which is crypto/rand.Reader but in tests.
func NewCode(random io.Reader) (string, error) {
	s, err := randomSymbols(random, codeLength)
	if err != nil {
		return "", fmt.Errorf("rules: make a code: %w", err)
	}
	return s[:5] + "-" + s[5:], nil
}

// NormalizeCode brings a code that a person typed into the form of NewCode:
// any case, spaces and hyphens anywhere, O for 0, I and L for 1. It is false for
// what cannot be a code.
func NormalizeCode(s string) (string, bool) {
	symbols, ok := symbolsOf(s, maxTypedCode)
	if !ok || len(symbols) != codeLength {
		return "", false
	}
	return symbols[:5] + "-" + symbols[5:], true
}

// NewRegistrationNumber makes the number of a registration, "R-XXXX-XXXX".
func NewRegistrationNumber(random io.Reader) (string, error) {
	s, err := randomSymbols(random, numberLength)
	if err != nil {
		return "", fmt.Errorf("rules: make a registration number: %w", err)
	}
	return "R-" + s[:4] + "-" + s[4:], nil
}

// NormalizeRegistrationNumber forgives like NormalizeCode, and a missing "R".
func NormalizeRegistrationNumber(s string) (string, bool) {
	symbols, ok := symbolsOf(s, maxTypedCode)
	if ok && (len(symbols) > numberLength || withR.MatchString(s)) {
		symbols, ok = strings.CutPrefix(symbols, "R")
	}
	if !ok || len(symbols) != numberLength {
		return "", false
	}
	return "R-" + symbols[:4] + "-" + symbols[4:], true
}

// withR is how a number begins whose first R is none of its symbols.
var withR = regexp.MustCompile(`(?i)^\s*r[^0-9a-z]`)

func randomSymbols(random io.Reader, n int) (string, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", err
	}
	for i := range b {
		b[i] = crockford[b[i]&31] // 256 is a multiple of 32: no bias
	}
	return string(b), nil
}

// maxTypedCode bounds what is looked at, in bytes: a code with separators, in
// characters of several bytes.
const maxTypedCode = 120

// symbolsOf reads Crockford symbols out of typed text of at most that many bytes.
func symbolsOf(s string, most int) (string, bool) {
	if len(s) > most {
		return "", false
	}
	var b strings.Builder
	for _, r := range strings.ToUpper(norm.NFKC.String(s)) {
		switch {
		case isSeparator(r):
		case r == 'O':
			b.WriteByte('0')
		case r == 'I' || r == 'L':
			b.WriteByte('1')
		case strings.ContainsRune(crockford, r):
			b.WriteRune(r)
		default:
			return "", false
		}
	}
	return b.String(), true
}

// isSeparator is for spaces and hyphens of all kinds, as mail programs and
// text processors put them, and for what is invisible.
func isSeparator(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '-', '_', '\u2212':
		return true
	}
	return r >= '\u2010' && r <= '\u2015' || unseen(r)
}

// typedMeetingCode is how people type it: any case, without hyphen, zeros or C.
var typedMeetingCode = regexp.MustCompile(`(?i)^C?[ -]?([0-9]{1,8})$`)

// NormalizeMeetingCode brings a meeting's code that a person typed into its
// form, "C-00016105": any case, hyphens of all kinds, leading zeros and the C
// left out. ReadMeeting reads links, too.
func NormalizeMeetingCode(s string) (string, bool) {
	if len(s) > maxTypedCode {
		return "", false
	}
	m := typedMeetingCode.FindStringSubmatch(strings.Trim(plainText(s), aroundCode))
	if m == nil {
		return "", false
	}
	return "C-" + strings.Repeat("0", 8-len(m[1])) + m[1], true
}

// aroundCode is what mail programs and people put around a code.
const aroundCode = " <>\"'.,;:()[]“”„«»‘’"
