// Package traces looks for what must not be left behind: secrets, tokens,
// addresses and names in the clear, in any file below a folder.
package traces

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
)

// Find walks all files below the folders and says for each thing that is found
// where: "what in file". Things are keyed by what they are, since they
// themselves must not get into a test's output either. They are looked for as
// they are, as in an address, and as in JSON.
func Find(things map[string]string, folders ...string) ([]string, error) {
	var found []string
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return err
			}
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for what, thing := range things {
				if contains(content, thing) {
					found = append(found, fmt.Sprintf("%s in %s", what, path))
				}
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("looking for traces: %w", err)
		}
	}
	return found, nil
}

func contains(content []byte, thing string) bool {
	quoted := strconv.QuoteToASCII(thing)
	for _, form := range []string{thing, url.QueryEscape(thing), quoted[1 : len(quoted)-1]} {
		if bytes.Contains(content, []byte(form)) {
			return true
		}
	}
	return false
}
