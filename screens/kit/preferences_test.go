package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"plenary/screens/kit"
	"plenary/screens/screentest"
)

func TestPreferences_areKnownAtOnceAndWrittenBesideTheWindow(t *testing.T) {
	env, steps := screentest.NewEnv(t), &screentest.Stepped{}
	env.Run = steps
	disk := fyne.CurrentApp().Preferences()
	disk.SetString("look", "light")
	p := kit.NewPreferences(env, disk)
	if p.StringWithFallback("look", "") != "light" || p.IntWithFallback("size", 100) != 100 || !p.BoolWithFallback("on", true) {
		t.Error("what stands on the disk is not known")
	}
	p.SetString("look", "dark")
	p.SetInt("size", 150)
	p.SetBool("on", false)
	if p.StringWithFallback("look", "") != "dark" || p.IntWithFallback("size", 100) != 150 || p.BoolWithFallback("on", true) {
		t.Error("what was set is not known")
	}
	if disk.String("look") != "light" {
		t.Error("the window waits for the disk")
	}
	written := false
	env.Decisions.After(func() { written = true })
	steps.Step() // what was set first is written
	p.SetString("look", "light")
	p.SetString("look", "dark")
	p.SetInt("size", 175)
	if disk.String("look") != "dark" || p.IntWithFallback("size", 100) != 175 || written {
		t.Errorf("%q is written, %d known, all written: %v", disk.String("look"), p.IntWithFallback("size", 100), written)
	}
	steps.All()
	if disk.String("look") != "dark" || disk.Int("size") != 175 || disk.BoolWithFallback("on", true) || !written {
		t.Errorf("%q, %d, %v are written, all written: %v", disk.String("look"), disk.Int("size"), disk.BoolWithFallback("on", true), written)
	}
	disk.SetInt("size", 80)
	if p.IntWithFallback("size", 100) != 80 {
		t.Error("what was written hides what stands on the disk now")
	}
}
