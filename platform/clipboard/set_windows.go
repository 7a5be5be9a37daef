package clipboard

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	user32   = windows.NewLazySystemDLL("user32.dll")
	kernel32 = windows.NewLazySystemDLL("kernel32.dll")

	openClipboard    = user32.NewProc("OpenClipboard")
	closeClipboard   = user32.NewProc("CloseClipboard")
	emptyClipboard   = user32.NewProc("EmptyClipboard")
	setClipboardData = user32.NewProc("SetClipboardData")
	registerFormat   = user32.NewProc("RegisterClipboardFormatW")
	globalAlloc      = kernel32.NewProc("GlobalAlloc")
	globalFree       = kernel32.NewProc("GlobalFree")
	globalLock       = kernel32.NewProc("GlobalLock")
	globalUnlock     = kernel32.NewProc("GlobalUnlock")
)

const (
	unicodeText = 13 // CF_UNICODETEXT
	moveable    = 2  // GMEM_MOVEABLE
	// tries to open the clipboard, which another program may have open for a moment.
	tries = 3
)

// The formats that keep a text out of what Windows and others remember, and what is to
// stand in each: learn.microsoft.com, "Clipboard Formats", cloud clipboard and clipboard
// history formats. Of the first one it counts that it is there.
var unremembered = []struct {
	name  string
	value []byte
}{
	{"ExcludeClipboardContentFromMonitorProcessing", []byte{0, 0, 0, 0}},
	{"CanIncludeInClipboardHistory", []byte{0, 0, 0, 0}},
	{"CanUploadToCloudClipboard", []byte{0, 0, 0, 0}},
}

// setSecret puts the text there last, after what is said about it, and all of it before
// the clipboard is closed: only then is anybody told that it has changed.
func setSecret(text string) bool {
	text16, err := windows.UTF16FromString(text)
	if err != nil { // there is a NUL in it
		return false
	}
	runtime.LockOSThread() // the clipboard is open for a thread
	defer runtime.UnlockOSThread()
	if !open() {
		return false
	}
	defer closeClipboard.Call()
	if ok, _, _ := emptyClipboard.Call(); ok == 0 {
		return false
	}
	for _, f := range unremembered {
		if !put(format(f.name), f.value) {
			return false
		}
	}
	return put(unicodeText, unsafe.Slice((*byte)(unsafe.Pointer(&text16[0])), 2*len(text16)))
}

func open() bool {
	for range tries {
		if ok, _, _ := openClipboard.Call(0); ok != 0 {
			return true
		}
	}
	return false
}

// format is the number of a format; 0 if there is none.
func format(name string) uintptr {
	name16, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return 0
	}
	number, _, _ := registerFormat.Call(uintptr(unsafe.Pointer(name16)))
	return number
}

// put gives the open clipboard a copy of data in a format.
func put(format uintptr, data []byte) bool {
	if format == 0 {
		return false
	}
	handle, _, _ := globalAlloc.Call(moveable, uintptr(len(data)))
	if handle == 0 {
		return false
	}
	at, _, _ := globalLock.Call(handle)
	if at == 0 {
		globalFree.Call(handle)
		return false
	}
	copy(unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&at))), len(data)), data)
	globalUnlock.Call(handle)
	if ok, _, _ := setClipboardData.Call(format, handle); ok == 0 {
		globalFree.Call(handle) // else it is the clipboard's
		return false
	}
	return true
}
