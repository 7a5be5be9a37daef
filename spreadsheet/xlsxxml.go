package spreadsheet

import (
	"bufio"
	"encoding/xml"
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
)

// errTooLarge is for a file that is hostile, or larger than anything that a person has
// typed.
var errTooLarge = wrongFile(CodeTooLarge, "the file is larger than can be read when it is unpacked: divide it, or save it as CSV UTF-8")

// unpacked is a part of a workbook, which ends with an error once too much was unpacked or
// a token is too long. encoding/xml reads it byte by byte, and so no further than it needs.
type unpacked struct {
	r     *bufio.Reader
	left  *int64
	token int // bytes of it that were read
}

func (u *unpacked) ReadByte() (byte, error) {
	u.token++
	if *u.left--; *u.left < 0 || u.token > maxToken {
		return 0, errTooLarge
	}
	return u.r.ReadByte()
}

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	if *u.left -= int64(n); *u.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// xmlReader reads the XML of a part within the limits. A document type is refused: it has
// no place there (ECMA-376 part 2, 7.1.4), and is what entities come from.
type xmlReader struct {
	*xml.Decoder
	in    *unpacked
	depth int
}

func (d *xmlReader) next() (xml.Token, error) {
	d.in.token = 0
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token.(type) {
	case xml.Directive:
		return nil, errors.New("it has a document type")
	case xml.StartElement:
		if d.depth++; d.depth > maxDepth {
			return nil, errTooLarge
		}
	case xml.EndElement:
		d.depth--
	}
	return token, nil
}

// skip reads on to the end of the element that has begun.
func (d *xmlReader) skip() error {
	for outside := d.depth - 1; d.depth > outside; {
		if _, err := d.next(); err != nil {
			return err
		}
	}
	return nil
}

// text reads the element that has begun to its end, and gives what stands in it (v), or in
// the elements for text in it (si, is), without what says how that is pronounced.
func (d *xmlReader) text(within bool) (string, error) {
	var b strings.Builder
	for outside := d.depth - 1; d.depth > outside; {
		token, err := d.next()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "rPh" || t.Name.Local == "phoneticPr" {
				if err := d.skip(); err != nil {
					return "", err
				}
			}
			within = t.Name.Local == "t"
		case xml.EndElement:
			within = false
		case xml.CharData:
			if !within {
				continue
			}
			if b.Len()+len(t) > maxToken {
				return "", errTooLarge
			}
			b.Write(t)
		}
	}
	return unescape(b.String()), nil
}

// unescape reads _xHHHH_ as the character that it stands for, see writeText. Line ends
// are LF.
func unescape(text string) string {
	if strings.Contains(text, "_x") || strings.Contains(text, "_X") {
		var units []uint16
		var b strings.Builder
		flush := func() {
			b.WriteString(string(utf16.Decode(units)))
			units = units[:0]
		}
		for i := 0; i < len(text); {
			if text[i] == '_' && isEscape(text[i:]) {
				n, _ := strconv.ParseUint(text[i+2:i+6], 16, 16) // isEscape has read it
				units = append(units, uint16(n))
				i += 7
				continue
			}
			flush()
			b.WriteByte(text[i])
			i++
		}
		flush()
		text = b.String()
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}
