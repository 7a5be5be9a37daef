package store_test

import (
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
			err := db.Update(t.Context(), func(tx *store.Tx) error {
				for _, name := range all {
					tx.WriteSetting(name, "x")
				}
				got = tx.Strings(`SELECT name FROM settings WHERE name LIKE $1 ESCAPE '!' AND value = 'x'`, store.Containing(text))
				return nil
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
			err := db.Update(t.Context(), func(tx *store.Tx) error {
				if want != "" {
					tx.WriteSetting("name", want)
				}
				got = tx.ReadSetting("name")
				return nil
			})
			if err != nil || got != want {
				t.Errorf("got %q, %v, want %q", got, err, want)
			}
		}
	})
}
