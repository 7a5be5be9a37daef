// Package display is what differs between systems about the screen: whether
// it can be drawn on, how large a window may be, and how to say something where
// no window can be made. It knows nothing of Plenary, and needs no cgo.
//
// Start reading at Check, Fit and Say.
package display

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
)

// ErrNoOpenGL says that this computer or session offers no OpenGL 2.1, which is
// what windows are drawn with.
var ErrNoOpenGL = errors.New("there is no OpenGL 2.1")

// softwareFolder holds, beside the program, a second one with Mesa's
// opengl32.dll, which draws without a graphics driver. It has a folder of its
// own since Windows takes a DLL beside the program before the driver's, always.
const softwareFolder = "software"

// Software is the program that draws without a graphics driver, installed in a
// folder beside this one; empty if there is none, and for that one itself.
// Only Windows needs it: elsewhere the system brings such a driver along.
func Software() string {
	if runtime.GOOS != "windows" {
		return ""
	}
	program, err := os.Executable()
	if err != nil {
		return ""
	}
	return softwareBeside(program)
}

func softwareBeside(program string) string {
	folder, name := filepath.Split(program)
	if filepath.Base(filepath.Clean(folder)) == softwareFolder {
		return ""
	}
	other := filepath.Join(folder, softwareFolder, name)
	if info, err := os.Stat(other); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	return other
}
