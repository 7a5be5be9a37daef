package parts

import (
	"slices"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
)

// textLine is one line of a text after breaking.
type textLine struct {
	runs  []run
	width float32
}

type run struct {
	span  int
	text  string
	width float32
}

// lines breaks the text at a width. The result is kept until width, size or
// text change.
func (t *Text) lines(width float32) []textLine {
	key := lineKey{width: width, size: t.textSize()}
	if t.cached != nil && t.cachedKey == key {
		return t.cached
	}
	b := breaker{text: t, width: width + 0.5}
	if t.isOneLine(width) {
		b.addWhole()
	} else {
		b.addWords()
	}
	t.cached, t.cachedKey = b.done, key
	if t.overflow == Ellipsis && len(b.done) > 0 {
		t.cached = t.shortened(b.done, width)
	}
	return t.cached
}

// amply is how much shorter than its place a text is of which no word has to be measured:
// its words together are not quite as wide as the text.
const amply = 0.95

// isOneLine tells whether a text surely takes one line at a width. To find that out by its
// words would have each of them shaped, most of a page's texts being that short.
func (t *Text) isOneLine(width float32) bool {
	short := t.overflow != Wrap || t.Natural().Width <= width*amply
	return short && !slices.ContainsFunc(t.spans, func(s Span) bool { return strings.Contains(s.Text, "\n") })
}

// shortened makes one line of the text, ending in an ellipsis where it is cut.
func (t *Text) shortened(lines []textLine, width float32) []textLine {
	first := lines[0]
	if len(lines) == 1 && first.width <= width+1 {
		return lines
	}
	var out textLine
	for i, s := range t.spans {
		text := strings.ReplaceAll(s.Text, "\n", " ")
		room := width - out.width
		w := t.measure(s, text).Width
		rest := i < len(t.spans)-1
		if w <= room && (!rest || w+t.measure(s, "…").Width <= room) {
			out.runs = append(out.runs, run{span: i, text: text, width: w})
			out.width += w
			continue
		}
		cut := t.cut(s, text, room)
		w = t.measure(s, cut).Width
		out.runs = append(out.runs, run{span: i, text: cut, width: w})
		out.width += w
		break
	}
	return []textLine{out}
}

// cut returns the longest beginning of a text that fits with its ellipsis.
func (t *Text) cut(s Span, text string, room float32) string {
	runes := []rune(text)
	low, high := 0, len(runes)
	for low < high {
		mid := (low + high + 1) / 2
		if t.measure(s, strings.TrimRight(string(runes[:mid]), " ")+"…").Width <= room {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return strings.TrimRight(string(runes[:low]), " ") + "…"
}

// words splits a text where a line may break: after spaces, and between the
// characters of scripts that have none.
func words(text string) []string {
	var out []string
	start := 0
	runes := []rune(text)
	for i, r := range runes {
		last := i == len(runes)-1
		ends := unicode.IsSpace(r) && r != '\u00a0' && !last && !unicode.IsSpace(runes[i+1])
		if last || ends || breaksAnywhere(r) || breaksAnywhere(runes[i+1]) {
			out = append(out, string(runes[start:i+1]))
			start = i + 1
		}
	}
	return out
}

func breaksAnywhere(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai)
}

// piece is a word, or a part of one, in the style of its span.
type piece struct {
	span int
	text string
}

// breaker fills lines with words. A word may consist of pieces of several
// spans: no line begins with the quotation mark that follows a link.
type breaker struct {
	text  *Text
	width float32
	word  []piece
	line  textLine
	done  []textLine
}

// addWhole puts all of the text into one line.
func (b *breaker) addWhole() {
	for i, s := range b.text.spans {
		if s.Text != "" {
			b.line.runs = append(b.line.runs, run{span: i, text: s.Text})
		}
	}
	b.newLine()
}

// addWords puts the text into as many lines as it needs.
func (b *breaker) addWords() {
	for i, s := range b.text.spans {
		for n, paragraph := range strings.Split(s.Text, "\n") {
			if n > 0 {
				b.place()
				b.newLine()
			}
			for _, word := range words(paragraph) {
				b.add(piece{span: i, text: word})
			}
		}
	}
	b.place()
	b.newLine()
}

// newLine ends the line, without the spaces at its end. Its runs are measured as they
// are drawn: a run is not quite as wide as its words together.
func (b *breaker) newLine() {
	b.line.width = 0
	for i := range b.line.runs {
		r := &b.line.runs[i]
		if i == len(b.line.runs)-1 {
			r.text = strings.TrimRight(r.text, " ")
		}
		r.width = b.text.measure(b.text.spans[r.span], r.text).Width
		b.line.width += r.width
	}
	b.done = append(b.done, b.line)
	b.line = textLine{}
}

// add takes a piece of a word, and places the word before it if that ended.
func (b *breaker) add(p piece) {
	if n := len(b.word); n > 0 {
		last := b.word[n-1]
		runes, next := []rune(last.text), []rune(p.text)
		end := runes[len(runes)-1]
		if last.span == p.span || unicode.IsSpace(end) || unicode.IsSpace(next[0]) || breaksAnywhere(end) || breaksAnywhere(next[0]) {
			b.place()
		}
	}
	b.word = append(b.word, p)
}

// place puts the word behind what stands in the line, or on the next one.
func (b *breaker) place() {
	var bare float32
	for i, p := range b.word {
		text := p.text
		if i == len(b.word)-1 {
			text = strings.TrimRight(text, " ")
		}
		bare += b.text.measure(b.text.spans[p.span], text).Width
	}
	wraps := b.text.overflow == Wrap
	if wraps && b.line.width > 0 && b.line.width+bare > b.width {
		b.newLine()
	}
	for _, p := range b.word {
		if wraps && bare > b.width {
			b.addBroken(p.span, p.text)
		} else {
			b.append(p.span, p.text)
		}
	}
	b.word = b.word[:0]
}

// append puts a text behind what stands in the line.
func (b *breaker) append(span int, text string) {
	w := b.text.measure(b.text.spans[span], text).Width
	if n := len(b.line.runs); n > 0 && b.line.runs[n-1].span == span {
		last := &b.line.runs[n-1]
		last.text += text
		last.width += w
		b.line.width += w
		return
	}
	b.line.runs = append(b.line.runs, run{span: span, text: text, width: w})
	b.line.width += w
}

// addBroken breaks a word that is longer than a whole line.
func (b *breaker) addBroken(span int, word string) {
	s := b.text.spans[span]
	runes := []rune(word)
	for len(runes) > 0 {
		n := 1
		for n < len(runes) && b.line.width+b.text.measure(s, string(runes[:n+1])).Width <= b.width {
			n++
		}
		b.append(span, string(runes[:n]))
		runes = runes[n:]
		if len(runes) > 0 {
			b.newLine()
		}
	}
}

var _ fyne.Widget = (*Text)(nil)
