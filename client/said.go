package client

import (
	"strings"
	"unicode"

	"plenary/api"
)

// Limits on what a service says about itself, in characters: screens show it
// before anybody has reason to trust the service.
const (
	maxName    = 200
	maxAddress = 2000
)

// cleanInfo leaves names that are one line, and addresses that show where they
// lead; any other address is taken as not given.
func cleanInfo(info *api.ServiceInfo) {
	for _, name := range []*string{&info.Version, &info.NewestVersion, &info.Organization} {
		*name = oneLine(*name, maxName)
	}
	for _, address := range []*string{
		&info.Address, &info.ServiceDesk, &info.FAQ, &info.Chat, &info.Terms, &info.Privacy, &info.Download,
	} {
		if oneLine(*address, maxAddress) != *address || strings.ContainsFunc(*address, unicode.IsSpace) || strings.ContainsAny(*address, zeroWidth) {
			*address = ""
		}
	}
}

// zeroWidth are the signs without width that names in Persian and in the languages
// of India need.
const zeroWidth = "\u200c\u200d"

// oneLine is a text from outside as a part of a sentence, of at most so many
// characters: without line ends, and without marks that change the text around it.
func oneLine(s string, most int) string {
	runes := make([]rune, 0, min(len(s), most))
	for _, r := range strings.ToValidUTF8(s, "") {
		if !unicode.IsGraphic(r) && !strings.ContainsRune(zeroWidth, r) {
			continue
		}
		if len(runes) == most {
			runes[most-1] = '…'
			break
		}
		runes = append(runes, r)
	}
	return string(runes)
}
