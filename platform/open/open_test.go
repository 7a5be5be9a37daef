package open

import (
	"net/url"
	"testing"
)

func TestWindowsTarget(t *testing.T) {
	for address, want := range map[*url.URL]string{
		{Scheme: "file", Path: "C:/Users/Zoé Müller 会议/Downloads/C-1 100%.ics"}:        `C:\Users\Zoé Müller 会议\Downloads\C-1 100%.ics`,
		{Scheme: "file", Path: "/C:/Users/a.ics"}:                                      `C:\Users\a.ics`,
		{Scheme: "file", Path: "//server/share/a.ics"}:                                 `\\server\share\a.ics`,
		{Scheme: "file", Host: "server", Path: "/share/a.ics"}:                         `\\server\share\a.ics`,
		{Scheme: "https", Host: "example.int", Path: "/a b", RawQuery: "x=1&y"}:        "https://example.int/a%20b?x=1&y",
		{Scheme: "https", Host: "example.int", Path: `/"`, RawQuery: `x=1" --flag "y`}: "https://example.int/%22?x=1%22%20--flag%20%22y",
		{Scheme: "https", Host: `example.int"`, Path: "/"}:                             "https://example.int%22/",
		{Scheme: "mailto", Opaque: `desk@example.int" /a "C:\secret`}:                  `mailto:desk@example.int%22%20/a%20%22C:\secret`,
		{Scheme: "mailto", Opaque: "desk@example.int"}:                                 "mailto:desk@example.int",
		{Scheme: "calculator", Opaque: "x"}:                                            "",
		{Path: "calc.exe"}:                                                             "",
	} {
		if got := windowsTarget(address); got != want {
			t.Errorf("%v: %s, want %s", address, got, want)
		}
	}
}
