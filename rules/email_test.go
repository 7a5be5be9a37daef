package rules

import (
	"errors"
	"net/mail"
	"strings"
	"testing"
)

func TestParseEmail(t *testing.T) {
	long := strings.Repeat("a", 64)
	for _, c := range []struct{ in, want string }{
		{"marie.dupont@example.org", "marie.dupont@example.org"},
		{"  Marie.Dupont@Example.ORG ", "Marie.Dupont@example.org"},
		{"o'brien+itu@example.co.uk", "o'brien+itu@example.co.uk"},
		{"用户@例子.广告", "用户@xn--fsqu00a.xn--4rr70v"},
		{"postmaster@BÜCHER.example", "postmaster@xn--bcher-kva.example"},
		{"a@" + strings.Repeat("b.", 90) + "org", "a@" + strings.Repeat("b.", 90) + "org"},
		{long + "@example.org", long + "@example.org"},
		{"jose\u0301@example.org", "josé@example.org"},

		{"", ""},
		{"@", ""},
		{"a@localhost", ""},
		{"a@example", ""},
		{"a@example.", ""},
		{"a@.example.org", ""},
		{"a@-example.org", ""},
		{"a@exa_mple.org", ""},
		{"a@127.0.0.1", ""},
		{"a@[127.0.0.1]", ""},
		{"a@b@example.org", ""},
		{"a b@example.org", ""},
		{`"a b"@example.org`, ""},
		{"Marie <marie@example.org>", ""},
		{".a@example.org", ""},
		{"a..b@example.org", ""},
		{"a.@example.org", ""},
		{"a\u200b@example.org", ""},
		{"a@exam\u200bple\u202e.org", ""},
		{"a\r\nBcc: x@example.org", ""},
		{"a\x00@example.org", ""},
		{"a\xff@example.org", ""},
		{long + "b@example.org", ""},
		{"a@" + strings.Repeat("b.", 130) + "org", ""},
		{strings.Repeat("a@example.org", 100), ""},
		{"a,b@example.org", ""},
		{"a@example.org,b@example.org", ""},
		{"a@example.o", ""},
	} {
		got, err := ParseEmail(c.in)
		if got != c.want || (err != nil) != (c.want == "") || err != nil && !errors.Is(err, ErrEmail) {
			t.Errorf("%.60q: %q, %v; want %q", c.in, got, err, c.want)
		}
	}
}

func TestReadEmail_readsWhatIsPasted(t *testing.T) {
	for _, c := range []struct{ typed, want string }{
		{" Marie@Example.org\n", "Marie@example.org"},
		{"\ufeffmarie\u200b@example.org\u00ad", "marie@example.org"},
		{"mailto:marie@example.org", "marie@example.org"},
		{"MAILTO:marie@example.org?subject=Hello", "marie@example.org"},
		{"Marie Dupont <marie@example.org>", "marie@example.org"},
		{`"Dupont, Marie" <marie@example.org>;`, "marie@example.org"},
		{"<marie@example.org>", "marie@example.org"},
		{"< mailto:marie@example.org >", "marie@example.org"},
		{"Marie@example.org <marie@example.org>", "marie@example.org"},
		{"marie@example.org,", "marie@example.org"},
		{"marie@example.org.", "marie@example.org"},
		{"ｍａｒｉｅ＠ｅｘａｍｐｌｅ．ｏｒｇ", "marie@example.org"},

		{"marie@example.org, paul@example.org", ""},
		{"marie@example.org paul@example.org", ""},
		{"paul@example.org <marie@example.org>", ""},
		{"Marie <marie@example.org>, Paul <paul@example.org>", ""},
		{"Marie <marie@example.org", ""},
		{"Marie", ""},
		{"<>", ""},
		{"", ""},
		{"a\u200cb@example.org", ""}, // a joiner is part of a word: without it, it is another's address
	} {
		got, err := ReadEmail(c.typed)
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%q: %q, %v; want %q", c.typed, got, err, c.want)
		}
		if EmailKey(c.typed) != EmailKey(c.want) || IdentifierKey(c.typed) != IdentifierKey(c.want) && c.want != "" {
			t.Errorf("%q is counted as %q and %q", c.typed, EmailKey(c.typed), IdentifierKey(c.typed))
		}
	}
}

func TestEmailKey_isOneForAllSpellings(t *testing.T) {
	same := [][]string{
		{"marie@example.org", " MARIE@EXAMPLE.ORG", "Marie@Example.org"},
		{"josé@example.org", "JOSE\u0301@example.org"},
		{"a@bücher.example", "a@xn--bcher-kva.example", "A@BÜCHER.EXAMPLE"},
	}
	keys := make(map[string]int)
	for i, spellings := range same {
		for _, s := range spellings {
			key := EmailKey(s)
			if other, ok := keys[key]; key == "" || ok && other != i {
				t.Errorf("%q has the key %q, which is another's", s, key)
			}
			keys[key] = i
			if again := EmailKey(key); again != key {
				t.Errorf("the key of the key %q is %q", key, again)
			}
		}
	}
	if len(keys) != len(same) {
		t.Errorf("%d keys for %d addresses", len(keys), len(same))
	}
	// Letters that only look alike, or that only Turkish takes for one another.
	if EmailKey("mike@example.org") == EmailKey("m\u0131ke@example.org") {
		t.Error("a dotless i is an i")
	}
	if got := EmailKey("not an address"); got != "" {
		t.Errorf("what is no address has the key %q", got)
	}
}

func FuzzParseEmail(f *testing.F) {
	for _, s := range []string{"a@example.org", "用户@例子.广告", "a@b@c", "\xff@x.y", "A.B@ex-ample.ORG"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		parsed, err := ParseEmail(s)
		if err != nil {
			return
		}
		if read, err := ReadEmail(s); err != nil || read != parsed {
			t.Errorf("%q is %q, and read as %q, %v", s, parsed, read, err)
		}
		if again, err := ParseEmail(parsed); err != nil || again != parsed {
			t.Errorf("%q gives %q, and that gives %q, %v", s, parsed, again, err)
		}
		if a, err := mail.ParseAddress(parsed); err != nil || a.Address != parsed {
			t.Errorf("net/mail does not take %q: %v", parsed, err)
		}
		if EmailKey(parsed) == "" || len(parsed) > 254 {
			t.Errorf("%q", parsed)
		}
	})
}
