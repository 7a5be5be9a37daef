// Package confirmation makes the PDF file of a confirmed registration: the person's name,
// in any script, the signed code, the number, and when and where the meeting is. The
// program makes it without network, the service for the e-mail: it is the same. It also
// makes the list with which the badges of a delegation are collected.
//
// Letters are drawn as outlines of fonts: those of Go, which the package brings along, for
// Latin, Greek and Cyrillic, and those that are installed on the machine for all other
// scripts. A letter that no font there has is drawn as an empty box, and Write says so.
//
// Start reading at Write and WriteBadgeList.
package confirmation

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // Windows has no database of time zones

	"codeberg.org/go-pdf/fpdf"

	"plenary/api"
	"plenary/words"
)

// Document is what a confirmation says.
type Document struct {
	Organization string // the meeting's, whose service it is
	Meeting      *api.Meeting
	Registration *api.Registration // with its code
	Made         time.Time
}

// The page, in points: A4, with room for a hole punch.
const (
	margin  = 56.0
	codeBox = 150.0 // about 1 mm a module
	gap     = 16.0

	sizeSmall = 9.0
	sizeText  = 11.0
	sizeTitle = 17.0
	sizeName  = 26.0
)

// Write gives the PDF in the language of the words. missing are letters for which this
// machine has no font.
func Write(w *words.Words, d Document) (file []byte, missing []rune, err error) {
	title := w.T("confirmation.title") + " " + d.Registration.Number
	return write(w, title, d.Organization, d.Made, func(p *paper) error { return p.fill(w, d) })
}

