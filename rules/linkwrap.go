package rules

import (
	"encoding/base64"
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWraps is how often a link may be wrapped and written in another way: two
// gateways, one in the other, and a page's or mail program's writing around.
const maxWraps = 6

// unwrapLinks writes the links of a text in the clear that gateways of mail
// programs, search engines and networks have wrapped:
//
//	percent-encoded, also twice (Outlook Safe Links, Google, Mimecast, Barracuda, Cisco)
//	Proofpoint URL Defense v1 and v3, in the clear between its own signs
//	Proofpoint URL Defense v2, with - for % and _ for /
//	base64 (Sophos)
//
// and everything as plainText. The wrapping stays around them.
func unwrapLinks(s string) string {
	s = plainText(s)
	for range maxWraps {
		next := urlDefense2.ReplaceAllStringFunc(s, func(u string) string {
			return strings.NewReplacer("-", "%", "_", "/").Replace(u)
		})
		next = inBase64.ReplaceAllStringFunc(next, fromBase64)
		next = plainText(fromPercent(next))
		if next == s {
			break
		}
		s = next
	}
	return s
}

var (
	urlDefense2 = regexp.MustCompile(`(?i)[?&]u=https?-3A__[^&\s]*`)
	inBase64    = regexp.MustCompile(`=aHR0c[A-Za-z0-9+/_-]*`) // "http"
)

// fromBase64 reads "=aHR0c..."; what cannot be read stays.
func fromBase64(s string) string {
	encoded := strings.NewReplacer("+", "-", "/", "_").Replace(s[1:])
	plain, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || !utf8.Valid(plain) {
		return s
	}
	return "=" + string(plain)
}

// fromPercent reads percent-encoded bytes; a sign that encodes nothing stays.
func fromPercent(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			high, ok1 := hexDigit(s[i+1])
			low, ok2 := hexDigit(s[i+2])
			if ok1 && ok2 {
				out = append(out, high<<4|low)
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	return string(out)
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case isDigit(c):
		return c - '0', true
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10, true
	}
	return 0, false
}

// plainText writes what mail programs, text processors and keyboards make of
// plain letters as such: HTML's entities, full-width and Arabic digits, hyphens
// of all kinds. What cannot be seen is left out (soft hyphens, marks of zero
// width, of direction); spaces, line ends and control characters become one space.
func plainText(s string) string {
	var b strings.Builder
	space := false
	for _, r := range norm.NFKC.String(html.UnescapeString(s)) {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			space = true
			continue
		case unseen(r):
			continue
		case r > 0x7f && (isSeparator(r) || unicode.Is(unicode.Dash, r)):
			r = '-'
		case '\u0660' <= r && r <= '\u0669':
			r += '0' - '\u0660'
		case '\u06f0' <= r && r <= '\u06f9':
			r += '0' - '\u06f0'
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}
