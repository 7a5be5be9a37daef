//go:build !windows && !darwin

package app

import (
	"context"
	"errors"
	"time"

	"github.com/godbus/dbus/v5"
)

// Names of the Secret Service API, 0.2 draft.
const (
	secretService  = "org.freedesktop.secrets"
	secretPath     = "/org/freedesktop/secrets"
	errorIsLocked  = "org.freedesktop.Secret.Error.IsLocked"
	noCollection   = dbus.ObjectPath("/")
	secretPatience = 2 * time.Second
)

// keyringLocked says whether the keyring has refused because nobody unlocked it.
// What go-keyring says is the same where there is no default collection, as in
// window managers without a desktop, which no prompt can open: the service is
// asked which it is.
func keyringLocked(err error) bool {
	var said dbus.Error
	if errors.As(err, &said) && said.Name == errorIsLocked {
		return true
	}
	bus, err := dbus.SessionBus()
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), secretPatience)
	defer cancel()
	var collection dbus.ObjectPath
	service := bus.Object(secretService, secretPath)
	err = service.CallWithContext(ctx, "org.freedesktop.Secret.Service.ReadAlias", 0, "default").Store(&collection)
	if err != nil || collection == noCollection {
		return false
	}
	var locked bool
	err = bus.Object(secretService, collection).CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0,
		"org.freedesktop.Secret.Collection", "Locked").Store(&locked)
	return err == nil && locked
}
