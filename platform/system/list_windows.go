package system

import "golang.org/x/sys/windows/registry"

// listSeparator is the one of the regional settings, which Excel goes by.
func listSeparator() string {
	k, err := registry.OpenKey(registry.CURRENT_USER, `Control Panel\International`, registry.QUERY_VALUE)
	if err != nil {
		return ""
	}
	defer k.Close()
	separator, _, err := k.GetStringValue("sList")
	if err != nil {
		return ""
	}
	return separator
}
