//go:build e2e

package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// installer gives the size of the packaged Linux archive, in 10^6 bytes.
func installer(b *bench) ([]float64, error) {
	archives, err := filepath.Glob(filepath.Join(b.build, "package", "*.tar.xz"))
	if err != nil || len(archives) != 1 {
		return nil, fmt.Errorf("make package has left %d archives (%v)", len(archives), err)
	}
	info, err := os.Stat(archives[0])
	if err != nil {
		return nil, err
	}
	return []float64{float64(info.Size()) / 1e6}, nil
}
