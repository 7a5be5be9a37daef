package store_test

import (
	"context"
	"slices"
	"testing"

	"plenary/service/store"
	"plenary/service/store/storetest"
)

func TestContaining_findsWhatATextSaysAndNothingElse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		all := []string{"100% sure", "100 sure", "a!b", "a_b", "axb"}
		for text, want := range map[string][]string{
			"0% s": {"100% sure"}, "0": {"100 sure", "100% sure"}, "a_b": {"a_b"}, "!": {"a!b"}, "": all, "%_": nil,
		} {
			var got []string
			err := db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
				for _, name := range all {
					if err := tx.SetSetting(ctx, name, "x"); err != nil {
						return err
					}
				}
				got, err = tx.Texts(ctx, `SELECT name FROM settings WHERE name LIKE $1 ESCAPE '!' AND value = 'x'`, store.Containing(text))
				return err
			})
			if slices.Sort(got); err != nil || !slices.Equal(got, slices.Sorted(slices.Values(want))) {
				t.Errorf("%q: %q, %v", text, got, err)
			}
		}
	})
}

func TestSetting_isEmptyUntilItIsSet(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, want := range []string{"", "first", "second"} {
			var got string
			err := db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
				if want != "" {
					if err := tx.SetSetting(ctx, "name", want); err != nil {
						return err
					}
				}
				got, err = tx.Setting(ctx, "name")
				return err
			})
			if err != nil || got != want {
				t.Errorf("got %q, %v, want %q", got, err, want)
			}
		}
	})
}
