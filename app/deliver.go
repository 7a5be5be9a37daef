package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"plenary/api"
	"plenary/client"
	"plenary/localdb"
)

// A delivery has at most so many operations (api.Deliver), and so many bytes of
// payload: half of what the service takes.
const (
	batchOperations = 100
	batchBytes      = 512 << 10
)

// deliver sends what waits in the outbox of v, in order, and settles it by the
// service's answers, until nothing waits. An answer that was lost costs nothing:
// the same ids are sent again, and answered the same.
func (s *Sync) deliver(ctx context.Context, v *vault) error {
	give, err := s.delivering.take(ctx)
	if err != nil {
		return err
	}
	defer give()
	d := delivery{sync: s, vault: v, most: batchOperations}
	if err := d.refuseOld(ctx); err != nil {
		return err
	}
	if err := d.align(ctx); err != nil {
		return err
	}
	for {
		b, err := nextBatch(v.store, d.most)
		if err != nil {
			return fmt.Errorf("deliver operations: %w", err)
		}
		if len(b.operations) == 0 {
			return nil
		}
		if err := d.step(ctx, b); err != nil {
			return err
		}
	}
}

// delivery is one run of deliver.
type delivery struct {
	sync   *Sync
	vault  *vault
	most   int  // operations in a batch; 1 while looking for the one that is refused
	forked bool // a new stream was begun
}

// longestOffline is how old an operation may be. The service remembers ids for
// so long; what is older could be done twice, and is for the person to decide
// (security.md, Operations).
const longestOffline = 90 * 24 * time.Hour

// refuseOld moves operations that are too old to those that need attention. An operation
// is too old if two clocks say so: the device's, although it may have been set since, and
// the service's, counted from the last contact before the operation was made.
func (d *delivery) refuseOld(ctx context.Context) error {
	pending, err := d.vault.store.Pending()
	if err != nil {
		return fmt.Errorf("deliver operations: %w", err)
	}
	core := d.sync.core
	device, service := core.now().Add(-longestOffline), core.serviceNow().Add(-longestOffline)
	for _, op := range pending {
		if !op.Made.Before(device) || !op.Contact.Before(service) {
			continue
		}
		if err := d.refuse(ctx, api.Operation{ID: op.ID, Kind: op.Kind, Payload: op.Payload}, KindExpired, ""); err != nil {
			return fmt.Errorf("deliver operations: %w", err)
		}
		d.sync.registrations.tell()
	}
	return nil
}

// align asks, once for each opening of a store, how far the service has its
// stream, although nothing may wait: a service that was restored from a backup
// lacks what was settled since, and a disk that was restored lacks what the
// service has.
func (d *delivery) align(ctx context.Context) error {
	v := d.vault
	if v.aligned {
		return nil
	}
	stream, last, err := v.store.Stream()
	if err != nil {
		return fmt.Errorf("deliver operations: %w", err)
	}
	if last > 0 {
		answer, err := d.send(ctx, batch{stream: stream, operations: []api.Operation{}})
		if err != nil {
			return err
		}
		if err := d.compare(answer.HighWater, last); err != nil {
			return err
		}
	}
	v.aligned = true
	return nil
}

// compare acts on the service's high-water mark of the stream, whose last number
// here is last. What waits here anyway is not meant by a mark that is lower.
func (d *delivery) compare(highWater, last uint64) error {
	if highWater > last {
		return d.fork("the service has more of the stream than this disk")
	}
	n, err := d.vault.store.Rewind(highWater)
	if err != nil {
		return fmt.Errorf("deliver operations: %w", err)
	}
	if n > 0 {
		d.sync.core.log.Info("the service was restored: settled operations are sent again", "operations", n)
		d.sync.sentAgain(n)
		d.sync.registrations.tell()
	}
	return nil
}

func (d *delivery) send(ctx context.Context, b batch) (api.Delivered, error) {
	return d.sync.session.as(d.vault).Deliver(ctx, api.Deliver{
		Stream: b.stream, Sent: d.sync.core.now().UTC(), Operations: b.operations,
	})
}

// step delivers one batch.
func (d *delivery) step(ctx context.Context, b batch) error {
	if len(b.operations) == 1 {
		if gone, err := d.sendFiles(ctx, b.operations[0]); gone || err != nil {
			return err
		}
	}
	answer, err := d.send(ctx, b)
	var p *api.Problem
	switch {
	case err == nil:
		d.most = batchOperations
		return d.apply(ctx, b, answer)
	case api.HasCode(err, api.CodeStreamForked, api.CodeNumberGap):
		return d.realign(err)
	case api.HasCode(err, api.CodeInvalid, api.CodeMalformed, api.CodeMediaType, api.CodeTooLarge) && errors.As(err, &p):
		return d.refused(ctx, b, p)
	default:
		return err
	}
}

// apply settles what the service has answered for. The registrations are kept
// before the operations are settled: after a crash in between, the operations
// are sent again.
func (d *delivery) apply(ctx context.Context, b batch, answer api.Delivered) error {
	results := make(map[string]api.Result, len(answer.Results))
	refused := map[string][]api.FieldError{}
	for _, r := range answer.Results {
		results[r.ID] = r
		if len(r.Errors) > 0 {
			refused[r.ID] = r.Errors
		}
	}
	var seen []came
	for _, op := range b.operations {
		one := results[op.ID].Registration
		if a, ok := aboutOf(op.Kind, op.Payload); ok && one != nil && operationKinds[op.Kind].own {
			seen = append(seen, came{*one, a.number == ""})
		}
	}
	r := d.sync.registrations
	r.seen(d.vault, seen, refused)
	defer r.tell()
	settled := 0
	for _, op := range b.operations {
		result, ok := results[op.ID]
		if !ok {
			continue // it waits for the next delivery
		}
		if err := d.settle(ctx, op, result); err != nil {
			return err
		}
		settled++
	}
	if settled == 0 {
		return fmt.Errorf("deliver operations: %w: no result for any", client.ErrBrokenAnswer)
	}
	_, last, err := d.vault.store.Stream()
	if err == nil && answer.HighWater > last {
		err = d.fork("the service has more of the stream than this disk")
	}
	if err != nil {
		return fmt.Errorf("deliver operations: %w", err)
	}
	return nil
}

