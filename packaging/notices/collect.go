package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// component is something that others have written, with what they want said.
type component struct {
	name    string
	notices []notice
}

// notice is a file of a component.
type notice struct {
	file string // from the component's folder
	text string
}

// data are things in a program that do not come as a module with a licence of
// their own, and the files that speak of them. The first line says what it is.
var data = []struct {
	file string
	of   string // is part of a program that has this package
	goos string // and runs on this system, if one is named
}{
	{"packaging/notices/unicode.txt", "unicode", ""},
	{"packaging/notices/icons.txt", "fyne.io/fyne/v2/theme", ""},
	{"packaging/notices/passwords.txt", "github.com/ccojocar/zxcvbn-go/data", ""},
	{"service/directory/SOURCES.md", "plenary/service/directory", ""},
	{"packaging/notices/mingw-w64.txt", "runtime/cgo", "windows"},
}

// ofGo has Go's own licence. Where a distribution has packaged Go, it is not in GOROOT.
const ofGo = "packaging/notices/go"

// components gathers Go, the modules by name, and the data, with their notices.
func components(b build, packages []pack) ([]component, error) {
	folders := make(map[module][]string)
	has := make(map[string]bool)
	for _, p := range packages {
		has[p.ImportPath] = true
		if p.Module == nil || p.Module.Main {
			continue
		}
		f, err := p.folders()
		if err != nil {
			return nil, err
		}
		folders[*p.Module] = append(folders[*p.Module], f...)
	}
	language, err := gathered("Go "+strings.TrimPrefix(b.language, "go"), ofGo, []string{ofGo})
	if err != nil {
		return nil, err
	}
	var all []component
	for m, f := range folders {
		c, err := gathered(m.Path+" "+m.Version, m.Dir, f)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b component) int { return strings.Compare(a.name, b.name) })
	all = append([]component{language}, all...)
	for _, d := range data {
		if has[d.of] && (d.goos == "" || d.goos == b.goos) {
			c, err := carried(d.file)
			if err != nil {
				return nil, err
			}
			all = append(all, c)
		}
	}
	return all, nil
}

// folders are those where a package's licences can be: its own, those of the files
// that it embeds, each with all above it up to the module's, and, since what it has
// in C may come from others, all below it then.
func (p pack) folders() ([]string, error) {
	own := []string{p.Dir}
	for _, f := range p.EmbedFiles {
		own = append(own, filepath.Dir(filepath.Join(p.Dir, f)))
	}
	if len(p.CgoFiles) > 0 {
		err := filepath.WalkDir(p.Dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				if d.Name() == "testdata" {
					return filepath.SkipDir
				}
				own = append(own, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	var all []string
	for _, dir := range own {
		for ; dir != p.Module.Dir; dir = filepath.Dir(dir) {
			all = append(all, dir)
		}
	}
	return append(all, p.Module.Dir), nil
}

var (
	licences = regexp.MustCompile(`(?i)^(licen[cs]es?|copying|copyright|unlicense|ofl)([-_.].*)?$`)
	others   = regexp.MustCompile(`(?i)^(notice|patents)([-_.].*)?$`)
)

// gathered reads the notices in folders of a component, whose own is root.
func gathered(name, root string, folders []string) (component, error) {
	c := component{name: name}
	licensed := false
	slices.Sort(folders)
	for _, dir := range slices.Compact(folders) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return c, err
		}
		for _, e := range entries {
			licence := licences.MatchString(e.Name())
			if e.IsDir() || !licence && !others.MatchString(e.Name()) || filepath.Ext(e.Name()) == ".go" {
				continue
			}
			path := filepath.Join(dir, e.Name())
			text, err := os.ReadFile(path)
			if err != nil {
				return c, err
			}
			file, err := filepath.Rel(root, path)
			if err != nil {
				return c, err
			}
			licensed = licensed || licence
			c.notices = append(c.notices, notice{filepath.ToSlash(file), string(text)})
		}
	}
	if !licensed {
		return c, fmt.Errorf("%s has no file with its licence in %s", name, root)
	}
	return c, nil
}

// carried is a component of which a file of this module speaks.
func carried(path string) (component, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return component{}, err
	}
	title, rest, _ := strings.Cut(string(text), "\n")
	if strings.TrimSpace(rest) == "" {
		return component{}, fmt.Errorf("%s has nothing below its title", path)
	}
	return component{strings.TrimPrefix(title, "# "), []notice{{filepath.Base(path), rest}}}, nil
}
