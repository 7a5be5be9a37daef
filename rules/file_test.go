package rules

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"

	"plenary/api"
)

const aFileID = "01920000-0000-7000-8000-000000000001"

// pictureOf is a picture whose left half is red and whose right half is blue.
func pictureOf(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{R: 255, A: 255}
			if x >= w/2 {
				c = color.NRGBA{B: 255, A: 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pngSaying is the header of a PNG that says that it is so large.
func pngSaying(w, h uint32, depth byte) []byte {
	chunk := binary.BigEndian.AppendUint32([]byte("IHDR"), w)
	chunk = append(binary.BigEndian.AppendUint32(chunk, h), depth, 2, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), chunk...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
}

// heldAs is a JPEG whose Exif says how the camera was held.
func heldAs(t testing.TB, m image.Image, orientation byte, little bool) []byte {
	tiff := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00")
	tiff[19] = orientation
	if little {
		tiff = []byte("II\x2a\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")
		tiff[18] = orientation
	}
	exif := append([]byte("Exif\x00\x00"), tiff...)
	exif = append(exif, "GPS 46.2, 6.1"...)
	whole := asJPEG(t, m)
	out := append([]byte{0xff, 0xd8, 0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(exif)+2))...)
	return append(append(out, exif...), whole[2:]...)
}

// scannedAgain is a JPEG whose one scan comes so often.
func scannedAgain(t testing.TB, m image.Image, scans int) []byte {
	whole := asJPEG(t, m)
	at, end := bytes.Index(whole, []byte("\xff\xda")), len(whole)-2
	return slices.Concat(whole[:at], bytes.Repeat(whole[at:end], scans), whole[end:])
}

// A file is what its first bytes say, whatever it is called.
func TestCheckFile_byWhatItIs(t *testing.T) {
	html := "<html><script>alert(1)</script>"
	for name, c := range map[string]struct {
		kind    string
		content []byte
		max     int
		media   string
		wrong   string
	}{
		"PDF":                         {api.KindFile, []byte("%PDF-1.7\n" + html), 0, api.MediaPDF, ""},
		"PDF of the next version":     {api.KindFile, []byte("%PDF-2.0\n"), 0, api.MediaPDF, ""},
		"JPEG":                        {api.KindFile, asJPEG(t, pictureOf(20, 10)), 0, api.MediaJPEG, ""},
		"PNG":                         {api.KindFile, asPNG(t, pictureOf(20, 10)), 0, api.MediaPNG, ""},
		"photo":                       {api.KindPhoto, asPNG(t, pictureOf(20, 10)), 0, api.MediaPNG, ""},
		"photo that is a PDF":         {api.KindPhoto, []byte("%PDF-1.7"), 0, "", api.FieldWrongType},
		"nothing":                     {api.KindFile, nil, 0, "", api.FieldWrongType},
		"HTML":                        {api.KindFile, []byte(html), 0, "", api.FieldWrongType},
		"HTML before a PDF":           {api.KindFile, []byte(html + "%PDF-1.7"), 0, "", api.FieldWrongType},
		"program":                     {api.KindFile, []byte("MZ\x90\x00%PDF-1.7"), 0, "", api.FieldWrongType},
		"archive":                     {api.KindFile, []byte("PK\x03\x04"), 0, "", api.FieldWrongType},
		"GIF":                         {api.KindPhoto, []byte("GIF89a" + html), 0, "", api.FieldWrongType},
		"SVG":                         {api.KindPhoto, []byte(`<svg onload="alert(1)">`), 0, "", api.FieldWrongType},
		"PNG that is HTML":            {api.KindPhoto, []byte("\x89PNG\r\n\x1a\n" + html), 0, "", api.FieldDamaged},
		"JPEG that is HTML":           {api.KindPhoto, []byte("\xff\xd8\xff" + html), 0, "", api.FieldDamaged},
		"file that claims a PNG":      {api.KindFile, []byte("\x89PNG\r\n\x1a\n" + html), 0, "", api.FieldDamaged},
		"JPEG of many scans":          {api.KindPhoto, scannedAgain(t, pictureOf(20, 10), 100), 0, api.MediaJPEG, ""},
		"JPEG of endless scans":       {api.KindPhoto, scannedAgain(t, pictureOf(20, 10), 101), 0, "", api.FieldDamaged},
		"50,000 by 50,000":            {api.KindPhoto, pngSaying(50_000, 50_000, 8), 0, "", api.FieldTooManyPixels},
		"more than can be":            {api.KindPhoto, pngSaying(1<<31-1, 1<<31-1, 8), 0, "", api.FieldDamaged},
		"40 megapixels":               {api.KindPhoto, pngSaying(8000, 5000, 8), 0, api.MediaPNG, ""},
		"40 megapixels of two bytes":  {api.KindPhoto, pngSaying(8000, 5000, 16), 0, "", api.FieldTooManyPixels},
		"no width":                    {api.KindPhoto, pngSaying(0, 10, 8), 0, "", api.FieldDamaged},
		"as large as it may be":       {api.KindFile, append([]byte("%PDF-1.7"), make([]byte, 992)...), 1000, api.MediaPDF, ""},
		"larger":                      {api.KindFile, append([]byte("%PDF-1.7"), make([]byte, 993)...), 1000, "", api.FieldTooLarge},
		"larger than any question's":  {api.KindFile, append([]byte("%PDF-1.7"), make([]byte, MaxFileBytes)...), 0, "", api.FieldTooLarge},
		"as large as somebody let it": {api.KindFile, append([]byte("%PDF-1.7"), make([]byte, MaxFileBytes)...), 1 << 30, "", api.FieldTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			media, wrong := CheckFile(&api.Question{Kind: c.kind, MaxBytes: c.max}, c.content)
			if media != c.media && c.wrong == "" || wrong != c.wrong || c.wrong != "" && media != "" && wrong == "" {
				t.Errorf("%q, %q", media, wrong)
			}
		})
	}
}

// A photo is made anew: nothing of what was sent is left but what one sees, upright and small.
func TestPhoto_leavesNothingButThePicture(t *testing.T) {
	polyglot := append(heldAs(t, pictureOf(40, 20), 1, false), "<script>alert(1)</script>PK\x03\x04"...)
	photo, wrong := Photo(polyglot, MaxFileBytes)
	if wrong != "" {
		t.Fatal(wrong)
	}
	for _, left := range []string{"Exif", "GPS", "script", "PK\x03\x04"} {
		if bytes.Contains(photo, []byte(left)) {
			t.Errorf("%q is left", left)
		}
	}
	if again, wrong := Photo(photo, MaxFileBytes); wrong != "" || MediaOf(again) != api.MediaJPEG || IsPhoto(again) != "" {
		t.Errorf("encoded again: %q", wrong)
	}
	for name, c := range map[string]struct{ w, h, wantW, wantH int }{
		"small stays":  {30, 20, 30, 20},
		"wide":         {2400, 600, 1200, 300},
		"high":         {700, 2800, 300, 1200},
		"a line":       {2401, 1, 1200, 1},
		"a little off": {1201, 801, 1200, 800},
	} {
		t.Run(name, func(t *testing.T) {
			photo, wrong := Photo(asPNG(t, pictureOf(c.w, c.h)), MaxFileBytes)
			if wrong != "" {
				t.Fatal(wrong)
			}
			m, err := jpeg.Decode(bytes.NewReader(photo))
			if err != nil || m.Bounds().Dx() != c.wantW || m.Bounds().Dy() != c.wantH {
				t.Fatalf("%v, %v", m.Bounds(), err)
			}
			if !isRed(m, 1, 0) || isRed(m, c.wantW-2, 0) {
				t.Error("the halves are not where they were")
			}
		})
	}
	if _, wrong := Photo(pngSaying(50_000, 50_000, 8), MaxFileBytes); wrong != api.FieldTooManyPixels {
		t.Error(wrong)
	}
	if _, wrong := Photo(asPNG(t, pictureOf(40, 20))[:60], MaxFileBytes); wrong != api.FieldDamaged {
		t.Error(wrong)
	}
	best, _ := Photo(asPNG(t, pictureOf(200, 200)), MaxFileBytes)
	if worse, wrong := Photo(asPNG(t, pictureOf(200, 200)), len(best)-1); wrong != "" || len(worse) >= len(best) {
		t.Errorf("a byte less: %d of %d bytes, %s", len(worse), len(best), wrong)
	}
	if _, wrong := Photo(asPNG(t, pictureOf(200, 200)), 100); wrong != api.FieldTooLarge {
		t.Error(wrong)
	}
	if wrong := IsPhoto(asPNG(t, pictureOf(MaxPhotoSide+1, 1))); wrong != api.FieldTooManyPixels {
		t.Error(wrong)
	}
}

func isRed(m image.Image, x, y int) bool {
	r, _, b, _ := m.At(x, y).RGBA()
	return r > 0xc000 && b < 0x4000
}

// What is clear becomes white.
func TestPhoto_whiteBehind(t *testing.T) {
	photo, wrong := Photo(asPNG(t, image.NewNRGBA(image.Rect(0, 0, 8, 8))), MaxFileBytes)
	if wrong != "" {
		t.Fatal(wrong)
	}
	m, err := jpeg.Decode(bytes.NewReader(photo))
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := m.At(4, 4).RGBA(); min(r, g, b) < 0xf000 {
		t.Errorf("%x %x %x", r, g, b)
	}
}

// Of a picture whose left half is red, where red is then.
func TestPhoto_asTheCameraWasHeld(t *testing.T) {
	for orientation, red := range map[byte]string{
		0: "left", 1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom", 9: "left",
	} {
		for _, little := range []bool{false, true} {
			photo, wrong := Photo(heldAs(t, pictureOf(64, 32), orientation, little), MaxFileBytes)
			if wrong != "" {
				t.Fatal(wrong)
			}
			m, err := jpeg.Decode(bytes.NewReader(photo))
			if err != nil {
				t.Fatal(err)
			}
			w, h := m.Bounds().Dx(), m.Bounds().Dy()
			got := ""
			for name, at := range map[string]image.Point{"left": {2, h / 2}, "right": {w - 3, h / 2}, "top": {w / 2, 2}, "bottom": {w / 2, h - 3}} {
				side := name == "left" || name == "right"
				if isRed(m, at.X, at.Y) && side == (w > h) {
					got = name
				}
			}
			if got != red {
				t.Errorf("orientation %d: red is at the %s", orientation, got)
			}
		}
	}
}

func TestFileName_isOneEverywhere(t *testing.T) {
	for _, c := range []struct{ name, media, want string }{
		{"letter.pdf", api.MediaPDF, "letter.pdf"},
		{"Letter.PDF", api.MediaPDF, "Letter.pdf"},
		{"me.jpeg", api.MediaJPEG, "me.jpeg"},
		{"me.png", api.MediaJPEG, "me.jpg"},
		{"letter.pdf.exe", api.MediaPDF, "letter.pdf.exe.pdf"},
		{"../../etc/passwd", api.MediaPDF, "passwd.pdf"},
		{`C:\Users\me\photo.png`, api.MediaPNG, "photo.png"},
		{"", api.MediaPDF, "file.pdf"},
		{"...", api.MediaPDF, "file.pdf"},
		{".png", api.MediaPNG, "file.png"},
		{"con.pdf", api.MediaPDF, "filecon.pdf"},
		{"LPT1", api.MediaPDF, "fileLPT1.pdf"},
		{"a:b?c*.pdf", api.MediaPDF, "a-b-c-.pdf"},
		{"gpj.\u202efdp.pdf", api.MediaPDF, "gpj.fdp.pdf"},
		{"a\x00b\nc.pdf", api.MediaPDF, "ab c.pdf"},
		{"\xff.pdf", api.MediaPDF, "-.pdf"},
		{"护照.jpg", api.MediaJPEG, "护照.jpg"},
		{strings.Repeat("é", 300) + ".pdf", api.MediaPDF, strings.Repeat("é", 96) + ".pdf"},
	} {
		got := FileName(c.name, c.media)
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.name, got, c.want)
		}
		if again := FileName(got, c.media); again != got {
			t.Errorf("%q: once more it is %q", got, again)
		}
		if wrong := ValidateAnswer(&api.Question{Kind: api.KindFile}, FileAnswer(aFileID, got)); wrong != "" {
			t.Errorf("%q as an answer: %s", got, wrong)
		}
	}
}

