package rules

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The house rules of design.md (The house): which area may import which. An area
// is a folder with all below it; "." is main.go, and "=" before a folder means it
// alone. Who is not named here may import nothing of the module.
var mayImport = map[string][]string{
	"api":         {},
	"rules":       {"api"},
	"words":       {},
	"calendar":    {"api", "rules", "words"},
	"spreadsheet": {},
	"client":      {"api", "rules"},
	"localdb":     {"api", "rules", "platform"},
	"platform":    {},
	"packaging":   {},
	"app":         {"client", "localdb", "api", "rules", "platform", "spreadsheet"},
	"screens":     {"app", "api", "rules", "words", "calendar", "confirmation"},
	// The window (screens) is made of areas, and no area knows another one.
	"screens/account":    {"app", "api", "rules", "words", "screens/kit", "screens/parts", "screens/person"},
	"screens/admin":      {"app", "api", "rules", "words", "spreadsheet", "screens/kit", "screens/parts", "screens/person"},
	"screens/delegation": {"app", "api", "rules", "words", "confirmation", "screens/forms", "screens/kit", "screens/parts"},
	"screens/demo":       {"api", "screens/kit", "screens/parts", "screens/person"},
	"screens/help":       {"app", "api", "rules", "screens/kit", "screens/parts"},
	"screens/manage":     {"app", "api", "rules", "words", "spreadsheet", "screens/forms", "screens/kit", "screens/parts", "screens/person"},
	"screens/meetings":   {"app", "api", "rules", "words", "calendar", "confirmation", "screens/forms", "screens/kit", "screens/parts"},
	"screens/settings":   {"app", "api", "rules", "words", "screens/kit", "screens/parts", "screens/person"},
	"screens/forms":      {"api", "rules", "screens/kit", "screens/parts"},
	"screens/person":     {"api", "rules", "words", "screens/kit", "screens/parts"},
	"screens/kit":        {"app", "api", "rules", "words", "spreadsheet", "screens/parts"},
	"screens/parts":      {"rules"},
	"screens/screentest": {"app", "api", "rules", "screens/kit", "screens/parts", "words"},
	"service":            {"api", "rules", "words", "platform", "calendar", "confirmation", "spreadsheet"},
	"service/account": {
		"api", "rules", "service/account/credential", "service/account/proof", "service/account/session", "service/account/throttle",
		"service/account/token", "service/audit", "service/caller", "service/mail", "service/policy", "service/secret", "service/store",
		"service/wordsearch",
	},
	"service/account/bulk":       {"api", "rules", "spreadsheet", "=service/account", "service/audit", "service/store"},
	"service/account/credential": {"api", "rules", "service/secret", "service/store"},
	"service/account/login": {
		"api", "rules", "words", "=service/account", "service/account/credential", "service/account/session", "service/account/signup",
		"service/account/throttle", "service/account/token", "service/audit", "service/caller", "service/mail", "service/store",
	},
	"service/account/proof": {"api", "rules", "service/account/token", "service/secret", "service/store"},
	"service/account/recovery": {
		"api", "rules", "words", "=service/account", "service/account/credential", "service/account/login", "service/account/proof",
		"service/account/session", "service/account/signup", "service/account/throttle", "service/account/token", "service/audit",
		"service/mail", "service/store",
	},
	"service/account/session": {"api", "service/account/token", "service/audit", "service/secret", "service/store"},
	"service/account/settings": {
		"api", "rules", "words", "=service/account", "service/account/credential", "service/account/login", "service/account/proof",
		"service/account/session", "service/account/throttle", "service/audit", "service/caller", "service/mail", "service/store",
	},
	"service/account/signup": {
		"api", "rules", "=service/account", "service/account/credential", "service/account/proof", "service/account/throttle",
		"service/account/token", "service/audit", "service/mail", "service/store",
	},
	"service/account/staff": {
		"api", "rules", "words", "=service/account", "service/account/credential", "service/account/proof", "service/account/recovery",
		"service/account/session", "service/account/signup", "service/account/throttle", "service/account/token", "service/audit",
		"service/caller", "service/mail", "service/store", "service/wordsearch",
	},
	"service/account/throttle": {"service/secret", "service/store"},
	"service/account/token":    {},
	"service/account/upkeep":   {"api", "rules", "=service/account", "service/account/throttle", "service/audit", "service/mail", "service/store"},
	"service/caller":           {"api"},
	"service/metrics":          {"=service", "service/store"},
	"service/operation":        {"api", "service/caller", "service/store", "service/secret", "service/strictjson"},
	"service/cursor":           {},
	"service/joining":          {"api", "service/job", "service/secret", "service/store"},
	"service/meetings":         {"api", "rules", "service/audit", "service/caller", "service/cursor", "service/job", "service/store"},
	"service/badges":           {"api", "rules", "service/secret", "service/store"},
	"service/delegations":      {"api", "rules", "=service/account", "service/audit", "service/caller", "service/mail", "service/store"},
	"service/registrations": {
		"api", "rules", "words", "calendar", "confirmation", "service/audit", "service/badges", "service/caller", "service/cursor", "service/delegations",
		"service/account/token", "service/job", "service/joining", "service/mail", "service/meetings", "service/operation", "service/secret", "service/store",
		"service/visas", "service/wordsearch",
	},
	"service/visas":                  {"api", "rules", "service/audit", "service/caller", "service/cursor", "service/mail", "service/secret", "service/store"},
	"service/wordsearch":             {"rules"},
	"service/directory/internal/gen": {"rules", "words"},
	"confirmation":                   {"api", "words", "platform"},
	"cmd":                            {"service", "api", "rules", "words", "platform", "spreadsheet"},
	".":                              {"screens", "app", "calendar", "confirmation", "client", "localdb", "service", "api", "rules", "words", "platform", "e2e/where", "e2e/holds"},
	"e2e":                            {"screens", "app", "client", "localdb", "service", "api", "rules", "words", "spreadsheet"},
}

