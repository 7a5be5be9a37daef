package operation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"plenary/api"
	"plenary/service/store"
)

// recording keeps the outcome of an operation.
func (o *Operations) recording(w *work, subject string) *store.Statement {
	errs, err := json.Marshal(w.result.Errors)
	if err != nil {
		panic(err) // strings
	}
	return store.Change(nil, `INSERT INTO operations
		(account_id, id, kind, fingerprint, outcome, code, reference, errors, subject, made_at, done_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		w.AccountID, w.op.ID, w.op.Kind, o.fingerprint(w.op), w.result.Outcome, string(w.result.Code), w.result.Reference,
		string(errs), subject, store.Micros(w.made), store.Micros(o.Now()))
}

// recall gives the outcome of an operation that was carried out before, with what it
// led to as that is now, and names that. The same id with other content is refused with
// api.CodeKeyReused, and the first outcome stands.
func (o *Operations) recall(tx *store.Tx, w *work) (subject string, err error) {
	var (
		r                = api.Result{ID: w.op.ID}
		fingerprint      []byte
		kind, code, errs string
	)
	tx.Get(`SELECT kind, fingerprint, outcome, code, reference, errors, subject
		FROM operations WHERE account_id = $1 AND id = $2`, w.AccountID, w.op.ID).
		Into(&kind, &fingerprint, &r.Outcome, &code, &r.Reference, &errs, &subject)
	if tx.Err() != nil {
		return "", tx.Err()
	}
	if !bytes.Equal(fingerprint, o.fingerprint(w.op)) {
		w.result = api.Result{ID: w.op.ID, Outcome: api.RefusedResult, Code: api.CodeKeyReused}
		return "", nil
	}
	r.Code = api.Code(code)
	if err := json.Unmarshal([]byte(errs), &r.Errors); err != nil {
		return "", fmt.Errorf("operation: recall: %w", err)
	}
	w.result = r
	if show := o.kinds[kind].Show; show != nil && subject != "" {
		err = show(tx, subject, &w.result)
	}
	return subject, err
}

// fingerprint tells one operation from another under the same id. Space in the
// payload does not count, since JSON loses it on the way, nor what is secret.
func (o *Operations) fingerprint(op *api.Operation) []byte {
	payload := []byte(op.Payload)
	if secret := o.kinds[op.Kind].Secret; len(secret) > 0 {
		payload = without(payload, secret)
	}
	var compact bytes.Buffer
	if json.Compact(&compact, payload) == nil {
		payload = compact.Bytes()
	}
	return o.Key.MAC("operation", []byte(op.Kind), payload)
}

// without is a payload less the fields that pointers name; nothing of one that cannot
// be read.
func without(payload []byte, pointers []string) []byte {
	var all any
	d := json.NewDecoder(bytes.NewReader(payload))
	d.UseNumber() // as it was sent
	if d.Decode(&all) != nil {
		return nil
	}
	for _, pointer := range pointers {
		remove(all, strings.Split(strings.TrimPrefix(pointer, "/"), "/"))
	}
	left, err := json.Marshal(all)
	if err != nil {
		panic(err) // it was read from JSON
	}
	return left
}

// remove takes what a path leads to out of an object. As for Decode, a name in other
// letters' case is the same.
func remove(from any, path []string) {
	object, ok := from.(map[string]any)
	if !ok {
		return
	}
	for name, value := range object {
		switch {
		case !strings.EqualFold(name, path[0]):
		case len(path) == 1:
			delete(object, name)
		default:
			remove(value, path[1:])
		}
	}
}
