package bulk

import (
	"strings"
	"testing"
)

func TestUserFile_measuresFieldsByTheContract(t *testing.T) {
	for _, c := range []struct{ text, username, why string }{
		{"username,email\namina,a@example.org\n", "amina", ""},
		{"username,email\n" + strings.Repeat("a", 41) + ",a@example.org\n", strings.Repeat("a", 41), "username: too long"},
		{"username,email\n\"amina,a@example.org\n", "", "the quotation marks do not match; a field has no line breaks"},
	} {
		f, err := newUserFile(t.Context(), strings.NewReader(c.text))
		if err != nil {
			t.Fatal(err)
		}
		row, err := f.read(t.Context())
		if err != nil || row.line != 2 || row.fields["username"] != c.username || row.why != c.why {
			t.Errorf("%q: got %+v, %v", c.text, row, err)
		}
	}
	for _, header := range []string{"username,email,roles", "username,title", "email"} {
		if _, err := newUserFile(t.Context(), strings.NewReader(header)); err == nil {
			t.Errorf("%s: no error", header)
		}
	}
}
