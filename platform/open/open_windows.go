package open

import (
	"errors"
	"fmt"
	"net/url"
	"runtime"

	"golang.org/x/sys/windows"
)

// URL opens a file, a web page or an e-mail through the shell. It may take
// seconds. The other way, Fyne's, is for other systems.
func URL(u *url.URL, _ func(*url.URL) error) error {
	target := windowsTarget(u)
	if target == "" {
		return fmt.Errorf("open: no kind of address that is opened: %q", u.Scheme)
	}
	file, err := windows.UTF16PtrFromString(target)
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	verb, err := windows.UTF16PtrFromString("open")
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	// The shell's extensions may want COM, which is a thread's.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const apartment = windows.COINIT_APARTMENTTHREADED | windows.COINIT_DISABLE_OLE1DDE
	const again = windows.Errno(1) // S_FALSE: somebody has before, and it counts all the same
	if err := windows.CoInitializeEx(0, apartment); err == nil || errors.Is(err, again) {
		defer windows.CoUninitialize()
	}
	if err := windows.ShellExecute(0, verb, file, nil, nil, windows.SW_SHOWNORMAL); err != nil {
		return fmt.Errorf("open: %w", err)
	}
	return nil
}
