//go:build !windows && !darwin

package system

import (
	"runtime"
	"strings"
	"testing"
)

func TestPrettyName(t *testing.T) {
	for file, want := range map[string]string{
		"NAME=\"Fedora Linux\"\nPRETTY_NAME=\"Fedora Linux 41 (Workstation Edition)\"\nID=fedora\n": "Fedora Linux 41 (Workstation Edition)",
		"PRETTY_NAME='Debian GNU/Linux 12 (bookworm)'":                                              "Debian GNU/Linux 12 (bookworm)",
		"PRETTY_NAME=Alpine\r\n": "Alpine",
		"OTHER_PRETTY_NAME=x":    "",
		"":                       "",
	} {
		if got := prettyName(file); got != want {
			t.Errorf("%q gives %q, want %q", file, got, want)
		}
	}
}

func TestName_namesTheMachine(t *testing.T) {
	if got := Name(); !strings.HasSuffix(got, ", "+runtime.GOARCH) || strings.HasPrefix(got, ",") {
		t.Errorf("the system is %q", got)
	}
}
