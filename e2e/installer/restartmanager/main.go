//go:build windows

// Command restartmanager asks a program to end as Windows' Restart Manager does
// for an installer that replaces the program's file: restartmanager FILE. Each of
// its windows is asked (WM_QUERYENDSESSION), told (WM_ENDSESSION) and closed
// (WM_CLOSE). See "Guidelines for Applications" in Microsoft's documentation of the
// Restart Manager, which Wine 8 has not.
package main

import (
	"fmt"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/windows"
)

const (
	wmClose           = 0x0010
	wmQueryEndSession = 0x0011
	wmEndSession      = 0x0016
	closeApp          = 1 // ENDSESSION_CLOSEAPP
)

var (
	user32      = windows.NewLazySystemDLL("user32.dll")
	sendMessage = user32.NewProc("SendMessageW")
	postMessage = user32.NewProc("PostMessageW")
)

func main() {
	if err := end(os.Args[1]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func end(file string) error {
	var all []windows.HWND
	// It ends with an error only when the function says no.
	_ = windows.EnumWindows(syscall.NewCallback(func(window windows.HWND, _ uintptr) uintptr {
		var pid uint32
		if _, err := windows.GetWindowThreadProcessId(window, &pid); err == nil && strings.EqualFold(image(pid), file) {
			all = append(all, window)
		}
		return 1
	}), nil)
	if len(all) == 0 {
		return fmt.Errorf("no window is that of %s", file)
	}
	for _, w := range all {
		if agrees, _, _ := sendMessage.Call(uintptr(w), wmQueryEndSession, 0, closeApp); agrees == 0 {
			return fmt.Errorf("a window of %s refuses to end", file)
		}
	}
	for _, w := range all {
		sendMessage.Call(uintptr(w), wmEndSession, 1, closeApp)
	}
	for _, w := range all {
		postMessage.Call(uintptr(w), wmClose, 0, 0)
	}
	return nil
}

// image is the path of a process' program, "" when that cannot be told.
func image(pid uint32) string {
	process, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, pid)
	if err != nil {
		return ""
	}
	defer windows.CloseHandle(process)
	path := make([]uint16, windows.MAX_LONG_PATH)
	size := uint32(len(path))
	if windows.QueryFullProcessImageName(process, 0, &path[0], &size) != nil {
		return ""
	}
	return windows.UTF16ToString(path[:size])
}
