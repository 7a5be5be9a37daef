package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"plenary/api"
	"plenary/client"
	"plenary/localdb"
	"plenary/platform/files"

	"github.com/google/uuid"
)

// place is one service and its folder on this machine:
//
//	DIR/<service id>/public       what everybody may read: meetings, directory
//	DIR/<service id>/public.key   its key; the format is one, the content no secret
//	DIR/<service id>/<account id> what belongs to a person, see vault
//
// Which service answers at the address is known from earlier (services.json) or
// from its first answer. Until then there is no folder, and nothing is stored. One that
// has moved keeps its folder (see met).
type place struct {
	dir     string // Config.Dir
	address string
	client  *client.Client
	log     *slog.Logger
	options localdb.Options
	opened  func() // called once, when the public store is there
	changed topic[api.ServiceInfo]

	asking turn // of the one call at a time that asks the service who it is

	mu        sync.Mutex
	id        string    // service id; empty until it is known
	confirmed time.Time // when the service last said so itself, in this run
	info      api.ServiceInfo
	moved     string // the address that it had before, if that was found out in this run
	public    *localdb.Store
}

// infoSet is the data set of the service's own description.
const (
	infoSet = "service"
	infoKey = "info"
)

// openKnown opens the folder if the service is known from earlier.
func (p *place) openKnown() error {
	known, err := loadServices(p.dir)
	if err != nil {
		return err
	}
	id := known[p.address].ID
	if _, err := uuid.Parse(id); err != nil {
		return nil // never met, or the entry is damaged: it will be met
	}
	if err := p.open(id); err != nil {
		return err
	}
	if b, err := p.public.Get(infoSet, infoKey); err == nil {
		var info api.ServiceInfo
		if json.Unmarshal(b, &info) == nil && info.ServiceID == id {
			p.info = info
		}
	}
	return nil
}

// open opens the public store of service id. What cannot be read of it is
// thrown away: it can be fetched again.
func (p *place) open(id string) error {
	folder := filepath.Join(p.dir, id)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("open the service's folder: %w", err)
	}
	key, err := publicKey(filepath.Join(folder, "public.key"))
	if err != nil {
		return fmt.Errorf("open the service's folder: %w", err)
	}
	public := filepath.Join(folder, "public")
	store, err := localdb.Open(public, key, p.options)
	if err != nil && isUnreadable(err) {
		p.log.Warn("the public store cannot be read and is begun anew", "cause", Explain(err).Kind)
		if err := localdb.Erase(public); err != nil {
			return fmt.Errorf("open the public store: %w", err)
		}
		store, err = localdb.Open(public, key, p.options)
	}
	if err != nil {
		return fmt.Errorf("open the public store: %w", err)
	}
	tidy(folder, p.log)
	p.mu.Lock()
	p.id, p.public = id, store
	p.mu.Unlock()
	p.client.Meet(id)
	return nil
}

// isUnreadable says whether a store is there that will never open again, unlike
// one that is in use, newer, or on a full disk.
func isUnreadable(err error) bool {
	return !errors.Is(err, localdb.ErrInUse) && !errors.Is(err, localdb.ErrNewerFormat) && !errors.Is(err, localdb.ErrDiskFull) &&
		!errors.Is(err, os.ErrPermission) && !files.IsBusy(err)
}

// publicKey reads the key of a public store, or makes one.
func publicKey(path string) (localdb.Key, error) {
	b, err := files.Read(path)
	if err == nil {
		if key, err := decodeKey(strings.TrimSpace(string(b))); err == nil {
			return key, nil
		}
	} else if !errors.Is(err, os.ErrNotExist) {
		return localdb.Key{}, err
	}
	key := localdb.NewKey()
	return key, writeFile(path, []byte(encodeKey(key)+"\n"))
}

// known returns the service's id and public store; empty and nil while they
// are not known.
func (p *place) known() (id string, public *localdb.Store) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.id, p.public
}

// folder is that of an account; the id comes from the service and is checked.
func (p *place) folder(account string) (string, error) {
	id, _ := p.known()
	if !isAccount(account) {
		return "", fmt.Errorf("%w: an account's id is no UUID", client.ErrBrokenAnswer)
	}
	return filepath.Join(p.dir, id, account), nil
}

