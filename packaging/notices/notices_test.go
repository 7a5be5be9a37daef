package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// programs are what is packaged, as the scripts build it.
var programs = map[string]build{
	"Plenary for Linux":   {"go1.26.0", "plenary", "migrated_fynedo,no_emoji,release,x11", "linux", "amd64", "1"},
	"Plenary for Windows": {"go1.26.0", "plenary", "migrated_fynedo,no_emoji,release", "windows", "amd64", "1"},
	"Plenary for macOS":   {"go1.26.0", "plenary", "migrated_fynedo,no_emoji,release", "darwin", "arm64", "1"},
	"plenaryd":            {"go1.26.0", "plenary/cmd/plenaryd", "", "linux", "amd64", "0"},
}

func TestNotices_nameAllThatIsLinked(t *testing.T) {
	t.Chdir("../..")
	for name, b := range programs {
		t.Run(name, func(t *testing.T) {
			packages, err := b.packages()
			if err != nil {
				t.Fatal(err)
			}
			file := written(t, b, packages)
			contents, texts, _ := strings.Cut(file, line)
			linked := modules(packages)
			if len(linked) < 20 {
				t.Fatalf("only %d modules are linked: %v", len(linked), linked)
			}
			for path, version := range linked {
				if !strings.Contains(contents, "\n"+path+" "+version+" [") {
					t.Errorf("%s %s is not named", path, version)
				}
			}
			for _, number := range regexp.MustCompile(`\[(\d+)\]`).FindAllStringSubmatch(contents, -1) {
				_, after, ok := strings.Cut(texts, "\n["+number[1]+"] ")
				if text, _, _ := strings.Cut(after, line); !ok || len(text) < 60 {
					t.Errorf("text %s is missing: %q", number[1], text)
				}
			}
			// Go's own, of which there is a copy here, is still that of Go's authors elsewhere.
			if !regexp.MustCompile(`\ngolang\.org/x/sys \S+ \[1\] \[2\]\n`).MatchString(contents) {
				t.Error("Go's licence is not that of golang.org/x/sys")
			}
			if again := written(t, b, packages); again != file {
				t.Error("written twice it differs")
			}
			for text, want := range map[string]bool{
				"\nGo 1.26.0 [1]": true,
				"theme/font/LICENSE.txt\n\n" + "—————————————————————————————-\nSIL OPEN FONT LICENSE": b.main == "plenary",
				"theme/font/LICENSE_DejaVu-Powerline.txt": b.main == "plenary",
				"\nIcons of Fyne":                         b.main == "plenary",
				"Copyright (c) 2006-2019 Camilla Löwy":    b.main == "plenary", // GLFW itself, in C
				"Copyright (c) 2015 Hipo":                 true,
				"UNICODE LICENSE V3":                      true,
				"Dropbox":                                 true,
				"MinGW-w64":                               b.goos == "windows",
			} {
				if strings.Contains(file, text) != want {
					t.Errorf("it has %q: %v, want %v", text, !want, want)
				}
			}
		})
	}
}

func written(t *testing.T, b build, packages []pack) string {
	t.Helper()
	all, err := components(b, packages)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	write(&out, all)
	return out.String()
}

func TestNotices_refuseWhatHasNoLicence(t *testing.T) {
	for file, licence := range map[string]bool{
		"LICENSE":           true,
		"license.md":        true,
		"LICENCE.txt":       true,
		"COPYING":           true,
		"UNLICENSE":         true,
		"LICENSE-3RD-PARTY": true,
		"OFL.txt":           true,
		"NOTICE":            false, // stands beside a licence
		"PATENTS":           false,
		"license.go":        false,
		"check_license.sh":  false,
		"README.md":         false,
	} {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, file), []byte("Do as you like.\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := gathered("example.org/module v1.0.0", folder, []string{folder})
		if (err == nil) != licence {
			t.Errorf("%s: %v", file, err)
		}
		if err != nil && !strings.Contains(err.Error(), "example.org/module v1.0.0 has no file with its licence") {
			t.Errorf("%s: it says %v", file, err)
		}
		if licence && (len(c.notices) != 1 || c.notices[0].text != "Do as you like.\n") {
			t.Errorf("%s: there is %v", file, c.notices)
		}
	}
}

func TestNotices_writeATextOnce(t *testing.T) {
	var out bytes.Buffer
	write(&out, []component{
		{"a v1", []notice{{"LICENSE", "\nThe same.  \nAlways.\n"}, {"NOTICE", "Of a."}}},
		{"b v2", []notice{{"COPYING", "The same.\r\nAlways.\r\n\r\n"}, {"sub/COPYING", "The same.\nAlways."}}},
	})
	_, got, _ := strings.Cut(out.String(), "below.\n\n")
	want := "a v1 [1] [2]\nb v2 [1]\n" +
		"\n" + line + "\n[1] LICENSE\n\nThe same.\nAlways.\n" +
		"\n" + line + "\n[2] NOTICE\n\nOf a.\n"
	if got != want {
		t.Errorf("it is %s, want %s", strconv.Quote(got), strconv.Quote(want))
	}
}

func TestRun_refusesWhatIsNotOfThisFolder(t *testing.T) {
	t.Chdir("../..")
	if err := run(io.Discard, os.Args[0], nil); err != nil { // this test is a program too
		t.Error(err)
	}
	if err := run(io.Discard, "go.mod", nil); err == nil {
		t.Error("a text was taken for a program")
	}
	if err := run(io.Discard, os.Args[0], []string{"packaging/notices/missing.txt"}); err == nil {
		t.Error("a missing text was passed over")
	}
}

func TestDifferences_areWhatThePackagerIsTold(t *testing.T) {
	linked := map[string]string{"same": "v1.0.0", "older": "v1.0.0", "gone": "v1.0.0"}
	listed := map[string]string{"same": "v1.0.0", "older": "v1.1.0", "new": "v1.0.0"}
	if got, want := differences(linked, listed), []string{"gone", "new", "older"}; !slices.Equal(got, want) {
		t.Errorf("they are %v, want %v", got, want)
	}
	if got := differences(listed, listed); len(got) > 0 {
		t.Errorf("between the same there is %v", got)
	}
}
