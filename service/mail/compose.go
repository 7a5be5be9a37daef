package mail

import (
	"bytes"
	"fmt"
	netmail "net/mail"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"plenary/calendar"
	"plenary/rules"
)

// compose builds the message: multipart/alternative of text and HTML, the QR
// code as an inline image, the calendar entry attached. Its Message-ID is made
// of the e-mail's id, so that a second copy, after a server's answer was lost,
// can be recognized.
func (s *Server) compose(id, organization string, r Rendered) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	for _, h := range []struct {
		name        gomail.AddrHeader
		of, address string
	}{
		{gomail.HeaderFrom, headerText(organization), s.From},
		{gomail.HeaderTo, "", r.To},
		{gomail.HeaderReplyTo, "", s.ReplyTo},
	} {
		if h.name == gomail.HeaderReplyTo && h.address == "" {
			continue
		}
		// Checked once more where they go out: nothing but one address ever gets
		// into a header or a command of SMTP.
		address, err := rules.ParseEmail(h.address)
		if err != nil {
			return nil, fmt.Errorf("mail: %s: %w", h.name, err)
		}
		if err := m.SetAddrHeader(h.name, (&netmail.Address{Name: h.of, Address: address}).String()); err != nil {
			return nil, fmt.Errorf("mail: %s: %w", h.name, err)
		}
	}
	m.Subject(headerText(r.Subject))
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
	for i, object := range calendar.Objects(r.Calendar) {
		name := "meeting.ics"
		if i > 0 {
			name = fmt.Sprintf("meeting-%d.ics", i+1)
		}
		// What a calendar is to do stands in both places (RFC 6047, 2.4).
		kind := gomail.ContentType("text/calendar; charset=utf-8; method=" + string(object.Method))
		if err := m.AttachReader(name, strings.NewReader(object.Text), gomail.WithFileContentType(kind)); err != nil {
			return nil, fmt.Errorf("mail: calendar entry: %w", err)
		}
	}
	if r.PDF != nil {
		if err := m.AttachReader("confirmation.pdf", bytes.NewReader(r.PDF), gomail.WithFileContentType("application/pdf")); err != nil {
			return nil, fmt.Errorf("mail: confirmation: %w", err)
		}
	}
	return m, nil
}

// headerText makes a text harmless in a header: one line, and nothing that mail
// programs would decode (RFC 2047) into another text than is meant.
func headerText(s string) string { return strings.ReplaceAll(oneLine(s), "=?", "= ?") }
