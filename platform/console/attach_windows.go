package console

import (
	"os"

	"golang.org/x/sys/windows"
)

var attachConsole = windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole")

// parentProcess is ATTACH_PARENT_PROCESS.
const parentProcess = ^uintptr(0)

// Attach lets standard output and standard error go to the console that the
// program was started from, unless they were redirected. It says whether
// anybody can read what is written there: not after a click on an icon.
func Attach() bool {
	if goesSomewhere(windows.STD_OUTPUT_HANDLE) && goesSomewhere(windows.STD_ERROR_HANDLE) {
		return true
	}
	if ok, _, _ := attachConsole.Call(parentProcess); ok == 0 {
		return goesSomewhere(windows.STD_OUTPUT_HANDLE)
	}
	console, err := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	if err != nil {
		return false
	}
	if !goesSomewhere(windows.STD_OUTPUT_HANDLE) {
		os.Stdout = console
	}
	if !goesSomewhere(windows.STD_ERROR_HANDLE) {
		os.Stderr = console
	}
	return true
}

// goesSomewhere says whether a standard handle is one of a file, a pipe or a
// console.
func goesSomewhere(standard uint32) bool {
	handle, err := windows.GetStdHandle(standard)
	if err != nil || handle == 0 {
		return false
	}
	kind, err := windows.GetFileType(handle)
	return err == nil && kind != windows.FILE_TYPE_UNKNOWN
}