// onlyIn says for packages from outside where they may be imported; "" stands
// for nowhere. The longest path counts, and what is below it is meant too.
var onlyIn = map[string][]string{
	"fyne.io/fyne/v2":                     {"screens", ".", "e2e"},
	"fyne.io/fyne/v2/app":                 {".", "e2e"},
	"github.com/dgraph-io/badger":         {"localdb"},
	"github.com/arran4/golang-ical":       {"calendar"},
	"github.com/pquerna/otp":              {"service/account/credential"},
	"golang.org/x/crypto/argon2":          {"service/account/credential", "app", "e2e"},
	"github.com/go-resty/resty":           {"client"},
	"github.com/mattn/go-ieproxy":         {"platform/proxy", "."},
	"github.com/zalando/go-keyring":       {"app", ".", "e2e"},
	"github.com/danielgtaylor/huma":       {"service", "cmd"},
	"github.com/jackc/pgx":                {"service/store/postgres"},
	"modernc.org/sqlite":                  {"service/store"},
	"github.com/pressly/goose":            {"service/store"},
	"github.com/wneessen/go-mail":         {"service"},
	"github.com/prometheus/client_golang": {"service/metrics"},
	"github.com/nicksnyder/go-i18n":       {"words"},
	"database/sql":                        {"service"},
	"github.com/go-gl":                    {".", "e2e"},
	"github.com/go-text":                  {".", "confirmation"},
	"codeberg.org/go-pdf/fpdf":            {"confirmation"},
	"net/http":                            {"client", "service", "cmd", ".", "e2e"},
	"C":                                   {".", "e2e"},
	// What has a driver for PostgreSQL: Plenary itself, with its demonstration, has none.
	"plenary/service/store/postgres": {"cmd/plenaryd", "service/store/storetest", "e2e/bench"},
	// For tests only: no program has what they bring.
	"github.com/emersion/go-ical":         {},
	"github.com/teambition/rrule-go":      {},
	"plenary/service/store/storetest":     {},
	"plenary/service/store/internal/hook": {"service/store"},
	"plenary/service/store/postgresql":    {"service/store/storetest", "e2e/postgres"},
	"plenary/service/mail/mailtest":       {},
	"plenary/screens/screentest":          {},
}

