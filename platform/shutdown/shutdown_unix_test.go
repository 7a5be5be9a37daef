//go:build !windows

package shutdown

import (
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"testing"
)

func TestWatch_endsOnceByAnySignal(t *testing.T) {
	for _, first := range signals {
		// The program has others that listen, such as its window.
		heard := make(chan os.Signal, len(signals))
		signal.Notify(heard, signals...)
		var ended atomic.Int32
		done := make(chan struct{})
		if err := Watch(func() { ended.Add(1); close(done) }); err != nil {
			t.Fatal(err)
		}
		for _, s := range []os.Signal{first, syscall.SIGTERM} {
			if err := syscall.Kill(os.Getpid(), s.(syscall.Signal)); err != nil {
				t.Fatal(err)
			}
			<-heard
		}
		<-done
		signal.Stop(heard)
		if n := ended.Load(); n != 1 {
			t.Errorf("%v: ended %d times", first, n)
		}
	}
}
