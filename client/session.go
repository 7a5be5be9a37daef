package client

import (
	"fmt"
	"regexp"

	"plenary/api"
)

// sessionToken is the form of a session's tokens, as api.Session has it. They are
// written into headers and into the keyring, whose items have a limit.
var sessionToken = regexp.MustCompile(fmt.Sprintf(`^[A-Za-z0-9_-]{%d,%d}$`, api.MinSessionToken, api.MaxSessionToken))

// checkSession refuses a session that could not be used: saving its tokens over
// good ones would lose the session.
func checkSession(s api.Session, err error) error {
	if err != nil {
		return err
	}
	if !sessionToken.MatchString(s.Access) || !sessionToken.MatchString(s.Refresh) || s.Account.ID == "" || s.AccessExpires.IsZero() {
		return fmt.Errorf("read the session: %w: incomplete", ErrBrokenAnswer)
	}
	return nil
}
