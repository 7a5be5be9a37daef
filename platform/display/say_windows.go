package display

import "golang.org/x/sys/windows"

// Say shows a text in a message box and returns once it was read. It is for
// what must be said where there is no window; else the window says it.
func Say(title, text string) {
	t, errTitle := windows.UTF16PtrFromString(title)
	s, errText := windows.UTF16PtrFromString(text)
	if errTitle != nil || errText != nil {
		return // a text with NUL: none of ours
	}
	// Without a desktop (a service, a scheduled task) there is nobody to see it.
	_, _ = windows.MessageBox(0, s, t, windows.MB_OK|windows.MB_ICONERROR|windows.MB_SETFOREGROUND)
}
