package rules

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"plenary/api"
)

// Limits of files that answer a question.
const (
	MaxFileBytes = 5 << 20
	MaxFileName  = 100  // characters, with the ending
	MaxPhotoSide = 1200 // pixels, of a photo as it is sent and kept
	// MaxPictureBytes is how large a picture may be from which a photo is made.
	MaxPictureBytes = 32 << 20
	// maxPixels are how many pixels a picture may say that it has, before any is decoded.
	maxPixels = 40_000_000
	// maxScans are how many scans a JPEG may have: each goes through all of the picture, and
	// takes a few bytes. Programs write some ten.
	maxScans = 100
)

// photoQualities are those of JPEG, of 100, the best first.
var photoQualities = []int{88, 75, 60}

// IsFile tells whether a question of this kind is answered by a file.
func IsFile(kind string) bool { return kind == api.KindFile || kind == api.KindPhoto }

// FileAnswer is the answer that names a file.
func FileAnswer(id, name string) []string { return []string{id, name} }

// FileOf reads an answer that names a file; false for any other.
func FileOf(answer []string) (id, name string, ok bool) {
	if len(answer) != 2 || !IsFileID(answer[0]) {
		return "", "", false
	}
	return answer[0], answer[1], true
}

// WithoutFiles is a form without the questions that are answered by files.
func WithoutFiles(form api.Form) api.Form {
	sections := slices.Clone(form.Sections)
	for s := range sections {
		sections[s].Questions = slices.DeleteFunc(slices.Clone(sections[s].Questions), func(q api.Question) bool { return IsFile(q.Kind) })
	}
	return api.Form{Sections: sections}
}

// IsFileID takes the usual form of a UUID only, so that one id has one spelling.
func IsFileID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, r := range s {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (r == '-') || !dash && !strings.ContainsRune("0123456789abcdef", r) {
			return false
		}
	}
	return true
}

func validateFile(answer []string) string {
	_, name, ok := FileOf(answer)
	return invalidUnless(ok && name == FileName(name, mediaByName(name)))
}

// FileLimit is how many bytes a file may have that answers a question.
func FileLimit(q *api.Question) int {
	if q.MaxBytes <= 0 || q.MaxBytes > MaxFileBytes {
		return MaxFileBytes
	}
	return q.MaxBytes
}

// endings are those that names of files have, the usual one first.
var endings = map[string][]string{
	api.MediaPDF: {".pdf"}, api.MediaJPEG: {".jpg", ".jpeg"}, api.MediaPNG: {".png"},
}

func mediaByName(name string) string {
	for media, known := range endings {
		if slices.Contains(known, strings.ToLower(path.Ext(name))) {
			return media
		}
	}
	return ""
}

// FileName is the name of a file as it is kept and saved again, on whatever system: without
// folders, without what cannot be seen or cannot stand in a name, not too long, and with the
// ending of what the file is.
func FileName(name, media string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError || strings.ContainsRune(`<>:"|?*`, r):
			return '-'
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsGraphic(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, "-"))
	ending := ""
	if known := endings[media]; len(known) > 0 {
		ending = known[0]
		if own := strings.ToLower(path.Ext(name)); slices.Contains(known, own) {
			ending = own
		}
	}
	if own := path.Ext(name); mediaByName(name) != "" {
		name = strings.TrimSuffix(name, own)
	}
	name = strings.Trim(strings.Join(strings.Fields(name), " "), ". ")
	if letters := []rune(name); len(letters) > MaxFileName-len(ending) {
		name = strings.TrimRight(string(letters[:MaxFileName-len(ending)]), ". ")
	}
	if name == "" || reserved(name) {
		name = "file" + name
	}
	return name + ending
}

