package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"

	"plenary/platform/display"
)

// raise brings the window to the front. Fyne's Show and RequestFocus do not
// restore one that is minimized, and Show would move it to where Windows keeps
// those, out of sight.
func raise(w fyne.Window) {
	native, ok := w.(driver.NativeWindow)
	if !ok {
		return
	}
	native.RunNative(func(context any) {
		if c, ok := context.(driver.WindowsWindowContext); ok {
			display.Raise(c.HWND)
		}
	})
}
