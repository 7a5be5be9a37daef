package confirmation

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"os"
	"sync"
	"time"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/fontscan"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/math/fixed"

	"plenary/platform/files"
)

// fonts are what letters are drawn with: those of Go for Latin, Greek and Cyrillic, so
// that documents look the same everywhere, and the system's for all else.
type fonts struct {
	regular *font.Face
	bold    *font.Face
	system  *fontscan.FontMap // nil: there are none
	shaper  shaping.HarfbuzzShaper
	wrapper shaping.LineWrapper
	glyphs  map[glyphOf]glyph // those that were drawn
}

// manyGlyphs is how many of them are kept.
const manyGlyphs = 4000

type glyphOf struct {
	face *font.Face
	id   font.GID
}

// glyph is how one is drawn.
type glyph struct {
	outline []byte // operators of PDF, in units of its font; none for a space
	picture bool   // it has no outline, and cannot be drawn
}

// glyph gives one, which is read from its font once.
func (f *fonts) glyph(face *font.Face, id font.GID) glyph {
	of := glyphOf{face, id}
	g, ok := f.glyphs[of]
	if ok {
		return g
	}
	shape, ok := outline(face, id)
	g.picture = !ok
	if len(shape.Segments) > 0 {
		g.outline = outlined(shape)
	}
	if f.glyphs == nil || len(f.glyphs) >= manyGlyphs {
		f.glyphs = map[glyphOf]glyph{}
	}
	f.glyphs[of] = g
	return g
}

// inUse are the fonts that are loaded. One document is drawn at a time, since faces cannot
// be shared; and those for Chinese take 40 MB, which nobody needs for long.
var inUse struct {
	mu    sync.Mutex
	fonts *fonts
	idle  *time.Timer
}

// keepFonts is how long fonts stay loaded after they were used last.
const keepFonts = time.Minute

// withFonts calls do with the fonts, and lets nobody else have them meanwhile.
func withFonts(do func(*fonts) error) error {
	inUse.mu.Lock()
	defer inUse.mu.Unlock()
	if inUse.fonts == nil {
		f, err := loadFonts()
		if err != nil {
			return err
		}
		inUse.fonts = f
	}
	if inUse.idle != nil {
		inUse.idle.Stop()
	}
	inUse.idle = time.AfterFunc(keepFonts, func() {
		inUse.mu.Lock()
		defer inUse.mu.Unlock()
		inUse.fonts = nil
	})
	return do(inUse.fonts)
}

func loadFonts() (*fonts, error) {
	f := &fonts{}
	for face, data := range map[**font.Face][]byte{&f.regular: goregular.TTF, &f.bold: gobold.TTF} {
		read, err := font.ParseTTF(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("confirmation: read font: %w", err)
		}
		*face = read
	}
	// The index of the system's fonts is written into a folder; only the first to ask for
	// it in a process has a say where. The program has asked already.
	folder, err := os.MkdirTemp("", "plenary-fonts-")
	if err != nil {
		return f, nil //nolint:nilerr // without a folder there is no index
	}
	defer func() { _ = files.RemoveAll(folder) }() // an empty folder does no harm
	system := fontscan.NewFontMap(log.New(io.Discard, "", 0))
	if system.UseSystemFonts(folder) == nil && system.ResolveFace('A') != nil {
		f.system = system
	}
	return f, nil
}

// styled are the fonts for one text. It is a shaping.FontmapScript.
type styled struct {
	*fonts
	own    *font.Face
	whole  bool // own has all letters of the text that are of its scripts
	script language.Script
}

// style gives the fonts for a text. One of which a letter is missing, such as a Vietnamese
// name, is not drawn with two fonts.
func (f *fonts) style(text []rune, bold bool) *styled {
	s := &styled{fonts: f, own: f.regular, whole: true}
	aspect := font.Aspect{Style: font.StyleNormal, Weight: font.WeightNormal}
	if bold {
		s.own, aspect.Weight = f.bold, font.WeightBold
	}
	if f.system != nil {
		f.system.SetQuery(fontscan.Query{Families: []string{"Noto Sans", fontscan.SansSerif}, Aspect: aspect})
	}
	for _, r := range text {
		switch language.LookupScript(r) {
		case language.Latin, language.Greek, language.Cyrillic, language.Inherited:
			if _, ok := s.own.NominalGlyph(r); !ok {
				s.whole = false
			}
		}
	}
	return s
}

func (s *styled) SetScript(script language.Script) { s.script = script }

func (s *styled) ResolveFace(r rune) *font.Face {
	if _, ok := s.own.NominalGlyph(r); ok && s.whole || s.system == nil {
		return s.own
	}
	s.system.SetScript(s.script)
	face := s.system.ResolveFace(r)
	if face == nil {
		return s.own
	}
	if _, ok := face.NominalGlyph(r); !ok {
		return s.own
	}
	return face
}

// lines shapes a paragraph and breaks it into lines of at most a width, in points.
// missing are the letters that no font has.
func (f *fonts) lines(text string, size, width float64, bold, fromRight bool, lang string) (lines []line, missing []rune) {
	runes := []rune(text)
	if len(runes) == 0 {
		return nil, nil
	}
	direction := di.DirectionLTR
	if fromRight {
		direction = di.DirectionRTL
	}
	var segmenter shaping.Segmenter
	var runs []shaping.Output
	for _, input := range segmenter.Split(shaping.Input{
		Text: runes, RunEnd: len(runes), Direction: direction, Size: fixed.Int26_6(size * 64), Language: language.NewLanguage(lang),
	}, f.style(runes, bold)) {
		run := f.shaper.Shape(input)
		for _, g := range run.Glyphs {
			if g.GlyphID == 0 || f.glyph(run.Face, g.GlyphID).picture {
				missing = append(missing, runes[g.TextIndex()])
			}
		}
		runs = append(runs, run)
	}
	wrapped, _ := f.wrapper.WrapParagraphF(shaping.WrapConfig{Direction: direction}, fixed.Int26_6(width*64), runes, shaping.NewSliceIterator(runs))
	for _, w := range wrapped {
		lines = append(lines, newLine(w, runes))
	}
	return lines, missing
}

// outline is how a glyph is drawn; false where it is a picture.
func outline(face *font.Face, id font.GID) (font.GlyphOutline, bool) {
	switch data := face.GlyphData(id).(type) {
	case font.GlyphOutline:
		return data, true
	case font.GlyphSVG:
		return data.Outline, len(data.Outline.Segments) > 0
	case nil:
		return font.GlyphOutline{}, true // a space, in some fonts
	}
	return font.GlyphOutline{}, false
}
