package display

import (
	"os"
	"path/filepath"
	"testing"
)

func TestEnough_wantsOpenGL21(t *testing.T) {
	for version, want := range map[string]bool{
		"4.6.0 NVIDIA 551.23":      true,
		"2.1 Mesa 22.3.6":          true,
		"3.0.0 - Build 26.20.100":  true,
		"2.0.6120 WinXP SSE2":      false,
		"1.1.0":                    false, // GDI Generic: Windows without a driver
		"1.4 (4.5 Mesa 22.3.6)":    false, // by GLX over the network
		"10.0":                     true,
		"OpenGL ES 3.2 Mesa 22.3.": false,
		"2":                        false,
		"":                         false,
	} {
		if got := enough(version); got != want {
			t.Errorf("enough(%q) is %v, want %v", version, got, want)
		}
	}
}

func TestSoftwareBeside_isTheProgramInItsOwnFolder(t *testing.T) {
	folder := t.TempDir()
	program := filepath.Join(folder, "plenary.exe")
	other := filepath.Join(folder, "software", "plenary.exe")
	if got := softwareBeside(program); got != "" {
		t.Errorf("found %q where none is installed", got)
	}
	if err := os.MkdirAll(other, 0o700); err != nil {
		t.Fatal(err)
	}
	if got := softwareBeside(program); got != "" {
		t.Errorf("took the folder %q for a program", got)
	}
	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(other, nil, 0o700); err != nil {
		t.Fatal(err)
	}
	if got := softwareBeside(program); got != other {
		t.Errorf("found %q, want %q", got, other)
	}
	if got := softwareBeside(other); got != "" {
		t.Errorf("the program that draws by software would start %q, for ever", got)
	}
}

func TestFit_keepsTheWindowOffTheTaskBar(t *testing.T) {
	screen := func(w, h int) Area { return Area{Width: w, Height: h} }
	for _, c := range []struct {
		name         string
		screen, work Area
		scale        float32
		centred      bool
		wantW, wantH float32
	}{
		{"it fits already", screen(1920, 1080), screen(1920, 1040), 1, false, 1100, 740},
		{"1366x768 with a task bar of 40", screen(1366, 768), screen(1366, 728), 1, false, 1100, 680},
		{"the same in the middle of the screen", screen(1366, 768), screen(1366, 728), 1, true, 1100, 672},
		{"1366x768 with a task bar of Windows 11", screen(1366, 768), screen(1366, 720), 1, true, 1100, 656},
		{"1080p at 150 %, task bar of 60", screen(1920, 1080), screen(1920, 1020), 1.5, true, 1100, 624},
		{"1280x720", screen(1280, 720), screen(1280, 680), 1, false, 1100, 632},
		{"a menu bar on top", screen(1440, 900), Area{Y: 24, Width: 1440, Height: 676}, 1, false, 1100, 628},
		{"a bar at the left, in the middle", screen(1200, 900), Area{X: 80, Width: 1120, Height: 900}, 1, true, 1024, 740},
		{"a second screen to the left", Area{X: -1280, Width: 1280, Height: 720}, Area{X: -1280, Width: 1280, Height: 680}, 1, true, 1100, 624},
		{"a screen that says nothing", Area{}, Area{}, 1, true, 1100, 740},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, h := Fit(1100, 740, c.screen, c.work, c.scale, c.centred)
			if w != c.wantW || h != c.wantH {
				t.Errorf("the window is %vx%v, want %vx%v", w, h, c.wantW, c.wantH)
			}
			if c.screen.Width > 0 && c.centred && w*c.scale+float32(2*borderWidth) > float32(c.work.Width) {
				t.Error("it is wider than the work area")
			}
		})
	}
}
