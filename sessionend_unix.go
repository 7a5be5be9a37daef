//go:build !windows && !darwin

package main

/*
#cgo linux LDFLAGS: -ldl
#include <dlfcn.h>
#include <stddef.h>

typedef int ioErrorHandler(void *display);
extern int displayLost(void *display);

// As GLFW does, which links no library of X.
static void watchDisplay(void) {
	ioErrorHandler *(*set)(ioErrorHandler *);
	void *x11 = dlopen("libX11.so.6", RTLD_LAZY);
	if (x11 != NULL && (set = (ioErrorHandler *(*)(ioErrorHandler *))dlsym(x11, "XSetIOErrorHandler")) != NULL) {
		set(displayLost);
	}
}
*/
import "C"
import "unsafe"

// onDisplayLost ends the program; Xlib's handler takes no argument of ours.
var onDisplayLost func()

// hearSessionEnd has end called when the display goes, as it does when a session on X
// ends: Xlib would end the process at once. It is given the exit status.
func hearSessionEnd(end func(status int)) {
	onDisplayLost = func() { end(1) }
	C.watchDisplay()
}

//export displayLost
func displayLost(unsafe.Pointer) C.int {
	onDisplayLost()
	return 0
}
