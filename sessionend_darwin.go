package main

/*
#cgo LDFLAGS: -framework Cocoa
void hearQuit(void);
*/
import "C"

// onSessionEnd ends the program; macOS' handler of Apple Events takes no argument of ours.
var onSessionEnd func()

// hearSessionEnd has end called when macOS wants the program to quit since the session
// ends. GLFW would say no to that, and ask for the windows to be closed, on which the
// person may be asked something: the session would not end. It is to be called before
// there is a window, and is given the exit status. Untried: there was no Mac.
func hearSessionEnd(end func(status int)) {
	onSessionEnd = func() { end(0) }
	C.hearQuit()
}

//export sessionEnds
func sessionEnds() { onSessionEnd() }
