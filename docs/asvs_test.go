// Package docs holds the project's documents and the tests that keep them true.
package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// requirements are the numbers of ASVS 5.0.0's levels 1 and 2 with their levels.
func requirements(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "asvs-5.0.0.txt"))
	if err != nil {
		t.Fatal(err)
	}
	levels := map[string]string{}
	for line := range strings.Lines(string(text)) {
		number, level, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || levels[number] != "" {
			t.Fatalf("line %q", line)
		}
		levels[number] = level
	}
	return levels
}

func document(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	row    = regexp.MustCompile(`^\| ([0-9]+\.[0-9]+\.[0-9]+) \| ([12]) \| [^|]+ \| [^|]+ \| [^|]+ \|$`)
	number = regexp.MustCompile(`\b[0-9]+\.[0-9]+\.[0-9]+\b`)
)

func TestASVS_everyRequirementIsThereOnce(t *testing.T) {
	levels := requirements(t)
	if len(levels) != 253 {
		t.Fatalf("%d requirements", len(levels))
	}
	seen := map[string]int{}
	for line := range strings.Lines(document(t, "asvs.md")) {
		line = strings.TrimSpace(line)
		switch {
		case row.MatchString(line):
			found := row.FindStringSubmatch(line)
			seen[found[1]]++
			if levels[found[1]] != found[2] {
				t.Errorf("%s has the level %q, here %s", found[1], levels[found[1]], found[2])
			}
		case strings.HasPrefix(line, "| ") && number.MatchString(line[:min(len(line), 12)]):
			t.Errorf("not a whole row: %s", line)
		case strings.HasPrefix(line, "Do not apply: "):
			line, _, _ = strings.Cut(line, "). ")
			for _, n := range number.FindAllString(line, -1) {
				seen[n]++
			}
		}
	}
	for n := range levels {
		if seen[n] != 1 {
			t.Errorf("%s is there %d times", n, seen[n])
		}
	}
	for n := range seen {
		if levels[n] == "" {
			t.Errorf("%s is no requirement of these levels", n)
		}
	}
}

var (
	test     = regexp.MustCompile(`\b(?:Test|Fuzz)[A-Z][A-Za-z0-9_]*`)
	file     = regexp.MustCompile("`([a-z0-9_/.-]+\\.(?:go|js|yaml))`")
	declared = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Za-z0-9_]+)\(`)
	anchor   = regexp.MustCompile(`\]\(([a-z]+\.md)(?:#([a-z-]+))?\)`)
	heading  = regexp.MustCompile(`(?m)^#+ (.+)$`)
)

// The documents name files, tests and places in each other that exist.
func TestDocuments_nameWhatExists(t *testing.T) {
	tests := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != ".." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "build") {
			return filepath.SkipDir // builds come and go there while tests run
		}
		if d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		for _, m := range declared.FindAllStringSubmatch(document(t, path), -1) {
			tests[m[1]] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"asvs.md", "security.md"} {
		text := document(t, name)
		for _, n := range test.FindAllString(text, -1) {
			if !tests[n] {
				t.Errorf("%s: there is no test %s", name, n)
			}
		}
		for _, m := range file.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(m[1], "/") && m[1] != "main_noe2e.go" {
				continue // the name alone, after its folder
			}
			if _, err := os.Stat(filepath.Join("..", m[1])); err != nil {
				t.Errorf("%s: there is no file %s", name, m[1])
			}
		}
		for _, m := range anchor.FindAllStringSubmatch(text, -1) {
			if !hasHeading(document(t, m[1]), m[2]) {
				t.Errorf("%s: %s has no part %q", name, m[1], m[2])
			}
		}
	}
}

func hasHeading(text, id string) bool {
	if id == "" {
		return true
	}
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		if strings.ReplaceAll(strings.ToLower(m[1]), " ", "-") == id {
			return true
		}
	}
	return false
}
