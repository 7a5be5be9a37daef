package words

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// messages reads a file of messages as its translators see it: texts by key,
// those with plurals by form.
func messages(t *testing.T, lang string) map[string]map[string]string {
	t.Helper()
	data, err := files.ReadFile(lang + ".json")
	if letters[lang] != nil {
		data, err = files.ReadFile("letters/" + lang + ".json")
	}
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		t.Fatalf("%s.json: %v", lang, err)
	}
	all := make(map[string]map[string]string)
	for key, value := range raw {
		var text string
		if json.Unmarshal(value, &text) == nil {
			all[key] = map[string]string{"": text}
			continue
		}
		var forms map[string]string
		if err := json.Unmarshal(value, &forms); err != nil {
			t.Errorf("%s.json: %s is neither a text nor forms of a plural", lang, key)
		}
		all[key] = forms
	}
	return all
}

var placeholder = regexp.MustCompile(`{{[^}]*}}`)

// placeholders are those of all forms of a message but the count, which some
// forms of some languages leave out ("one meeting").
func placeholders(forms map[string]string) []string {
	set := make(map[string]bool)
	for _, text := range forms {
		for _, p := range placeholder.FindAllString(text, -1) {
			if p != "{{.Count}}" {
				set[p] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(set))
}

func TestMessages_areTheSameInEveryLanguage(t *testing.T) {
	english := messages(t, English)
	for _, lang := range Letters() {
		lang := lang.Code
		translated := messages(t, lang)
		for key, forms := range english {
			if letters[lang] != nil && !ofLetters(key) {
				continue
			}
			other, ok := translated[key]
			if !ok {
				t.Errorf("%s.json lacks %s", lang, key)
				continue
			}
			if a, b := placeholders(forms), placeholders(other); !slices.Equal(a, b) {
				t.Errorf("%s: parameters %v in English, %v in %s", key, a, b, lang)
			}
			if (forms[""] == "") != (other[""] == "") {
				t.Errorf("%s is a plural in one of English and %s only", key, lang)
			}
		}
		for key, forms := range translated {
			if english[key] == nil {
				t.Errorf("%s.json has %s, which English lacks", lang, key)
			}
			for form, text := range forms {
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s.json: %s %s is empty", lang, key, form)
				}
				for _, p := range placeholder.FindAllString(text, -1) {
					if !regexp.MustCompile(`^{{\.[A-Z][A-Za-z]*}}$`).MatchString(p) {
						t.Errorf("%s.json: %s: %s should be of the form {{.Name}}", lang, key, p)
					}
				}
			}
		}
	}
}

// ofLetters tells whether a key is of what the service writes.
func ofLetters(key string) bool {
	return slices.ContainsFunc([]string{"mail.", "web.", "membership.", "password.rule.", "password.lacks", "calendar.", "confirmation.", "badges."}, func(prefix string) bool {
		return strings.HasPrefix(key, prefix)
	})
}

// Whatever e-mails and pages say is there in all their languages, and not in English
// only.
func TestLetters_haveAllThatTheServiceWrites(t *testing.T) {
	english := messages(t, English)
	for key, uses := range usesOfKeys(t) {
		isKey := english[key] != nil || dynamicPrefix.MatchString(key)
		for _, u := range uses {
			if isKey && !ofLetters(key) && (strings.Contains(u.position, "service/web/") || strings.Contains(u.position, "service/mail/") || strings.Contains(u.position, "calendar/") || strings.Contains(u.position, "confirmation/")) {
				t.Errorf("%s: %q is written in languages that do not have it", u.position, key)
			}
		}
	}
}

func TestLetters_areInTheSixLanguages(t *testing.T) {
	var codes []string
	for _, l := range Letters() {
		codes = append(codes, l.Code)
		if got := ForLetters(l.Code + "-XX").Lang(); got != l.Code {
			t.Errorf("a letter in %s is written in %s", l.Code, got)
		}
	}
	if want := []string{"en", "fr", "es", "ru", "zh", "ar"}; !slices.Equal(codes, want) {
		t.Errorf("letters in %v, want %v", codes, want)
	}
	for lang := range letters {
		for key := range messages(t, lang) {
			if !ofLetters(key) {
				t.Errorf("letters/%s.json has %s, which no letter needs", lang, key)
			}
		}
		if For(lang).Lang() != English {
			t.Errorf("screens speak %s, which is not complete", lang)
		}
	}
}

// The program has no interface in these languages yet, so what letters quote of
// it must stand there as it is on the screen.
func TestLetters_quoteLabelsAsScreensHaveThem(t *testing.T) {
	quotes := regexp.MustCompile(`[“«]([^”»]+)[”»]`)
	var labels []string
	for _, forms := range messages(t, English) {
		for _, text := range forms {
			labels = append(labels, text)
		}
	}
	for lang := range letters {
		own := slices.Concat(slices.Collect(maps.Values(labelsOf(messages(t, lang)))))
		for key, forms := range messages(t, lang) {
			for _, quoted := range quotes.FindAllStringSubmatch(forms[""], -1) {
				if !slices.Contains(labels, quoted[1]) && !slices.Contains(own, quoted[1]) {
					t.Errorf("letters/%s.json: %s quotes %q, which is no label", lang, key, quoted[1])
				}
			}
		}
	}
}

func labelsOf(all map[string]map[string]string) map[string]string {
	labels := make(map[string]string)
	for key, forms := range all {
		labels[key] = forms[""]
	}
	return labels
}

func TestMessages_haveEveryPluralForm(t *testing.T) {
	// The forms of whole numbers in CLDR; French has "many" for millions only.
	forms := map[string][]string{
		"en": {"one", "other"}, "fr": {"one", "other"}, "es": {"one", "other"},
		"ru": {"one", "few", "many", "other"}, "zh": {"other"},
		"ar": {"zero", "one", "two", "few", "many", "other"},
	}
	for lang := range all {
		for key, m := range messages(t, lang) {
			if m[""] != "" {
				continue
			}
			for _, form := range forms[lang] {
				if m[form] == "" {
					t.Errorf("%s.json: %s has no form %q", lang, key, form)
				}
			}
		}
	}
}

func TestOffered_areEnglishAndFrench(t *testing.T) {
	offered := Offered()
	if len(offered) < 2 || offered[0] != (Language{"en", "English"}) || offered[1] != (Language{"fr", "Français"}) {
		t.Errorf("offered: %v", offered)
	}
}

func TestFor_takesLocalesAndFallsBackToEnglish(t *testing.T) {
	for lang, want := range map[string]string{
		"en": "en", "fr": "fr", "fr-CH": "fr", "fr_CA.UTF-8": "fr", "FR": "fr", "de": "en", "": "en", "C": "en", "tlh": "en",
	} {
		if got := For(lang).Lang(); got != want {
			t.Errorf("%q speaks %q, want %q", lang, got, want)
		}
	}
}

// speaking makes words of texts that no file has.
func speaking(t *testing.T, lang, file string) *Words {
	t.Helper()
	parsed, err := parse([]byte(file), lang)
	if err != nil {
		t.Fatal(err)
	}
	return &Words{lang: lang, load: func() *texts { return parsed }}
}

func TestT_fillsParametersAndFallsBack(t *testing.T) {
	fr := speaking(t, "fr", `{"a": "Bonjour {{.Name}} <b>", "plain": "Oui"}`)
	for _, c := range []struct{ key, want string }{
		{"a", "Bonjour Zoé & Co <b>"},
		{"plain", "Oui"},
		{"membership.media", "Médias"},
		{"no.such.key", "no.such.key"},
	} {
		w := fr
		if c.key == "membership.media" {
			w = For("fr")
		}
		if got := w.T(c.key, map[string]any{"Name": "Zoé & Co"}); got != c.want {
			t.Errorf("%s: %q, want %q", c.key, got, c.want)
		}
	}
	if got := fr.T("membership.media"); got != "Media" {
		t.Errorf("a text that French lacks: %q, want it in English", got)
	}
}

func TestN_choosesTheLanguagesForm(t *testing.T) {
	en := speaking(t, "en", `{"n": {"one": "{{.Count}} meeting at {{.Place}}", "other": "{{.Count}} meetings at {{.Place}}"}}`)
	fr := speaking(t, "fr", `{"n": {"one": "{{.Count}} réunion", "other": "{{.Count}} réunions"}}`)
	ru := speaking(t, "ru", `{"n": {"one": "{{.Count}} встреча", "few": "{{.Count}} встречи", "many": "{{.Count}} встреч", "other": "{{.Count}} встречи"}}`)
	for _, c := range []struct {
		w     *Words
		count int
		want  string
	}{
		{en, 0, "0 meetings at X"},
		{en, 1, "1 meeting at X"},
		{fr, 0, "0 réunion"},
		{fr, 1, "1 réunion"},
		{fr, 2, "2 réunions"},
		{ru, 1, "1 встреча"},
		{ru, 3, "3 встречи"},
		{ru, 5, "5 встреч"},
		{ru, 21, "21 встреча"},
	} {
		if got := c.w.N("n", c.count, map[string]any{"Place": "X"}); got != c.want {
			t.Errorf("%s %d: %q, want %q", c.w.lang, c.count, got, c.want)
		}
	}
}

func TestFyneFile_isCompleteAndInTheLanguage(t *testing.T) {
	read := func(lang string) map[string]any {
		var m map[string]any
		if err := json.Unmarshal(FyneFile(lang), &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	en, fr := read("en"), read("fr")
	for key := range en {
		if fr[key] == nil {
			t.Errorf("French lacks %q", key)
		}
	}
	if fr["Cancel"] != "Annuler" || read("de")["Cancel"] != "Cancel" {
		t.Error("Cancel is not in the language asked for")
	}
}

func BenchmarkT(b *testing.B) {
	w := For("fr")
	for b.Loop() {
		w.T("membership.media")
	}
}

// A line of French never begins with a question mark, a colon or the like.
func TestFor_frenchPunctuationStaysWithItsWord(t *testing.T) {
	w := For("fr")
	if got, want := w.T("forgot.title"), "Mot de passe oublié\u00a0?"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for key := range w.load().keys {
		for _, sign := range []string{" ?", " !", " ;", " :", " »", "« "} {
			if text := w.T(key, map[string]any{}); strings.Contains(text, sign) {
				t.Errorf("%s may break at %q: %q", key, sign, text)
			}
		}
	}
}
