package meetings

import (
	"cmp"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"plenary/api"
	"plenary/app"
	"plenary/confirmation"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// qrSide is the side of the code on the screen at 100 % text size: three pixels for each
// of its modules.
const qrSide float32 = 147

// codeOf is what the QR code of a confirmed registration says: the number alone as long as
// the service has not told the signed code.
func codeOf(mine *app.Mine) string {
	return cmp.Or(mine.Registration.Code, rules.RegistrationQR(mine.Number))
}

// codePicture is the QR code of a registration, which a click shows large. What the
// keyboard does instead stands beside it.
type codePicture struct {
	parts.Arranged
	label string
	large func()
}

func newCodePicture(text, label string, large func()) *codePicture {
	c := &codePicture{label: label, large: large}
	c.Arrange(c, container.NewStack(kit.QRPicture(text, qrSide)))
	return c
}

// Tapped shows the code large.
func (c *codePicture) Tapped(*fyne.PointEvent) { c.large() }

// AccessibilityLabel is what a click does.
func (c *codePicture) AccessibilityLabel() string { return c.label }

// AccessibilityRole is that of what can be clicked.
func (c *codePicture) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// Cursor says that a click does something.
func (c *codePicture) Cursor() desktop.Cursor { return desktop.PointerCursor }

// showCode shows the code as large as the window is, for a scanner at the desk.
func (r *Registration) showCode(mine *app.Mine) {
	parts.Present(parts.CanvasOf(r.holder), mine.BadgeName, mine.Number, func(side float32) fyne.CanvasObject {
		return kit.QRPicture(codeOf(mine), side/parts.TextScale())
	}, parts.Answer{ID: "registration.qr.close", Text: r.env.T("shell.close"), Kind: parts.Outlined})
}

// savePDF makes the confirmation, which needs no network, writes it into the person's
// downloads and opens it.
func (r *Registration) savePDF(mine *app.Mine, meeting *api.Meeting) {
	confirmed := mine.Registration
	confirmed.Code = codeOf(mine)
	document := confirmation.Document{
		Organization: r.env.Info.Organization, Meeting: meeting, Registration: &confirmed, Made: r.env.Now(),
	}
	r.env.SavePDF(r.ctx, r.busy, r.bar, mine.Number+".pdf", r.save, func() ([]byte, []rune, error) {
		return confirmation.Write(r.env.Words, document)
	})
}
