package rules

import (
	"slices"
	"strings"
	"testing"
)

func TestFindChoices_bestFirst(t *testing.T) {
	list := []string{"Ukraine", "United Kingdom", "Guinea", "Equatorial Guinea", "Guinea-Bissau", "Papua New Guinea", "Côte d’Ivoire", "Türkiye", "Россия", "中国", "Switzerland"}
	var choices []Choice
	for _, s := range list {
		var others, codes []string
		switch s {
		case "United Kingdom":
			others, codes = []string{"UK", "Britain"}, []string{"GB", "GBR"}
		case "Türkiye":
			others = []string{"Turkey"}
		case "Switzerland":
			others, codes = []string{"Suisse"}, []string{"CH"}
		}
		choices = append(choices, NewChoice(s, others, codes))
	}
	for _, c := range []struct{ typed, want string }{
		{"uk", "United Kingdom, Ukraine"}, // a name before the beginning of one
		{"U.K.", "United Kingdom"},
		{"u", "Ukraine, United Kingdom"},
		{"gb", "United Kingdom"},
		{"g", "Guinea, Guinea-Bissau, Equatorial Guinea, Papua New Guinea"}, // codes in full only
		{"guinea", "Guinea, Guinea-Bissau, Equatorial Guinea, Papua New Guinea"},
		{"new g", "Papua New Guinea"},
		{"tur", "Türkiye"},
		{"tuer", "Türkiye"},
		{"ivoire cote", "Côte d’Ivoire"},
		{"cotedivoire", "Côte d’Ivoire"},
		{"РОСС", "Россия"},
		{"国", "中国"},
		{"land", "Switzerland"},
		{"ch", "Switzerland"},
		{"swizerland", "Switzerland"}, // one too few
		{"switzzerland", "Switzerland"},
		{"swotzerl", "Switzerland"},
		{"siwtz", "Switzerland"},
		{"swittzirl", ""}, // two mistakes
		{"kindgom", "United Kingdom"},
		{"росия", "Россия"},
		{"rosia", ""}, // Rossiia in a passport
		{"swx", ""},   // too short to be misspelt
		{"guinea xy", ""},
		{" ", ""},
		{"", ""},
		{"’", ""},
	} {
		var got []string
		for _, f := range FindChoices(choices, c.typed) {
			got = append(got, list[f.Choice])
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%q finds %s, want %s", c.typed, s, c.want)
		}
	}
}

func TestFindChoices_tellsByWhichName(t *testing.T) {
	choices := []Choice{NewChoice("Switzerland", []string{"Suisse", "Schweiz"}, []string{"CH"})}
	for typed, want := range map[string]int{"schw": 1, "su": 0, "sw": -1, "ch": -1} {
		if got := FindChoices(choices, typed); len(got) != 1 || got[0].Other != want {
			t.Errorf("%q: %v, want %d", typed, got, want)
		}
	}
}

// FuzzFindChoices: every name finds itself.
func FuzzFindChoices(f *testing.F) {
	for _, s := range []string{"Łódź", "Côte d’Ivoire", "ﷺ", "각", "\xff", "½ x", "Đặng"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		choices := []Choice{NewChoice("Ghana", nil, nil), NewChoice(s, nil, []string{"GH"})}
		found := FindChoices(choices, s)
		if len(SearchWords(s)) > 0 && !slices.Contains(found, Found{1, -1}) {
			t.Errorf("%q does not find itself", s)
		}
	})
}

func TestMarks(t *testing.T) {
	for _, c := range []struct{ text, typed, want string }{
		{"Movistar (Telefónica)", "tele", "Movistar ([Tele]fónica)"},
		{"Orange (France Télécom)", "tele", "Orange (France [Télé]com)"},
		{"Telefónica", "xyz", "Telefónica"},
		{"Άρης Αθήνα", "αθη", "Άρης [Αθή]να"},
		{"Straße", "strasse", "[Straße]"},
		{"Łódź", "lodz", "[Łódź]"},
		{"Müller", "mueller", "[Müller]"},
		{"Salt Lake, Malta", "alt", "S[alt] Lake, Malta"},
		{"Great Altay", "alt", "Great [Alt]ay"}, // not the t of Great before it
		{"جامعة القاهرة", "جامعه", "[جامعة] القاهرة"},
		{"电信 中国电信", "中国", "电信 [中国]电信"},
		{"Room ١٢", "12", "Room [١٢]"},
		{"", "a", ""},
		{"a", "", "a"},
	} {
		var b strings.Builder
		marked := false
		for i, m := range append(Marks(c.text, SearchWords(c.typed)), false) {
			if m != marked {
				b.WriteString(map[bool]string{true: "[", false: "]"}[m])
				marked = m
			}
			if runes := []rune(c.text); i < len(runes) {
				b.WriteRune(runes[i])
			}
		}
		if b.String() != c.want {
			t.Errorf("%q in %q: %s, want %s", c.typed, c.text, b.String(), c.want)
		}
	}
}
