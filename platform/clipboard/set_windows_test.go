package clipboard

import (
	"bytes"
	"runtime"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	getClipboardData = user32.NewProc("GetClipboardData")
	globalSize       = kernel32.NewProc("GlobalSize")
)

// held is what the open clipboard has in a format; nil for nothing.
func held(format uintptr) []byte {
	handle, _, _ := getClipboardData.Call(format)
	if handle == 0 {
		return nil
	}
	size, _, _ := globalSize.Call(handle)
	at, _, _ := globalLock.Call(handle)
	defer globalUnlock.Call(handle)
	return bytes.Clone(unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&at))), size))
}

func TestSetSecret_isThereAndNotRemembered(t *testing.T) {
	const secret = "7F3K9-2QD4X\né李𝄞"
	for _, text := range []string{"before", secret} {
		if !SetSecret(text) {
			t.Fatalf("%q was not taken", text)
		}
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if !open() {
		t.Fatal("the clipboard does not open")
	}
	defer closeClipboard.Call()
	text := held(unicodeText)
	if len(text) < 2 {
		t.Fatal("there is no text")
	}
	if got := windows.UTF16ToString(unsafe.Slice((*uint16)(unsafe.Pointer(&text[0])), len(text)/2)); got != secret {
		t.Errorf("the clipboard has %q", got)
	}
	for _, f := range unremembered {
		if got := held(format(f.name)); len(got) < 4 || !bytes.Equal(got[:4], []byte{0, 0, 0, 0}) {
			t.Errorf("%s is %v", f.name, got)
		}
	}
}

func TestSetSecret_refusesWhatIsNoText(t *testing.T) {
	if SetSecret("a\x00b") {
		t.Error("a text with a NUL in it was taken, and would be cut")
	}
}
