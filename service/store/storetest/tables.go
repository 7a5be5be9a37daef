package storetest

import (
	"testing"

	"plenary/service/store"
)

// Tables are the names of a database's tables.
func Tables(t *testing.T, db *store.DB) (tables []string) {
	t.Helper()
	for _, q := range []string{
		`SELECT name FROM sqlite_master WHERE type = 'table'`,
		`SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`,
	} {
		if err := db.View(t.Context(), func(tx *store.Tx) error {
			tables = tx.Strings(q)
			return nil
		}); err == nil {
			return tables
		}
	}
	t.Fatal("no tables")
	return nil
}
