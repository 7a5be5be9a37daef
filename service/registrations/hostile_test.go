package registrations_test

import (
	"encoding/base64"
	"errors"
	"testing"

	"plenary/api"
	"plenary/service/caller"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// PostgreSQL refuses NUL and broken UTF-8 with an error of its own, which would
// be answered as the service's failure.
func TestCodes_thatCanBeNoneAreNotFound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		want := func(err error, code api.Code) {
			t.Helper()
			if p, ok := errors.AsType[*api.Problem](err); !ok || p.Code != code {
				t.Errorf("got %v, want %s", err, code)
			}
		}
		for _, code := range []string{"", "\x00", "C-0001\xff34", "C-00016105\n"} {
			_, err := w.Get(t.Context(), code)
			want(err, api.CodeNotFound)
			_, err = w.Of(t.Context(), aManager, code, "")
			want(err, api.CodeNotFound)
		}
		for _, after := range []string{"x", base64.RawURLEncoding.EncodeToString([]byte(`{"c":1,"n":"\u0000"}`))} {
			_, err := w.Own(t.Context(), caller.Caller{AccountID: "somebody"}, after)
			want(err, api.CodeInvalid)
			_, err = w.Of(t.Context(), aManager, code, after)
			want(err, api.CodeInvalid)
		}
		_, err := w.List(t.Context(), base64.RawURLEncoding.EncodeToString([]byte(`{"n":1,"s":1,"c":"\u0000"}`)))
		want(err, api.CodeInvalid)
	})
}

func TestRegister_againAndAgainHasAnEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(nil)
		ana, bela := w.person("Ana", "en"), w.person("Bela", "en")
		for n := range 20 {
			r := w.register(ana)
			if r.Outcome != api.Done {
				t.Fatalf("registration %d: %+v", n+1, r)
			}
			w.do(ana, api.OpWithdraw, api.Withdraw{Registration: r.Registration.Number})
		}
		before := len(w.mails())
		if r := w.register(ana); r.Code != api.CodeTooMany {
			t.Errorf("once more: %+v", r)
		}
		if n := len(w.mails()); n != before {
			t.Errorf("%d e-mails more", n-before)
		}
		if r := w.register(bela); r.Outcome != api.Done {
			t.Errorf("somebody else: %+v", r)
		}
	})
}
