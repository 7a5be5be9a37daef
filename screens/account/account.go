// Package account has the pages for whoever is not logged in: the first start, log-in,
// sign-up, activation and a forgotten password. Start reading at login.go.
package account

// AccountControl is what the account screens need.
type AccountControl interface {
	SignupAccount
	ActivateAccount
	ForgotAccount
}
