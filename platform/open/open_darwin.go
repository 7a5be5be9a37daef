package open

import "net/url"

// URL opens a file, a web page or an e-mail in the way that is given, which is
// Fyne's: here it does all that is needed. It may take seconds.
func URL(u *url.URL, way func(*url.URL) error) error { return way(u) }