// imports reads what every package of the module imports itself, in all files
// but tests, for every system and tag.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	all := make(map[string]map[string]bool)
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && skipped(path, name) {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		folder, err := filepath.Rel("..", filepath.Dir(path))
		if err != nil {
			return err
		}
		folder = filepath.ToSlash(folder)
		if all[folder] == nil {
			all[folder] = make(map[string]bool)
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			all[folder][imported] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	sorted := make(map[string][]string)
	for folder, set := range all {
		sorted[folder] = slices.Sorted(maps.Keys(set))
	}
	return sorted
}

// skipped says whether a folder holds none of the module's source.
func skipped(path, name string) bool {
	return path != ".." && (strings.HasPrefix(name, ".") || name == "build" || name == "testdata" || name == "tools")
}

// below says whether a slash-separated path is folder or in it; "." is itself only.
func below(path, folder string) bool {
	return path == folder || folder != "." && strings.HasPrefix(path, folder+"/")
}

// longest finds the key of the longest path that path is or lies below.
func longest[V any](table map[string]V, path string) (key string) {
	for k := range table {
		if below(path, k) && len(k) > len(key) {
			key = k
		}
	}
	return key
}

func TestImports_pointOneWay(t *testing.T) {
	for folder, imported := range imports(t) {
		area := longest(mayImport, folder)
		if area == "" {
			t.Errorf("%s is in no area of design.md", folder)
			continue
		}
		for _, path := range imported {
			inner, ours := strings.CutPrefix(path, "plenary/")
			if !ours || below(inner, area) {
				continue
			}
			if !slices.ContainsFunc(mayImport[area], func(allowed string) bool {
				itself, alone := strings.CutPrefix(allowed, "=")
				return alone && inner == itself || !alone && below(inner, allowed)
			}) {
				t.Errorf("%s imports %s; %s may import %v", folder, path, area, mayImport[area])
			}
		}
	}
}

func TestImports_keepLibrariesInTheirPlace(t *testing.T) {
	for folder, imported := range imports(t) {
		for _, path := range imported {
			library := longest(onlyIn, path)
			if library == "" {
				continue
			}
			if !slices.ContainsFunc(onlyIn[library], func(place string) bool { return below(folder, place) }) {
				t.Errorf("%s imports %s, which is for %v only", folder, path, onlyIn[library])
			}
		}
	}
}

// TestImports_needNoCgo lists all that everything but main and e2e needs, with
// cgo off: a package that has only cgo files makes the go command fail.
func TestImports_needNoCgo(t *testing.T) {
	folders := []string{}
	for folder := range imports(t) {
		if folder != "." && !below(folder, "e2e") {
			folders = append(folders, "./"+folder)
		}
	}
	slices.Sort(folders)
	for _, target := range []string{"linux/amd64", "windows/amd64", "darwin/arm64"} {
		system, machine, _ := strings.Cut(target, "/")
		list := exec.Command("go", append([]string{"list", "-deps", "-f", "{{.ImportPath}}"}, folders...)...)
		list.Dir = ".."
		list.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+machine)
		out, err := list.CombinedOutput()
		if err != nil {
			t.Errorf("%s without cgo: %v\n%s", target, err, out)
			continue
		}
		for _, path := range strings.Fields(string(out)) {
			if below(path, "github.com/go-gl") || below(path, "fyne.io/fyne/v2/app") {
				t.Errorf("%s: something but main needs %s", target, path)
			}
		}
	}
}

// TestImports_ofTheServiceAreNotThePrograms: plenaryd runs where there is no
// screen, and holds nothing of the program's store.
func TestImports_ofTheServiceAreNotThePrograms(t *testing.T) {
	list := exec.Command("go", "list", "-deps", "-f", "{{.ImportPath}}", "./cmd/...")
	list.Dir = ".."
	out, err := list.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, path := range strings.Fields(string(out)) {
		for _, foreign := range []string{"fyne.io/fyne/v2", "github.com/dgraph-io/badger", "github.com/zalando/go-keyring", "plenary/app", "plenary/localdb"} {
			if below(path, foreign) {
				t.Errorf("plenaryd needs %s", path)
			}
		}
	}
}
