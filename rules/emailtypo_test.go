package rules

import (
	"slices"
	"testing"
)

func TestMeantEmail_pointsOutTheUsualTypos(t *testing.T) {
	for typed, want := range map[string]string{
		"elena@gmial.com":           "elena@gmail.com",
		"elena@gmail.con":           "elena@gmail.com",
		"elena@gmail.co":            "elena@gmail.com",
		"elena@gmai.com":            "elena@gmail.com",
		"elena@gmaill.com":          "elena@gmail.com",
		"elena@gnail.com":           "elena@gmail.com",
		" Elena.Garcia@Gmail.Cmo ":  "Elena.Garcia@gmail.com",
		"Elena <elena@hotmial.com>": "elena@hotmail.com",
		"elena@hotmal.com":          "elena@hotmail.com",
		"elena@yahooo.com":          "elena@yahoo.com",
		"elena@yaho.fr":             "elena@yahoo.fr",
		"elena@outlok.com":          "elena@outlook.com",
		"elena@iclud.com":           "elena@icloud.com",
		"elena@yadnex.ru":           "elena@yandex.ru",
		"elena@oragne.fr":           "elena@orange.fr",
		"elena@qq.con":              "elena@qq.com",
		"elena@gmx.nett":            "elena@gmx.net",
		"elena@protonmial.com":      "elena@protonmail.com",

		"elena@example.org":   "",
		"elena@ymail.com":     "",
		"elena@mail.com":      "",
		"elena@email.com":     "",
		"elena@gmx.ch":        "",
		"elena@love.com":      "",
		"elena@163.net":       "",
		"elena@yahoo.it":      "",
		"elena@hotmail.de":    "",
		"elena@gmail.example": "",
		"elena@gmal.con":      "", // two mistakes
		"elena@gmail":         "", // no address
		"elena":               "",
		"":                    "",
	} {
		if got := MeantEmail(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

// Who has an address of a usual provider, or one that is much like it, is not bothered.
func TestMeantEmail_rightOnesStay(t *testing.T) {
	for _, domain := range slices.Concat(alike, providers) {
		if got := MeantEmail("elena@" + domain); got != "" {
			t.Errorf("%s: %s", domain, got)
		}
	}
	if len(providers) != 20 {
		t.Errorf("%d providers", len(providers))
	}
}

// Each provider is found again with any letter of its name left out, doubled or swapped
// with the next, unless its name is short.
func TestMeantEmail_everyLetterOfEveryProvider(t *testing.T) {
	for _, provider := range providers {
		name, ending := cutLast(provider)
		if len(name) < shortName {
			continue
		}
		for i := range name {
			for _, wrong := range []string{name[:i] + name[i+1:], name[:i] + name[i:i+1] + name[i:], swapped(name, i)} {
				domain := wrong + "." + ending
				if wrong != name && !slices.Contains(alike, domain) && MeantEmail("elena@"+domain) == "" {
					t.Errorf("nothing is said of %s", domain)
				}
			}
		}
	}
}

func swapped(s string, i int) string {
	if i+1 == len(s) {
		return s
	}
	return s[:i] + s[i+1:i+2] + s[i:i+1] + s[i+2:]
}
