package joining_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"plenary/api"
	"plenary/service/joining"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

var morning = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// newKeys are keys whose time the test moves.
func newKeys(db *store.DB, now *time.Time) *joining.Keys {
	return joining.New(joining.Deps{
		DB: db, Key: secret.Generate(), Now: func() time.Time { return *now }, Address: func() string { return "https://plenary.example.int" },
	})
}

var (
	setting = api.JoinToken{Audience: "jitsi", Room: "briefing"}
	ana     = joining.Person{AccountID: "account-of-ana", Meeting: "C-00016512", Name: "أنا García", Organization: "owner", Email: "ana@example.org"}
)

// platform verifies a token as a platform does, by a second library and what is published,
// and gives what it says.
func platform(t *testing.T, keys *joining.Keys, token string, now time.Time) (map[string]any, error) {
	t.Helper()
	published, err := keys.Published(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(published)
	if err != nil {
		t.Fatal(err)
	}
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(text, &set); err != nil {
		t.Fatal(err)
	}
	for _, k := range set.Keys {
		if !k.Valid() || !k.IsPublic() {
			t.Errorf("the key %s is published with its private half, or is none", k.KeyID)
		}
	}
	signed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return nil, err
	}
	var (
		standard jwt.Claims
		all      map[string]any
	)
	if err := signed.Claims(set, &standard, &all); err != nil {
		return nil, err
	}
	return all, standard.ValidateWithLeeway(jwt.Expected{
		Issuer: "https://plenary.example.int", AnyAudience: jwt.Audience{"jitsi"}, Time: now,
	}, 0)
}

func TestToken_isWhatPlatformsTake(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now := morning
		keys := newKeys(db, &now)
		token, expires, err := keys.Token(t.Context(), setting, ana)
		if err != nil {
			t.Fatal(err)
		}
		says, err := platform(t, keys, token, now)
		if err != nil {
			t.Fatal(err)
		}
		user := says["context"].(map[string]any)["user"].(map[string]any)
		if says["room"] != "briefing" || user["name"] != ana.Name || user["organization"] != "owner" || says["sub"] != user["id"] {
			t.Errorf("the token says %v", says)
		}
		if _, there := user["email"]; there || strings.Contains(fmt.Sprint(says), ana.AccountID) {
			t.Errorf("the token names the person: %v", says)
		}
		if _, there := user["affiliation"]; there {
			t.Error("an organization's name would be a role")
		}
		if !expires.Equal(now.Add(time.Minute)) || says["exp"] != float64(expires.Unix()) || says["jti"] == "" {
			t.Errorf("ends %v, says %v", expires, says)
		}
		if _, err := platform(t, keys, token, now.Add(time.Minute+time.Second)); err == nil {
			t.Error("a token of a minute ago lets in")
		}
		again, _, err := keys.Token(t.Context(), api.JoinToken{Audience: "jitsi", Room: "briefing", Subject: "meet.example.int", Email: true}, ana)
		if err != nil {
			t.Fatal(err)
		}
		other, err := platform(t, keys, again, now)
		if err != nil {
			t.Fatal(err)
		}
		if other["jti"] == says["jti"] || other["sub"] != "meet.example.int" || other["context"].(map[string]any)["user"].(map[string]any)["email"] != ana.Email {
			t.Errorf("the second token says %v", other)
		}
	})
}

func TestToken_personIsAnotherOneInEachMeeting(t *testing.T) {
	now := morning
	keys := newKeys(storetest.SQLite(t), &now)
	subject := func(p joining.Person) any {
		token, _, err := keys.Token(t.Context(), setting, p)
		if err != nil {
			t.Fatal(err)
		}
		says, err := platform(t, keys, token, now)
		if err != nil {
			t.Fatal(err)
		}
		return says["sub"]
	}
	elsewhere, somebody := ana, ana
	elsewhere.Meeting, somebody.AccountID = "C-00016513", "a2"
	first := subject(ana)
	if first != subject(ana) || first == subject(elsewhere) || first == subject(somebody) {
		t.Error("subjects do not tell persons apart, or meetings")
	}
}