// isAccount says whether a name is the id of an account, which is a UUID.
func isAccount(name string) bool {
	id, err := uuid.Parse(name)
	return err == nil && id.String() == name
}

// ensure returns the service's id, and asks the service if it is not known.
func (p *place) ensure(ctx context.Context) (string, error) {
	if id, _ := p.known(); id != "" {
		return id, nil
	}
	if err := p.confirm(ctx); err != nil {
		return "", err
	}
	id, _ := p.known()
	return id, nil
}

// infoAge is after how long the service is asked again about itself.
const infoAge = time.Hour

// confirm asks the service who it is, at the first contact in a run and then
// every hour: what belongs to one service is never sent to another.
func (p *place) confirm(ctx context.Context) error {
	give, err := p.asking.take(ctx)
	if err != nil {
		return err
	}
	defer give()
	p.mu.Lock()
	confirmed := p.confirmed
	p.mu.Unlock()
	if !confirmed.IsZero() && time.Since(confirmed) < infoAge {
		return nil
	}
	info, err := p.client.Service(ctx)
	if err != nil {
		return err
	}
	id, err := uuid.Parse(info.ServiceID)
	if err != nil || id.String() != info.ServiceID {
		return fmt.Errorf("ask about the service: %w: its id is no UUID", client.ErrBrokenAnswer)
	}
	return p.met(ctx, info)
}

// met takes in what the service said about itself. A service that is known from another
// address has moved, if it proves that it is the same: its data, its session and what
// waits for it go on here.
func (p *place) met(ctx context.Context, info api.ServiceInfo) error {
	known, err := loadServices(p.dir)
	if err != nil {
		return err
	}
	id, public := p.known()
	if id != "" && id != info.ServiceID {
		return fmt.Errorf("ask about the service: %w", ErrOtherService)
	}
	here := knownService{ID: info.ServiceID, Key: info.Key}
	if was := known[p.address]; was.ID == info.ServiceID {
		here = was
		here.Key = cmp.Or(was.Key, info.Key) // the first one counts
	} else if before, ok := known.elsewhere(p.address, info.ServiceID); ok {
		here = before
		if err := p.client.ProveService(ctx, info.ServiceID, here.Key); err != nil {
			return err
		}
		p.log.Info("a service that is known from before has proved that it is the same")
		if here.From != p.address {
			p.mu.Lock()
			p.moved = here.From
			p.mu.Unlock()
		}
	}
	first := public == nil
	if first {
		if err := p.open(info.ServiceID); err != nil {
			return err
		}
	}
	if known[p.address] != here {
		if err := known.remember(p.dir, p.address, here); err != nil {
			return err
		}
	}
	b, err := json.Marshal(info)
	if err != nil {
		return err
	}
	p.mu.Lock()
	news := !sameJSON(p.info, info)
	p.confirmed, p.info, public = time.Now(), info, p.public
	p.mu.Unlock()
	if news {
		p.changed.tell(p.serviceInfo)
		if err := public.Put(infoSet, infoKey, b); err != nil {
			p.log.Warn("the service's description was not kept", "cause", Explain(err).Kind)
		}
	}
	if first {
		p.opened()
	}
	return nil
}

// serviceInfo is what the service last said; false if it never did.
func (p *place) serviceInfo() (api.ServiceInfo, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.info, p.info.ServiceID != ""
}

func (p *place) close() error {
	_, public := p.known()
	if public == nil {
		return nil
	}
	return public.Close()
}

// cameFrom is the address at which the service was before; "" unless it has moved.
func (p *place) cameFrom() string {
	known, err := loadServices(p.dir)
	if err != nil {
		return ""
	}
	return known[p.address].From
}

// replace takes the service that answers at the address now in place of the one that did
// before, whose data stays where it is, sealed. It is to be opened anew then.
func (p *place) replace() error {
	known, err := loadServices(p.dir)
	if err != nil {
		return err
	}
	return known.forget(p.dir, p.address)
}

// isLoopback says whether an address is on this machine, where the
// demonstration gets another port at each start.
func isLoopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}
