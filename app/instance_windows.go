package app

import (
	"net"

	"golang.org/x/sys/windows"
)

// openEar opens a port of this machine: Windows has unix sockets only since 10
// version 1803. Other people on the machine can reach it too; they do not know
// the secret.
func openEar(string) (ear, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return ear{}, err
	}
	return ear{Listener: l}, nil
}

var allowSetForegroundWindow = windows.NewLazySystemDLL("user32.dll").NewProc("AllowSetForegroundWindow")

// letOthersComeToTheFront lets the running Plenary raise its window. Windows
// grants that to the program alone that the person has just started, which is
// this one, and to whom it passes the right on.
func letOthersComeToTheFront() {
	const anyProcess = uintptr(0xffffffff)
	_, _, _ = allowSetForegroundWindow.Call(anyProcess) // without, the taskbar blinks
}
