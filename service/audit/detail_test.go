package audit

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"plenary/api"
	"plenary/service/store"
)

// What staff typed is erased with the account; what the entry says of it is not, and
// the chain holds.
func TestNoteReason_keepsWordsApartFromTheEntry(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		facts := []Detail{Fact(api.DetailBy, api.ByStaff), {Field: api.DetailRole, Before: api.RoleAdministrator}}
		err := w.db.Update(t.Context(), func(tx *store.Tx) error {
			w.NoteReason(tx, RolesChanged, "account-1", "left “the” secretariat; a->b", facts...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		w.seal()
		for _, want := range []string{"left “the” secretariat; a->b", ""} {
			list, _, err := List(t.Context(), w.db, Filter{})
			if err != nil || len(list) != 1 {
				t.Fatalf("%+v, %v", list, err)
			}
			if list[0].Reason != want || !reflect.DeepEqual(list[0].Details, facts) {
				t.Errorf("%+v, want the reason %q", list[0], want)
			}
			w.exec(`DELETE FROM reasons`)
		}
		if r := verify(t, w.Chain); r.Break != nil || r.Position != 1 {
			t.Errorf("%+v, break %v", r, r.Break)
		}
	})
}

// Somebody has written to the database: the log can be read nevertheless.
func TestDetails_thatAreNoneAreShownAsTheyAre(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.note("1")
		w.seal()
		w.exec(`UPDATE audit SET details = 'by me'`)
		list, _, err := List(t.Context(), w.db, Filter{})
		if err != nil || len(list) != 1 || !reflect.DeepEqual(list[0].Details, []Detail{{Field: "by me"}}) {
			t.Errorf("%+v, %v", list, err)
		}
		var out bytes.Buffer
		var line exported
		if _, err := w.Export(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out.Bytes(), &line); err != nil || !reflect.DeepEqual(line.Details, []Detail{{Field: "by me"}}) {
			t.Errorf("%+v, %v", line, err)
		}
		if r := verify(t, w.Chain); r.Break == nil || r.Break.What != Changed {
			t.Errorf("break %v", r.Break)
		}
	})
}

// FuzzReadDetails: whatever stands in the database can be shown, and what the service
// writes is read as it was.
func FuzzReadDetails(f *testing.F) {
	for _, text := range []string{"", "[]", "x", "null", `[{"field":"cause","after":"logged-out"}]`, `{"field":1}`, "[null]"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		details := readDetails(text)
		var tx store.Tx
		if again := readDetails(writeDetails(&tx, details)); len(details) != len(again) {
			t.Errorf("%q: %+v, then %+v", text, details, again)
		}
	})
}
