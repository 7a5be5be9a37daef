// Command notices writes the copyright notices and licences of all that others
// have written and that is part of a program which Go has built:
//
//	notices PROGRAM [TEXT...] >THIRD-PARTY-NOTICES.txt
//
// The program itself says which modules are linked into it and how it was built
// (as `go version -m` shows); their licences are in Go's cache of modules. What
// is in no module of its own has a file in this repository (see data), and so has
// what a package adds to the program: TEXT is one, such as certificates.txt.
//
// It runs in the module's folder, and fails when a linked module has no licence.
package main

import (
	"bufio"
	"debug/buildinfo"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "notices PROGRAM [TEXT...] >FILE")
		os.Exit(2)
	}
	if err := run(os.Stdout, os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, program string, texts []string) error {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return err
	}
	b := built(info)
	packages, err := b.packages()
	if err != nil {
		return err
	}
	// The program may have been built from an older or newer folder than this one.
	if different := differences(modulesOf(info), modules(packages)); len(different) > 0 {
		return fmt.Errorf("%s is not built from this folder, but from other versions of %s", program, strings.Join(different, ", "))
	}
	components, err := components(b, packages)
	if err != nil {
		return err
	}
	for _, name := range texts {
		c, err := carried(name)
		if err != nil {
			return err
		}
		components = append(components, c)
	}
	out := bufio.NewWriter(w)
	write(out, components)
	return out.Flush()
}
