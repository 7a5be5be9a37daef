// Package account has the pages for whoever is not logged in: the first start, log-in,
// sign-up, activation and a forgotten password. Start reading at login.go.
package account

import (
	"fyne.io/fyne/v2"

	"plenary/screens/kit"
)

// Page is a page of this package.
type Page interface {
	Content() fyne.CanvasObject
	Close()
	// In is the same page with what stands in it, in another environment: that of another
	// language. What the page waits for is given up when it is closed.
	In(env kit.Env) Page
	// Settled reports whether nothing is under way that the page is to tell the end of.
	Settled() bool
}

// Account is what the account screens need.
type Account interface {
	SignupAccount
	ActivateAccount
	ForgotAccount
}
