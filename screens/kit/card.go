package kit

import (
	"fyne.io/fyne/v2"

	"plenary/screens/parts"
)

// The widths of the account screens' cards, at 100 % text size.
const (
	AccountWidth float32 = 452
	helpWidth    float32 = 620
	accountPad   float32 = 28
)

// AccountCard is the shape of the account screens: the logo, a card, the line with help,
// and language and text size, in the middle of the window. What is said in the card later
// makes it longer below: its top stays, and with it what somebody is about to click.
func (e Env) AccountCard(area string, objects ...fyne.CanvasObject) fyne.CanvasObject {
	card := parts.CardWith(accountPad, parts.Stack(parts.Gap12, objects...))
	column := parts.Stack(20, parts.Logo("Plenary"), parts.Center(AccountWidth, card), parts.Stack(parts.Gap4, e.assistance(area), e.forServiceDesk()), e.Display())
	return parts.Steady(helpWidth, column)
}

// assistance is the line with which the sources end every account page.
func (e Env) assistance(area string) *parts.Text {
	var spans []parts.Span
	desk := map[string]any{"Address": e.Info.ServiceDesk}
	faq := func() { e.Open(e.Info.FAQ) }
	contact := func() { e.Open(e.Info.ServiceDesk) }
	switch {
	case e.Info.ServiceDesk == "":
		return parts.Small("")
	case e.Info.FAQ == "":
		spans = Links(e.T("account.assistance-desk", desk), []parts.ID{parts.ID(area + ".servicedesk")}, []func(){contact})
	default:
		spans = Links(e.T("account.assistance", desk),
			[]parts.ID{parts.ID(area + ".faq"), parts.ID(area + ".servicedesk")}, []func(){faq, contact})
	}
	return parts.NewText(Muted(spans)...).WithSize(parts.SizeSmall).WithAlign(fyne.TextAlignCenter)
}

// forServiceDesk leads to what the service desk asks for.
func (e Env) forServiceDesk() *parts.Text {
	return parts.NewText(parts.Span{Text: e.T("help.for-desk"), ID: "account.support", OnTapped: e.TellSupport}).
		WithSize(parts.SizeSmall).WithAlign(fyne.TextAlignCenter)
}

// Muted gives the spans that are no links the muted colour.
func Muted(spans []parts.Span) []parts.Span {
	for i := range spans {
		if spans[i].OnTapped == nil {
			spans[i].Color = parts.ColorMuted
		}
	}
	return spans
}
