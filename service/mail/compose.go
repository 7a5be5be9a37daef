package mail

import (
	"bytes"
	"fmt"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// compose builds the message: multipart/alternative of text and HTML, the QR
// code as an inline image, the calendar entry attached. Its Message-ID is made
// of the e-mail's id, so that a second copy, after a server's answer was lost,
// can be recognized.
func (s *Server) compose(id, organization string, r Rendered) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.FromFormat(oneLine(organization), s.From); err != nil {
		return nil, fmt.Errorf("mail: sender: %w", err)
	}
	if err := m.To(r.To); err != nil {
		return nil, fmt.Errorf("mail: recipient: %w", err)
	}
	m.Subject(r.Subject)
	m.SetDate()
	m.SetMessageIDWithValue(id + "@" + s.From[strings.LastIndexByte(s.From, '@')+1:])
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(gomail.TypeTextPlain, r.Text)
	m.AddAlternativeString(gomail.TypeTextHTML, r.HTML)
	if r.QR != nil {
		if err := m.EmbedReader("qr.png", bytes.NewReader(r.QR),
			gomail.WithFileContentID("qr"), gomail.WithFileContentType("image/png")); err != nil {
			return nil, fmt.Errorf("mail: qr code: %w", err)
		}
	}
	if r.Calendar != "" {
		if err := m.AttachReader("meeting.ics", strings.NewReader(r.Calendar),
			gomail.WithFileContentType("text/calendar; charset=utf-8; method=PUBLISH")); err != nil {
			return nil, fmt.Errorf("mail: calendar entry: %w", err)
		}
	}
	return m, nil
}
