//go:build e2e

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"plenary/api"
	"plenary/localdb"
)

const (
	appends = 1500
	warmUp  = 200
	tmpfs   = 0x01021994 // the type of a file system that is no disk, statfs(2)
)

// journalAppend measures a durable append of a registration to the outbox, which is
// synced in both files of the journal, against a bare write and sync of the same bytes to
// one, in turn.
func journalAppend(b *bench) ([]float64, error) {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(b.work, &fs); err != nil {
		return nil, err
	}
	if fs.Type == tmpfs {
		return nil, fmt.Errorf("%s is a tmpfs: a sync there costs nothing", b.work)
	}
	dir := filepath.Join(b.work, "journal")
	store, err := localdb.Open(dir, localdb.NewKey(), localdb.Options{})
	if err != nil {
		return nil, err
	}
	defer store.Close()
	registration := api.Register{
		Meeting: "C-00016105", Participation: api.OnSite, BadgeName: "Élise Müller-Çelik", JobTitle: "Engineer",
		Answers: api.Answers{"diet": {"vegetarian"}, "arrival": {"2026-05-11"}, "topics": {"pki", "quantum"}},
	}
	before := journalSize(dir)
	if _, err := store.Enqueue(api.OpRegister, registration); err != nil {
		return nil, err
	}
	bytesOfOne := journalSize(dir) - before
	if bytesOfOne <= 0 {
		return nil, fmt.Errorf("an append made the journal %d bytes longer", bytesOfOne)
	}
	bare, err := os.OpenFile(filepath.Join(b.work, "bare"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer bare.Close()
	same := bytes.Repeat([]byte{0xa5}, int(bytesOfOne))

	var ours, theirs []time.Duration
	for i := range warmUp + appends {
		start := time.Now()
		if _, err := store.Enqueue(api.OpRegister, registration); err != nil {
			return nil, err
		}
		between := time.Now()
		if _, err := bare.Write(same); err != nil {
			return nil, err
		}
		if err := bare.Sync(); err != nil {
			return nil, err
		}
		if i >= warmUp {
			ours, theirs = append(ours, between.Sub(start)), append(theirs, time.Since(between))
		}
	}
	fmt.Printf("  %d bytes: %v, bare %v\n", bytesOfOne, median(ours), median(theirs))
	return []float64{float64(median(ours)) / float64(median(theirs))}, nil
}

// journalSize adds up the first files of the journal's segments.
func journalSize(dir string) int64 {
	segments, err := os.ReadDir(filepath.Join(dir, "journal"))
	if err != nil {
		return 0
	}
	var size int64
	for _, s := range segments {
		if info, err := s.Info(); err == nil && strings.HasSuffix(s.Name(), ".seg") {
			size += info.Size()
		}
	}
	return size
}
