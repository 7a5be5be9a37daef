package app

import (
	"errors"
	"os/exec"
	"slices"
)

// lockedStatus are what /usr/bin/security ends with, the last eight bits of
// Apple's error, where nobody has unlocked the keychain: interaction is not
// allowed (-25308), the password was wrong (-25293), the person has declined
// (-128). Untried: there was no Mac.
var lockedStatus = []int{36, 51, 128}

// keyringLocked says whether the keychain has refused because nobody unlocked it.
func keyringLocked(err error) bool {
	var exit *exec.ExitError
	return errors.As(err, &exit) && slices.Contains(lockedStatus, exit.ExitCode())
}
