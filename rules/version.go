package rules

import (
	"slices"
	"strconv"
	"strings"
)

// Older says whether a version of Plenary, such as 1.4.2, comes before another
// one: their numbers count, one after the other, missing ones as 0. What follows
// them (-rc.1, -dev.412+g4f502d7) does not: who tries out 1.4.2 speaks the
// contract of 1.4.2. What is no version (none at all, a program that was built
// without one) is not older than any.
func Older(version, than string) bool {
	a, okA := versionNumbers(version)
	b, okB := versionNumbers(than)
	return okA && okB && slices.Compare(a[:], b[:]) < 0
}

// versionLimit is more than any version has, in characters.
const versionLimit = 64

// IsVersion says whether a text is a version of Plenary, and nothing more: it
// may come from the service, and is shown.
func IsVersion(s string) bool {
	_, ok := versionNumbers(s)
	other := func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && !strings.ContainsRune(".-+", r)
	}
	return ok && len(s) <= versionLimit && !strings.ContainsFunc(s, other)
}

func versionNumbers(s string) (n [4]int, ok bool) {
	s = strings.TrimPrefix(s, "v")
	if i := strings.IndexAny(s, "-+"); i >= 0 {
		s = s[:i]
	}
	parts := strings.Split(s, ".")
	if len(parts) > len(n) {
		return n, false
	}
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil || v < 0 {
			return n, false
		}
		n[i] = v
	}
	return n, true
}
