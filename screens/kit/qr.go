package kit

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"rsc.io/qr"

	"plenary/screens/parts"
)

// qrQuiet is the quiet zone around a code, in modules (ISO/IEC 18004).
const qrQuiet = 4

// QRPicture is a text as a QR code, side wide at 100 % text size, black on white
// with its quiet zone, in dark mode too. A text that is too long for one (2,331
// bytes) is left out.
func QRPicture(text string, side float32) fyne.CanvasObject {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return parts.Space(1)
	}
	modules := code.Size + 2*qrQuiet
	picture := image.NewGray(image.Rect(0, 0, modules, modules))
	for y := range modules {
		for x := range modules {
			if !code.Black(x-qrQuiet, y-qrQuiet) {
				picture.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	shown := canvas.NewImageFromImage(picture)
	shown.ScaleMode = canvas.ImageScalePixels
	shown.FillMode = canvas.ImageFillContain
	shown.SetMinSize(fyne.NewSquareSize(side * parts.TextScale()))
	return shown
}
