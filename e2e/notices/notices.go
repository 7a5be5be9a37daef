// Package notices checks for tests that a package says whose work is in it. It
// asks the packaged program, and knows nothing of how the notices are made.
package notices

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Check looks whether the file with the third-party notices in a folder names all
// modules that are linked into a program, and whether the folder has Plenary's own
// licence, under the given name.
func Check(program, folder, licence string) error {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(folder, "THIRD-PARTY-NOTICES.txt"))
	if err != nil {
		return err
	}
	wanted := []string{"Go " + strings.TrimPrefix(info.GoVersion, "go")}
	for _, m := range info.Deps {
		wanted = append(wanted, m.Path+" "+m.Version)
	}
	if len(wanted) < 20 {
		return fmt.Errorf("%s has only %d modules in it", program, len(wanted)-1)
	}
	var missing []string
	for _, name := range wanted {
		if !bytes.Contains(text, []byte("\n"+name+" [")) {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("the notices do not name %s", strings.Join(missing, ", "))
	}
	own, err := os.ReadFile(filepath.Join(folder, licence))
	if err != nil {
		return err
	}
	if !bytes.Contains(own, []byte("Apache License")) {
		return fmt.Errorf("%s is not Plenary's licence", licence)
	}
	return nil
}
