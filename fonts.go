package main

import (
	"io"
	"log"

	"github.com/go-text/typesetting/fontscan"
)

// findFonts looks for the system's fonts beside all else that a start does. They are looked
// for once in a process: Fyne, which would do it when it measures the first text, waits for
// this or finds it done. An error is Fyne's to meet.
func findFonts() {
	_ = fontscan.NewFontMap(log.New(io.Discard, "", 0)).UseSystemFonts("")
}
