package audit

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// touches finds a statement that writes to the log; table names its tables. The
// network addresses beside it (audit_origins) are there to be erased.
var (
	touches = regexp.MustCompile(`(?i)\b(insert into|replace into|update|delete from|truncate( table)?|drop table|alter table)\s+"?audit(_head)?\b`)
	table   = regexp.MustCompile(`^audit(_head)?$`)
)

// Nothing in the program changes an entry: these statements write to the log,
// and no others do.
func TestLog_isWrittenByTheseStatementsOnly(t *testing.T) {
	allowed := map[string]bool{
		"audit.go: insert into audit": false, "chain.go: insert into audit_head": false, "chain.go: update audit": false, "chain.go: update audit_head": false,
	}
	root := filepath.Join("..", "..")
	look := func(path string) {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		own := filepath.Dir(path) == filepath.Join(root, "service", "audit")
		ast.Inspect(file, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			text = strings.Join(strings.Fields(text), " ")
			if !own && strings.HasPrefix(filepath.ToSlash(path), "../../service/") && table.MatchString(text) {
				t.Errorf("%s names the table %q: what for?", path, text)
			}
			for _, found := range touches.FindAllString(text, -1) {
				statement := filepath.Base(path) + ": " + strings.ToLower(found)
				if _, ok := allowed[statement]; !ok || !own {
					t.Errorf("%s: %q", path, found)
					continue
				}
				allowed[statement] = true
			}
			return true
		})
	}
	for _, folder := range []string{"service", "cmd"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
				look(path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for statement, seen := range allowed {
		if !seen {
			t.Errorf("%q was not found: does this test still look in the right place?", statement)
		}
	}
}