// reserved tells the names of devices, which Windows does not take for files.
func reserved(name string) bool {
	name, _, _ = strings.Cut(strings.ToUpper(name), ".")
	name = strings.TrimSpace(name)
	if len(name) == 4 && (name[:3] == "COM" || name[:3] == "LPT") {
		return name[3] >= '0' && name[3] <= '9'
	}
	return slices.Contains([]string{"CON", "PRN", "AUX", "NUL"}, name)
}

// MediaOf tells by its first bytes what a file is, as one of package api's media types;
// empty for anything else.
func MediaOf(content []byte) string {
	switch {
	case bytes.HasPrefix(content, []byte("%PDF-1.")) || bytes.HasPrefix(content, []byte("%PDF-2.")):
		return api.MediaPDF
	case bytes.HasPrefix(content, []byte("\xff\xd8\xff")):
		return api.MediaJPEG
	case bytes.HasPrefix(content, []byte("\x89PNG\r\n\x1a\n")):
		return api.MediaPNG
	}
	return ""
}

// CheckFile judges a file that answers a question, by what it is: its media type, or the
// code of a FieldError. Of pictures it reads the header; only Photo decodes one.
func CheckFile(q *api.Question, content []byte) (media, wrong string) {
	media = MediaOf(content)
	switch {
	case media == "" || q.Kind == api.KindPhoto && media == api.MediaPDF:
		return "", api.FieldWrongType
	case len(content) > FileLimit(q):
		return "", api.FieldTooLarge
	case media == api.MediaPDF:
		return media, ""
	}
	_, wrong = header(content)
	if wrong != "" {
		media = ""
	}
	return media, wrong
}

// header reads how large a picture says that it is, or gives the code of a FieldError.
func header(content []byte) (c image.Config, wrong string) {
	var err error
	switch MediaOf(content) {
	case api.MediaJPEG:
		// In what a scan has, 0xff stands before 0 and the marks of restarts only.
		if bytes.Count(content, []byte("\xff\xda")) > maxScans {
			return c, api.FieldDamaged
		}
		c, err = jpeg.DecodeConfig(bytes.NewReader(content))
	case api.MediaPNG:
		c, err = png.DecodeConfig(bytes.NewReader(content))
	default:
		return c, api.FieldWrongType
	}
	pixels := int64(c.Width) * int64(c.Height)
	switch c.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model, color.Gray16Model: // twice the memory
		pixels *= 2
	}
	switch {
	case err != nil || c.Width <= 0 || c.Height <= 0:
		return c, api.FieldDamaged
	case pixels > maxPixels:
		return c, api.FieldTooManyPixels
	}
	return c, ""
}

// IsPhoto judges a picture that is to be a photo as the service takes it: small already.
// It gives the code of a FieldError, or "".
func IsPhoto(content []byte) (wrong string) {
	c, wrong := header(content)
	if wrong == "" && max(c.Width, c.Height) > MaxPhotoSide {
		wrong = api.FieldTooManyPixels
	}
	return wrong
}

// Photo makes a photo of a picture: a JPEG of at most MaxPhotoSide pixels a side, and of at
// most so many bytes where a worse quality than the best one makes it so, turned
// as the camera was held, in which nothing of the picture's file is left but what one sees.
// What can be seen through becomes white. It needs the memory of the decoded picture; one
// that says that it has too many pixels is not decoded. wrong is the code of a FieldError.
func Photo(content []byte, most int) (photo []byte, wrong string) {
	if _, wrong := header(content); wrong != "" {
		return nil, wrong
	}
	var (
		picture image.Image
		err     error
		turned  = 1
	)
	if MediaOf(content) == api.MediaJPEG {
		turned = orientation(content)
		picture, err = jpeg.Decode(bytes.NewReader(content))
	} else {
		picture, err = png.Decode(bytes.NewReader(content))
	}
	if err != nil {
		return nil, api.FieldDamaged
	}
	small := upright(reduced(picture, MaxPhotoSide), turned)
	for _, quality := range photoQualities {
		var out bytes.Buffer
		if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: quality}); err != nil {
			return nil, api.FieldDamaged
		}
		if out.Len() <= most {
			return out.Bytes(), ""
		}
	}
	return nil, api.FieldTooLarge
}

