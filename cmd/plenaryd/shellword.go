package main

import "strings"

// shellWord is text as one word of a command line to copy: as it is, or quoted
// where the system's shell would take it apart.
func shellWord(system, text string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:\\"
	odd := strings.ContainsFunc(text, func(r rune) bool { return r < 0x80 && !strings.ContainsRune(plain, r) })
	switch {
	case system == "windows" && odd: // " is in no path there
		return `"` + text + `"`
	case system != "windows" && (odd || strings.Contains(text, `\`)):
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	default:
		return text
	}
}
