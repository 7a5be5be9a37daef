package confirmation

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
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

// begin makes what follows, up to end, begin at a place of the page, and grow by a scale.
func (p *path) begin(pdf *fpdf.Fpdf, x, y, scale float64) {
	_, height := pdf.GetPageSize() // PDF measures from below
	p.ops = append(p.ops, fmt.Sprintf("q %.6f 0 0 %.6f %.2f %.2f cm\n", scale, scale, x, height-y)...)
}

// end fills what was begun.
func (p *path) end() { p.ops = append(p.ops, "f Q\n"...) }

func (p *path) write(pdf *fpdf.Fpdf) { pdf.RawWriteBuf(bytes.NewReader(p.ops)) }

// draw draws a line as outlines: a PDF file would have to bring the fonts along that
// letters are of, and those for Chinese are larger than all else together. For those who
// search, copy, or listen to it, the text stands there unseen (ISO 32000-1, 14.9.4).
func (l *line) draw(pdf *fpdf.Fpdf, x, y, size float64) {
	var letters path
	dot := x
	for _, run := range l.runs {
		for _, g := range run.Glyphs {
			if shape, _ := outline(run.Face, g.GlyphID); len(shape.Segments) > 0 {
				letters.begin(pdf, dot+points(g.XOffset), y-points(g.YOffset), size/float64(run.Face.Upem()))
				letters.addOutline(shape)
				letters.end()
			}
			dot += points(g.Advance)
		}
	}
	letters.write(pdf)
	l.say(pdf, x, y, size)
}

// addOutline adds a glyph, in units of its font.
func (p *path) addOutline(shape font.GlyphOutline) {
	var lastX, lastY int
	for i, s := range shape.Segments {
		args := s.ArgsSlice()
		numbers := make([]int, 0, 6)
		for _, a := range args {
			numbers = append(numbers, whole(a.X), whole(a.Y))
		}
		endX, endY := numbers[len(numbers)-2], numbers[len(numbers)-1]
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			if i > 0 {
				p.add("h")
			}
			p.add("m", numbers...)
		case opentype.SegmentOpLineTo:
			p.add("l", numbers...)
		case opentype.SegmentOpQuadTo: // PDF has cubic curves only
			cx, cy := numbers[0], numbers[1]
			third := func(from, control int) int { return from + (control-from)*2/3 }
			p.add("c", third(lastX, cx), third(lastY, cy), third(endX, cx), third(endY, cy), endX, endY)
		case opentype.SegmentOpCubeTo:
			p.add("c", numbers...)
		}
		lastX, lastY = endX, endY
	}
	p.add("h")
}

// say puts the text of a line under its outlines: under each of them one unseen letter, as
// wide, that stands for what is drawn. Readers put those of each direction in order.
func (l *line) say(pdf *fpdf.Fpdf, x, y, size float64) {
	pdf.SetFontSize(size)
	unseen := pdf.GetStringWidth("x")
	pdf.SetTextRenderingMode(3)
	for _, run := range l.runs {
		for i := 0; i < len(run.Glyphs); {
			of, wide := run.Glyphs[i], 0.0
			for ; i < len(run.Glyphs) && run.Glyphs[i].TextIndex() == of.TextIndex(); i++ {
				wide += points(run.Glyphs[i].Advance)
			}
			if text := l.paragraph[of.TextIndex() : of.TextIndex()+of.RunesCount()]; wide > 0 {
				pdf.RawWriteStr(fmt.Sprintf("%.2f Tz\n/Span <</ActualText <FEFF%s>>> BDC", 100*wide/unseen, hexText(text)))
				pdf.Text(x, y, "x")
				pdf.RawWriteStr("EMC")
			}
			x += wide
		}
	}
	pdf.RawWriteStr("100 Tz")
	pdf.SetTextRenderingMode(0)
}

// hexText is a text in UTF-16, in hexadecimal digits.
func hexText(text []rune) string {
	var hex strings.Builder
	for _, unit := range utf16.Encode(text) {
		fmt.Fprintf(&hex, "%04X", unit)
	}
	return hex.String()
}

// drawCode draws a QR code with its quiet zone, side wide, as one shape: shapes beside
// each other would show their edges.
func drawCode(pdf *fpdf.Fpdf, text string, x, y, side float64) error {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return fmt.Errorf("confirmation: QR code: %w", err)
	}
	const quiet = 4 // ISO/IEC 18004
	var modules path
	modules.begin(pdf, x, y, side/float64(code.Size+2*quiet))
	for row := range code.Size {
		for column := 0; column < code.Size; column++ {
			if !code.Black(column, row) {
				continue
			}
			first := column
			for column+1 < code.Size && code.Black(column+1, row) {
				column++
			}
			modules.add("re", quiet+first, -quiet-row-1, column+1-first, 1)
		}
	}
	modules.end()
	modules.write(pdf)
	return nil
}
