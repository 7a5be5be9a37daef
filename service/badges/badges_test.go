package badges_test

import (
	"context"
	"reflect"
	"sync"
	"testing"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/badges"
	"plenary/service/meetings"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

const code = "C-00016105"

var now = time.Date(2026, time.November, 22, 9, 0, 0, 0, time.UTC)

// node is a node's badges, on a database that has the meeting.
func node(t *testing.T, db *store.DB, key *secret.Key) *badges.Badges {
	t.Helper()
	m := meetings.New(meetings.Deps{DB: db, Now: func() time.Time { return now }})
	reports, err := m.Import(t.Context(), []api.MeetingDetails{{Meeting: api.Meeting{
		Code: code, Title: api.Text{"en": "Day"}, Zone: "UTC", Contact: "a@example.org", Approval: api.ApprovalNone, Participation: []string{api.OnSite},
		Sessions:         []api.MeetingSession{{Start: now.AddDate(0, 1, 0), End: now.AddDate(0, 1, 1)}},
		RegistrationFrom: now, RegistrationUntil: now.AddDate(0, 0, 9),
	}}})
	if err != nil || len(reports[0].Wrong) > 0 {
		t.Fatalf("%+v, %v", reports, err)
	}
	return badges.New(badges.Deps{DB: db, Key: key, Now: func() time.Time { return now }, Meeting: m.Get})
}

func badge() rules.Badge {
	return rules.Badge{
		Kind: rules.BadgeOfConfirmation, Meeting: code, Registration: "R-7F3K-92QD",
		Until: time.Date(2027, time.March, 22, 0, 0, 0, 0, time.UTC),
	}
}

func sign(t *testing.T, b *badges.Badges) string {
	t.Helper()
	text, err := b.Sign(t.Context(), badge())
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// However many nodes need a meeting's key first, at once, they sign with the same.
func TestSign_oneKeyForAMeeting(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		key := secret.Generate()
		const nodes = 4
		var all []*badges.Badges
		for range nodes {
			all = append(all, node(t, db, key))
		}
		texts := make([]string, nodes)
		var work sync.WaitGroup
		for i, b := range all {
			work.Go(func() { texts[i] = sign(t, b) })
		}
		work.Wait()
		keys, err := all[0].Keys(t.Context(), code)
		if err != nil || len(keys.Keys) != 1 {
			t.Fatalf("%d keys, %v", len(keys.Keys), err)
		}
		for _, text := range texts {
			if got, err := rules.VerifyBadge(keys.Keys, code, text, now); err != nil || got.Registration != badge().Registration || text != texts[0] {
				t.Errorf("%s: %+v, %v", text, got, err)
			}
		}
	})
}

// The service's key rotates: what was sealed before is opened, and codes stay the same.
func TestSign_afterARotation(t *testing.T) {
	db := storetest.SQLite(t)
	before, after := secret.NewLine(), secret.NewLine()
	old, err := secret.Parse(before)
	if err != nil {
		t.Fatal(err)
	}
	text := sign(t, node(t, db, old))
	other, err := secret.Parse(after)
	if err != nil {
		t.Fatal(err)
	}
	// As plenaryd keys rotate does it.
	if err := old.Adopt(old.Wrapped()); err != nil {
		t.Fatal(err)
	}
	wrapped := old.Wrapped()
	old.Merge(other)
	if wrapped, err = old.Rewrap(wrapped); err == nil {
		err = old.Adopt(wrapped)
	}
	if err != nil || old.InUse() != old.Newest() {
		t.Fatalf("%s in use, %v", old.InUse(), err)
	}
	if got := sign(t, node(t, db, old)); got != text {
		t.Errorf("%s, before %s", got, text)
	}
	// Once the earlier master key is taken out, another key signs; what is out is still good.
	b := node(t, db, other)
	again := sign(t, b)
	keys, err := b.Keys(t.Context(), code)
	if err != nil || len(keys.Keys) != 2 || again == text {
		t.Fatalf("%+v, %v", keys, err)
	}
	for _, c := range []string{text, again} {
		if _, err := rules.VerifyBadge(keys.Keys, code, c, now); err != nil {
			t.Errorf("%s: %v", c, err)
		}
	}
	if got := sign(t, node(t, db, other)); got != again {
		t.Errorf("%s, and then %s", again, got)
	}
}

// No key in the database can be read without the service's.
func TestSign_privateKeysAreSealed(t *testing.T) {
	db := storetest.SQLite(t)
	sign(t, node(t, db, secret.Generate()))
	if err := db.Peek(context.Background(), func(tx *store.Tx) error {
		var public, private []byte
		if !tx.Get(`SELECT public_key, private_key FROM meeting_keys`).Into(&public, &private) || len(private) <= 32 || reflect.DeepEqual(public, private[len(private)-32:]) {
			t.Errorf("%x, %x", public, private)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func TestKeys_ofNoMeeting(t *testing.T) {
	b := node(t, storetest.SQLite(t), secret.Generate())
	if keys, err := b.Keys(t.Context(), "C-00016106"); !api.HasCode(err, api.CodeNotFound) {
		t.Errorf("%+v, %v", keys, err)
	}
	missing := badge()
	missing.Meeting = "C-00016106"
	if text, err := b.Sign(t.Context(), missing); !api.HasCode(err, api.CodeNotFound) {
		t.Errorf("%s, %v", text, err)
	}
}
