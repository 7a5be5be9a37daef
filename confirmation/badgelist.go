package confirmation

import (
	"time"

	"plenary/api"
	"plenary/words"
)

// BadgeList is with what the badges of a delegation are collected at the desk.
type BadgeList struct {
	Organization string // whose meeting and service it is
	Meeting      *api.Meeting
	Delegation   string // name of the organization whose badges they are
	Collector    string // name of who collects them
	Kind         string // what the collector is appointed to
	// Code is that of the collector's own confirmation on site; empty without one.
	Code   string
	Badges []ListedBadge
	Made   time.Time
}

// ListedBadge is the badge of one person.
type ListedBadge struct {
	Name, JobTitle string
	Number         string // of the registration; a companion's is that of who is accompanied
	Companion      bool
}

// WriteBadgeList gives the PDF in the language of the words. missing are letters for which
// this machine has no font.
func WriteBadgeList(w *words.Words, l BadgeList) (file []byte, missing []rune, err error) {
	title := w.T("badges.title") + " " + l.Meeting.Code
	return write(w, title, l.Organization, l.Made, func(p *paper) error { return p.list(w, l) })
}

func (p *paper) list(w *words.Words, l BadgeList) error {
	m := l.Meeting
	p.heading(l.Organization, w.T("badges.title"), m.Title.In(w.Lang()))
	top, beside, below := p.y, p.width, p.y
	if l.Code != "" {
		if err := p.codeBeside(l.Code); err != nil {
			return err
		}
		beside, below = p.width-codeBox-gap, top+codeBox
	}
	p.paragraph(l.Delegation, style{size: sizeTitle, bold: true}, 0, beside)
	p.paragraph(w.T("badges.by", map[string]any{"Name": l.Collector, "Kind": w.T("badges.by." + l.Kind)}), style{size: sizeText}, 0, beside)
	p.y += gap / 2
	show := "badges.show"
	if l.Code != "" {
		show = "badges.show.code"
	}
	p.paragraph(w.T(show), style{size: sizeSmall, gray: true}, 0, beside)
	p.y = max(p.y, below)
	p.rule()
	p.fact(w.T("mail.fact.code"), m.Code)
	p.fact(w.T("mail.fact.dates"), sessions(w, m))
	p.fact(w.T("mail.fact.place"), m.Place.In(w.Lang()))
	p.rule()
	p.paragraph(w.N("badges.count", len(l.Badges)), style{size: sizeText, bold: true}, 0, p.width)
	p.y += gap / 2
	for i := range l.Badges {
		p.badge(w, &l.Badges[i])
	}
	p.rule()
	p.paragraph(w.T("badges.made", map[string]any{"When": w.Date(l.Made) + ", " + w.Time(l.Made)}), style{size: sizeSmall, gray: true}, 0, p.width)
	return nil
}

// badge writes a line with a box to tick.
func (p *paper) badge(w *words.Words, b *ListedBadge) {
	const (
		box    = 10.0
		number = 110.0 // wide
	)
	indent := box + gap/2
	if b.Companion {
		indent += gap
	}
	p.room(2.5 * sizeText * 1.4) // the lines of one person stay together
	page, top := p.pdf.PageNo(), p.y
	left := margin + indent - box - gap/2
	if p.fromRight {
		left = margin + p.width - indent + gap/2
	}
	p.pdf.SetDrawColor(0, 0, 0)
	p.pdf.SetLineWidth(0.8)
	p.pdf.Rect(left, top+2.5, box, box, "D")
	p.paragraph(b.Number, style{size: sizeText}, p.width-number, number)
	p.y = top
	p.paragraph(b.Name, style{size: sizeText, bold: true}, indent, p.width-number-indent-gap)
	about := b.JobTitle
	if b.Companion {
		about = w.T("badges.companion")
	}
	p.paragraph(about, style{size: sizeSmall, gray: true}, indent, p.width-number-indent-gap)
	if p.pdf.PageNo() == page {
		p.y = max(p.y, top+sizeText*1.4)
	}
	p.y += gap / 2
}
