package settings

import (
	"strings"
	"testing"

	"plenary/service/store"
	"plenary/service/store/storetest"
)

// A column that a later migration adds to a person's data has to be exported, or
// to be left out on purpose: this list is what was decided.
func TestExport_knowsEveryTableWithPersons(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		elsewhere := map[string]string{
			"registrations": "meetings", "operations": "operation", "streams": "numbers of operations",
			"lock_notices": "e-mails not written yet", "recovery_codes": "second-factor counts them",
			"account_words": "words of the profile", "meeting_managers": "meetings", "registration_files": "files",
		}
		var queries strings.Builder
		for _, s := range sections {
			queries.WriteString(s.query + " ")
		}
		for _, table := range storetest.Tables(t, db) {
			// A table without the column is an error of the query.
			persons := db.View(t.Context(), func(tx *store.Tx) error {
				tx.Has(`SELECT account_id FROM ` + table + ` WHERE 1 = 0`)
				return nil
			}) == nil
			if persons && elsewhere[table] == "" && !strings.Contains(queries.String(), table) {
				t.Errorf("the table %s holds persons and is not exported", table)
			}
		}
	})
}
