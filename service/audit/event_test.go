package audit

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"
)

// A filter offers every event that the program knows, once.
func TestEvents_areAllThatThereAre(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "event.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var declared []Event
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && spec.Type != nil {
			for _, v := range spec.Values {
				name, err := strconv.Unquote(v.(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				declared = append(declared, Event(name))
			}
		}
		return true
	})
	offered := slices.Sorted(slices.Values(Events))
	slices.Sort(declared)
	if len(declared) < 40 || !slices.Equal(declared, offered) || len(slices.Compact(slices.Clone(offered))) != len(offered) {
		t.Errorf("declared %v, offered %v", declared, offered)
	}
}
