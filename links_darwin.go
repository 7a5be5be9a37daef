package main

/*
#cgo LDFLAGS: -framework Cocoa
void hearLinks(void);
*/
import "C"

// onLink takes the links that macOS hands over; its handler of Apple Events
// takes no argument of ours.
var onLink func(link string)

// hearLinks has macOS hand links over, on the main thread; it is to be called
// before there is a window. Untried: there was no Mac.
func hearLinks(on func(link string)) {
	onLink = on
	C.hearLinks()
}

//export linkOpened
func linkOpened(link *C.char) { onLink(C.GoString(link)) }
