package notify

import (
	"context"
	"fmt"
	"runtime"
	"sync"
)

// push is a toast on its way.
type push struct {
	id, xml string
	done    chan<- error
}

// pushes takes toasts to a thread of their own, which the Windows Runtime is prepared for:
// others of this program may be in an apartment of another kind.
var pushes = sync.OnceValue(func() chan<- push {
	ch := make(chan push)
	go func() {
		runtime.LockOSThread()
		prepared := prepareRuntime()
		for p := range ch {
			err := prepared
			if err == nil {
				err = showToast(p.id, p.xml)
			}
			p.done <- err
		}
	}()
	return ch
})

// Show asks Windows to show a notification. It shows none of a program without a shortcut
// that has its ID, and does not say so. No script is run (as Fyne does).
func (n *Notifier) Show(ctx context.Context, what Notification) error {
	text, err := toastXML(what)
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	select {
	case pushes() <- push{n.ID, text, done}:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-done:
		if err != nil {
			return fmt.Errorf("%w: %w", ErrNone, err)
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
