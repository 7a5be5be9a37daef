package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"plenary/api"
	"plenary/rules"
)

// dynamicPrefix is how code begins a key that it puts together from a code or an
// id: a string such as "error." or "register.%s" in a Go file covers all keys
// that begin so.
var dynamicPrefix = regexp.MustCompile(`^[a-z][a-z0-9-]*\.([a-z0-9.-]*\.)?(%s.*)?$`)

// templates are files other than Go's in which keys stand in quotes.
var templates = []string{".html", ".tmpl", ".js"}

var quoted = regexp.MustCompile("[\"'`]([a-z][a-z0-9-]*\\.[a-z0-9.-]+)[\"'`]")

// use is a key in a Go file.
type use struct {
	position string
	call     bool     // in a call of T or N, not merely a string of the form of a key
	given    []string // names of the parameters, where they stand in the call
	plural   bool
	exact    bool // the parameters are all there are
}

// usesOfKeys reads every Go file and template of the module but tests and this package.
func usesOfKeys(t *testing.T) map[string][]use {
	t.Helper()
	uses := make(map[string][]use)
	fset := token.NewFileSet()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != ".." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "build" || d.Name() == "words" || d.Name() == "tools") {
			return filepath.SkipDir
		}
		isTemplate := slices.Contains(templates, filepath.Ext(path))
		if d.IsDir() || strings.HasSuffix(path, "_test.go") || !isTemplate && filepath.Ext(path) != ".go" {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if isTemplate {
			for _, match := range quoted.FindAllSubmatch(source, -1) {
				uses[string(match[1])] = append(uses[string(match[1])], use{position: path})
			}
			return nil
		}
		file, err := parser.ParseFile(fset, path, source, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		inCalls := make(map[*ast.BasicLit]bool)
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if lit, u, ok := keyOfCall(n); ok {
					inCalls[lit] = true
					u.position = fset.Position(lit.Pos()).String()
					uses[text(lit)] = append(uses[text(lit)], u)
				}
			case *ast.BasicLit:
				if n.Kind == token.STRING && !inCalls[n] {
					uses[text(n)] = append(uses[text(n)], use{position: fset.Position(n.Pos()).String()})
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return uses
}

func text(lit *ast.BasicLit) string {
	s, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return s
}

// keyOfCall recognizes x.T("key", ...) and x.N("key", count, ...).
func keyOfCall(call *ast.CallExpr) (*ast.BasicLit, use, bool) {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	if name != "T" && name != "N" || len(call.Args) == 0 {
		return nil, use{}, false
	}
	lit, ok := call.Args[0].(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return nil, use{}, false
	}
	u := use{call: true, plural: name == "N", exact: true}
	data := call.Args[1:]
	if u.plural && len(data) > 0 {
		data = data[1:]
	}
	for _, arg := range data {
		composite, ok := arg.(*ast.CompositeLit)
		if !ok {
			u.exact = false
			continue
		}
		for _, element := range composite.Elts {
			pair, ok := element.(*ast.KeyValueExpr)
			if !ok {
				continue
			}
			if key, ok := pair.Key.(*ast.BasicLit); ok {
				u.given = append(u.given, text(key))
			} else {
				u.exact = false
			}
		}
	}
	return lit, u, true
}

func TestKeys_thatCodeUsesExist(t *testing.T) {
	english := messages(t, English)
	for key, uses := range usesOfKeys(t) {
		for _, u := range uses {
			if !u.call || strings.HasSuffix(key, ".") {
				continue
			}
			forms, ok := english[key]
			if !ok {
				t.Errorf("%s: no text for the key %q", u.position, key)
				continue
			}
			if u.plural == (forms[""] != "") {
				t.Errorf("%s: %q is a plural in either the code or the texts only", u.position, key)
			}
			if !u.exact {
				continue
			}
			for _, p := range placeholders(forms) {
				if name := strings.Trim(p, "{}."); !slices.Contains(u.given, name) {
					t.Errorf("%s: %q needs the parameter %s", u.position, key, name)
				}
			}
		}
	}
}

func TestKeys_areAllUsed(t *testing.T) {
	uses := usesOfKeys(t)
	var prefixes []string
	for key := range uses {
		if dynamicPrefix.MatchString(key) {
			prefix, _, _ := strings.Cut(key, "%")
			prefixes = append(prefixes, prefix)
		}
	}
	for key := range messages(t, English) {
		dynamic := slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
		if len(uses[key]) == 0 && !dynamic {
			t.Errorf("the text %q is used nowhere", key)
		}
	}
}

// TestKeys_ofCodesAndIDsExist: every code and id of the contract that screens
// put behind a prefix has its text.
func TestKeys_ofCodesAndIDsExist(t *testing.T) {
	var wanted []string
	for _, m := range rules.Memberships() {
		wanted = append(wanted, "membership."+string(m))
	}
	for _, policy := range []rules.Policy{rules.PolicyClassic, rules.PolicyNIST} {
		for _, r := range rules.PasswordReport(strings.Repeat("long", 100), policy, nil) {
			wanted = append(wanted, "password.rule."+string(r.Rule))
		}
	}
	for _, state := range []string{
		rules.StateDraft, rules.StateWaitingToSend, api.WaitingFocalPoint, api.WaitingSecretariat,
		api.WaitingList, api.Offered, api.Confirmed, api.Refused, api.Withdrawn,
	} {
		wanted = append(wanted, "registration.state."+state)
	}
	for _, code := range problemCodes(t) {
		wanted = append(wanted, "error."+code)
	}
	english := messages(t, English)
	for _, key := range wanted {
		if english[key] == nil {
			t.Errorf("no text for %s", key)
		}
	}
}

// problemCodes reads the codes of the contract out of its source.
func problemCodes(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../api/problem.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Code" {
			codes = append(codes, text(spec.Values[0].(*ast.BasicLit)))
		}
		return true
	})
	if len(codes) < 20 {
		t.Fatalf("only %d codes found", len(codes))
	}
	return codes
}
