package display

import (
	"os"
	"runtime"
)

// LookKnown reports whether the toolkit knows from its start on if the system's
// look is light or dark. On free desktops their portal says so later, or there is
// none that ever will.
func LookKnown() bool {
	return runtime.GOOS == "windows" || runtime.GOOS == "darwin" || os.Getenv("FYNE_THEME") != ""
}
