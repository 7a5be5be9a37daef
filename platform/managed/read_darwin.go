package managed

import (
	"context"
	"os"
	"os/user"
	"path/filepath"
)

// convert turns property lists, which macOS mostly keeps in binary, into XML.
const convert = "/usr/bin/plutil"

func sources(ctx context.Context) (policy, defaults []source) {
	const (
		managed = "/Library/Managed Preferences"
		name    = AppID + ".plist"
	)
	policy = append(policy, plist(ctx, convert, filepath.Join(managed, name), false))
	if u, err := user.Current(); err == nil {
		policy = append(policy, plist(ctx, convert, filepath.Join(managed, u.Username, name), false))
	}
	defaults = append(defaults, plist(ctx, convert, filepath.Join("/Library/Preferences", name), true))
	if home, err := os.UserHomeDir(); err == nil {
		defaults = append(defaults, plist(ctx, convert, filepath.Join(home, "Library", "Preferences", name), true))
	}
	return policy, defaults
}
