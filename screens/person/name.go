package person

import (
	"strings"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
)

// Name is a person's name in one line; the username for somebody without one.
func Name(a api.Account) string {
	if name := rules.FullName(a.FirstName, a.FamilyName); name != "" {
		return name
	}
	return a.Username
}

// RoleNames are roles in words.
func RoleNames(env kit.Env, roles []string) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = env.T("users.role." + r)
	}
	return strings.Join(names, ", ")
}

// NameOr is a name, or what stands for that of somebody whose account is erased.
func NameOr(env kit.Env, name string) string {
	if name == "" {
		return env.T("staff.erased")
	}
	return name
}
