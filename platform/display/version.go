package display

import (
	"strconv"
	"strings"
)

// enough says whether a GL_VERSION, such as "4.6.0 NVIDIA 551.23" or "1.1.0",
// is 2.1 or later.
func enough(version string) bool {
	number, _, _ := strings.Cut(version, " ")
	parts := strings.Split(number, ".")
	if len(parts) < 2 {
		return false
	}
	major, err := strconv.Atoi(parts[0])
	if err != nil {
		return false
	}
	minor, err := strconv.Atoi(parts[1])
	return err == nil && (major > 2 || major == 2 && minor >= 1)
}
