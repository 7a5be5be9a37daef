package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"strings"
)

// build is what decides which packages are part of a program.
type build struct {
	language        string // version of Go, such as go1.26.8
	main            string // its package
	tags            string // with commas
	goos, arch, cgo string // as the variables GOOS, GOARCH and CGO_ENABLED
}

// built is how a program says that it was built.
func built(info *debug.BuildInfo) build {
	settings := make(map[string]string)
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	return build{info.GoVersion, info.Path, settings["-tags"], settings["GOOS"], settings["GOARCH"], settings["CGO_ENABLED"]}
}

// pack is a package, as go list describes it.
type pack struct {
	ImportPath string
	Dir        string
	Module     *module // nil in the standard library
	EmbedFiles []string
	CgoFiles   []string
}

type module struct {
	Path, Version string
	Dir           string
	Main          bool
}

// packages lists all packages of a program, those of the standard library too.
func (b build) packages() ([]pack, error) {
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Dir,Module,EmbedFiles,CgoFiles", "-tags", b.tags, b.main)
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOOS="+b.goos, "GOARCH="+b.arch, "CGO_ENABLED="+b.cgo)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var all []pack
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pack
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		all = append(all, p)
	}
}

// modules are the modules of others that packages belong to, with their versions.
func modules(packages []pack) map[string]string {
	all := make(map[string]string)
	for _, p := range packages {
		if p.Module != nil && !p.Module.Main {
			all[p.Module.Path] = p.Module.Version
		}
	}
	return all
}

// modulesOf are the same, as the program says it.
func modulesOf(info *debug.BuildInfo) map[string]string {
	all := make(map[string]string)
	for _, m := range info.Deps {
		all[m.Path] = m.Version
	}
	return all
}

// differences names the modules of which only one has a version, or both have another.
func differences(linked, listed map[string]string) []string {
	var all []string
	for path, version := range linked {
		if listed[path] != version {
			all = append(all, path)
		}
	}
	for path := range listed {
		if _, ok := linked[path]; !ok {
			all = append(all, path)
		}
	}
	slices.Sort(all)
	return all
}
