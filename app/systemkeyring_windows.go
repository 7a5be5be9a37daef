package app

import (
	"errors"

	"golang.org/x/sys/windows"
)

// keyringLocked says whether the Credential Manager has refused because somebody
// declined; it is open as long as its owner is logged in.
func keyringLocked(err error) bool {
	return errors.Is(err, windows.ERROR_ACCESS_DENIED) || errors.Is(err, windows.ERROR_CANCELLED)
}
