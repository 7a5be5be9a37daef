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

// RefreshEvery is how old a node's copy of the directory may be.
const RefreshEvery = time.Second

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
	err := o.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		accepted = nil
		err := tx.QueryRow(ctx, `SELECT COUNT(*), COALESCE(MAX(accepted_at), 0) FROM accepted_organizations`).Scan(&now.count, &now.newest)
		if err != nil || now == o.accepted {
			return err
		}
		accepted, err = readAccepted(ctx, tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("organizations: read the accepted ones: %w", err)
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

func readAccepted(ctx context.Context, tx *store.Tx) ([]api.Organization, error) {
	rows, err := tx.Query(ctx, `SELECT id, name, country, membership FROM accepted_organizations ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []api.Organization
	for rows.Next() {
		var o api.Organization
		if err := rows.Scan(&o.ID, &o.Name, &o.Country, &o.Membership); err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, rows.Err()
}
