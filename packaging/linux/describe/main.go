// Describe writes what a Linux desktop knows of Plenary before it runs: the
// desktop entry and the AppStream metainfo, in all languages of words/desktop.
//
//	describe VERSION DATE FOLDER
//
// VERSION is the program's (packaging/version.sh), DATE such as 2026-11-28 when
// it was made. Both files go into FOLDER. It runs in the module's folder, with the
// variables of packaging/identity.sh.
package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"
)

//go:embed entry.desktop.tmpl
var entry string

//go:embed metainfo.xml.tmpl
var metainfo string

// appID names both files; the program has the same.
const appID = "int.plenary.Plenary"

// languages are those of words, English first: it stands for all others.
var languages = []string{"en", "fr", "es", "ru", "zh", "ar"}

// description is what the templates are filled from.
type description struct {
	ID, Version, Date               string
	Publisher, Homepage, Screenshot string // of packaging/identity.sh
	Development                     bool
	texts                           map[string]map[string]string // by language and key
}

// text is one text in one language.
type text struct{ Lang, Text string }

// In gives a text in all languages.
func (d description) In(key string) []text {
	var all []text
	for _, l := range languages {
		all = append(all, text{l, d.texts[l][key]})
	}
	return all
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: describe VERSION DATE FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "describe:", err)
		os.Exit(1)
	}
}

func run(version, date, folder string) error {
	texts, err := read(filepath.Join("words", "desktop"))
	if err != nil {
		return err
	}
	numbers, _, _ := strings.Cut(version, "+")
	d := description{
		ID: appID, Version: strings.Replace(numbers, "-", "~", 1), Date: date,
		Publisher: os.Getenv("PUBLISHER"), Homepage: os.Getenv("HOMEPAGE"), Screenshot: os.Getenv("SCREENSHOT"),
		Development: strings.Contains(version, "-"), texts: texts,
	}
	if d.Publisher == "" || d.Homepage == "" || d.Screenshot == "" {
		return errors.New("PUBLISHER, HOMEPAGE or SCREENSHOT is not set: they come from packaging/identity.sh")
	}
	return errors.Join(
		d.write(entry, filepath.Join(folder, appID+".desktop")),
		d.write(metainfo, filepath.Join(folder, appID+".metainfo.xml")),
	)
}

func (d description) write(source, path string) error {
	t := template.New(filepath.Base(path)).Option("missingkey=error").Funcs(template.FuncMap{
		"xml": func(s string) (string, error) {
			var b bytes.Buffer
			err := xml.EscapeText(&b, []byte(s))
			return b.String(), err
		},
	})
	if _, err := t.Parse(source); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, d); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}

// read reads the texts and refuses a language that lacks one or has one more.
func read(folder string) (map[string]map[string]string, error) {
	all := make(map[string]map[string]string)
	for _, l := range languages {
		data, err := os.ReadFile(filepath.Join(folder, l+".json"))
		if err != nil {
			return nil, err
		}
		texts := make(map[string]string)
		if err := json.Unmarshal(data, &texts); err != nil {
			return nil, fmt.Errorf("%s.json: %w", l, err)
		}
		for key, text := range texts {
			if strings.TrimSpace(text) == "" || strings.ContainsAny(text, "\n\r\\") {
				return nil, fmt.Errorf("%s.json: %s is %q, not one line of text", l, key, text)
			}
		}
		all[l] = texts
		if has, want := keys(texts), keys(all[languages[0]]); !slices.Equal(has, want) {
			return nil, fmt.Errorf("%s.json has the texts %v, English %v", l, has, want)
		}
	}
	return all, nil
}

func keys(texts map[string]string) []string { return slices.Sorted(maps.Keys(texts)) }
