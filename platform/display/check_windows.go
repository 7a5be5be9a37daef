package display

import (
	"fmt"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	user32   = windows.NewLazySystemDLL("user32.dll")
	gdi32    = windows.NewLazySystemDLL("gdi32.dll")
	opengl32 = windows.NewLazyDLL("opengl32.dll") // may be Mesa's, beside the program

	createWindowEx    = user32.NewProc("CreateWindowExW")
	destroyWindow     = user32.NewProc("DestroyWindow")
	getDC             = user32.NewProc("GetDC")
	releaseDC         = user32.NewProc("ReleaseDC")
	choosePixelFormat = gdi32.NewProc("ChoosePixelFormat")
	setPixelFormat    = gdi32.NewProc("SetPixelFormat")
	wglCreateContext  = opengl32.NewProc("wglCreateContext")
	wglDeleteContext  = opengl32.NewProc("wglDeleteContext")
	wglMakeCurrent    = opengl32.NewProc("wglMakeCurrent")
	glGetString       = opengl32.NewProc("glGetString")
)

// pixelFormatDescriptor is PIXELFORMATDESCRIPTOR of wingdi.h.
type pixelFormatDescriptor struct {
	size, version                   uint16
	flags                           uint32
	pixelType, colorBits            byte
	_                               [12]byte // bits and shifts of each colour, of alpha, and of what is accumulated
	accumAlphaBits                  byte
	depthBits, stencilBits, aux     byte
	layer, reserved                 byte
	layerMask, visible, damageMasks uint32
}

const (
	drawToWindow  = 0x04 // PFD_DRAW_TO_WINDOW
	supportOpenGL = 0x20 // PFD_SUPPORT_OPENGL
	doubleBuffer  = 0x01 // PFD_DOUBLEBUFFER
	glVersion     = 0x1F02
)

// Check finds out, before there is a window, whether one could be drawn:
// ErrNoOpenGL if not. It asks as the window will, with a hidden one, on the
// thread that it is called on; the driver that it loads stays for the window.
func Check() error {
	if err := opengl32.Load(); err != nil {
		return fmt.Errorf("%w: %w", ErrNoOpenGL, err)
	}
	// The system's own class: a window that is never shown needs no more.
	class, err := windows.UTF16PtrFromString("STATIC")
	if err != nil {
		return err
	}
	window, _, err := createWindowEx.Call(0, uintptr(unsafe.Pointer(class)), 0, 0, 0, 0, 1, 1, 0, 0, 0, 0)
	if window == 0 {
		return fmt.Errorf("%w: no window: %w", ErrNoOpenGL, err)
	}
	defer destroyWindow.Call(window)
	dc, _, err := getDC.Call(window)
	if dc == 0 {
		return fmt.Errorf("%w: no device: %w", ErrNoOpenGL, err)
	}
	defer releaseDC.Call(window, dc)
	version, err := versionOn(dc)
	if err != nil {
		return err
	}
	if !enough(version) {
		return fmt.Errorf("%w: it is %q", ErrNoOpenGL, version)
	}
	return nil
}

// versionOn gives the GL_VERSION of a device.
func versionOn(dc uintptr) (string, error) {
	wanted := pixelFormatDescriptor{version: 1, flags: drawToWindow | supportOpenGL | doubleBuffer, colorBits: 24}
	wanted.size = uint16(unsafe.Sizeof(wanted))
	format, _, err := choosePixelFormat.Call(dc, uintptr(unsafe.Pointer(&wanted)))
	if format == 0 {
		return "", fmt.Errorf("%w: no pixel format: %w", ErrNoOpenGL, err)
	}
	if ok, _, err := setPixelFormat.Call(dc, format, uintptr(unsafe.Pointer(&wanted))); ok == 0 {
		return "", fmt.Errorf("%w: the pixel format is refused: %w", ErrNoOpenGL, err)
	}
	context, _, err := wglCreateContext.Call(dc)
	if context == 0 {
		return "", fmt.Errorf("%w: no context: %w", ErrNoOpenGL, err)
	}
	defer wglDeleteContext.Call(context)
	if ok, _, err := wglMakeCurrent.Call(dc, context); ok == 0 {
		return "", fmt.Errorf("%w: the context cannot be used: %w", ErrNoOpenGL, err)
	}
	defer wglMakeCurrent.Call(0, 0)
	text, _, _ := syscall.SyscallN(glGetString.Addr(), glVersion)
	if text == 0 {
		return "", fmt.Errorf("%w: it does not say which it is", ErrNoOpenGL)
	}
	return windows.BytePtrToString(*(**byte)(unsafe.Pointer(&text))), nil
}
