package shutdown

import (
	"sync/atomic"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	findWindow  = user32.NewProc("FindWindowW")
	sendMessage = user32.NewProc("SendMessageW")
)

// The system asks, may be refused by another program, asks again, and goes on only when
// the program has done what it had to.
func TestWatch_answersWindowsWhenTheSessionEnds(t *testing.T) {
	var ended atomic.Int32
	if err := Watch(func() { ended.Add(1) }); err != nil {
		t.Fatal(err)
	}
	name, err := windows.UTF16PtrFromString(className)
	if err != nil {
		t.Fatal(err)
	}
	window, _, err := findWindow.Call(uintptr(unsafe.Pointer(name)), 0)
	if window == 0 {
		t.Fatalf("there is no window: %v", err)
	}
	for _, c := range []struct {
		message, ends uintptr
		answer        uintptr
		want          int32
	}{
		{wmQueryEndSession, 0, 1, 0},
		{wmEndSession, 0, 0, 0},
		{wmClose, 0, 0, 0}, // taskkill closes all windows: the person may decide to stay
		{wmQueryEndSession, 0, 1, 0},
		{wmEndSession, 1, 0, 1},
		{wmEndSession, 1, 0, 1},
	} {
		answer, _, _ := sendMessage.Call(window, c.message, c.ends, 0)
		if n := ended.Load(); answer != c.answer || n != c.want {
			t.Errorf("message %#x, %d: answered %d, ended %d times, want %+v", c.message, c.ends, answer, n, c)
		}
	}
}
