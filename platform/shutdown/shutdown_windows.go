package shutdown

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// signals are those of a console: Ctrl+C, and that it is closed.
var signals = []os.Signal{os.Interrupt, syscall.SIGTERM}

var (
	user32          = windows.NewLazySystemDLL("user32.dll")
	registerClass   = user32.NewProc("RegisterClassExW")
	createWindow    = user32.NewProc("CreateWindowExW")
	defWindowProc   = user32.NewProc("DefWindowProcW")
	getMessage      = user32.NewProc("GetMessageW")
	dispatchMessage = user32.NewProc("DispatchMessageW")
)

// className is that of the window that hears of the end.
const className = "PlenaryShutdown"

// Messages of winuser.h.
const (
	wmClose           = 0x0010
	wmQueryEndSession = 0x0011
	wmEndSession      = 0x0016
)

// windowClass is WNDCLASSEXW of winuser.h.
type windowClass struct {
	size, style                        uint32
	proc                               uintptr
	classExtra, windowExtra            int32
	instance, icon, cursor, background uintptr
	menu, name                         *uint16
	smallIcon                          uintptr
}

// message is MSG of winuser.h.
type message struct {
	window         uintptr
	message        uint32
	wParam, lParam uintptr
	time           uint32
	x, y           int32
	_              uint32
}

// watchSession makes a window that is never shown, on a thread of its own: Windows asks
// all windows whether the session may end, tells them that it does, and ends the process
// when all have answered. An installer that replaces the program asks the same way.
func watchSession(end func()) error {
	made := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // to which the window's messages come
		err := makeWindow(end)
		made <- err
		if err != nil {
			return
		}
		var m message
		for {
			got, _, _ := getMessage.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0)
			if int32(got) <= 0 { // nobody sends it a WM_QUIT
				return
			}
			_, _, _ = dispatchMessage.Call(uintptr(unsafe.Pointer(&m)))
		}
	}()
	return <-made
}

func makeWindow(end func()) error {
	name, err := windows.UTF16PtrFromString(className)
	if err != nil {
		return err
	}
	class := windowClass{name: name, proc: windows.NewCallback(func(window uintptr, what uint32, wParam, lParam uintptr) uintptr {
		switch what {
		case wmQueryEndSession:
			return 1
		case wmEndSession:
			if wParam != 0 { // else somebody else has refused
				end()
			}
			return 0
		case wmClose: // by which it would go
			return 0
		}
		answer, _, _ := defWindowProc.Call(window, uintptr(what), wParam, lParam)
		return answer
	})}
	class.size = uint32(unsafe.Sizeof(class))
	if atom, _, err := registerClass.Call(uintptr(unsafe.Pointer(&class))); atom == 0 {
		return fmt.Errorf("hear of the end of the session: no class: %w", err)
	}
	// Not one for messages only: those are not asked.
	window, _, err := createWindow.Call(0, uintptr(unsafe.Pointer(name)), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	if window == 0 {
		return fmt.Errorf("hear of the end of the session: no window: %w", err)
	}
	return nil
}
