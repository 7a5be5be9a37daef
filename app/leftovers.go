package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"plenary/api"
	"plenary/localdb"
)

// Leftover is a registration that a person entered for a service which was set up anew
// since (App.Replace): a draft, or one that waited to be sent or was refused. The service
// that answers now knows nothing of it.
type Leftover struct {
	State string // StateDraft, StateWaitingToSend or StateNeedsAttention
	Form  api.Register
	// Person is who is registered, if that is somebody else: of the person's organization, or
	// as a Guest of a meeting that the person manages.
	Person *api.ImportedPerson
	Guest  bool

	service, account string // whose store has it
	operation        string // its id; "" for a draft
	draft            string // the name of the draft that it is, or can be again
}

// Leftovers gives those of the person who is logged in: of accounts with the same e-mail
// address. Stores whose key the keyring does not have, or that are in use, are passed over.
// It opens stores, and so waits for the keyring and the disk.
func (s *Session) Leftovers(ctx context.Context) ([]Leftover, error) {
	var list []Leftover
	err := s.replacedStores(ctx, func(service, account string, store *localdb.Store) error {
		found, err := leftIn(store, s.core.now())
		for _, l := range found {
			l.service, l.account = service, account
			list = append(list, l)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for what was left: %w", err)
	}
	return list, nil
}

// replacedStores does something with each store of the person that belongs to a service
// which was replaced.
func (s *Session) replacedStores(ctx context.Context, do func(service, account string, store *localdb.Store) error) error {
	known, err := loadServices(s.core.config.Dir)
	if err != nil {
		return err
	}
	email := s.State().Account.Email
	if email == "" {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		service := known[name].ID
		if name != replaced(service) {
			continue
		}
		accounts, err := accountsIn(filepath.Join(s.core.config.Dir, service), s.core.log)
		if err != nil {
			return err
		}
		for _, account := range accounts {
			if err := s.replacedStore(ctx, service, account, email, do); err != nil {
				return err
			}
		}
	}
	return nil
}

// accountsIn gives the accounts that have a store in a service's folder, those too whose
// session was not kept and whose work was.
func accountsIn(folder string, log *slog.Logger) ([]string, error) {
	tidy(folder, log)
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	var accounts []string
	for _, e := range entries {
		if e.IsDir() && isAccount(e.Name()) {
			accounts = append(accounts, e.Name())
		}
	}
	return accounts, nil
}

func (s *Session) replacedStore(ctx context.Context, service, account, email string, do func(service, account string, store *localdb.Store) error) error {
	store, err := s.openReplaced(ctx, service, account)
	if err != nil {
		if ctx.Err() != nil {
			return err
		}
		s.core.log.Info("what was left for a service is not looked at", "cause", Explain(err).Kind)
		return nil
	}
	v := &vault{account: account, store: store}
	if a, ok := v.profile(); ok && strings.EqualFold(a.Email, email) {
		err = do(service, account, store)
	}
	return errors.Join(err, store.Close())
}

// openReplaced opens the store of an account of a service that was replaced.
func (s *Session) openReplaced(ctx context.Context, service, account string) (*localdb.Store, error) {
	text, err := s.keyring().get(ctx, keyItem(service, account))
	if err != nil {
		return nil, err
	}
	key, err := decodeKey(text)
	if err != nil {
		return nil, err
	}
	return localdb.Open(filepath.Join(s.core.config.Dir, service, account), key, s.core.place.options)
}

// leftIn gives what a store holds of registrations that no service has.
func leftIn(store *localdb.Store, now time.Time) ([]Leftover, error) {
	var list []Leftover
	drafts := map[string]draft{}
	loadDrafts(store, drafts)
	addPassports(store, drafts, now)
	counted := map[string]bool{} // drafts whose operation is there
	for state, operations := range map[string]func() ([]localdb.Operation, error){
		StateWaitingToSend: store.Pending, StateNeedsAttention: store.NeedAttention,
	} {
		all, err := operations()
		if err != nil {
			return nil, err
		}
		for _, op := range all {
			if a, ok := aboutOf(op.Kind, op.Payload); ok && a.form != nil {
				counted[a.draft] = true
				list = append(list, Leftover{State: state, Form: a.form.Register, operation: op.ID, draft: a.draft})
			}
			if one, ok := registeredHere(op, state); ok {
				name := correctionPrefix + op.ID
				in := delegateDraft(*one.Asked, op.ID)
				if corrected, ok := drafts[name]; ok {
					in = &corrected
				}
				l := leftFor(state, in)
				l.operation, counted[name] = op.ID, true
				list = append(list, l)
			}
		}
	}
	for name, in := range drafts {
		switch {
		case counted[name]:
		case in.whose != nil:
			list = append(list, leftFor(StateDraft, &in))
		default:
			list = append(list, Leftover{State: StateDraft, Form: in.Register, draft: name})
		}
	}
	slices.SortFunc(list, func(a, b Leftover) int {
		return cmp.Or(cmp.Compare(a.Form.Meeting, b.Form.Meeting), cmp.Compare(a.operation, b.operation), cmp.Compare(a.draft, b.draft))
	})
	return list, nil
}

// leftFor is a leftover of somebody else.
func leftFor(state string, in *draft) Leftover {
	person := in.guest().ImportedPerson
	return Leftover{State: state, Form: in.Register, Person: &person, Guest: in.whose.prefix == guestPrefix, draft: in.name()}
}

// TakeOver makes a leftover a draft of the session, safely on the disk, and removes it from
// where it was. A draft for the same meeting that is here already is replaced by it.
// Errors to test for: ErrNoSession, localdb.ErrDiskFull; api.CodeForbidden for somebody else,
// where the person is not appointed.
func (s *Session) TakeOver(ctx context.Context, l Leftover) error {
	if err := s.takeOverFiles(ctx, l); err != nil {
		return fmt.Errorf("take over what was left: %w", err)
	}
	if err := s.saveLeftover(ctx, l); err != nil {
		return fmt.Errorf("take over what was left: %w", err)
	}
	if err := s.registrations.Flush(ctx); err != nil {
		return fmt.Errorf("take over what was left: %w", err)
	}
	return s.DropLeftover(ctx, l)
}

func (s *Session) saveLeftover(ctx context.Context, l Leftover) error {
	switch {
	case l.Guest:
		return s.registrations.saveDraft(ctx, guestDraft(Guest{ImportedPerson: *l.Person}))
	case l.Person != nil:
		return s.sync.delegation.SaveDraft(ctx, l.Person.RegisterFor, "")
	}
	return s.registrations.SaveDraft(ctx, l.Form)
}

// DropLeftover removes a leftover for good. With the last one of its store goes that.
func (s *Session) DropLeftover(ctx context.Context, l Leftover) error {
	store, err := s.openReplaced(ctx, l.service, l.account)
	if err != nil {
		return fmt.Errorf("remove what was left: %w", err)
	}
	empty, err := drop(store, l, s.core.now())
	if err := errors.Join(err, store.Close()); err != nil {
		return fmt.Errorf("remove what was left: %w", err)
	}
	if !empty {
		return nil
	}
	if err := s.eraseReplaced(ctx, l.service, l.account); err != nil {
		return fmt.Errorf("remove what was left: %w", err)
	}
	return nil
}

// eraseReplaced removes a store in which nothing is left, and then what the keyring has of
// its account: without the key, what is left by an error could not be read again.
func (s *Session) eraseReplaced(ctx context.Context, service, account string) error {
	store := filepath.Join(s.core.config.Dir, service, account)
	if err := errors.Join(localdb.Erase(store), noteWork(store, false)); err != nil {
		return err
	}
	items := []string{keyItem(service, account), refreshItem(service, account)}
	text, err := s.keyring().get(ctx, currentItem(service))
	if err != nil && !errors.Is(err, ErrSecretNotFound) {
		return err
	}
	var cur current
	if json.Unmarshal([]byte(text), &cur) == nil && cur.Account == account { // and not another person's
		items = append(items, currentItem(service))
	}
	return s.keyring().remove(ctx, items...)
}

// drop removes a leftover, with the draft that belongs to it, and tells whether nothing is
// left in the store.
func drop(store *localdb.Store, l Leftover, now time.Time) (empty bool, err error) {
	if l.operation != "" {
		// What is not refused yet cannot be dismissed.
		err = errors.Join(store.Refuse(l.operation, KindExpired, ""), store.Dismiss(l.operation))
		if errors.Is(err, localdb.ErrNotFound) {
			err = nil // it has gone already
		}
	}
	if err == nil {
		err = errors.Join(store.DeleteDraft(l.draft), dropPassport(store, passportDraftOf(l.draft)))
	}
	if err != nil {
		return false, err
	}
	left, err := leftIn(store, now)
	if err == nil {
		err = dropFiles(store, l, left)
	}
	return len(left) == 0, err
}
