package rules

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Limits of an e-mail address in bytes (RFC 5321, 4.5.3.1; RFC 3696 errata 1690).
const (
	maxEmail      = 254
	maxEmailLocal = 64
)

// ErrEmail is the error of ParseEmail.
var ErrEmail = errors.New("rules: not an e-mail address")

// ParseEmail checks a typed address and gives it as it is stored: space around
// it gone, local part as typed in NFC, domain in lower case ASCII (IDNA 2008).
// It is stricter than net/mail: a domain of at least two labels, nothing
// quoted, no address literal, no control or invisible characters, local part of
// at most 64 bytes, 254 in all. Letters of any script may stand in both parts.
func ParseEmail(s string) (normalized string, err error) {
	s = norm.NFC.String(strings.TrimSpace(truncate(s, 4*maxEmail)))
	at := strings.LastIndexByte(s, '@')
	if at < 1 || !utf8.ValidString(s) {
		return "", ErrEmail
	}
	local, domain := s[:at], s[at+1:]
	if len(local) > maxEmailLocal || !validLocal(local) {
		return "", ErrEmail
	}
	domain, err = idna.Lookup.ToASCII(strings.ToLower(domain))
	if err != nil || !validDomain(domain) {
		return "", ErrEmail
	}
	if s = local + "@" + domain; len(s) > maxEmail {
		return "", ErrEmail
	}
	return s, nil
}

// ReadEmail is ParseEmail for what a person typed or pasted, as mail programs,
// pages and keyboards give it: with a name before it in brackets, as a link
// (mailto:), with signs that cannot be seen, a full-width @, a comma behind it.
// Two addresses are none.
func ReadEmail(typed string) (normalized string, err error) {
	s, ok := withoutName(Typed(truncate(typed, 8*maxEmail)))
	if !ok {
		return "", ErrEmail
	}
	if !strings.Contains(s, "@") && strings.ContainsRune(s, '＠') { // typed with a keyboard for Chinese or Japanese
		s = norm.NFKC.String(s)
	}
	if hasPrefixFold(s, "mailto:") {
		s, _, _ = strings.Cut(s[len("mailto:"):], "?")
	}
	return ParseEmail(strings.TrimRight(s, ",;. "))
}

// withoutName takes the address out of "Marie Dupont <marie@example.org>". The
// name may be the address again; it may not hold another one.
func withoutName(s string) (address string, ok bool) {
	name, rest, found := strings.Cut(s, "<")
	if !found {
		return s, true
	}
	address, behind, closed := strings.Cut(rest, ">")
	address = strings.TrimSpace(address)
	if strings.Contains(name, "@") {
		name = strings.Trim(name, ` '"`)
		ok = strings.EqualFold(name, address)
	} else {
		ok = true
	}
	return address, ok && closed && strings.Trim(behind, ",;. ") == ""
}

// EmailKey is what two spellings of one address have in common: it decides
// whether an address is taken and finds an account. Mail goes to the address as
// stored, never to a typed one with the same key. It reads what ReadEmail reads;
// anything else has the key "".
func EmailKey(address string) string {
	normalized, err := ReadEmail(address)
	if err != nil {
		return ""
	}
	return norm.NFC.String(strings.Map(foldCase, normalized))
}

// validLocal checks for a dot-string of RFC 5321 with the letters, marks and
// numbers of RFC 6531.
func validLocal(local string) bool {
	for atom := range strings.SplitSeq(local, ".") {
		if atom == "" {
			return false
		}
		for _, r := range atom {
			if !isAtomRune(r) {
				return false
			}
		}
	}
	return true
}

func isAtomRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' ||
			strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
	}
	return r != utf8.RuneError && unicode.In(r, unicode.L, unicode.M, unicode.N) && !unseen(r)
}

// validDomain checks a domain in ASCII: two labels or more, the last one no number.
func validDomain(domain string) bool {
	labels := strings.Split(domain, ".")
	if len(labels) < 2 || len(domain) > 253 {
		return false
	}
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			c := label[i]
			if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-') {
				return false
			}
		}
	}
	last := labels[len(labels)-1]
	return len(last) >= 2 && strings.Trim(last, "0123456789") != ""
}

// truncate bounds what is looked at; a text that is cut is too long anyway.
func truncate(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}
