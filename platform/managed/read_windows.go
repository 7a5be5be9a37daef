package managed

import (
	"context"
	"errors"

	"golang.org/x/sys/windows/registry"
)

// Keys of the registry, below HKEY_LOCAL_MACHINE or HKEY_CURRENT_USER.
const (
	policyKey   = `Software\Policies\Plenary`
	defaultsKey = `Software\Plenary`
)

func sources(context.Context) (policy, defaults []source) {
	return []source{registryKey(registry.LOCAL_MACHINE, policyKey)},
		[]source{registryKey(registry.LOCAL_MACHINE, defaultsKey), registryKey(registry.CURRENT_USER, defaultsKey)}
}

// registryKey is a key of the registry with its values; keys below it do not count.
func registryKey(root registry.Key, path string) source {
	place := `HKEY_LOCAL_MACHINE\` + path
	if root == registry.CURRENT_USER {
		place = `HKEY_CURRENT_USER\` + path
	}
	return source{place: place, read: func() ([]value, error) {
		k, err := registry.OpenKey(root, path, registry.QUERY_VALUE|registry.WOW64_64KEY)
		if errors.Is(err, registry.ErrNotExist) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		defer k.Close()
		names, err := k.ReadValueNames(0)
		if err != nil {
			return nil, err
		}
		var values []value
		for _, name := range names {
			if name == "" {
				continue // the key's own value, which nothing uses
			}
			data, err := registryValue(k, name)
			if err != nil {
				return nil, err
			}
			values = append(values, value{name, data})
		}
		return values, nil
	}}
}

// registryValue returns a text as a string, a number as a float64 as JSON
// would, and nil for every other kind.
func registryValue(k registry.Key, name string) (any, error) {
	_, kind, err := k.GetValue(name, nil)
	if err != nil {
		return nil, err
	}
	switch kind {
	case registry.SZ, registry.EXPAND_SZ:
		text, _, err := k.GetStringValue(name)
		if err == nil && kind == registry.EXPAND_SZ {
			text, err = registry.ExpandString(text)
		}
		return text, err
	case registry.DWORD, registry.QWORD:
		n, _, err := k.GetIntegerValue(name)
		return float64(n), err
	}
	return nil, nil
}
