package secret

import (
	"crypto/rand"
	"fmt"
)

// steadyPurpose is that for which the steady secret is sealed.
const steadyPurpose = "steady"

// Wrapped gives a steady secret sealed under the master key in use, for a
// database that has none: the key's own, or else a new one. Adopt takes it in.
func (k *Key) Wrapped() []byte {
	r := k.now.Load()
	steady := r.steady
	if steady == nil {
		steady = make([]byte, masterLen)
		rand.Read(steady)
	}
	return r.inUse().seal(steadyPurpose, nil, steady)
}

// Adopt takes the steady secret of a database, and puts the master key to use
// under which it is sealed there. It returns ErrUnknownKey or ErrDamaged.
func (k *Key) Adopt(wrapped []byte) error {
	k.changing.Lock()
	defer k.changing.Unlock()
	r := *k.now.Load()
	steady, m, err := r.open(steadyPurpose, nil, wrapped)
	if err != nil {
		return fmt.Errorf("secret: the database's own secret: %w", err)
	}
	r.steady = steady
	for i := range r.masters {
		if r.masters[i].id == m.id {
			r.use = i
		}
	}
	k.now.Store(&r)
	return nil
}

// Rewrap gives the steady secret, sealed under the newest master key: once that
// stands in the database, Adopt puts the newest key to use. It returns
// ErrUnknownKey or ErrDamaged.
func (k *Key) Rewrap(wrapped []byte) ([]byte, error) {
	r := k.now.Load()
	steady, _, err := r.open(steadyPurpose, nil, wrapped)
	if err != nil {
		return nil, fmt.Errorf("secret: the database's own secret: %w", err)
	}
	return r.masters[len(r.masters)-1].seal(steadyPurpose, nil, steady), nil
}

// Merge takes the master keys of another reading of the key's file in, behind
// those that are known; none is forgotten and none put to use. It tells whether
// one was new.
func (k *Key) Merge(other *Key) (found bool) {
	k.changing.Lock()
	defer k.changing.Unlock()
	r := *k.now.Load()
	r.masters = append([]master(nil), r.masters...)
	for _, m := range other.now.Load().masters {
		if r.find(m.id) == nil {
			r.masters, found = append(r.masters, m), true
		}
	}
	k.now.Store(&r)
	return found
}

// IDs names the master keys, the oldest first; they are no secret.
func (k *Key) IDs() []string {
	r := k.now.Load()
	ids := make([]string, len(r.masters))
	for i := range r.masters {
		ids[i] = r.masters[i].name()
	}
	return ids
}

// InUse names the master key that seals and signs.
func (k *Key) InUse() string { return k.now.Load().inUse().name() }

// Newest names the master key that was made last.
func (k *Key) Newest() string {
	r := k.now.Load()
	return r.masters[len(r.masters)-1].name()
}

// NewLine is the text of a new master key, to be added to the end of a key's text.
func NewLine() string {
	m := newMaster()
	return m.text()
}
