// Package open shows a file or an address with the program that the person's
// system has for it.
package open

import (
	"net/url"
	"strings"
)

// inOneArgument encodes what package net/url leaves in a query or a host: the
// shell puts an address between quotes into the command line of a browser or a
// mail program, where one quote more would begin an argument of its own.
var inOneArgument = strings.NewReplacer(`"`, "%22", " ", "%20")

// windowsTarget is what Windows' shell is asked to open: a file as the system
// writes its path, since names beyond ASCII in a file: address are read in the
// code page; anything else as the address it is. Empty for kinds of addresses
// that Plenary does not open: any program may have registered one.
func windowsTarget(u *url.URL) string {
	switch u.Scheme {
	case "http", "https", "mailto":
		return inOneArgument.Replace(u.String())
	case "file":
		path := u.Path
		if u.Host != "" {
			path = "//" + u.Host + path
		} else if drive := strings.TrimPrefix(path, "/"); len(drive) > 1 && drive[1] == ':' {
			path = drive
		}
		return strings.ReplaceAll(path, "/", `\`)
	default:
		return ""
	}
}
