package main

import (
	"fmt"
	"slices"
	"strings"
)

const module = "plenary"

// mayImport says for each room of the house which other rooms it may import. A
// room is the first element of a package's path below the module; the
// program itself and e2e, where everything meets, are not in the table.
var mayImport = map[string][]string{
	"api":     {},
	"rules":   {"api"},
	"words":   {},
	"client":  {"api", "rules"},
	"localdb": {"api", "rules"},
	"app":     {"client", "localdb", "api", "rules", "words"},
	"screens": {"app", "api", "rules", "words"},
	"service": {"api", "rules", "words"},
	"cmd":     {"service", "api", "rules", "words"},
}

// only names packages from outside that have one place: who may import them,
// by room; "" is the program itself.
var only = []struct {
	path  string
	rooms []string
	why   string
}{
	{"fyne.io/fyne/v2/app", []string{"", "e2e"}, "it needs cgo and a display; main hands the fyne.App in"},
	{"fyne.io/fyne/v2", []string{"", "screens", "e2e"}, "only screens shows things"},
	{"net/http", []string{"client", "service", "cmd", "e2e"}, "HTTP is client's and service's affair"},
	{"github.com/dgraph-io/badger/v4", []string{"localdb"}, "the store on this machine is localdb's affair"},
	{"github.com/go-resty/resty/v2", []string{"client"}, "calls to the service are client's affair"},
	{"database/sql", []string{"service", "cmd"}, "databases are service/store's affair"},
}

// judge gives a line for each import of p that breaks a rule.
func judge(p pkg) []string {
	from, ours := room(p.ImportPath)
	if !ours {
		return nil
	}
	var complaints []string
	if len(p.CgoFiles) > 0 && from != "" && from != "e2e" {
		complaints = append(complaints, fmt.Sprintf("%s uses cgo: only the program itself may", p.ImportPath))
	}
	allowed, inTable := mayImport[from]
	for _, imported := range p.Imports {
		if to, ours := room(imported); ours && inTable && to != from && !slices.Contains(allowed, to) {
			complaints = append(complaints, fmt.Sprintf("%s imports %s: %s may import only %v", p.ImportPath, imported, from, allowed))
		}
		for _, o := range only {
			if within(imported, o.path) && !slices.Contains(o.rooms, from) {
				complaints = append(complaints, fmt.Sprintf("%s imports %s: %s", p.ImportPath, imported, o.why))
				break
			}
		}
	}
	return complaints
}

// room gives the first element below the module, "" for the program itself.
func room(path string) (name string, ours bool) {
	if path == module {
		return "", true
	}
	rest, ours := strings.CutPrefix(path, module+"/")
	name, _, _ = strings.Cut(rest, "/")
	return name, ours
}

func within(path, parent string) bool {
	return path == parent || strings.HasPrefix(path, parent+"/")
}
