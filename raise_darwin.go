package main

/*
#cgo CFLAGS: -x objective-c
#cgo LDFLAGS: -framework AppKit
#import <AppKit/AppKit.h>
#include <stdint.h>

static void raiseWindow(uintptr_t pointer) {
	NSWindow *window = (__bridge NSWindow *)(void *)pointer;
	if ([window isMiniaturized]) {
		[window deminiaturize:nil];
	}
	[NSApp activateIgnoringOtherApps:YES];
	[window makeKeyAndOrderFront:nil];
}
*/
import "C"

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
)

// raise brings the window to the front, from the Dock too. Untried: there was
// no Mac.
func raise(w fyne.Window) {
	native, ok := w.(driver.NativeWindow)
	if !ok {
		return
	}
	native.RunNative(func(context any) {
		if c, ok := context.(driver.MacWindowContext); ok {
			C.raiseWindow(C.uintptr_t(c.NSWindow))
		}
	})
}
