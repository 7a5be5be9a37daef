package client

import (
	"fmt"

	"plenary/api"
)

// tokenLength is that of every token: 256 bits in base64url.
const tokenLength = 43

// checkSession refuses a session that could not be used: saving its tokens over
// good ones would lose the session.
func checkSession(s api.Session, err error) error {
	if err != nil {
		return err
	}
	if len(s.Access) != tokenLength || len(s.Refresh) != tokenLength || s.Account.ID == "" || s.AccessExpires.IsZero() {
		return fmt.Errorf("read the session: %w: incomplete", ErrBrokenAnswer)
	}
	return nil
}
