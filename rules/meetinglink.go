package rules

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// MeetingRef is a meeting as a code or a link names it. One that ReadMeeting
// gave is read again from its String.
type MeetingRef struct {
	Code string // as "C-00016105"
	// Host is the host of the service to which a link leads, in lower case and
	// ASCII, with a port unless that is 443 or 80: "accounts.example.org",
	// "127.0.0.1:8443". It is empty where there is only a code.
	Host string
	// Older marks a link with the parameter Event (sources/registration-manual.txt,
	// step 2): its host is that of the organization's website.
	Older bool
	// Invitation is the token of a personal invitation to the meeting, of a link to a
	// service's page for it; else empty.
	Invitation string
}

// String is the shortest text that names the same: a code, or a link for the
// program, to a service alone where there is no code.
func (m MeetingRef) String() string {
	switch {
	case m.Host == "":
		return m.Code
	case m.Code == "":
		return "plenary://" + m.Host
	case m.Older:
		return "https://" + m.Host + "/?Event=" + m.Code
	case m.Invitation != "":
		return "plenary://" + m.Host + "/m/" + m.Code + "#" + m.Invitation
	default:
		return "plenary://" + m.Host + "/m/" + m.Code
	}
}

// InvitationPage is MeetingPage in a language, with the token of a personal invitation in
// its fragment, which no server sees.
func InvitationPage(address, code, lang, token string) string {
	page := MeetingPage(address, code)
	if page == "" {
		return ""
	}
	return page + "?lang=" + lang + "#" + token
}

// MeetingPage is the web address of a meeting's page at a service, whose public address
// it is given; empty where that is not known.
func MeetingPage(address, code string) string {
	if address == "" {
		return ""
	}
	return address + "/m/" + code
}

// Address is the address of the service to which the link leads, for a person
// to confirm; empty for a code alone and for an older link. Only on this machine
// it is without TLS.
func (m MeetingRef) Address() string {
	switch {
	case m.Host == "" || m.Older:
		return ""
	case isLocal(m.Host):
		return "http://" + m.Host
	default:
		return "https://" + m.Host
	}
}

// OfService says whether the meeting is one of the service that has these
// addresses ("https://accounts.example.org"): the one where it is reached, and
// the public one that it gives itself, which its links have and which can be
// another. Numbers of meetings mean nothing elsewhere, so everything else is
// another service, a test service of the same organization too. Three things
// are taken as of this service: a code alone; on this machine every port, since
// the demonstration gets a new one at each start; and an older link to a website
// in the same registered domain (www.example.org, accounts.example.org).
func (m MeetingRef) OfService(addresses ...string) bool {
	if m.Host == "" {
		return true
	}
	for _, address := range addresses {
		_, authority, _ := strings.Cut(address, "://")
		host, ok := linkHost(authority)
		if ok && (host == m.Host || isLocal(host) && isLocal(m.Host) || m.Older && registeredDomain(host) == registeredDomain(m.Host)) {
			return true
		}
	}
	return false
}

// Local says whether the link leads to a service on this machine, such as the
// demonstration.
func (m MeetingRef) Local() bool { return m.Host != "" && isLocal(m.Host) }

// isLocal says whether a host is this machine.
func isLocal(host string) bool {
	name, _ := splitPort(host)
	ip, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return name == "localhost" || err == nil && ip.IsLoopback()
}

// registeredDomain is what its owner has registered of a host ("example.org"),
// or the host itself where there is no such thing.
func registeredDomain(host string) string {
	name, _ := splitPort(host)
	if domain, err := publicsuffix.EffectiveTLDPlusOne(name); err == nil && !isAddress(name) {
		return domain
	}
	return host
}

func isAddress(name string) bool {
	_, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return err == nil
}

// maxPasted is how much text is read, in bytes: an invitation with a link that
// two gateways have wrapped.
const maxPasted = 16 << 10

// ReadMeeting finds the meeting in what a person typed or pasted, or the system
// handed over: a code ("C-00016105", "c 16105", "16105"), the address of the
// meeting's page at a service with or without https://, a link for the program
// (plenary://HOST/m/C-00016105), or a link of the older form, with the parameter
// Event. There may be words around it, it may be broken by a line end or by
// marks that cannot be seen, and gateways may have wrapped it (unwrapLinks).
//
// A link may have the token of a personal invitation in its fragment.
//
// It reads and asks nobody: an address that hides the meeting behind a key of
// the gateway's own, like a text of more than 16 KiB or one that names two
// meetings, is not read.
func ReadMeeting(text string) (MeetingRef, bool) {
	if len(text) > maxPasted {
		return MeetingRef{}, false
	}
	if code, ok := NormalizeMeetingCode(text); ok {
		return MeetingRef{Code: code}, true
	}
	found := findMeetings(unwrapLinks(text))
	if !found.link() {
		if mended := findMeetings(unwrapLinks(joinBroken(text))); mended.link() {
			found = mended
		}
	}
	if found == (meetingsFound{}) { // the line end is within "https://"
		found = findMeetings(unwrapLinks(strings.Join(strings.Fields(text), "")))
	}
	m, ok := found.only()
	if ok && m.Host != "" && !m.Older {
		m.Invitation = invitationIn(text)
	}
	return m, ok
}

