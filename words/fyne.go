package words

import "embed"

// The words of Fyne's own dialogs and menus (Cancel, Copy, weekdays of the
// calendar, ...) are those of fyne.io/fyne/v2 v2.8.1, lang/translations (BSD
// 3-Clause), with the keys that its French lacks added.
//
//go:embed fyne/*.json
var fyneFiles embed.FS

// FyneFile is a complete file of Fyne's own keys in a language, for
// lang.AddTranslations; English where there is none. Fyne picks its language
// by the system's locale, so the file is to be added under that locale's name.
func FyneFile(lang string) []byte {
	data, err := fyneFiles.ReadFile("fyne/" + For(lang).Lang() + ".json")
	if err != nil {
		data, err = fyneFiles.ReadFile("fyne/" + English + ".json")
	}
	if err != nil {
		panic(err) // the file is part of the program and tested
	}
	return data
}
