package main

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// utf16Text is a text as Windows' editors and PowerShell save it.
func utf16Text(text string, order binary.ByteOrder) []byte {
	var b bytes.Buffer
	for _, u := range append([]uint16{0xfeff}, utf16.Encode([]rune(text))...) {
		_ = binary.Write(&b, order, u)
	}
	return b.Bytes()
}

func TestReadText_withoutByteOrderMarks(t *testing.T) {
	const text = "pässword\r\n"
	for name, saved := range map[string][]byte{
		"plain": []byte(text), "with a mark": []byte("\ufeff" + text),
		"UTF-16": utf16Text(text, binary.LittleEndian), "UTF-16 the other way": utf16Text(text, binary.BigEndian),
	} {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, saved, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := readText(path); err != nil || string(got) != text {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// Configuration, passwords and lists of meetings that an editor has saved with a byte
// order mark are read as what is in them.
func TestCommands_readFilesWithByteOrderMarks(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	if o := do(t, "\ufeffBr1ght_Otter^Meadow\r\n", "init", "--data", data, "--password-stdin"); o.status != 0 {
		t.Fatalf("%+v", o)
	}
	config := filepath.Join(data, configFile)
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	for _, saved := range [][]byte{append([]byte("\ufeff"), text...), utf16Text(string(text), binary.LittleEndian)} {
		if err := os.WriteFile(config, saved, 0o600); err != nil {
			t.Fatal(err)
		}
		must(t, "user", "list", "--data", data)
	}
	meetings := filepath.Join(dir, "meetings.json")
	if err := os.WriteFile(meetings, []byte("\ufeff[]"), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, "import", "meetings", meetings, "--data", data)
	if err := os.WriteFile(config, append(text, text...), 0o600); err != nil {
		t.Fatal(err)
	}
	if o := do(t, "", "user", "list", "--data", data); o.status != 1 || !strings.Contains(o.stderr, "behind the end") {
		t.Errorf("a configuration twice: %+v", o)
	}
	s := serveWithPassword(t, data, config, text)
	if status := logIn(t, trusting(nil), s.address(), "admin", "Br1ght_Otter^Meadow"); status != 200 {
		t.Errorf("the password from a file with a mark: %d", status)
	}
}

// serveWithPassword puts a configuration back and serves.
func serveWithPassword(t *testing.T, data, config string, text []byte) *running {
	t.Helper()
	if err := os.WriteFile(config, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return serveCommand(t, "--data", data, "--listen", "127.0.0.1:0")
}