// settle takes over the fate of one operation.
func (d *delivery) settle(ctx context.Context, op api.Operation, r api.Result) error {
	store := d.vault.store
	switch {
	case op.Kind == api.OpVoid:
		return store.SettleVoid(op.Number)
	case r.Outcome == api.Done:
		d.sync.delegation.settled(d.vault, op, "", r.Errors)
		if err := strip(store, op.ID, op.Kind, op.Payload); err != nil {
			return err
		}
		if len(r.Errors) > 0 && op.Kind == api.OpDecideMany && !d.delegates(op) {
			return store.Refuse(op.ID, r.Errors[0].Code, r.Reference) // the rest of it is done
		}
		return store.Settle(op.ID)
	case r.Outcome == api.RefusedResult && r.Code != "":
		return d.refuse(ctx, op, string(r.Code), r.Reference)
	}
	return fmt.Errorf("deliver operations: %w: a result that is neither done nor refused", client.ErrBrokenAnswer)
}

// refused deals with a delivery that the service cannot read as a whole: one
// operation at a time, so that the one at fault needs attention and does not
// hold up the others.
func (d *delivery) refused(ctx context.Context, b batch, p *api.Problem) error {
	if len(b.operations) > 1 {
		d.most = 1
		return nil
	}
	op := b.operations[0]
	if op.Kind == api.OpVoid {
		return d.realign(p)
	}
	defer d.sync.registrations.tell()
	return d.refuse(ctx, op, string(p.Code), p.Reference)
}

// refuse keeps an operation for the person to deal with, unless it is a quiet one, and what
// they had entered as a draft again.
func (d *delivery) refuse(ctx context.Context, op api.Operation, code, reference string) error {
	if a, ok := aboutOf(op.Kind, op.Payload); ok && a.form != nil && code != string(api.CodeAlreadyRegistered) {
		d.sync.registrations.redraft(ctx, d.vault, ownDraft(a.form))
	}
	d.sync.delegation.settled(d.vault, op, api.Code(code), nil)
	store := d.vault.store
	err := store.Refuse(op.ID, code, reference)
	if err == nil && (operationKinds[op.Kind].quiet || d.delegates(op)) {
		d.sync.core.log.Info("the service did not take an operation", "kind", op.Kind, "cause", code)
		err = store.Dismiss(op.ID)
	}
	return err
}

// delegates says whether an operation is about registrations of the delegation alone: what
// becomes of it stands with them.
func (d *delivery) delegates(op api.Operation) bool {
	a, ok := aboutOf(op.Kind, op.Payload)
	if a.number != "" {
		a.others = []string{a.number}
	}
	return ok && len(a.others) > 0 && !slices.ContainsFunc(a.others, func(number string) bool { return !d.sync.delegation.has(number) })
}

// realign makes stream and service agree again, by a new stream: after a gap,
// which a service has that was restored from a backup, or if the numbers are
// taken, because this disk was restored.
func (d *delivery) realign(cause error) error {
	if d.forked {
		return cause
	}
	return d.fork(Explain(cause).Kind)
}

// fork begins a new stream, with all in it that the store still has, settled or
// not: so a service that comes back from a backup finds it there, whichever
// stream it was in. Ids stay, so nothing is done twice.
func (d *delivery) fork(cause string) error {
	d.forked = true
	store := d.vault.store
	again, err := store.Rewind(0)
	if err == nil {
		err = store.Fork()
	}
	if err != nil {
		return fmt.Errorf("deliver operations: %w", err)
	}
	d.sync.core.log.Info("a new stream is begun", "cause", cause, "settled operations sent again", again)
	d.sync.sentAgain(again)
	d.sync.registrations.tell()
	return nil
}

// batch is what goes into one delivery.
type batch struct {
	stream     string
	operations []api.Operation
}

// nextBatch takes at most `most` operations and voids from the outbox, in the
// order of their numbers. One that names files goes alone, after them.
func nextBatch(store *localdb.Store, most int) (batch, error) {
	stream, _, err := store.Stream()
	if err != nil {
		return batch{}, err
	}
	pending, err := store.Pending()
	if err != nil {
		return batch{}, err
	}
	voids, err := store.Voids()
	if err != nil {
		return batch{}, err
	}
	all := make([]api.Operation, 0, len(pending)+len(voids))
	for _, op := range pending {
		all = append(all, api.Operation{ID: op.ID, Number: op.Number, Kind: op.Kind, Made: op.Made.UTC(), Payload: op.Payload})
	}
	for _, v := range voids {
		all = append(all, api.Operation{ID: v.ID, Number: v.Number, Kind: api.OpVoid, Made: v.Made.UTC()})
	}
	slices.SortFunc(all, func(a, b api.Operation) int {
		if a.Number < b.Number {
			return -1
		}
		return 1
	})
	size, n := 0, 0
	for n < len(all) && n < most {
		files := len(filesNamed(all[n].Kind, all[n].Payload)) > 0
		if size += len(all[n].Payload); (size > batchBytes || files) && n > 0 {
			break
		}
		n++
		if files {
			break
		}
	}
	return batch{stream: stream, operations: all[:n]}, nil
}
