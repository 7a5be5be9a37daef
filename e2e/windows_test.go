//go:build e2e

package e2e

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"plenary/e2e/resources"
)

// TestWine_programsSayWhatTheyAre reads what Explorer, the task bar and the
// administrators' tools show of the programs that `make windows` has built.
func TestWine_programsSayWhatTheyAre(t *testing.T) {
	version := func(form string) string {
		said, err := exec.Command("sh", "../packaging/version.sh", form).Output()
		must(t, err)
		return strings.TrimSpace(string(said))
	}
	for program, description := range map[string]string{"plenary": "Plenary", "plenaryd": "Plenary account service"} {
		is, err := resources.Read(binary(t, "windows/"+program+".exe"))
		must(t, err)
		slices.Sort(is.IconSizes)
		if want := []int{16, 20, 24, 32, 40, 48, 64, 128, 256}; !slices.Equal(is.IconSizes, want) {
			t.Errorf("%s has icons of %v pixels, want %v", program, is.IconSizes, want)
		}
		if block := version("block"); is.FileVersion != block || is.ProductVersion != block {
			t.Errorf("%s has the numbers %s and %s, want %s", program, is.FileVersion, is.ProductVersion, block)
		}
		for name, want := range map[string]string{
			"CompanyName": "The Plenary authors", "ProductName": "Plenary", "FileDescription": description,
			"FileVersion": version("block"), "ProductVersion": version("program"),
			"InternalName": program, "OriginalFilename": program + ".exe",
			"LegalCopyright": "Copyright © The Plenary authors. Apache License 2.0",
		} {
			if is.Strings[name] != want {
				t.Errorf("%s: %s is %q, want %q", program, name, is.Strings[name], want)
			}
		}
		for _, want := range []string{
			"{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}", `level="asInvoker"`, ">UTF-8</activeCodePage>", "true</longPathAware>",
			"PerMonitorV2", `name="Microsoft.Windows.Common-Controls" version="6.0.0.0"`,
		} {
			if !strings.Contains(is.Manifest, want) {
				t.Errorf("%s: the manifest has no %s:\n%s", program, want, is.Manifest)
			}
		}
	}
}
