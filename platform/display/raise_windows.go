package display

var (
	isIconic            = user32.NewProc("IsIconic")
	showWindow          = user32.NewProc("ShowWindow")
	setForegroundWindow = user32.NewProc("SetForegroundWindow")
)

// Raise brings a window (its HWND) of this process to the front, from the task
// bar too. Windows lets it come there if the program that the person started
// last has allowed it; else the task bar blinks.
func Raise(window uintptr) {
	const restore = 9 // SW_RESTORE
	if iconic, _, _ := isIconic.Call(window); iconic != 0 {
		_, _, _ = showWindow.Call(window, restore) // gives how the window was shown before
	}
	_, _, _ = setForegroundWindow.Call(window)
}
