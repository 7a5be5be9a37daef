package rules

import (
	"slices"
	"strings"
)

// providers are the domains of the mail providers that most people use, the most usual
// first.
var providers = []string{
	"gmail.com", "hotmail.com", "yahoo.com", "outlook.com", "icloud.com", "qq.com", "163.com", "live.com",
	"mail.ru", "yandex.ru", "orange.fr", "yahoo.fr", "hotmail.fr", "gmx.net", "gmx.de", "aol.com", "msn.com",
	"protonmail.com", "googlemail.com", "rediffmail.com",
}

// alike are domains in use that are one typing mistake away from one of providers.
var alike = []string{"ymail.com", "email.com", "mail.com", "gmx.com", "126.com", "line.com", "aol.co", "hotmail.gr"}

// shortName is the length of a provider's name below which another letter makes another
// name: love.com is not live.com.
const shortName = 5

// MeantEmail is the address that was probably meant by one whose domain is one typing
// mistake away from a usual provider's: a letter too many, too few or wrong, or two in the
// wrong order. It is empty where nothing is to be pointed out; typed may be right in any
// case.
func MeantEmail(typed string) string {
	address, err := ReadEmail(typed)
	if err != nil {
		return ""
	}
	at := strings.LastIndexByte(address, '@')
	local, domain := address[:at], address[at+1:]
	if slices.Contains(providers, domain) || slices.Contains(alike, domain) {
		return ""
	}
	for _, provider := range providers {
		if mistyped(domain, provider) {
			return local + "@" + provider
		}
	}
	return ""
}

// mistyped reports whether a domain is a provider's with one typing mistake. Another
// country's ending is none.
func mistyped(domain, provider string) bool {
	name, ending := cutLast(domain)
	rightName, rightEnding := cutLast(provider)
	if ending == rightEnding {
		return len(rightName) >= shortName && oneMistake(name, rightName)
	}
	return name == rightName && len(rightEnding) > 2 && oneMistake(ending, rightEnding)
}

func cutLast(domain string) (name, ending string) {
	dot := strings.LastIndexByte(domain, '.')
	return domain[:dot], domain[dot+1:]
}

// oneMistake reports whether a is b with one letter more, less or other, or with two
// alike in the wrong order.
func oneMistake(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	at := 0
	for at < len(a) && a[at] == b[at] {
		at++
	}
	switch {
	case a == b || len(b)-len(a) > 1:
		return false
	case len(a) < len(b):
		return a[at:] == b[at+1:]
	case a[at+1:] == b[at+1:]:
		return true
	}
	return at+1 < len(a) && a[at] == b[at+1] && a[at+1] == b[at] && a[at+2:] == b[at+2:]
}
