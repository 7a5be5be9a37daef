package app

import (
	"fmt"
	"path/filepath"

	"plenary/client"
)

// Settings is what the program remembers about its service, in the file
// config.json of its data folder. It holds nothing personal.
type Settings struct {
	Service string `json:"service"`           // see client.ParseAddress
	CAFile  string `json:"ca_file,omitempty"` // see Config.CAFile
	Proxy   string `json:"proxy,omitempty"`   // see proxy.ParseSetting; empty for the system's
}

const settingsName = "config.json"

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
