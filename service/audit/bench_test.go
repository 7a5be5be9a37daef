package audit

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// filled is a sealed log of so many entries.
func filled(b *testing.B, entries int) (*Chain, *store.DB) {
	b.Helper()
	db, key := storetest.SQLite(b), secret.Generate()
	log, chain := New(key, time.Now), NewChain(db, key, time.Now, slog.New(slog.DiscardHandler))
	for done := 0; done < entries; {
		err := db.Update(b.Context(), func(tx *store.Tx) error {
			for range page {
				log.Note(tx, LoggedIn, fmt.Sprint("account-", done%1000))
				done++
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := chain.Seal(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	return chain, db
}

// BenchmarkVerify is what a look at 100,000 entries costs, without its pauses.
func BenchmarkVerify(b *testing.B) {
	chain, _ := filled(b, 100_000)
	for b.Loop() {
		if r, err := chain.Verify(b.Context()); err != nil || r.Break != nil {
			b.Fatal(r.Break, err)
		}
	}
}

// BenchmarkList is a page of 100,000 entries, of everybody and of one account.
func BenchmarkList(b *testing.B) {
	_, db := filled(b, 100_000)
	for _, user := range []string{"", "account-7"} {
		b.Run("user="+user, func(b *testing.B) {
			for b.Loop() {
				if _, _, err := List(b.Context(), db, Filter{User: user}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
