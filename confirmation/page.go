package confirmation

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"unicode/utf16"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/shaping"
	"rsc.io/qr"
)

// line is a line of shaped text.
type line struct {
	runs      []shaping.Output // from the left
	paragraph []rune
	advance   float64 // in points
}

func newLine(wrapped shaping.Line, paragraph []rune) line {
	l := line{runs: slices.Clone(wrapped), paragraph: paragraph}
	slices.SortFunc(l.runs, func(a, b shaping.Output) int { return int(a.VisualIndex - b.VisualIndex) })
	for i := range l.runs {
		// The wrapper uses its memory again.
		l.runs[i].Glyphs = slices.Clone(l.runs[i].Glyphs)
		l.advance += points(l.runs[i].Advance)
	}
	return l
}

func whole(v float32) int { return int(math.Round(float64(v))) }

func points[T ~int32](v T) float64 { return float64(v) / 64 }

// path is made of operators of PDF (ISO 32000-1, 8.5), which has no other way to say a
// shape again: written by the library, which knows no place to begin from, all would be
// several times as long.
type path struct{ ops []byte }

// add adds an operator with its numbers, which are whole in units of what was begun.
func (p *path) add(operator string, numbers ...int) {
	for _, n := range numbers {
		p.ops = strconv.AppendInt(p.ops, int64(n), 10)
		p.ops = append(p.ops, ' ')
	}
	p.ops = append(append(p.ops, operator...), '\n')
}

// number adds a number with so many digits after its point.
func (p *path) number(v float64, digits int) {
	p.ops = append(strconv.AppendFloat(p.ops, v, 'f', digits, 64), ' ')
}

func (p *path) text(s string) { p.ops = append(p.ops, s...) }

// begin makes what follows, up to end, begin at a place of the page, which is high so many
// points, and grow by a scale.
func (p *path) begin(x, y, scale, height float64) {
	p.text("q ")
	p.number(scale, 6)
	p.text("0 0 ")
	p.number(scale, 6)
	p.number(x, 2)
	p.number(height-y, 2) // PDF measures from below
	p.text("cm\n")
}

// end fills what was begun.
func (p *path) end() { p.text("f Q\n") }

// write puts all that was added onto the page.
func (p *path) write(pdf *fpdf.Fpdf) {
	pdf.RawWriteBuf(bytes.NewReader(p.ops))
	p.ops = p.ops[:0]
}

// draw draws a line as outlines: a PDF file would have to bring the fonts along that
// letters are of, and those for Chinese are larger than all else together. For those who
// search, copy, or listen to it, the text stands there unseen (ISO 32000-1, 14.9.4).
func (p *paper) draw(l *line, x, y, size float64) {
	dot := x
	for _, run := range l.runs {
		for _, g := range run.Glyphs {
			if outline := p.fonts.glyph(run.Face, g.GlyphID).outline; outline != nil {
				p.path.begin(dot+points(g.XOffset), y-points(g.YOffset), size/float64(run.Face.Upem()), p.height)
				p.path.ops = append(p.path.ops, outline...)
				p.path.end()
			}
			dot += points(g.Advance)
		}
	}
	p.path.write(p.pdf)
	p.say(l, x, y, size)
}

// outlined gives the operators of a glyph, in units of its font.
func outlined(shape font.GlyphOutline) []byte {
	var (
		p            path
		lastX, lastY int
		numbers      [6]int
	)
	for i, s := range shape.Segments {
		args := s.ArgsSlice()
		for j, a := range args {
			numbers[2*j], numbers[2*j+1] = whole(a.X), whole(a.Y)
		}
		n := 2 * len(args)
		endX, endY := numbers[n-2], numbers[n-1]
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			if i > 0 {
				p.add("h")
			}
			p.add("m", numbers[:n]...)
		case opentype.SegmentOpLineTo:
			p.add("l", numbers[:n]...)
		case opentype.SegmentOpQuadTo: // PDF has cubic curves only
			cx, cy := numbers[0], numbers[1]
			third := func(from, control int) int { return from + (control-from)*2/3 }
			p.add("c", third(lastX, cx), third(lastY, cy), third(endX, cx), third(endY, cy), endX, endY)
		case opentype.SegmentOpCubeTo:
			p.add("c", numbers[:n]...)
		}
		lastX, lastY = endX, endY
	}
	p.add("h")
	return p.ops
}

// say puts the text of a line under its outlines: under each of them one unseen letter, as
// wide, that stands for what is drawn. Readers put those of each direction in order.
func (p *paper) say(l *line, x, y, size float64) {
	p.pdf.SetFontSize(size)
	unseen := p.pdf.GetStringWidth("x")
	p.pdf.SetTextRenderingMode(3)
	for _, run := range l.runs {
		for i := 0; i < len(run.Glyphs); {
			of, wide := run.Glyphs[i], 0.0
			for ; i < len(run.Glyphs) && run.Glyphs[i].TextIndex() == of.TextIndex(); i++ {
				wide += points(run.Glyphs[i].Advance)
			}
			if text := l.paragraph[of.TextIndex() : of.TextIndex()+of.RunesCount()]; wide > 0 {
				p.path.number(100*wide/unseen, 2)
				p.path.text("Tz\n/Span <</ActualText <FEFF")
				p.path.hex(text)
				p.path.text(">>> BDC\nBT ")
				p.path.number(x, 2)
				p.path.number(p.height-y, 2)
				p.path.text("Td (x) Tj ET\nEMC\n")
			}
			x += wide
		}
	}
	p.path.text("100 Tz\n")
	p.path.write(p.pdf)
	p.pdf.SetTextRenderingMode(0)
}

// hex adds a text in UTF-16, in hexadecimal digits.
func (p *path) hex(text []rune) {
	for _, r := range text {
		for _, unit := range utf16.AppendRune(nil, r) {
			p.ops = append(p.ops, hexDigits[unit>>12], hexDigits[unit>>8&15], hexDigits[unit>>4&15], hexDigits[unit&15])
		}
	}
}

const hexDigits = "0123456789ABCDEF"

// drawCode draws a QR code with its quiet zone, side wide, as one shape: shapes beside
// each other would show their edges.
func (p *paper) drawCode(text string, x, y, side float64) error {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return fmt.Errorf("confirmation: QR code: %w", err)
	}
	const quiet = 4 // ISO/IEC 18004
	p.path.begin(x, y, side/float64(code.Size+2*quiet), p.height)
	for row := range code.Size {
		for column := 0; column < code.Size; column++ {
			if !code.Black(column, row) {
				continue
			}
			first := column
			for column+1 < code.Size && code.Black(column+1, row) {
				column++
			}
			p.path.add("re", quiet+first, -quiet-row-1, column+1-first, 1)
		}
	}
	p.path.end()
	p.path.write(p.pdf)
	return nil
}