// write gives a PDF of what fill puts onto its paper.
func write(w *words.Words, title, author string, made time.Time, fill func(*paper) error) (file []byte, missing []rune, err error) {
	var out bytes.Buffer
	err = withFonts(func(f *fonts) error {
		p := newPaper(w, f, title, author, made)
		if err := fill(p); err != nil {
			return err
		}
		if err := p.pdf.Output(&out); err != nil {
			return fmt.Errorf("confirmation: write PDF: %w", err)
		}
		slices.Sort(p.missing)
		missing = slices.Compact(p.missing)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	return out.Bytes(), missing, nil
}

// paper is a page that fills from the top.
type paper struct {
	pdf       *fpdf.Fpdf
	fonts     *fonts
	lang      string
	fromRight bool
	path      path
	height    float64 // of the page
	width, y  float64
	bottom    float64
	missing   []rune
}

func newPaper(w *words.Words, f *fonts, title, author string, made time.Time) *paper {
	pdf := fpdf.New("P", "pt", "A4", "")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCatalogSort(true)
	pdf.SetLang(w.Lang())
	pdf.SetTitle(title, true)
	pdf.SetAuthor(author, true)
	pdf.SetProducer("Plenary", false)
	pdf.SetCreationDate(made)
	pdf.SetModificationDate(made)
	pdf.SetFont("Helvetica", "", sizeText)
	pdf.AddPage()
	width, height := pdf.GetPageSize()
	return &paper{
		pdf: pdf, fonts: f, lang: w.Lang(), fromRight: w.Direction() == "rtl",
		height: height, width: width - 2*margin, y: margin, bottom: height - margin,
	}
}

// style is how a paragraph looks.
type style struct {
	size float64
	bold bool
	gray bool
}

// paragraph writes a text from the side where the language begins, at most width wide and
// indent away from there, and goes on below it.
func (p *paper) paragraph(text string, s style, indent, width float64) {
	for part := range strings.SplitSeq(text, "\n") {
		lines, missing := p.fonts.lines(part, s.size, width, s.bold, p.fromRight, p.lang)
		p.missing = append(p.missing, missing...)
		for i := range lines {
			p.room(s.size * 1.4)
			x := margin + indent
			if p.fromRight {
				x = margin + p.width - indent - lines[i].advance
			}
			gray := 0
			if s.gray {
				gray = 90
			}
			p.pdf.SetFillColor(gray, gray, gray)
			p.draw(&lines[i], x, p.y+s.size*1.05, s.size)
			p.y += s.size * 1.4
		}
	}
}

// room begins another page where there is none left.
func (p *paper) room(height float64) {
	if p.y+height > p.bottom {
		p.pdf.AddPage()
		p.y = margin
	}
}

func (p *paper) rule() {
	p.y += gap / 2
	p.pdf.SetDrawColor(190, 190, 190)
	p.pdf.SetLineWidth(0.6)
	p.pdf.Line(margin, p.y, margin+p.width, p.y)
	p.y += gap / 2
}

func (p *paper) fill(w *words.Words, d Document) error {
	m, r := d.Meeting, d.Registration
	p.heading(d.Organization, w.T("confirmation.title"), m.Title.In(w.Lang()))

	// The person, and beside it the code.
	top, beside := p.y, p.width-codeBox-gap
	if err := p.codeBeside(r.Code); err != nil {
		return err
	}
	p.paragraph(r.BadgeName, style{size: p.nameSize(r.BadgeName, beside), bold: true}, 0, beside)
	p.paragraph(r.JobTitle, style{size: sizeText}, 0, beside)
	from := r.Organization
	if from != "" && r.Country != "" {
		from += ", " + w.Country(r.Country)
	}
	p.paragraph(from, style{size: sizeText}, 0, beside)
	p.y += gap / 2
	p.paragraph(r.Number, style{size: sizeTitle, bold: true}, 0, beside)
	p.paragraph(w.T("mail.participation."+r.Participation), style{size: sizeText}, 0, beside)
	if r.Participation == api.OnSite {
		p.paragraph(w.T("confirmation.show"), style{size: sizeSmall, gray: true}, 0, beside)
	}
	p.y = max(p.y, top+codeBox)
	p.rule()

	p.fact(w.T("mail.fact.code"), m.Code)
	p.fact(w.T("mail.fact.dates"), sessions(w, m))
	if r.Participation == api.OnSite {
		p.fact(w.T("mail.fact.place"), m.Place.In(w.Lang()))
	} else {
		p.fact(w.T("mail.fact.place"), r.Platform)
	}
	names := make([]string, len(r.Companions))
	for i, c := range r.Companions {
		names[i] = c.Name
	}
	p.fact(w.T("mail.fact.companions"), strings.Join(names, ", "))
	if m.Contact != "" {
		p.rule()
		p.paragraph(w.T("confirmation.contact", map[string]any{"Contact": m.Contact}), style{size: sizeSmall, gray: true}, 0, p.width)
	}
	return nil
}

// heading says whose paper it is, what it is, and for which meeting.
func (p *paper) heading(organization, what, meeting string) {
	p.paragraph(organization, style{size: sizeText, gray: true}, 0, p.width)
	p.paragraph(what, style{size: sizeText, gray: true}, 0, p.width)
	p.y += gap / 2
	p.paragraph(meeting, style{size: sizeTitle, bold: true}, 0, p.width)
	p.rule()
}

// codeBeside draws a QR code at the side where lines end, and goes on beside it.
func (p *paper) codeBeside(code string) error {
	p.room(codeBox)
	x := margin + p.width - codeBox
	if p.fromRight {
		x = margin
	}
	p.pdf.SetFillColor(0, 0, 0)
	if err := p.drawCode(code, x, p.y, codeBox); err != nil {
		return err
	}
	p.y += gap / 2
	return nil
}

// nameSize is how large a name can be that is to stand in two lines.
func (p *paper) nameSize(name string, width float64) float64 {
	size := sizeName
	for ; size > sizeText; size-- {
		if lines, _ := p.fonts.lines(name, size, width, true, p.fromRight, p.lang); len(lines) <= 2 {
			break
		}
	}
	return size
}

// fact writes what something is, and beside it what it is here; nothing for an empty one.
func (p *paper) fact(label, value string) {
	const labels = 130.0
	if value == "" {
		return
	}
	p.room(sizeText * 1.4)
	page, top := p.pdf.PageNo(), p.y
	p.paragraph(label, style{size: sizeText, gray: true}, 0, labels-gap/2)
	after := p.y
	p.y = top
	p.paragraph(value, style{size: sizeText}, labels, p.width-labels)
	if p.pdf.PageNo() == page {
		p.y = max(p.y, after)
	}
	p.y += 4
}

// sessions are the times of a meeting at its place, a line each.
func sessions(w *words.Words, m *api.Meeting) string {
	zone, err := time.LoadLocation(m.Zone)
	if err != nil {
		zone = time.UTC
	}
	lines := make([]string, len(m.Sessions))
	for i, s := range m.Sessions {
		start, end := s.Start.In(zone), s.End.In(zone)
		lines[i] = w.Date(start) + ", " + w.Time(start) + " – " + w.Time(end) + " (" + words.Offset(start) + ")"
		if title := s.Title.In(w.Lang()); title != "" && len(m.Sessions) > 1 {
			lines[i] += "\n" + title
		}
	}
	return strings.Join(lines, "\n")
}