func TestToken_forgedIsRefused(t *testing.T) {
	now := morning
	keys, others := newKeys(storetest.SQLite(t), &now), newKeys(storetest.SQLite(t), &now)
	token, _, err := keys.Token(t.Context(), setting, ana)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := platform(t, others, token, now); err == nil {
		t.Error("another service's keys verify it")
	}
	parts := strings.Split(token, ".")
	for name, forged := range map[string]string{
		"other claims": parts[0] + "." + parts[1][:len(parts[1])-4] + "AAAA." + parts[2],
		"no signature": parts[0] + "." + parts[1] + ".",
		"no algorithm": "eyJhbGciOiJub25lIn0." + parts[1] + ".",
	} {
		if _, err := platform(t, keys, forged, now); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// A platform that reads the keys once an hour verifies each token.
// The first key is made for whoever asks for it first, once.
func TestKeys_firstIsMadeWhenItIsAskedFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now := morning
		keys := newKeys(db, &now)
		if err := keys.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := db.View(t.Context(), func(tx *store.Tx) error {
			tx.Get(`SELECT COUNT(*) FROM join_keys`).Into(&n)
			return tx.Err()
		}); err != nil || n != 0 {
			t.Errorf("%d keys that nobody has asked for (%v)", n, err)
		}
		var asking sync.WaitGroup
		sets := make([]api.JWKS, 8)
		for i := range sets {
			asking.Go(func() {
				var err error
				if sets[i], err = keys.Published(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		asking.Wait()
		for _, set := range sets {
			if len(set.Keys) != 1 || set.Keys[0] != sets[0].Keys[0] {
				t.Errorf("published: %v and %v", set.Keys, sets[0].Keys)
			}
		}
		token, _, err := keys.Token(t.Context(), setting, ana)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := platform(t, keys, token, now); err != nil {
			t.Error(err)
		}
	})
}

func TestRotate_neverSurprisesPlatforms(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now := morning
		keys := newKeys(db, &now)
		if err := keys.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
		ids := func() (list []string) {
			published, err := keys.Published(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range published.Keys {
				list = append(list, k.ID)
			}
			return list
		}
		signs := func() string {
			token, _, err := keys.Token(t.Context(), setting, ana)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := platform(t, keys, token, now); err != nil {
				t.Fatal(err)
			}
			signed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256})
			if err != nil {
				t.Fatal(err)
			}
			return signed.Headers[0].KeyID
		}
		first := ids()
		if len(first) != 1 || signs() != first[0] {
			t.Fatalf("%v are published", first)
		}
		step := func(d time.Duration) {
			now = now.Add(d)
			if err := keys.Rotate(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		step(89 * 24 * time.Hour)
		if got := ids(); len(got) != 1 {
			t.Fatalf("too early: %v", got)
		}
		step(2 * 24 * time.Hour)
		both := ids()
		if len(both) != 2 || signs() != first[0] {
			t.Fatalf("after 91 days %v are published, %s signs", both, signs())
		}
		step(61 * time.Minute)
		if len(ids()) != 2 || signs() == first[0] {
			t.Fatalf("after another hour %v are published, %s signs", ids(), signs())
		}
		step(24 * time.Hour)
		if got := ids(); len(got) != 1 || got[0] == first[0] {
			t.Errorf("a day later %v are published", got)
		}
		left := 0
		if err := db.Peek(t.Context(), func(tx *store.Tx) error {
			tx.Get(`SELECT COUNT(*) FROM join_keys`).Into(&left)
			return tx.Err()
		}); err != nil || left != 1 {
			t.Errorf("%d keys are kept: %v", left, err)
		}
	})
}

func TestWith_putsTheTokenBesideWhatIsThere(t *testing.T) {
	for address, want := range map[string]string{
		"https://meet.example.int/briefing":            "https://meet.example.int/briefing?jwt=a.b-c_d",
		"https://meet.example.int/x?lang=fr&jwt=old#a": "https://meet.example.int/x?jwt=a.b-c_d&lang=fr#a",
	} {
		if got, err := joining.With(address, "a.b-c_d"); err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", address, got, err, want)
		}
	}
}
