package store_test

import (
	"testing"

	"plenary/service/store"
	"plenary/service/store/storetest"
)

func TestUpdateOne_commitsItsStatement(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var id string
		if err := db.UpdateOne(t.Context(), func(tx *store.Tx) error {
			tx.Get(`INSERT INTO owners (id) VALUES ($1) RETURNING id`, "one").Into(&id)
			return nil
		}); err != nil || id != "one" {
			t.Fatalf("%q, %v", id, err)
		}
		// A statement that fails changes nothing, and says so.
		if err := db.UpdateOne(t.Context(), func(tx *store.Tx) error {
			tx.Do(`INSERT INTO owners (id) VALUES ($1)`, "one")
			return nil
		}); err == nil {
			t.Error("the same owner twice")
		}
		found := false
		if err := db.Peek(t.Context(), func(tx *store.Tx) error {
			found = tx.Has(`SELECT 1 FROM owners WHERE id = $1`, "one")
			return nil
		}); err != nil || !found {
			t.Errorf("found %v, %v", found, err)
		}
	})
}

// Several statements that run together are one transaction: all of them, or none.
func TestUpdateOne_ofSeveralTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		add := func(ids ...string) error {
			return db.UpdateOne(t.Context(), func(tx *store.Tx) error {
				var statements []*store.Statement
				for _, id := range ids {
					statements = append(statements, store.Change(nil, `INSERT INTO owners (id) VALUES ($1)`, id))
				}
				tx.Together(statements...)
				return nil
			})
		}
		if err := add("one", "two"); err != nil {
			t.Fatal(err)
		}
		if err := add("three", "two"); err == nil {
			t.Error("the same owner twice")
		}
		var count int
		if err := db.Peek(t.Context(), func(tx *store.Tx) error {
			tx.Get(`SELECT COUNT(*) FROM owners WHERE id IN ('one', 'two', 'three')`).Into(&count)
			return nil
		}); err != nil || count != 2 {
			t.Errorf("%d owners, %v", count, err)
		}
	})
}

// There is no commit that the statements could go with: they must not be lost in silence.
func TestUpdateOne_refusesFinally(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		err := db.UpdateOne(t.Context(), func(tx *store.Tx) error {
			tx.Finally(store.Change(nil, `INSERT INTO owners (id) VALUES ('one')`))
			return nil
		})
		if err == nil {
			t.Error("it says that all is done")
		}
	})
}
