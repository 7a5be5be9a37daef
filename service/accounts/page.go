package accounts

// link is an address of the service's pages; the token is in the fragment,
// which no server on the way sees.
func (a *Accounts) link(page, language, token string) string {
	return a.Address() + "/" + page + "?lang=" + language + "#" + token
}
