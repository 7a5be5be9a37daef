// Package words holds every text that a person reads: on screens, in e-mails
// and on the service's pages, so that the same thing has the same name
// everywhere. It knows the habits of each language too: plurals, dates, the
// names of countries.
//
// Texts are in one flat file per language (en.json, fr.json, ...) in the
// message format of go-i18n v2, keyed by area and name ("login.title"). English
// is the language that the others are measured against: a language is offered
// once it has every text that English has. The folder letters has what the
// service writes (e-mails and pages) in the languages that screens do not speak
// yet; there, labels of the program are quoted as the screens have them.
//
// The package is not for texts that a meeting or an operator brings along
// (api.Text is), and not for logs, which are in English.
//
// Start reading at For and (*Words).T; country.go and date.go stand beside it.
package words

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed *.json letters/*.json
var files embed.FS

// English is the language of last resort.
const English = "en"

// Language is a language that Plenary can speak.
type Language struct {
	Code string // "en"
	Name string // its own name: "English"
}

// languages are the official languages of the United Nations, in the order in
// which Plenary takes them up (product.md).
var languages = []Language{
	{"en", "English"},
	{"fr", "Français"},
	{"es", "Español"},
	{"ru", "Русский"},
	{"zh", "中文"},
	{"ar", "العربية"},
}

// Words speaks one language. It is safe for concurrent use.
type Words struct {
	lang string
	load func() *texts
}

// texts are the messages of one language: those without parameters and plurals
// ready to use, all of them for go-i18n.
type texts struct {
	plain     map[string]string
	localizer *i18n.Localizer
	keys      map[string]bool
}

// all holds one Words per language that has a file, each read at first use.
var all = read(".")

// letters holds one Words per language in which the service alone can speak.
var letters = read("letters")

func read(folder string) map[string]*Words {
	m := make(map[string]*Words)
	for _, l := range languages {
		name := path.Join(folder, l.Code+".json")
		if _, err := fs.Stat(files, name); err != nil {
			continue // not translated yet
		}
		m[l.Code] = &Words{lang: l.Code, load: sync.OnceValue(func() *texts {
			data, err := files.ReadFile(name)
			if err != nil {
				panic(err)
			}
			t, err := parse(data, l.Code)
			if err != nil {
				panic(err) // the file is part of the program and tested
			}
			return t
		})}
	}
	return m
}

// For gives the words of a language ("fr", also "fr-CH" or "fr_CA.UTF-8"). A
// language that Plenary does not have yet gives English.
func For(lang string) *Words {
	if w, ok := all[base(lang)]; ok {
		return w
	}
	return all[English]
}

// base is the language without country and encoding: "fr" of "fr_CA.UTF-8".
func base(lang string) string {
	lang, _, _ = strings.Cut(strings.ToLower(lang), "-")
	lang, _, _ = strings.Cut(lang, "_")
	return lang
}

// ForLetters is For for what the service writes: it knows more languages.
func ForLetters(lang string) *Words {
	if w, ok := letters[base(lang)]; ok {
		return w
	}
	return For(lang)
}

// Letters lists the languages of e-mails and pages, in Plenary's order.
func Letters() []Language {
	return slices.DeleteFunc(slices.Clone(languages), func(l Language) bool {
		return all[l.Code] == nil && letters[l.Code] == nil
	})
}

// Direction is how the language is written: "ltr", or "rtl" from the right.
func (w *Words) Direction() string {
	if w.lang == "ar" {
		return "rtl"
	}
	return "ltr"
}

// Offered lists the languages that have a file, in Plenary's order. A test keeps each file
// complete, and nothing is read for it: the first picture would wait for every language.
func Offered() []Language {
	return slices.DeleteFunc(slices.Clone(languages), func(l Language) bool { return all[l.Code] == nil })
}

// Read reads the file of the language, for which the first text waits otherwise.
func (w *Words) Read() { w.load() }

// Lang is the code of the language: "en".
func (w *Words) Lang() string { return w.lang }

// T gives the text of a key, its parameters filled from data. A text that the
// language lacks is given in English, one that English lacks is the key itself;
// a test keeps both from happening.
func (w *Words) T(key string, data ...map[string]any) string {
	t := w.load()
	if s, ok := t.plain[key]; ok {
		return s
	}
	config := i18n.LocalizeConfig{MessageID: key}
	if len(data) > 0 {
		config.TemplateData = data[0]
	}
	return w.localize(t, &config)
}

// N gives the text of a key in the form that the language has for count.
// {{.Count}} is count; other parameters are filled from data.
func (w *Words) N(key string, count int, data ...map[string]any) string {
	values := map[string]any{"Count": count}
	if len(data) > 0 {
		for name, value := range data[0] {
			values[name] = value
		}
	}
	return w.localize(w.load(), &i18n.LocalizeConfig{MessageID: key, PluralCount: count, TemplateData: values})
}

// Has says whether the language, or English, has a text for a key. It is for
// keys made of codes from outside, such as "error." and a problem's code.
func (w *Words) Has(key string) bool {
	return w.load().keys[key] || all[English].load().keys[key]
}

func (w *Words) localize(t *texts, config *i18n.LocalizeConfig) string {
	s, err := t.localizer.Localize(config)
	switch {
	case err == nil:
		return s
	case w.lang != English:
		english := all[English]
		return english.localize(english.load(), config)
	case s != "":
		return s
	default:
		return config.MessageID
	}
}

// french keeps punctuation on the line of its word. The file has plain spaces,
// which can be seen and typed; its syntax has none before these signs.
var french = strings.NewReplacer(" ?", "\u00a0?", " !", "\u00a0!", " ;", "\u00a0;", " :", "\u00a0:", " »", "\u00a0»", "« ", "«\u00a0")

// parse reads a file of messages.
func parse(data []byte, lang string) (*texts, error) {
	if lang == "fr" {
		data = []byte(french.Replace(string(data)))
	}
	bundle := i18n.NewBundle(language.Make(lang))
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	file, err := bundle.ParseMessageFileBytes(data, lang+".json")
	if err != nil {
		return nil, fmt.Errorf("words: read %s.json: %w", lang, err)
	}
	t := &texts{
		plain:     make(map[string]string, len(file.Messages)),
		keys:      make(map[string]bool, len(file.Messages)),
		localizer: i18n.NewLocalizer(bundle, lang),
	}
	for _, m := range file.Messages {
		t.keys[m.ID] = true
		if m.One+m.Few+m.Many+m.Two+m.Zero == "" && !strings.Contains(m.Other, "{{") {
			t.plain[m.ID] = m.Other
		}
	}
	return t, nil
}
