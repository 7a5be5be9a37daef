package main

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"plenary/platform/managed"
)

func TestRun_writesEveryTextInEveryLanguage(t *testing.T) {
	t.Chdir("../../..")
	t.Setenv("PUBLISHER", "Meetings & Conferences")
	t.Setenv("HOMEPAGE", "https://plenary.example.org/?a=1&b=2")
	t.Setenv("SCREENSHOT", "https://plenary.example.org/meetings.png")
	folder := t.TempDir()
	if err := run("0.1.0-dev.412+g4f502d7", "2026-11-28", folder); err != nil {
		t.Fatal(err)
	}
	file := func(name string) string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	entry, metainfo := file(appID+".desktop"), file(appID+".metainfo.xml")
	if err := xml.Unmarshal([]byte(metainfo), new(struct{})); err != nil {
		t.Errorf("the metainfo: %v", err)
	}
	texts, err := read(filepath.Join("words", "desktop"))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range languages {
		for _, key := range []string{"generic-name", "comment", "keywords"} {
			if !strings.Contains(entry, "="+texts[l][key]) {
				t.Errorf("the entry has no %s in %s", key, l)
			}
		}
		for _, key := range []string{"about.what", "about.offline", "about.demonstration", "comment", "screenshot"} {
			if !strings.Contains(metainfo, ">"+texts[l][key]+"<") {
				t.Errorf("the metainfo has no %s in %s", key, l)
			}
		}
	}
	for _, want := range []string{
		"<developer_name>Meetings &amp; Conferences</developer_name>",
		`<url type="homepage">https://plenary.example.org/?a=1&amp;b=2</url>`,
		">https://plenary.example.org/meetings.png</image>",
	} {
		if !strings.Contains(metainfo, want) {
			t.Errorf("%s is not in\n%s", want, metainfo)
		}
	}
	if !strings.Contains(metainfo, `<release version="0.1.0~dev.412" date="2026-11-28" type="development"/>`) {
		t.Errorf("the release is not in\n%s", metainfo)
	}
}

func TestRead_refusesWhatIsNotTranslated(t *testing.T) {
	for name, spoil := range map[string]func(map[string]string){
		"a text is missing":     func(m map[string]string) { delete(m, "comment") },
		"a text too much":       func(m map[string]string) { m["other"] = "x" },
		"an empty text":         func(m map[string]string) { m["comment"] = " " },
		"a text of two lines":   func(m map[string]string) { m["comment"] = "a\nExec=b" },
		"a text with an escape": func(m map[string]string) { m["comment"] = `a\nExec=b` },
	} {
		folder := t.TempDir()
		for _, l := range languages {
			texts := map[string]string{"comment": "c", "keywords": "k"}
			if l == "ru" {
				spoil(texts)
			}
			data, err := json.Marshal(texts)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, l+".json"), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := read(folder); err == nil || !strings.Contains(err.Error(), "ru.json") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAppID_isThePrograms(t *testing.T) {
	if appID != managed.AppID {
		t.Errorf("the entry is called %s, the program %s", appID, managed.AppID)
	}
}
