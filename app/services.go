package app

import (
	"errors"
	"fmt"
	"path/filepath"
)

const servicesName = "services.json"

// knownServices says which service was met at which address (services.json): so stored
// data is found without network, and is not shown to another service that turns up there.
type knownServices map[string]knownService // by address

// knownService is one that was met.
type knownService struct {
	ID string `json:"id"`
	// Key is the one with which it proves that it is the same (api.ServiceInfo), as it
	// was said at the first contact.
	Key string `json:"key,omitempty"`
	// From is the address that it had before, if it has moved, or was replaced there.
	From string `json:"from,omitempty"`
}

// replaced is what takes the place of the address of a service that does not answer there
// any more: its key is still asked for where somebody says to be it.
func replaced(id string) string { return "replaced " + id }

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

// elsewhere is a service that is known from another address, with that address in From.
// The demonstration gets another one of this machine at each start, which counts for nothing.
func (k knownServices) elsewhere(address, id string) (s knownService, ok bool) {
	for other, s := range k {
		if s.ID != id || other == address || isLoopback(other) && isLoopback(address) {
			continue
		}
		if other != replaced(id) {
			s.From = other
		}
		return s, true
	}
	return knownService{}, false
}

// remember notes that a service answers at an address, and nowhere else.
func (k knownServices) remember(dir, address string, s knownService) error {
	for other, known := range k {
		if known.ID == s.ID {
			delete(k, other)
		}
	}
	k[address] = s
	if err := writeJSON(filepath.Join(dir, servicesName), k); err != nil {
		return fmt.Errorf("remember the service: %w", err)
	}
	return nil
}

// forget notes that the service of an address does not answer there any more.
func (k knownServices) forget(dir, address string) error {
	if s, ok := k[address]; ok {
		delete(k, address)
		s.From = address
		k[replaced(s.ID)] = s
	}
	if err := writeJSON(filepath.Join(dir, servicesName), k); err != nil {
		return fmt.Errorf("forget the service: %w", err)
	}
	return nil
}
