// Command importrules checks that dependencies between Plenary's packages point
// one way, as docs and design want it:
//
//	main -> screens -> app -> {client, localdb} -> {api, rules}
//	service -> {api, rules}
//
// It looks at what the packages import, not their tests: those may bring in
// what they need. Run from anywhere with the module's folder as argument.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

func main() {
	dir := "."
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	packages, err := list(dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, "importrules:", err)
		os.Exit(2)
	}
	broken := 0
	for _, p := range packages {
		for _, complaint := range judge(p) {
			fmt.Println(complaint)
			broken++
		}
	}
	if broken > 0 {
		os.Exit(1)
	}
}

type pkg struct {
	ImportPath string
	Imports    []string
	CgoFiles   []string
}

func list(dir string) ([]pkg, error) {
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Imports,CgoFiles", "-tags", "e2e", "./...")
	cmd.Dir = dir
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list in %s: %w", dir, err)
	}
	var packages []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading what go list said: %w", err)
		}
		packages = append(packages, p)
	}
}
