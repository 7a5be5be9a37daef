package system

import (
	"fmt"

	"golang.org/x/sys/windows"
)

func name() string {
	v := windows.RtlGetVersion() // of the system; others tell programs what they were made for
	return fmt.Sprintf("Windows %d.%d.%d", v.MajorVersion, v.MinorVersion, v.BuildNumber)
}
