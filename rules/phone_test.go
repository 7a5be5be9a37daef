package rules

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"plenary/api"
)

// readTable reads a table of testdata.
func readTable(t testing.TB, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestParsePhone_readsWhatPeopleType(t *testing.T) {
	var table struct{ Numbers [][2]string }
	readTable(t, "phones.json", &table)
	question := &api.Question{ID: "phone", Kind: api.KindPhone, Required: true}
	for _, c := range table.Numbers {
		typed, want := c[0], c[1]
		kept, ok := ParsePhone(typed)
		if ok != (want != "") || ok && kept != want {
			t.Errorf("%q is kept as %q, %v; want %q", typed, kept, ok, want)
		}
		if answered := ValidateAnswer(question, []string{typed}) == ""; answered != ok {
			t.Errorf("%q: in a form %v, elsewhere %v", typed, answered, ok)
		}
	}
}

func FuzzParsePhone(f *testing.F) {
	for _, s := range []string{"+44 (0)20 7946 0018 ext. 7", "tel:1234;ext=5", "(+1) 2345 x", "१२३४", "/ -5555-#1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		kept, ok := ParsePhone(s)
		if !ok {
			return
		}
		if again, ok := ParsePhone(kept); !ok || again != kept {
			t.Errorf("%q is kept as %q, and that as %q, %v", s, kept, again, ok)
		}
		if utf8.RuneCountInString(kept) != len(kept) || len(kept) > MaxPhone {
			t.Errorf("%q is kept as %q", s, kept)
		}
	})
}