// Preview is a picture with at most so many pixels a side, to be looked at; nil where it
// cannot be read.
func Preview(content []byte, side int) image.Image {
	if _, wrong := header(content); wrong != "" {
		return nil
	}
	picture, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		return nil
	}
	return reduced(picture, side)
}

// reduced is a picture with at most so many pixels a side, each the mean of those in whose
// place it stands. Beside the pictures themselves it needs the memory of two rows.
func reduced(picture image.Image, side int) *image.RGBA {
	b := picture.Bounds()
	w, h := b.Dx(), b.Dy()
	if longer := max(w, h); longer > side {
		w, h = max(1, (w*side+longer/2)/longer), max(1, (h*side+longer/2)/longer)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	row := image.NewRGBA(image.Rect(0, 0, b.Dx(), 1))
	sums, counts := make([]uint32, 3*w), make([]uint32, w)
	for y := range b.Dy() {
		draw.Draw(row, row.Bounds(), image.White, image.Point{}, draw.Src)
		draw.Draw(row, row.Bounds(), picture, image.Pt(b.Min.X, b.Min.Y+y), draw.Over)
		for x := range b.Dx() {
			at, from := x*w/b.Dx(), row.Pix[4*x:]
			for c := range 3 {
				sums[3*at+c] += uint32(from[c])
			}
			counts[at]++
		}
		if to := y * h / b.Dy(); y+1 == b.Dy() || (y+1)*h/b.Dy() > to {
			for x := range w {
				pixel := out.Pix[out.PixOffset(x, to):]
				for c := range 3 {
					pixel[c] = uint8(sums[3*x+c] / counts[x])
				}
				pixel[3] = 255
			}
			clear(sums)
			clear(counts)
		}
	}
	return out
}

// upright turns a picture that a camera has noted with an orientation of Exif, 1 to 8.
func upright(in *image.RGBA, orientation int) *image.RGBA {
	if orientation <= 1 || orientation > 8 {
		return in
	}
	w, h := in.Rect.Dx(), in.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation > 4 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			toX, toY := x, y
			switch orientation {
			case 2:
				toX = w - 1 - x
			case 3:
				toX, toY = w-1-x, h-1-y
			case 4:
				toY = h - 1 - y
			case 5:
				toX, toY = y, x
			case 6:
				toX, toY = h-1-y, x
			case 7:
				toX, toY = h-1-y, w-1-x
			case 8:
				toX, toY = y, w-1-x
			}
			out.SetRGBA(toX, toY, in.RGBAAt(x, y))
		}
	}
	return out
}

// orientation reads how a camera was held, from a JPEG's Exif (CIPA DC-008, 4.6.4); 1 where
// nothing is said.
func orientation(content []byte) int {
	for at := 2; at+4 <= len(content) && content[at] == 0xff; {
		marker, length := content[at+1], int(binary.BigEndian.Uint16(content[at+2:]))
		if marker == 0xda || length < 2 || at+2+length > len(content) { // the picture begins
			return 1
		}
		segment := content[at+4 : at+2+length]
		if exif, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00")); ok && marker == 0xe1 {
			return orientationIn(exif)
		}
		at += 2 + length
	}
	return 1
}

// orientationIn reads it from the first directory of a TIFF (TIFF 6.0, 2).
func orientationIn(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	start := int64(order.Uint32(tiff[4:]))
	if start+2 > int64(len(tiff)) {
		return 1
	}
	directory := tiff[start:]
	for i := range int(order.Uint16(directory)) {
		entry := 2 + 12*i
		if entry+12 > len(directory) {
			return 1
		}
		if order.Uint16(directory[entry:]) == 0x0112 {
			if held := int(order.Uint16(directory[entry+8:])); held >= 1 && held <= 8 {
				return held
			}
			return 1
		}
	}
	return 1
}