// invitationToken is a token of 256 bits in the fragment of a link to a meeting's page.
var invitationToken = regexp.MustCompile(`(?i)/m/C-?[0-9]{1,8}(?:\?[^#\s]*)?#([A-Za-z0-9_-]{43})(?:[^A-Za-z0-9_-]|$)`)

// invitationIn is the only token of an invitation in a text; empty where there is none, or
// more than one.
func invitationIn(text string) (only string) {
	for _, written := range []string{unwrapLinks(text), unwrapLinks(joinBroken(text))} {
		for _, m := range invitationToken.FindAllStringSubmatch(written, -1) {
			if only != "" && only != m[1] {
				return ""
			}
			only = m[1]
		}
		if only != "" {
			return only
		}
	}
	return ""
}

// ReadService reads a link for the program that names a service and no meeting
// (plenary://HOST), as the service's own pages have it for the log-in: a
// MeetingRef without a code.
func ReadService(link string) (MeetingRef, bool) {
	const scheme = "plenary://"
	link = strings.TrimSpace(link)
	if !hasPrefixFold(link, scheme) {
		return MeetingRef{}, false
	}
	authority := strings.TrimSuffix(link[len(scheme):], "/")
	if strings.ContainsAny(authority, `/\?#@`) {
		return MeetingRef{}, false
	}
	host, ok := linkHost(authority)
	return MeetingRef{Host: host}, ok
}

// linkStart is how a link begins, in the clear or wrapped.
var linkStart = regexp.MustCompile(`(?i)(?:https?|plenary)(?::|%(?:25)*3A|-3A)`)

// fullLine is how long a piece of a link is, at least, that a mail program has
// broken at both ends, in bytes: words are shorter.
const fullLine = 20

// joinBroken puts links together that line ends have broken: with the piece
// behind the first one, and with more where the pieces fill their lines.
func joinBroken(text string) string {
	var b strings.Builder
	open := false // the last piece may go on
	for i, piece := range strings.Fields(text) {
		start := linkStart.FindStringIndex(piece)
		if i > 0 && (!open || start != nil && start[0] <= len("<")) {
			b.WriteByte(' ')
		}
		b.WriteString(piece)
		open = start != nil || open && len(piece) >= fullLine
	}
	return b.String()
}

// meetingsFound are the meetings that a text names, by how well.
type meetingsFound struct {
	by   [5]MeetingRef // a code, an older link and a link without scheme, an older link and a link
	many bool          // two in one way
}

// link says whether there is a whole link.
func (f *meetingsFound) link() bool { return f.by[3].Code != "" || f.by[4].Code != "" }

func (f *meetingsFound) add(m MeetingRef, scheme bool) {
	by := 0
	if m.Host != "" {
		by = 2
		if scheme {
			by = 4
		}
		if m.Older {
			by--
		}
	}
	f.many = f.many || f.by[by] != (MeetingRef{}) && f.by[by] != m
	f.by[by] = m
}

// only gives the meeting if it is one; a link says more than a code beside it.
func (f *meetingsFound) only() (MeetingRef, bool) {
	var best MeetingRef
	for _, m := range f.by {
		if m.Code == "" {
			continue
		}
		if f.many || best.Code != "" && best.Code != m.Code {
			return MeetingRef{}, false
		}
		best = m
	}
	return best, best.Code != ""
}

// linkScheme begins a link; some gateways leave one slash out.
var linkScheme = regexp.MustCompile(`(?i)(?:https?|plenary):/{1,2}`)

// findMeetings reads unwrapped text, see unwrapLinks.
func findMeetings(s string) (found meetingsFound) {
	schemes := linkScheme.FindAllStringIndex(s, -1)
	link := -1 // where the link begins within which i is, behind its scheme; -1 if there is none
	for i := 0; i < len(s); i++ {
		if len(schemes) > 0 && i == schemes[0][1] {
			link, schemes = i, schemes[1:]
		}
		switch c := s[i]; {
		case c == ' ':
			link = -1
		case c == '/' && hasPrefixFold(s[i:], "/m/"):
			code, end, ok := codeAt(s, skipSpace(s, i+len("/m/")))
			if !ok {
				continue
			}
			host, ok := hostAsValue(s[:i])
			if !ok {
				host, ok = hostBefore(s[:i], link)
			}
			if ok {
				found.add(MeetingRef{Code: code, Host: host}, link >= 0)
			}
			i = end - 1
		case (c == '?' || c == '&' || c == ';') && hasPrefixFold(s[i+1:], "event="):
			code, end, ok := eventAt(s, skipSpace(s, i+1+len("event=")))
			if !ok {
				continue
			}
			if host, ok := hostBefore(s[:i], link); ok {
				found.add(MeetingRef{Code: code, Host: host, Older: true}, link >= 0)
			}
			i = end - 1
		case (c == 'C' || c == 'c') && (i == 0 || !strings.ContainsRune(withinLink, rune(s[i-1])) && !isAlphanumeric(s[i-1])):
			if code, end, ok := codeAt(s, i); ok {
				found.add(MeetingRef{Code: code}, false)
				i = end - 1
			}
		}
	}
	return found
}

