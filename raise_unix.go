//go:build !windows && !darwin

package main

import "fyne.io/fyne/v2"

// raise brings the window to the front, from the task bar too: X's window
// managers do both when a program asks for the focus. On Wayland without X
// nothing happens.
func raise(w fyne.Window) { w.RequestFocus() }
