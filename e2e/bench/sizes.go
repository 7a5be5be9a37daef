//go:build e2e

package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// packageSize gives the size of the one package that make packages has left
// under a name such as *.tar.xz, in 10^6 bytes.
func packageSize(pattern string) func(*bench) ([]float64, error) {
	return func(b *bench) ([]float64, error) {
		found, err := filepath.Glob(filepath.Join(b.build, "packages", pattern))
		if err != nil || len(found) != 1 {
			return nil, fmt.Errorf("make packages has left %d packages %s (%v)", len(found), pattern, err)
		}
		info, err := os.Stat(found[0])
		if err != nil {
			return nil, err
		}
		return []float64{float64(info.Size()) / 1e6}, nil
	}
}

// compressedExe gives the size that the Windows program has when it is
// compressed as well as xz can, in 10^6 bytes: what there is to download
// whichever way it is packed.
func compressedExe(b *bench) ([]float64, error) {
	xz := exec.Command("xz", "-9", "--stdout", filepath.Join(b.build, "windows", "plenary.exe"))
	xz.Stderr = os.Stderr
	out, err := xz.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := xz.Start(); err != nil {
		return nil, err
	}
	n, err := io.Copy(io.Discard, out)
	if err != nil {
		return nil, err
	}
	return []float64{float64(n) / 1e6}, xz.Wait()
}
