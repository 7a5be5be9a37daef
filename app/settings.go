package app

import (
	"errors"
	"fmt"
	"path/filepath"

	"plenary/client"
	"plenary/platform/files"
)

// Settings is what the program remembers about its service, in the file
// config.json of its data folder. It holds nothing personal.
type Settings struct {
	Service string `json:"service"`           // see client.ParseAddress
	CAFile  string `json:"ca_file,omitempty"` // see Config.CAFile
	Proxy   string `json:"proxy,omitempty"`   // see proxy.ParseSetting; empty for the system's
}

const (
	settingsName = "config.json"
	servicesName = "services.json"
)

// LoadSettings reads the settings in dir; the zero value where there are none.
// Those that cannot be read are ErrSettings: SaveSettings puts new ones in
// their place.
func LoadSettings(dir string) (Settings, error) {
	var s Settings
	if err := readJSON(filepath.Join(dir, settingsName), &s); err != nil {
		return Settings{}, fmt.Errorf("load settings: %w: %w", ErrSettings, err)
	}
	return s, nil
}

// SaveSettings writes them, whole or not at all. The address, if there is one, is
// brought into its normal form; errors.Is(err, client.ErrAddress) if it is none.
func SaveSettings(dir string, s Settings) error {
	if s.Service != "" {
		address, err := client.ParseAddress(s.Service)
		if err != nil {
			return fmt.Errorf("save settings: %w", err)
		}
		s.Service = address
	}
	if err := writeJSON(filepath.Join(dir, settingsName), s); err != nil {
		return fmt.Errorf("save settings: %w", err)
	}
	return nil
}

// ForgetSettings removes them, and which service answered at the address, so
// that the next start asks. Stored data stays.
func ForgetSettings(dir string) error {
	for _, name := range []string{settingsName, servicesName} {
		if err := files.RemoveIfThere(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("forget settings: %w", err)
		}
	}
	return nil
}

// knownServices says which service was met at which address (services.json):
// so stored data is found without network, and is not shown to another service
// that turns up there.
type knownServices map[string]string // service id by address

func loadServices(dir string) (knownServices, error) {
	k := knownServices{}
	err := readJSON(filepath.Join(dir, servicesName), &k)
	if errors.Is(err, ErrDamaged) {
		return knownServices{}, nil // it can be learned again
	}
	if err != nil {
		return nil, fmt.Errorf("load known services: %w", err)
	}
	return k, nil
}

// remember notes that the service id answers at address, and nowhere else.
func (k knownServices) remember(dir, address, id string) error {
	for a, other := range k {
		if other == id {
			delete(k, a)
		}
	}
	k[address] = id
	if err := writeJSON(filepath.Join(dir, servicesName), k); err != nil {
		return fmt.Errorf("remember the service: %w", err)
	}
	return nil
}
