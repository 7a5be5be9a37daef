package app

import (
	"strings"
	"testing"
	"unicode/utf8"

	"plenary/api"
)

func TestComputerName_isTheHostNameAsTheServiceTakesIt(t *testing.T) {
	for host, want := range map[string]string{
		"":                                    "",
		"ELENA-PC":                            "ELENA-PC",
		"elenas-macbook.fritz.box":            "elenas-macbook",
		" two\nlines\u202e\u200b\x00 ":        "two lines",
		"\xff\xfe":                            "",
		strings.Repeat("é", 100) + ".example": strings.Repeat("é", api.MaxComputer),
	} {
		if got := computerName(host); got != want || utf8.RuneCountInString(got) > api.MaxComputer {
			t.Errorf("%q is %q, want %q", host, got, want)
		}
	}
}
