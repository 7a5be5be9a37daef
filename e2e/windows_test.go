//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/e2e/await"
	"plenary/e2e/desktop"
	"plenary/e2e/program"
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

// TestWine_saysInAMessageBoxWhyThereIsNoWindow: who started Plenary by its icon or
// by a link has no console. The program waits until the box was read; pictures
// are in build/wine/boxes.
func TestWine_saysInAMessageBoxWhyThereIsNoWindow(t *testing.T) {
	t.Parallel()
	desk, computer := startWindows(t, desktop.StartWithoutOpenGL)
	for name, args := range map[string][]string{"icon": nil, "link": {"--", link}} {
		t.Run(name, func(t *testing.T) {
			child, err := desk.Run(name, computer.Command(name, binary(t, "windows/plenary.exe"), args...))
			must(t, err)
			must(t, await.Until(demonstrationLimit, "the message box", func() (bool, error) {
				select {
				case <-child.Ended():
					return false, fmt.Errorf("it has ended, see %s", desk.Log(name))
				default:
				}
				windows, err := desk.Windows()
				return len(windows) > 0, err
			}))
			box, err := desktop.AtRest(demonstrationLimit, func() (*image.RGBA, error) {
				return desk.Picture(image.Rect(0, 0, displayWidth, displayHeight))
			})
			must(t, err)
			folder := filepath.Join(built, "wine", "boxes")
			must(t, os.MkdirAll(folder, 0o755))
			must(t, desktop.SavePNG(filepath.Join(folder, name+".png"), box))
			// Wine shows a box before it gives it the keyboard.
			must(t, await.Until(program.Limit, "the end after Enter", func() (bool, error) {
				if err := desk.Press("Enter"); err != nil {
					return false, err
				}
				select {
				case <-child.Ended():
					return true, nil
				case <-time.After(time.Second):
					return false, nil
				}
			}))
			if status, err := child.Wait(program.Limit); err != nil || status != 1 {
				t.Errorf("it ended with %d (%v), want 1", status, err)
			}
		})
	}
}

// TestWine_plenarydServesFromAnyFolder makes a service and starts it, twice, with
// a power cut between.
func TestWine_plenarydServesFromAnyFolder(t *testing.T) {
	t.Parallel()
	j := newWindowsJourney(t)
	plenaryd := binary(t, "windows/plenaryd.exe")
	for i, folder := range []string{"plenaryd", "Service données 会议"} {
		data := `C:\` + folder
		must(t, j.computer.Run("init", plenaryd, "init", "--data", data))
		if _, err := os.Stat(j.computer.Path(folder + "/plenaryd.db")); err != nil {
			t.Errorf("after init: %v", err)
		}
		for _, start := range []string{"first", "second"} {
			name := fmt.Sprintf("serve-%d-%s", i+1, start)
			service, err := j.desk.Run(name, j.computer.Command(name, plenaryd, "serve", "--data", data, "--listen", "127.0.0.1:0"))
			must(t, err)
			must(t, await.Until(demonstrationLimit, "plenaryd to answer", func() (bool, error) {
				said, err := os.ReadFile(j.desk.Log(name))
				if err != nil {
					return false, err
				}
				address := addressIn(said)
				if address == "" {
					return false, nil
				}
				answer, err := http.Get(address + "/readyz")
				if err != nil {
					return false, err
				}
				defer answer.Body.Close()
				return answer.StatusCode == http.StatusOK, nil
			}))
			service.Kill()
		}
	}
}

// addressIn is where plenaryd listens, once it has said so: other lines of its log
// may come before that one, and the last line may not be whole yet.
func addressIn(said []byte) string {
	for line := range bytes.Lines(said) {
		var listening struct{ Address string }
		if json.Unmarshal(line, &listening) == nil && listening.Address != "" {
			return listening.Address
		}
	}
	return ""
}
