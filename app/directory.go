package app

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"plenary/api"
	"plenary/localdb"
	"plenary/rules"
)

// Directory is the list of organizations, searched in memory. It is read from
// the store in the background, or at first from the service.
type Directory struct {
	core  *core
	stir  chan struct{} // a reason to look again, see begin
	ready signal

	mu    sync.Mutex // guards what follows
	index *localdb.Directory
	etag  string
}

func newDirectory(k *core) *Directory {
	return &Directory{core: k, stir: make(chan struct{}, 1)}
}

// The data set of the directory, as rules.EncodeDirectory packs it, cut into rows that
// are numbered, with its ETag as version.
const (
	directorySet  = "directory"
	directoryPart = 256 << 10
)

// directoryAge is after how long the service is asked for a newer directory; it
// changes a few times in a year.
const directoryAge = 6 * time.Hour

// directoryPause is how long the directory waits for the window to come up:
// reading and indexing it takes a tenth of a second of a core, and nobody
// searches in the first moment.
const directoryPause = 500 * time.Millisecond

// run keeps the directory until ctx ends.
func (d *Directory) run(ctx context.Context) {
	pause := time.NewTimer(directoryPause)
	defer pause.Stop()
	select {
	case <-ctx.Done():
		return
	case <-pause.C:
	}
	d.load()
	failures := 0
	for {
		wait := directoryAge
		if err := d.refresh(ctx); err != nil {
			wait = max(backOff(failures), Explain(err).RetryAfter)
			failures++
		} else {
			failures = 0
		}
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-d.stir:
		case <-t.C:
		}
		t.Stop()
	}
}

// begin looks again at once: the store has been opened.
func (d *Directory) begin() {
	select {
	case d.stir <- struct{}{}:
	default:
	}
}

// load reads what is stored. What is not whole is fetched again.
func (d *Directory) load() {
	_, public := d.core.place.known()
	if public == nil {
		return
	}
	etag, parts, err := public.Scan(directorySet)
	if err != nil {
		return
	}
	var packed bytes.Buffer
	for i := range len(parts) {
		packed.Write(parts[strconv.Itoa(i)])
	}
	all, err := rules.DecodeDirectory(&packed)
	if err != nil {
		return
	}
	d.use(all, etag)
}

func (d *Directory) use(all []api.Organization, etag string) {
	index := localdb.NewDirectory(all, d.core.config.CountryNames)
	d.mu.Lock()
	d.index, d.etag = index, etag
	d.mu.Unlock()
	d.ready.tell()
}

// refresh asks the service for a newer directory.
func (d *Directory) refresh(ctx context.Context) error {
	if err := d.core.place.confirm(ctx); err != nil {
		return err
	}
	d.mu.Lock()
	etag := d.etag
	d.mu.Unlock()
	all, etag, changed, err := d.core.client.Directory(ctx, etag)
	if err != nil || !changed {
		return err
	}
	d.use(all, etag)
	var packed bytes.Buffer
	if err := rules.EncodeDirectory(&packed, all); err != nil {
		return fmt.Errorf("keep the directory: %w", err)
	}
	parts := map[string][]byte{}
	for part := range slices.Chunk(packed.Bytes(), directoryPart) {
		parts[strconv.Itoa(len(parts))] = part
	}
	_, public := d.core.place.known()
	if err := public.Replace(directorySet, etag, parts); err != nil {
		d.core.log.Warn("not kept for offline", "what", directorySet, "cause", Explain(err).Kind)
	}
	return nil
}

// Search returns at most max organizations that fit the query, the best first;
// see localdb.Directory. None before Ready.
func (d *Directory) Search(query, membership, country string, max int) []api.Organization {
	d.mu.Lock()
	index := d.index
	d.mu.Unlock()
	if index == nil {
		return nil
	}
	return index.Search(query, membership, country, max)
}

// Ready says whether Search has something to search in.
func (d *Directory) Ready() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.index != nil
}

// Subscribe calls f when the directory became ready or changed.
func (d *Directory) Subscribe(f func()) (cancel func()) {
	return d.ready.subscribe(f)
}
