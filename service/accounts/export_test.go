package accounts

import (
	"encoding/json"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service/account/settings"
	"plenary/service/audit"
	"plenary/service/store"
)

func TestExport_givesAllThatIsHeldAndNoSecret(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := signUpOf("amina@example.org", "amina")
		in.OrganizationID, in.NewOrganization = "", &api.NewOrganization{Name: "Lone Lemurs"}
		w.signUp(in)
		if err := w.Activate(t.Context(), api.Activate{Flow: in.Flow, Code: w.mails()[0].Secrets["Code"], Password: in.Password}); err != nil {
			t.Fatal(err)
		}
		w.register("boris@example.org", "boris")
		s := w.mustLogIn("amina", goodPassword)
		p, err := w.Authenticate(t.Context(), s.Access)
		if err != nil {
			t.Fatal(err)
		}
		w.recover("amina")
		typed := w.askEmail(p, "new@example.net")
		if _, err := w.AskDeletion(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		w.Held.Export = func(_ *store.Tx, id string) (map[string]any, error) {
			return map[string]any{"registrations": []string{"of " + id}}, nil
		}
		e, err := w.Export(audit.From(t.Context(), audit.Origin{Network: home, Actor: p.AccountID}), p)
		if err != nil || e.Account.Username != "amina" || !e.Made.Equal(w.Now()) {
			t.Fatalf("got %+v, %v", e, err)
		}
		for name, want := range map[string]string{
			"profile": `"amina@example.org"`, "password": `"set":true`, "sessions": p.SessionID, "devices": "Plenary 1.0, Linux",
			"entered-organizations": "Lone Lemurs", "sign-up": `"active"`, "recoveries": `"created"`, "e-mail-change": "new@example.net",
			"deletion": `"due":"2026-05-24T08:00:00Z"`, "e-mails": `"activate"`, "history": "email-change-asked", "registrations": p.AccountID,
			"roles": "[]", "approvals": "[]",
		} {
			if got := string(e.Data[name]); !strings.Contains(got, want) {
				t.Errorf("%s: %s, want %s in it", name, got, want)
			}
		}
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{s.Access, s.Refresh, s.Device, typed, "argon2id", in.Flow, "boris"} {
			if strings.Contains(string(text), secret) {
				t.Errorf("it holds %q", secret)
			}
		}
		// The export itself is part of the next one, with where it was asked from.
		if e, err = w.Export(t.Context(), p); err != nil || !strings.Contains(string(e.Data["history"]), home.String()) {
			t.Errorf("%s, %v", e.Data["history"], err)
		}
		got := count(t, settings.ExportsADay, func(int) error {
			_, err := w.Export(t.Context(), p)
			return err
		})
		if got[""] != settings.ExportsADay-2 || got[api.CodeTooMany] != 2 {
			t.Errorf("got %v", got)
		}
	})
}

// An address can be somebody else's reset address, or have been somebody else's.
func TestExport_holdsNothingAboutOthersWithTheAddress(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss := w.administrator("boss")
		w.register("amina@example.org", "amina")
		w.register("boris@example.org", "boris")
		if _, err := w.setAddress(boss, w.idOf("boris"), "amina@example.org"); err != nil {
			t.Fatal(err)
		}
		if _, m := w.recover("boris"); m.To != "amina@example.org" {
			t.Fatalf("sent to %s", m.To)
		}
		w.recover("amina")
		w.sql(`INSERT INTO mails (id, recipient, language, template, priority, params, qr, calendar, state, created_at, next_at, expires_at, subject)
			SELECT 'before', recipient, language, 'password-changed', priority, params, qr, calendar, state, created_at, next_at, expires_at, $1
			FROM mails WHERE template = 'reset-address-ready'`, boss.AccountID)
		e, err := w.Export(t.Context(), w.who("amina"))
		if err != nil {
			t.Fatal(err)
		}
		mails := string(e.Data["e-mails"])
		for _, template := range []string{"reset-address-ready", "password-changed"} {
			if strings.Contains(mails, template) {
				t.Errorf("%s: %s", template, mails)
			}
		}
		if n := strings.Count(mails, `"reset"`); n != 1 {
			t.Errorf("%d resets: %s", n, mails)
		}
	})
}
