package managed

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"time"
)

// convertPatience bounds one such conversion, which takes some milliseconds.
const convertPatience = 5 * time.Second

// plist is a property list, of whichever form; converter is macOS' plutil.
// macOS keeps values of its own among a program's settings: shared.
func plist(ctx context.Context, converter, path string, shared bool) source {
	return source{place: path, shared: shared, read: func() ([]value, error) {
		// Opened here too: plutil does not tell a missing file from a damaged one.
		f, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		defer f.Close()
		ctx, cancel := context.WithTimeout(ctx, convertPatience)
		defer cancel()
		out, err := exec.CommandContext(ctx, converter, "-convert", "json", "-o", "-", "--", path).Output()
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil, len(out) > limit:
			return nil, fault(ReasonFormat)
		}
		return parse(out)
	}}
}
