package rules

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// notCalled are functions with a better way, by the path of their package and
// name, or by their name alone for methods; and the folders that may call them
// all the same.
var notCalled = map[string]struct {
	instead string
	but     []string
}{
	"os.Rename":    {"files.Rename", []string{"platform/files", "e2e"}},
	"os.Remove":    {"files.Remove", []string{"platform/files", "e2e"}},
	"os.RemoveAll": {"files.RemoveAll", []string{"platform/files", "e2e"}},
	"os.WriteFile": {"files.Write, which replaces a file whole or not at all", []string{"e2e", "service/directory/internal/gen", "packaging"}}, // these write what is built
	// On Windows Fyne writes its text into a PowerShell script with Go's quoting, and runs
	// it: $(...) in the title of a meeting would be a command. For macOS it is main's.
	"SendNotification": {"platform/notify", []string{"."}},
	// It lays out what is in an object, but not what is around it, and has nothing drawn.
	"plenary/screens/parts.Relayout": {"kit.Swap and parts.Changed", []string{"screens/kit"}},
}

// TestCalls_goThroughTheOnePlace looks at the source for every system and tag.
func TestCalls_goThroughTheOnePlace(t *testing.T) {
	eachFile(t, func(folder string, calls []string) {
		for _, call := range calls {
			rule, ok := notCalled[call]
			if ok && !slices.ContainsFunc(rule.but, func(place string) bool { return below(folder, place) }) {
				t.Errorf("%s uses %s; instead: %s", folder, call, rule.instead)
			}
		}
	})
}

// eachFile visits all of the module's Go files but tests: with the folder, and
// what the file takes from other packages.
func eachFile(t *testing.T, visit func(folder string, calls []string)) {
	t.Helper()
	seen := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && skipped(path, d.Name()) {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		folder, err := filepath.Rel("..", filepath.Dir(path))
		if err != nil {
			return err
		}
		seen++
		visit(filepath.ToSlash(folder), calls(t, path, nil))
		return nil
	})
	if err != nil || seen < 100 {
		t.Fatalf("%d files, %v", seen, err)
	}
}

// TestCalls_areFound: the test above would not notice that it finds nothing.
func TestCalls_areFound(t *testing.T) {
	source := `package p
		import ("os"; system "os"; other "example.org/os")
		func f() { os.Rename("a", "b"); later := system.Remove; _ = later; other.RemoveAll("x"); app().SendNotification(nil) }`
	got := calls(t, "p.go", source)
	for _, want := range []string{"os.Rename", "os.Remove", "SendNotification"} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is not found in %v", want, got)
		}
	}
	if slices.Contains(got, "os.RemoveAll") {
		t.Errorf("another package is taken for os: %v", got)
	}
}

// calls lists what a file takes from other packages, as "path.Name", and all
// that it selects, as "Name". Source is nil for the file itself.
func calls(t *testing.T, path string, source any) (names []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	imported := map[string]string{}
	for _, spec := range file.Imports {
		from, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		name := from[strings.LastIndex(from, "/")+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		imported[name] = from
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			names = append(names, sel.Sel.Name)
			if x, ok := sel.X.(*ast.Ident); ok && imported[x.Name] != "" {
				names = append(names, imported[x.Name]+"."+sel.Sel.Name)
			}
		}
		return true
	})
	return names
}

// TestCalls_ofTimeZonesBringThemAlong: Windows has no database of time zones, and
// the program need not have the service in it for ever.
func TestCalls_ofTimeZonesBringThemAlong(t *testing.T) {
	brought := imports(t)
	loaders := map[string]bool{}
	eachFile(t, func(folder string, calls []string) {
		loaders[folder] = loaders[folder] || slices.Contains(calls, "time.LoadLocation")
	})
	for folder, loads := range loaders {
		if loads && !slices.Contains(brought[folder], "time/tzdata") {
			t.Errorf("%s calls time.LoadLocation and does not import time/tzdata", folder)
		}
	}
	if !loaders["screens/kit"] {
		t.Error("screens/kit knows no zones of meetings any more?")
	}
}