// withinLink are the signs after which a code is part of an address of another
// kind.
const withinLink = `/\=%&?#@_.-+~`

// codeAt reads a whole code that begins at s[i], and says where it ends. One
// space may break it, which was a line end.
func codeAt(s string, i int) (code string, end int, ok bool) {
	if i >= len(s) || s[i] != 'C' && s[i] != 'c' {
		return "", 0, false
	}
	i++
	spaces := 0 // as many as may still come
	if i < len(s) && s[i] == '-' {
		spaces = 1
		i++
	} else {
		i = skipSpace(s, i)
	}
	digits := []byte("C-")
	for len(digits) < len("C-00016105") {
		if spaces > 0 && i < len(s) && s[i] == ' ' {
			spaces--
			i++
		}
		if i >= len(s) || !isDigit(s[i]) {
			return "", 0, false
		}
		digits = append(digits, s[i])
		i++
	}
	return string(digits), i, i == len(s) || !isDigit(s[i])
}

// eventAt reads the value of the parameter Event, which may be a short code.
func eventAt(s string, i int) (code string, end int, ok bool) {
	if code, end, ok = codeAt(s, i); ok {
		return code, end, true
	}
	end = i
	for end < len(s) && end < i+len("C-00016105") && (isAlphanumeric(s[end]) || s[end] == '-') {
		end++
	}
	code, ok = NormalizeMeetingCode(s[i:end])
	return code, end, ok && (end == len(s) || !isAlphanumeric(s[end]))
}

// hostBefore is the host of a link whose path ends before; link is where it
// begins behind its scheme, -1 where it has none.
func hostBefore(before string, link int) (string, bool) {
	if link >= 0 {
		return linkHost(before[link:min(len(before), link+maxAuthority)])
	}
	before = before[max(0, len(before)-maxAuthority):]
	token := before[strings.LastIndexAny(before, " <>\"'()[]{}|,;=")+1:]
	if strings.Contains(token, "//") || strings.Contains(token, "@") {
		return "", false // another scheme, or an e-mail address
	}
	if name, rest, ok := strings.Cut(token, ":"); ok && !strings.Contains(name, ".") && name != "localhost" {
		token = rest // "Link:accounts.example.org"
	}
	host, ok := linkHost(token)
	return host, ok && (strings.Contains(host, ".") || isLocal(host))
}

// hostAsValue is the host of a link without a scheme that a gateway has as the
// value of a parameter.
func hostAsValue(before string) (string, bool) {
	before = before[max(0, len(before)-maxAuthority):]
	value := before[strings.LastIndexByte(before, '=')+1:]
	if len(value) == len(before) || strings.ContainsAny(value, "/ ") || !strings.Contains(value, ".") {
		return "", false
	}
	return linkHost(value)
}

// maxAuthority is how much of a link is looked at for its host, in bytes.
const maxAuthority = 320

// linkHost is the host of what stands behind "://", as MeetingRef has it.
func linkHost(s string) (string, bool) {
	if end := strings.IndexAny(s, `/\?#`); end >= 0 {
		s = s[:end]
	}
	s = s[strings.LastIndexByte(s, '@')+1:] // a name before it is not where it leads
	name, port := splitPort(s)
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return "", false
		}
		if port = ""; n != 443 && n != 80 {
			port = ":" + strconv.FormatUint(n, 10)
		}
	}
	if ip, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
		if ip = ip.WithZone(""); ip.Is6() {
			return "[" + ip.String() + "]" + port, true
		}
		return ip.String() + port, true
	}
	ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(strings.ToLower(name), "."))
	if err != nil || len(ascii) > 253 || !hostName.MatchString(ascii) {
		return "", false
	}
	return ascii + port, true
}

// hostName is a host's name in ASCII; its labels are as long as RFC 1035 allows.
var hostName = regexp.MustCompile(`^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$`)

// splitPort parts a port from a host; "[::1]" and "::1" have none.
func splitPort(host string) (name, port string) {
	colon := strings.LastIndexByte(host, ':')
	if colon < 0 || strings.HasSuffix(host, "]") || strings.Count(host, ":") > 1 && !strings.Contains(host, "]:") {
		return host, ""
	}
	return host[:colon], host[colon+1:]
}

func skipSpace(s string, i int) int {
	if i < len(s) && s[i] == ' ' {
		return i + 1
	}
	return i
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isAlphanumeric(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
