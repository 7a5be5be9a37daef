package mailserver

import (
	"fmt"
	"html"
	"regexp"
	"strings"
)

var (
	// link is an address of the service in an e-mail's HTML part.
	link = regexp.MustCompile(`href="(https?://[^"]+)"`)
	// code is one of Crockford's base 32, 10 characters in groups, on a line
	// of its own or at its end.
	code = regexp.MustCompile(`\b([0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5})\b`)
)

// Link gives the first link that a person finds in the e-mail whose address
// contains a text.
func (m Mail) Link(containing string) (string, error) {
	for _, found := range link.FindAllStringSubmatch(m.HTML, -1) {
		address := html.UnescapeString(found[1])
		if strings.Contains(address, containing) {
			return address, nil
		}
	}
	return "", fmt.Errorf("the e-mail %q has no link with %q", m.Subject, containing)
}

// Code gives the code in the e-mail, as it stands there.
func (m Mail) Code() (string, error) {
	found := code.FindStringSubmatch(m.Text)
	if found == nil {
		return "", fmt.Errorf("the e-mail %q has no code", m.Subject)
	}
	return found[1], nil
}
