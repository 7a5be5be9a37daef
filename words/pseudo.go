package words

import (
	"encoding/json"
	"regexp"
	"strings"
)

// Pseudo are the English texts with an Arabic letter in place of each Latin one, written from
// the right: with them tests see screens in a language of which there are no texts yet.
// Nobody can choose it.
func Pseudo() *Words {
	messages := make(map[string]any)
	source, err := files.ReadFile("en.json")
	if err == nil {
		err = json.Unmarshal(source, &messages)
	}
	if err == nil {
		source, err = json.Marshal(inArabicLetters(messages))
	}
	var t *texts
	if err == nil {
		t, err = parse(source, English)
	}
	if err != nil {
		panic(err) // the file is part of the program and tested
	}
	return &Words{lang: "ar", load: func() *texts { return t }}
}

// inArabicLetters changes the texts of a message, or of all; parameters stay as they are.
func inArabicLetters(message any) any {
	switch message := message.(type) {
	case map[string]any:
		for key, value := range message {
			message[key] = inArabicLetters(value)
		}
	case string:
		latin := regexp.MustCompile(`\{\{[^}]*\}\}|[A-Za-z]+`) // words, and parameters
		return latin.ReplaceAllStringFunc(message, func(found string) string {
			if strings.HasPrefix(found, "{{") {
				return found
			}
			return strings.Map(func(r rune) rune { return []rune(arabic)[(r|' ')-'a'] }, found)
		})
	}
	return message
}

// arabic are as many letters as Latin has.
const arabic = "ابتثجحدذرزسشصضطظعغفقكلمنهو"
