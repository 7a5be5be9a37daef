package mail

import (
	"context"
	"strings"
	"unicode"

	"plenary/api"
	"plenary/words"
)

// Rendered is an e-mail as its recipient reads it.
type Rendered struct {
	To       string
	Subject  string
	Text     string
	HTML     string // shows the image "cid:qr" where there is one
	QR       []byte // PNG; nil means none
	Calendar string // what package calendar wrote; empty means none
	PDF      []byte // nil means none
}

// confirms tells whether an e-mail brings the code and the PDF of a registration.
func (i *Info) confirms(m *Message) bool {
	return i.Confirm != nil && (m.Template == RegistrationConfirmed || m.Template == RegistrationChanged && m.Calendar != "")
}

// complete adds to a confirmation what is made when it leaves. One of which that fails is
// sent all the same: its QR code says the number, which a desk reads as well.
func (i *Info) complete(ctx context.Context, m *Message) error {
	c, err := i.Confirm(ctx, m.Subject, m.Language)
	if c.Code != "" && m.QR != "" {
		m.QR = c.Code
	}
	m.PDF = c.PDF
	return err
}

// Render writes an e-mail in its recipient's language, as text and as HTML.
func Render(info Info, m Message) (Rendered, error) {
	t, err := templateOf(m.Template)
	if err != nil {
		return Rendered{}, err
	}
	w := words.ForLetters(m.Language)
	data := templateData(w, info, m)
	d := document{lang: w.Lang(), direction: w.Direction(), organization: info.Organization}
	d.subject = oneLine(w.T("mail."+m.Template+".subject", data))

	if m.Params["Name"] != "" && !t.unverified {
		d.add(paragraph, w.T("mail.greeting-name", data))
	} else {
		d.add(paragraph, w.T("mail.greeting"))
	}
	for _, b := range t.blocks {
		if b.when != nil && !b.when(m) {
			continue
		}
		if b.kind == said {
			d.say(m.Params["Text"])
			continue
		}
		d.body = append(d.body, b.fill(w, m, data))
	}
	d.add(paragraph, w.T("mail.assistance", data))
	if info.FAQ != "" {
		d.body = append(d.body, filled{kind: button, plain: true, text: w.T("mail.faq"), value: info.FAQ})
	}
	d.add(paragraph, w.T("mail.thanks"))
	d.add(paragraph, w.T("mail.regards")+"\n"+w.T("mail.signature", data))
	if m.Params["Username"] != "" && !t.unverified {
		d.footer = w.T("mail.about-account", data)
	}

	r := Rendered{To: m.To, Subject: d.subject, Text: d.plainText(), Calendar: m.Calendar, PDF: m.PDF}
	if r.HTML, err = d.html(); err != nil {
		return Rendered{}, err
	}
	if m.QR != "" {
		if r.QR, err = qrPNG(m.QR); err != nil {
			return Rendered{}, err
		}
	}
	return r, nil
}

// document is an e-mail whose texts are filled in, before it becomes text or HTML.
type document struct {
	lang, direction       string
	organization, subject string
	body                  []filled
	footer                string
}

// filled is a block with its texts.
type filled struct {
	kind  blockKind
	plain bool   // a button shown as a link in the running text
	text  string // of a paragraph, or the label of a link
	value string // the link, or the code
	rows  [][2]string
}

func (d *document) add(kind blockKind, text string) {
	d.body = append(d.body, filled{kind: kind, text: text})
}

// say adds what somebody has written, each paragraph for itself.
func (d *document) say(text string) {
	for part := range strings.SplitSeq(text, "\n\n") {
		if part = strings.TrimSpace(lines(part)); part != "" {
			d.add(said, part)
		}
	}
}

// fill gives a block its texts. Secrets that were erased are said to be so.
func (b block) fill(w *words.Words, m Message, data map[string]any) filled {
	f := filled{kind: b.kind}
	if b.key != "" {
		f.text = w.T("mail."+m.Template+"."+b.key, data)
	}
	switch b.kind {
	case button:
		f.value = m.Secrets[Link]
	case code:
		f.value = m.Secrets[Code]
	case facts:
		for _, row := range factRows {
			if value, _ := data[row.param].(string); value != "" {
				f.rows = append(f.rows, [2]string{w.T(row.label), value})
			}
		}
	}
	if (b.kind == button || b.kind == code) && f.value == "" {
		return filled{kind: paragraph, text: w.T("mail.link-expired")}
	}
	return f
}

// templateData is what the texts can name: the parameters, and the service,
// whose Organization and ServiceDesk no parameter replaces.
func templateData(w *words.Words, info Info, m Message) map[string]any {
	data := make(map[string]any, len(m.Params)+2)
	for name, value := range m.Params {
		data[name] = oneLine(value)
	}
	if m.Template == RegistrationsChanged {
		data["Lines"] = lines(m.Params["Lines"])
	}
	data["Organization"], data["ServiceDesk"] = info.Organization, info.ServiceDesk
	switch m.Params["Participation"] {
	case api.OnSite:
		data["Participation"] = w.T("mail.participation.onsite")
	case api.Remote:
		data["Participation"] = w.T("mail.participation.remote")
	}
	return data
}

// lines are the lines of a text, each as oneLine makes it.
func lines(s string) string {
	all := strings.Split(s, "\n")
	for i := range all {
		all[i] = oneLine(all[i])
	}
	return strings.Join(all, "\n")
}

// oneLine makes a text that came from outside harmless in a header and in a
// line of text: control characters, line and paragraph separators become
// spaces, marks that change the direction of the text around them go.
func oneLine(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s))
}
