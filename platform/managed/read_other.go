//go:build unix && !darwin

package managed

import "context"

// folder holds the files on Linux and other Unix systems.
const folder = "/etc/plenary"

// administrator is the only user who may be able to change them.
const administrator = 0

func sources(context.Context) (policy, defaults []source) {
	return []source{file(folder, "policy.json", administrator)}, []source{file(folder, "defaults.json", administrator)}
}
