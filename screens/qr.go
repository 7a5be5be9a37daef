package screens

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"rsc.io/qr"

	"plenary/rules"
	"plenary/screens/parts"
)

// qrSide is the side of the code on the screen at 100 % text size: enough for
// a scanner at the desk.
const qrSide float32 = 120

// qrQuiet is the quiet zone around a code, in modules (ISO/IEC 18004).
const qrQuiet = 4

// qrImage is what a confirmed registration says as a QR code, black on white with its
// quiet zone, in dark mode too.
func qrImage(number string) fyne.CanvasObject {
	code, err := qr.Encode(rules.RegistrationQR(number), qr.M)
	if err != nil {
		return parts.Space(1) // a number has 9 letters and digits: it fits
	}
	side := code.Size + 2*qrQuiet
	modules := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			if !code.Black(x-qrQuiet, y-qrQuiet) {
				modules.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	picture := canvas.NewImageFromImage(modules)
	picture.ScaleMode = canvas.ImageScalePixels
	picture.FillMode = canvas.ImageFillContain
	picture.SetMinSize(fyne.NewSquareSize(qrSide * parts.TextScale()))
	return picture
}
