package packaging

import (
	"encoding/xml"
	"io"
	"os/exec"
	"reflect"
	"strings"
	"testing"

	"plenary/platform/managed"
)

// TestMacOS_infoSaysWhatTheSystemNeedsToKnow reads the Info.plist that the script
// makes; on a Mac plutil reads it too.
func TestMacOS_infoSaysWhatTheSystemNeedsToKnow(t *testing.T) {
	out, err := exec.Command("sh", "package-macos.sh", "plist").Output()
	if err != nil {
		t.Fatal(err)
	}
	info, ok := readPlist(t, string(out)).(map[string]any)
	if !ok {
		t.Fatalf("the Info.plist is no dictionary: %v", info)
	}
	form := func(name string) string {
		said, err := exec.Command("sh", "version.sh", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(said))
	}
	for key, want := range map[string]any{
		"CFBundleIdentifier":         managed.AppID,
		"CFBundleExecutable":         "plenary",
		"CFBundleName":               "Plenary",
		"CFBundlePackageType":        "APPL",
		"CFBundleIconFile":           "icon.icns", // what fyne package puts there
		"CFBundleShortVersionString": form("numbers"),
		"CFBundleVersion":            form("build"),
		"LSMinimumSystemVersion":     "12.0", // what Go 1.26 needs
		"NSHighResolutionCapable":    true,
		"CFBundleLocalizations":      []any{"en", "fr"},
		"CFBundleURLTypes": []any{map[string]any{
			"CFBundleURLName": "int.plenary.link", "CFBundleTypeRole": "Viewer", "CFBundleURLSchemes": []any{"plenary"},
		}},
	} {
		if !reflect.DeepEqual(info[key], want) {
			t.Errorf("%s is %v, want %v", key, info[key], want)
		}
	}
}

// readPlist reads a property list in XML, of texts, truths, arrays and dictionaries.
func readPlist(t *testing.T, text string) any {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	next := func() (xml.StartElement, bool) {
		for {
			token, err := d.Token()
			if err != nil && err != io.EOF {
				t.Fatal(err)
			}
			switch token := token.(type) {
			case xml.StartElement:
				return token, true
			case xml.EndElement, nil:
				return xml.StartElement{}, false
			}
		}
	}
	var read func(xml.StartElement) any
	read = func(start xml.StartElement) any {
		switch start.Name.Local {
		case "dict":
			dict := map[string]any{}
			for key, ok := next(); ok; key, ok = next() {
				name := read(key)
				value, ok := next()
				if key.Name.Local != "key" || !ok || dict[name.(string)] != nil {
					t.Fatalf("%v is no key of its own with a value", name)
				}
				dict[name.(string)] = read(value)
			}
			return dict
		case "array":
			array := []any{}
			for one, ok := next(); ok; one, ok = next() {
				array = append(array, read(one))
			}
			return array
		case "true", "false":
			if err := d.Skip(); err != nil {
				t.Fatal(err)
			}
			return start.Name.Local == "true"
		case "key", "string":
			var s string
			if err := d.DecodeElement(&s, &start); err != nil {
				t.Fatal(err)
			}
			return s
		}
		t.Fatalf("<%s> in a property list", start.Name.Local)
		return nil
	}
	root, ok := next()
	if !ok || root.Name.Local != "plist" {
		t.Fatalf("<%s> is no property list", root.Name.Local)
	}
	first, _ := next()
	return read(first)
}
