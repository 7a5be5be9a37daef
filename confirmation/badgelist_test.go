package confirmation

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"plenary/api"
	"plenary/rules"
	"plenary/words"
)

func badgeList(t testing.TB, badges int) BadgeList {
	t.Helper()
	d := document(t, "Amina Okafor")
	l := BadgeList{
		Organization: d.Organization, Meeting: d.Meeting, Delegation: "Agence nationale des fréquences", Collector: "Amina Okafor", Kind: api.FocalPoint,
		Code: d.Registration.Code, Made: made,
		Badges: []ListedBadge{
			{Name: "Amina Okafor", JobTitle: "Head of Unit", Number: d.Registration.Number},
			{Name: "Jean Dupont", Number: d.Registration.Number, Companion: true},
			{Name: "王小明", JobTitle: "工程师", Number: "R-7F3K-92QE"},
			{Name: "ليلى بنت عبد الرحمن الفاسي", Number: "R-7F3K-92QF"},
			{Name: strings.Repeat("Maximilian ", 12), JobTitle: strings.Repeat("Senior Adviser ", 12), Number: "R-7F3K-92QG"},
		},
	}
	for i := len(l.Badges); i < badges; i++ {
		l.Badges = append(l.Badges, ListedBadge{Name: "Somebody Else", JobTitle: "Engineer", Number: fmt.Sprintf("R-AAAA-%04d", i)})
	}
	return l
}

// What the desk makes of it: the collector's code is good, and everybody stands on it.
func TestWriteBadgeList(t *testing.T) {
	for name, c := range map[string]struct {
		code   bool
		badges int
		pages  string
		want   []string
	}{
		"who comes":         {true, 5, "Pages:           1", []string{"5 badges", "Show this code"}},
		"who does not come": {false, 5, "Pages:           1", []string{"5 badges", "Show this list"}},
		"many":              {true, 120, "Pages:           7", []string{"120 badges", "R-AAAA-0119"}},
	} {
		l := badgeList(t, c.badges)
		if !c.code {
			l.Code = ""
		}
		pdf, _, err := WriteBadgeList(words.ForLetters("en"), l)
		if err != nil {
			t.Fatal(err)
		}
		path := file(t, pdf)
		text := tool(t, "pdftotext", "-layout", path, "-")
		for _, want := range append(c.want, "Badges to be collected", "Sixth X.509 Day", "Agence nationale des fréquences",
			"Collected by Amina Okafor, focal point", "Jean Dupont", "Accompanying person", "R-7F3K-92QE", "As of Friday, 2 October 2026") {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in:\n%s", name, want, text)
			}
		}
		if got := tool(t, "pdfinfo", path); !strings.Contains(got, c.pages) {
			t.Errorf("%s: %s", name, got)
		}
		picture := strings.TrimSuffix(path, ".pdf")
		tool(t, "pdftoppm", "-png", "-r", "110", "-singlefile", path, picture)
		keep(t, picture+".png", "badge-list-"+strings.ReplaceAll(name, " ", "-")+".png")
		if !c.code {
			continue
		}
		code := strings.TrimSpace(tool(t, "zbarimg", "--nodbus", "--quiet", "--raw", picture+".png"))
		b, err := rules.VerifyBadge(keys(t), l.Meeting.Code, code, made)
		if err != nil || b.Registration != l.Badges[0].Number {
			t.Errorf("%s: %q is read as %+v, %v", name, code, b, err)
		}
	}
}

func TestWriteBadgeList_tellsOfMissingLetters(t *testing.T) {
	l := badgeList(t, 0)
	l.Badges[2].Name = "Ana \U0003FFFD"
	_, missing, err := WriteBadgeList(words.ForLetters("fr"), l)
	if err != nil || !strings.Contains(string(missing), "\U0003FFFD") {
		t.Errorf("missing %q, %v", string(missing), err)
	}
}

// keep keeps a picture for whoever looks at them.
func keep(t *testing.T, picture, name string) {
	t.Helper()
	shots := os.Getenv("PLENARY_SHOTS")
	if shots == "" {
		return
	}
	data, err := os.ReadFile(picture)
	if err == nil {
		err = os.WriteFile(filepath.Join(shots, name), data, 0o600)
	}
	if err != nil {
		t.Error(err)
	}
}
