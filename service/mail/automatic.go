package mail

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"plenary/api"
	"plenary/service/store"
)

// switchesRow is a JSON list of the templates that are switched off.
const switchesRow = "mail-switched-off"

func switchedOff(ctx context.Context, tx *store.Tx) (off []string, err error) {
	text, err := tx.Setting(ctx, switchesRow)
	if err != nil || text == "" {
		return nil, err
	}
	if err := json.Unmarshal([]byte(text), &off); err != nil {
		return nil, fmt.Errorf("mail: read which e-mails go out: %w", err)
	}
	return off, nil
}

// switchedOn is the one place that decides whether e-mails of a template go out.
func switchedOn(ctx context.Context, tx *store.Tx, t *template) (bool, error) {
	if !t.optional {
		return true, nil
	}
	off, err := switchedOff(ctx, tx)
	return !slices.Contains(off, t.name), err
}

// turn switches a template on or off. It refuses with api.CodeNotFound what is
// no template, and with api.CodeWrongState to switch off what is needed.
func turn(ctx context.Context, tx *store.Tx, name string, on bool) (changed bool, err error) {
	t, err := templateOf(name)
	if err != nil || t.name == Test {
		return false, &api.Problem{Code: api.CodeNotFound}
	}
	if !on && !t.optional {
		return false, &api.Problem{Code: api.CodeWrongState}
	}
	off, err := switchedOff(ctx, tx)
	if err != nil || slices.Contains(off, name) != on {
		return false, err
	}
	if on {
		off = slices.DeleteFunc(off, func(s string) bool { return s == name })
	} else {
		off = append(off, name)
	}
	text, err := json.Marshal(off)
	if err != nil {
		return false, fmt.Errorf("mail: write which e-mails go out: %w", err)
	}
	return true, tx.SetSetting(ctx, switchesRow, string(text))
}