func TestValidateAnswer_files(t *testing.T) {
	q := &api.Question{Kind: api.KindPhoto, Required: true}
	for name, c := range map[string]struct {
		answer []string
		want   string
	}{
		"none":            {nil, api.FieldRequired},
		"right":           {FileAnswer(aFileID, "me.jpg"), ""},
		"no name":         {[]string{aFileID}, api.FieldInvalid},
		"no id":           {FileAnswer("me", "me.jpg"), api.FieldInvalid},
		"another writing": {FileAnswer(strings.ToUpper("0192abcd-0000-7000-8000-000000000001"), "me.jpg"), api.FieldInvalid},
		"a path":          {FileAnswer(aFileID, "../me.jpg"), api.FieldInvalid},
		"too much":        {append(FileAnswer(aFileID, "me.jpg"), "more"), api.FieldInvalid},
	} {
		if got := ValidateAnswer(q, c.answer); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func FuzzPhoto(f *testing.F) {
	f.Add(asPNG(f, pictureOf(3, 2)))
	f.Add(heldAs(f, pictureOf(3, 2), 6, true))
	f.Fuzz(func(t *testing.T, content []byte) {
		if c, wrong := header(content); wrong != "" || c.Width*c.Height > 1<<20 {
			return
		}
		if photo, wrong := Photo(content, MaxFileBytes); wrong == "" && IsPhoto(photo) != "" {
			t.Error("what was made is none")
		}
	})
}
