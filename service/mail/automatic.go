package mail

import (
	"encoding/json"
	"fmt"
	"slices"

	"plenary/api"
	"plenary/service/store"
)

// switchesRow is a JSON list of the templates that are switched off.
const switchesRow = "mail-switched-off"

func switchedOff(tx *store.Tx) (off []string) {
	text := tx.ReadSetting(switchesRow)
	if text == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), &off); err != nil {
		tx.Fail(fmt.Errorf("mail: read which e-mails go out: %w", err))
	}
	return off
}

// switchedOn decides in SQL whether e-mails of an optional template, whose name is at a
// place, go out: it is none of the row's JSON list of names, which hold nothing that
// LIKE takes for something else.
func switchedOn(place string) string {
	return `NOT EXISTS (SELECT 1 FROM settings WHERE name = '` + switchesRow + `' AND value LIKE '%"' || ` + place + ` || '"%')`
}

// turn switches a template on or off. It refuses with api.CodeNotFound what is
// no template, and with api.CodeWrongState to switch off what is needed.
func turn(tx *store.Tx, name string, on bool) (changed bool, err error) {
	t, err := templateOf(name)
	if err != nil || t.name == Test {
		return false, api.Refuse(api.CodeNotFound)
	}
	if !on && !t.optional {
		return false, api.Refuse(api.CodeWrongState)
	}
	off := switchedOff(tx)
	if slices.Contains(off, name) != on {
		return false, nil
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
	tx.WriteSetting(switchesRow, string(text))
	return true, nil
}
