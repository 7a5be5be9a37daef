// Package shutdown hears that the system wants this program to end at once, because it
// shuts down or the person's session on it ends. Nobody can be asked anything then. It
// knows nothing of Plenary, and needs no cgo.
package shutdown

import (
	"os"
	"os/signal"
	"sync"
)

// Watch has end called when the system wants the program to end: by a signal, and on
// Windows by the end of the session. It is called once, on a goroutine of its own, and the
// system goes on when it returns, or when it has waited long enough: about five seconds
// are safe everywhere. What else the program does goes on meanwhile, so end is to end the
// process as well.
func Watch(end func()) error {
	end = sync.OnceFunc(end)
	asked := make(chan os.Signal, 1)
	for _, s := range signals {
		if !signal.Ignored(s) { // as nohup has it
			signal.Notify(asked, s)
		}
	}
	go func() {
		<-asked
		end()
	}()
	return watchSession(end)
}
