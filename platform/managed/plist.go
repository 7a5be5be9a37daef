package managed

import (
	"context"
	"encoding/xml"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// convertPatience bounds one such conversion, which takes some milliseconds.
const convertPatience = 5 * time.Second

// plist is a property list, of whichever form; converter is macOS' plutil.
// macOS keeps values of its own among a program's settings (shared), also dates
// and data, of which plutil makes no JSON.
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
		out, err := exec.CommandContext(ctx, converter, "-convert", "xml1", "-o", "-", "--", path).Output()
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil, len(out) > limit:
			return nil, fault(ReasonFormat)
		}
		return parsePlist(out)
	}}
}

// parsePlist reads a property list in XML, which is a dictionary at its top. What
// is neither text, truth nor number is nil.
func parsePlist(b []byte) ([]value, error) {
	var list struct {
		XMLName xml.Name `xml:"plist"`
		Dict    *struct {
			Entries []struct {
				XMLName xml.Name
				Text    string `xml:",chardata"`
			} `xml:",any"`
		} `xml:"dict"`
	}
	if err := xml.Unmarshal(b, &list); err != nil || list.Dict == nil || len(list.Dict.Entries)%2 != 0 {
		return nil, fault(ReasonFormat)
	}
	var values []value
	for i := 0; i < len(list.Dict.Entries); i += 2 {
		key, entry := list.Dict.Entries[i], list.Dict.Entries[i+1]
		if key.XMLName.Local != "key" {
			return nil, fault(ReasonFormat)
		}
		v := value{name: key.Text}
		switch entry.XMLName.Local {
		case "string":
			v.data = entry.Text
		case "true", "false":
			v.data = entry.XMLName.Local == "true"
		case "integer", "real":
			n, err := strconv.ParseFloat(entry.Text, 64)
			if err != nil {
				return nil, fault(ReasonFormat)
			}
			v.data = n
		}
		values = append(values, v)
	}
	return values, nil
}
