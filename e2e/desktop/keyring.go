package desktop

import (
	"fmt"

	"github.com/godbus/dbus/v5"
)

// Secret is an item of the desktop's keyring.
type Secret struct {
	Service, User string // by which go-keyring finds it
	Value         string
}

// Keyring lists what programs have put into the keyring, as the session's
// owner could see it.
func (d *Desktop) Keyring() ([]Secret, error) {
	bus, err := dbus.Connect(d.bus)
	if err != nil {
		return nil, fmt.Errorf("connecting to the session bus: %w", err)
	}
	defer bus.Close()
	const name = "org.freedesktop.secrets"
	service := bus.Object(name, "/org/freedesktop/secrets")
	var (
		ignored dbus.Variant
		session dbus.ObjectPath
	)
	err = service.Call("org.freedesktop.Secret.Service.OpenSession", 0, "plain", dbus.MakeVariant("")).Store(&ignored, &session)
	if err != nil {
		return nil, fmt.Errorf("opening the keyring: %w", err)
	}
	var unlocked, locked []dbus.ObjectPath
	err = service.Call("org.freedesktop.Secret.Service.SearchItems", 0, map[string]string{}).Store(&unlocked, &locked)
	if err != nil {
		return nil, fmt.Errorf("searching the keyring: %w", err)
	}
	var secrets []Secret
	for _, item := range append(unlocked, locked...) {
		object := bus.Object(name, item)
		attributes, err := object.GetProperty("org.freedesktop.Secret.Item.Attributes")
		if err != nil {
			return nil, fmt.Errorf("reading an item of the keyring: %w", err)
		}
		of, ok := attributes.Value().(map[string]string)
		if !ok {
			return nil, fmt.Errorf("an item of the keyring has attributes of type %T", attributes.Value())
		}
		var secret struct {
			Session     dbus.ObjectPath
			Parameters  []byte
			Value       []byte
			ContentType string
		}
		if err := object.Call("org.freedesktop.Secret.Item.GetSecret", 0, session).Store(&secret); err != nil {
			return nil, fmt.Errorf("reading an item of the keyring: %w", err)
		}
		secrets = append(secrets, Secret{Service: of["service"], User: of["username"], Value: string(secret.Value)})
	}
	return secrets, nil
}
