package where

import (
	"fmt"
	"image"
	"unsafe"

	"fyne.io/fyne/v2"
	"golang.org/x/sys/windows"
)

var clientToScreen = windows.NewLazySystemDLL("user32.dll").NewProc("ClientToScreen")

// originOf asks Windows where the top left corner of a window's content is on the screen.
func originOf(w fyne.Window) (image.Point, error) {
	handle, err := handleOf(w)
	if err != nil {
		return image.Point{}, err
	}
	var at struct{ x, y int32 }
	if done, _, err := clientToScreen.Call(handle, uintptr(unsafe.Pointer(&at))); done == 0 {
		return image.Point{}, fmt.Errorf("asking Windows for the window's place: %w", err)
	}
	return image.Pt(int(at.x), int(at.y)), nil
}
