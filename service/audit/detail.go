package audit

import (
	"encoding/json"

	"plenary/api"
	"plenary/service/store"
)

// Detail is what an entry says beside its event. It holds no secret, no name, no address
// and nothing that somebody typed, since an entry is never erased: NotePersonal keeps such apart.
type Detail = api.AuditDetail

// Fact is a Detail that nothing was before.
func Fact(field, value string) Detail { return Detail{Field: field, After: value} }

// writeDetails is how details are stored and signed: a list in JSON, nothing for none.
func writeDetails(tx *store.Tx, details []Detail) string {
	if len(details) == 0 {
		return ""
	}
	text, err := json.Marshal(details)
	tx.Fail(err)
	return string(text)
}

// readDetails reads what writeDetails has written. Whatever else stands there, since
// somebody has changed the database past the service, is shown as it is: the log can
// always be read, and Verify reports the entry.
func readDetails(text string) []Detail {
	if text == "" {
		return nil
	}
	var details []Detail
	if err := json.Unmarshal([]byte(text), &details); err != nil {
		return []Detail{{Field: text}}
	}
	return details
}

// Fact gives the value of a field, empty where the entry does not have it.
func (n Noted) Fact(field string) string {
	for _, d := range n.Details {
		if d.Field == field {
			return d.After
		}
	}
	return ""
}
