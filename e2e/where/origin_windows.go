package where

import (
	"errors"
	"fmt"
	"image"
	"unsafe"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"golang.org/x/sys/windows"
)

var clientToScreen = windows.NewLazySystemDLL("user32.dll").NewProc("ClientToScreen")

// originOf asks Windows where the top left corner of a window's content is on the screen.
func originOf(w fyne.Window) (image.Point, error) {
	native, ok := w.(driver.NativeWindow)
	if !ok {
		return image.Point{}, errors.New("not a native window")
	}
	var handle uintptr
	native.RunNative(func(context any) {
		if c, ok := context.(driver.WindowsWindowContext); ok {
			handle = c.HWND
		}
	})
	if handle == 0 {
		return image.Point{}, errors.New("not a window of Windows")
	}
	var at struct{ x, y int32 }
	if done, _, err := clientToScreen.Call(handle, uintptr(unsafe.Pointer(&at))); done == 0 {
		return image.Point{}, fmt.Errorf("asking Windows for the window's place: %w", err)
	}
	return image.Pt(int(at.x), int(at.y)), nil
}
