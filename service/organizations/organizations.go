package organizations

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/directory"
	"plenary/service/store"
)

// State is in SQL what tells one state of the accepted organizations from another.
const State = `SELECT CAST(COUNT(*) AS TEXT) || ' ' || CAST(COALESCE(MAX(accepted_at), 0) AS TEXT) FROM accepted_organizations`

// Organizations is safe for concurrent use.
type Organizations struct {
	db   *store.DB
	log  *audit.Log
	now  func() time.Time
	base []api.Organization // what the service came with

	reading  sync.Mutex // one refresh at a time: an older reading never takes the place of a newer one
	accepted version
	current  atomic.Pointer[Directory]
}

// version tells one state of the accepted organizations from another; they are
// only ever added.
type version struct{ count, newest int64 }

// New reads the directory that the service came with. Refresh adds what was
// accepted.
func New(db *store.DB, log *audit.Log, now func() time.Time) (*Organizations, error) {
	base, err := directory.All()
	if err != nil {
		return nil, fmt.Errorf("organizations: %w", err)
	}
	o := &Organizations{db: db, log: log, now: now, base: base}
	o.current.Store(newDirectory(slices.Clone(base)))
	return o, nil
}

// Directory gives the directory as this node knows it: the same pointer as long
// as it is the same.
func (o *Organizations) Directory() *Directory { return o.current.Load() }

// Find finds an organization of the directory by its id.
func (o *Organizations) Find(id string) (api.Organization, bool) { return o.Directory().Find(id) }

// Refresh reads what any node has accepted.
func (o *Organizations) Refresh(ctx context.Context) error {
	o.reading.Lock()
	defer o.reading.Unlock()
	var now version
	var accepted []api.Organization
	err := o.db.View(ctx, func(tx *store.Tx) error {
		accepted = nil
		tx.Get(`SELECT COUNT(*), COALESCE(MAX(accepted_at), 0) FROM accepted_organizations`).Into(&now.count, &now.newest)
		if now != o.accepted {
			accepted = readAccepted(tx)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if now == o.accepted {
		return nil
	}
	all := slices.Clone(o.base)
	for _, a := range accepted {
		if !slices.ContainsFunc(o.base, func(b api.Organization) bool { return b.ID == a.ID }) {
			all = append(all, a)
		}
	}
	o.current.Store(newDirectory(all))
	o.accepted = now
	return nil
}

func readAccepted(tx *store.Tx) (list []api.Organization) {
	for scan := range tx.Each(`SELECT id, name, country, membership FROM accepted_organizations ORDER BY id`) {
		var o api.Organization
		scan(&o.ID, &o.Name, &o.Country, &o.Membership)
		list = append(list, o)
	}
	return list
}
