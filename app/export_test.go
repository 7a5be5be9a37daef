package app

// NewSystemKeyring is the keyring that Open takes by itself.
func NewSystemKeyring(dir string) Keyring { return &systemKeyring{dir: dir} }
