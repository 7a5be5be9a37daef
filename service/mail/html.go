package mail

import (
	_ "embed"
	"fmt"
	htmltemplate "html/template"
	"regexp"
	"strings"

	"rsc.io/qr"

	"plenary/rules"
)

//go:embed mail.html
var htmlSource string

// htmlTemplate escapes everything that is put into it: names and titles come
// from people.
var htmlTemplate = htmltemplate.Must(htmltemplate.New("mail.html").Funcs(htmltemplate.FuncMap{
	"lines": func(s string) []string { return strings.Split(s, "\n") },
	"links": links,
}).Parse(htmlSource))

// html is the HTML part. Its colours are those of Plenary's light theme
// (look/README.md), with styles on the elements, since mail programs drop the rest.
func (d *document) html() (string, error) {
	type shown struct {
		Kind, Text, Value string
		Rows              [][2]string
	}
	kinds := map[blockKind]string{paragraph: "paragraph", warning: "notice", button: "button", code: "code", facts: "facts", qrCode: "qr", said: "said"}
	page := struct {
		Lang, Direction, Organization, Subject, Footer string
		Blocks                                         []shown
	}{Lang: d.lang, Direction: d.direction, Organization: d.organization, Subject: d.subject, Footer: d.footer}
	for _, f := range d.body {
		kind := kinds[f.kind]
		if f.plain {
			kind = "link"
		}
		page.Blocks = append(page.Blocks, shown{Kind: kind, Text: f.text, Value: f.value, Rows: f.rows})
	}
	var b strings.Builder
	if err := htmlTemplate.Execute(&b, page); err != nil {
		return "", fmt.Errorf("mail: write html: %w", err)
	}
	return b.String(), nil
}

// qrPNG draws a QR code, black on white with its quiet zone of four modules.
func qrPNG(text string) ([]byte, error) {
	c, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, fmt.Errorf("mail: draw qr code: %w", err)
	}
	c.Scale = 8
	return c.PNG(), nil
}

// webAddress is what is made a link in what somebody has written. What ends a sentence
// ends it.
var webAddress = regexp.MustCompile(`https?://[^\s<>"'\x60]*[^\s<>"'\x60.,;:!?)\]}»”’。，、）]`)

// linked is a part of a line; a link where Address is not empty.
type linked struct{ Text, Address string }

// links finds the web addresses in a line.
func links(line string) (parts []linked) {
	for {
		at := webAddress.FindStringIndex(line)
		if at == nil {
			return append(parts, linked{Text: line})
		}
		address := line[at[0]:at[1]]
		parts = append(parts, linked{Text: line[:at[0]]}, linked{Text: address})
		if rules.WebAddress(address) {
			parts[len(parts)-1].Address = address
		}
		line = line[at[1]:]
	}
}
