//go:build unix && !darwin

package notify

import (
	"context"
	"fmt"
	"html"
	"slices"
	"time"

	"github.com/godbus/dbus/v5"
)

// The service of the Desktop Notifications Specification, version 1.2.
const (
	service  = "org.freedesktop.Notifications"
	object   = "/org/freedesktop/Notifications"
	clicking = "default" // the action of a click on the notification as a whole
)

// listening is how long a click is waited for: a notification may stand in a list long
// after it was shown.
const listening = 30 * time.Minute

// Show asks the desktop to show a notification, and returns once it has. A click is heard
// for half an hour.
func (n *Notifier) Show(ctx context.Context, what Notification) error {
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNone, err)
	}
	id, signals, err := n.send(ctx, bus, what)
	if err != nil || signals == nil {
		bus.Close()
		return err
	}
	go func() {
		defer bus.Close()
		ctx, end := context.WithTimeout(context.WithoutCancel(ctx), listening)
		defer end()
		if clicked(ctx, id, signals) {
			n.Open(what.Link)
		}
	}()
	return nil
}

// send sends it; without signals nobody will hear of a click.
func (n *Notifier) send(ctx context.Context, bus *dbus.Conn, what Notification) (id uint32, signals chan *dbus.Signal, err error) {
	desktop := bus.Object(service, object)
	var can []string
	if err := desktop.CallWithContext(ctx, service+".GetCapabilities", 0).Store(&can); err != nil {
		return 0, nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	text := plain(what.Text)
	if slices.Contains(can, "body-markup") {
		text = html.EscapeString(text)
	}
	var actions []string
	if n.Open != nil && slices.Contains(can, "actions") {
		if err := bus.AddMatchSignalContext(ctx, dbus.WithMatchObjectPath(object), dbus.WithMatchInterface(service)); err != nil {
			return 0, nil, fmt.Errorf("notify: %w", err)
		}
		actions, signals = []string{clicking, n.Name}, make(chan *dbus.Signal, 16)
		bus.Signal(signals)
	}
	const untilTheDesktopThinks = int32(-1)
	hints := map[string]dbus.Variant{"desktop-entry": dbus.MakeVariant(n.ID)}
	err = desktop.CallWithContext(ctx, service+".Notify", 0, n.Name, uint32(0), n.ID, plain(what.Title), text,
		actions, hints, untilTheDesktopThinks).Store(&id)
	if err != nil {
		return 0, nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	return id, signals, nil
}

// clicked waits until the person clicks on a notification, or it is gone.
func clicked(ctx context.Context, id uint32, signals <-chan *dbus.Signal) bool {
	for {
		select {
		case <-ctx.Done():
			return false
		case s, ok := <-signals:
			if !ok {
				return false
			}
			if len(s.Body) == 0 || s.Body[0] != id {
				continue
			}
			switch s.Name {
			case service + ".ActionInvoked":
				return true
			case service + ".NotificationClosed":
				return false
			}
		}
	}
}
