package main

/*
#cgo LDFLAGS: -framework Cocoa
#include <stdlib.h>
int concealed(const char *secret);
*/
import "C"

import "unsafe"

// conceal is kit.Env's. It is here and not in platform/clipboard because it needs cgo.
// Untried: there was no Mac.
func conceal(secret string) bool {
	text := C.CString(secret)
	defer C.free(unsafe.Pointer(text))
	return C.concealed(text) != 0
}
