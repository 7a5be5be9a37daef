package proof

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// purposes are those whose codes and links are good for nothing else.
var purposes = []Purpose{Activate, Reset, NewEmail, Stop}

// desk is an engine with a clock that a test moves, and flows to issue for.
type desk struct {
	*Engine
	t   testing.TB
	mu  sync.Mutex
	now time.Time
}

func newDesk(t testing.TB, db *store.DB) *desk {
	d := &desk{t: t, now: time.Date(2026, 5, 10, 8, 0, 0, 0, time.UTC)}
	d.Engine = &Engine{DB: db, Key: secret.Generate(), Now: func() time.Time {
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.now
	}}
	return d
}

// each runs a test on both databases.
func each(t *testing.T, test func(t *testing.T, d *desk)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, newDesk(t, db)) })
}

func (d *desk) pass(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(by)
}

func (d *desk) write(f func(*store.Tx)) {
	d.t.Helper()
	if err := d.DB.Update(d.t.Context(), func(tx *store.Tx) error {
		f(tx)
		return nil
	}); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) sql(query string, args ...any) {
	d.t.Helper()
	d.write(func(tx *store.Tx) { tx.Do(query, args...) })
}

func (d *desk) rows() (n int) {
	d.t.Helper()
	d.write(func(tx *store.Tx) { tx.Get(`SELECT COUNT(*) FROM proofs`).Into(&n) })
	return n
}

// begin makes a flow of each purpose, all under one id, and gives the id.
func (d *desk) begin(id string) string {
	d.t.Helper()
	d.sql(`INSERT INTO owners (id) VALUES ($1)`, id)
	d.sql(`INSERT INTO accounts (id, username, username_key, email, email_key, title, first_name, family_name, phone, language,
		country, membership, organization_id, organization_name, news, created_at, activated_at, search, sort_key)
		VALUES ($1, $1, $1, $1, $1, '', '', '', '', '', '', '', '', '', 0, 0, 0, '', $2)`, id, []byte(id))
	d.sql(`INSERT INTO sign_ups (id, flow_hash, fingerprint, email_key, username_key, state, profile, search, password, password_mac, created_at, expires_at)
		VALUES ($1, $2, $2, '', '', 'waiting', '', '', '', $2, 0, 0)`, id, []byte(id))
	d.sql(`INSERT INTO recoveries (id, flow_hash, fingerprint, identifier, about, account_id, machine, known, reset_address, created_at, sent_at, expires_at)
		VALUES ($1, $2, $2, $2, $2, '', '', 0, '', 0, 0, 0)`, id, []byte(id))
	d.sql(`INSERT INTO email_changes (id, account_id, email, email_key, taken, created_at, expires_at) VALUES ($1, $1, '', '', 0, 0, 0)`, id)
	d.sql(`INSERT INTO reset_addresses (account_id, email, email_key, reason, set_by, set_at, expires_at, used_at) VALUES ($1, '', '', '', '', 0, 0, 0)`, id)
	return id
}

func (d *desk) issue(p Purpose, flow string) (s Secrets) {
	d.t.Helper()
	d.write(func(tx *store.Tx) { s = d.Issue(tx, p, flow) })
	return s
}

func (d *desk) try(p Purpose, flow, typed string) (Proof, error) {
	return d.Try(d.t.Context(), p, flow, typed)
}

func (d *desk) byLink(p Purpose, link string) (got Proof, err error) {
	err = d.DB.View(d.t.Context(), func(tx *store.Tx) error {
		got, err = d.ByLink(tx, p, link)
		return err
	})
	return got, err
}

func (d *desk) use(p Proof) error {
	return d.DB.Update(d.t.Context(), func(tx *store.Tx) error { return d.Use(tx, p) })
}

// want compares the code of an error, "" for none.
func want(t testing.TB, what string, err error, code api.Code) {
	t.Helper()
	p, ok := errors.AsType[*api.Problem](err)
	if got := api.Code(""); err != nil && !ok {
		t.Errorf("%s: no problem but %v", what, err)
	} else {
		if ok {
			got = p.Code
		}
		if got != code {
			t.Errorf("%s: got %q, want %q", what, got, code)
		}
	}
}

// A link that the operator hands over is a reset link that lives longer.
func TestByLink_takesWhatWasHandedOver(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		flow := d.begin("flow")
		s := d.issue(Handed, flow)
		d.pass(Handed.Life() - time.Second)
		shown, err := d.byLink(Reset, s.Link)
		want(t, "the link", err, "")
		mailed := d.begin("mailed")
		first, second := d.issue(Reset, mailed), d.issue(Reset, mailed) // whose code takes the place of the first one's
		for what, link := range map[string]string{"first": first.Link, "second": second.Link} {
			if mailed, err := d.byLink(Reset, link); err != nil || mailed.Handed || !shown.Handed {
				t.Errorf("the %s of an e-mail: %+v, %v; handed over: %+v", what, mailed, err, shown)
			}
		}
		want(t, "the link, used", d.use(shown), "")
		want(t, "the link, used twice", d.use(shown), api.CodeCodeExpired)
		if _, err := d.byLink(Activate, s.Link); err == nil || s.Code != "" {
			t.Errorf("it activates a sign-up, or has a code: %+v", s)
		}
	})
}

// Each purpose has what it has, for as long as it has it, and is good for nothing else.
func TestIssue_isGoodForItsPurposeAndFlowAlone(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		mine, other := d.begin("mine"), d.begin("other")
		for _, p := range purposes {
			s := d.issue(p, mine)
			if (s.Code != "") != p.code || (s.Link != "") != p.link {
				t.Errorf("%s: issued %+v", p.name, s)
			}
			for _, q := range purposes {
				d.issue(q, other)
				for what, got := range map[string]func() (Proof, error){
					"code":               func() (Proof, error) { return d.try(q, mine, s.Code) },
					"code, another flow": func() (Proof, error) { return d.try(q, other, s.Code) },
					"link":               func() (Proof, error) { return d.byLink(q, s.Link) },
				} {
					shown, err := got()
					switch {
					case q.name != p.name || what == "code, another flow" || what == "code" && !p.code || what == "link" && !p.link:
						if err == nil {
							t.Errorf("%s of %s is good for %s", what, p.name, q.name)
						}
					case err != nil || shown.Flow != mine:
						t.Errorf("%s of %s: %+v, %v", what, p.name, shown, err)
					}
				}
			}
		}
	})
}

func TestProofs_liveAsLongAsTheirPurposeSays(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		flow := d.begin("flow")
		for _, p := range purposes {
			s := d.issue(p, flow)
			code := min(p.life, CodeLife)
			d.pass(code - time.Microsecond)
			if p.code {
				_, err := d.try(p, flow, s.Code)
				want(t, p.name+" code, in time", err, "")
			}
			d.pass(time.Microsecond)
			if p.code {
				_, err := d.try(p, flow, s.Code)
				want(t, p.name+" code, late", err, api.CodeCodeExpired)
			}
			if !p.link {
				continue
			}
			if p.life > code {
				d.pass(p.life - code - time.Microsecond)
				_, err := d.byLink(p, s.Link)
				want(t, p.name+" link, in time", err, "")
				d.pass(time.Microsecond)
			}
			_, err := d.byLink(p, s.Link)
			want(t, p.name+" link, late", err, api.CodeCodeExpired)
		}
		if err := d.Housekeep(t.Context()); err != nil || d.rows() != 0 {
			t.Errorf("%d rows are left, %v", d.rows(), err)
		}
	})
}

// A new code takes the place of the last one and has tries of its own; links stay.
func TestIssue_replacesTheCodeAndLeavesLinks(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		flow := d.begin("flow")
		first := d.issue(Reset, flow)
		old, err := d.try(Reset, flow, first.Code)
		want(t, "the first code", err, "")
		for range Tries - 1 {
			_, err := d.try(Reset, flow, "00000-00000")
			want(t, "a wrong code", err, api.CodeCodeWrong)
		}
		_, err = d.try(Reset, flow, first.Code)
		want(t, "after too many tries", err, api.CodeCodeExpired)
		second := d.issue(Reset, flow)
		_, err = d.try(Reset, flow, first.Code)
		want(t, "the first code, later", err, api.CodeCodeWrong)
		want(t, "the first code, used later", d.use(old), api.CodeCodeExpired)
		_, err = d.try(Reset, flow, second.Code)
		want(t, "the second code", err, "")
		for _, s := range []Secrets{first, second} {
			shown, err := d.byLink(Reset, s.Link)
			want(t, "a link", err, "")
			want(t, "a link, used", d.use(shown), "")
		}
		_, err = d.try(Reset, flow, second.Code)
		want(t, "the code of a used link", err, api.CodeCodeExpired)
	})
}

// Any number of tries at once are five, and any number of uses one.
func TestProofs_inParallel(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		flow := d.begin("flow")
		count := func(n int, f func() error) map[api.Code]int {
			var mu sync.Mutex
			var wg sync.WaitGroup
			got := map[api.Code]int{}
			for range n {
				wg.Go(func() {
					err := f()
					p, ok := errors.AsType[*api.Problem](err)
					mu.Lock()
					defer mu.Unlock()
					switch {
					case ok:
						got[p.Code]++
					case err != nil:
						t.Error(err)
					default:
						got[""]++
					}
				})
			}
			wg.Wait()
			return got
		}
		s := d.issue(Activate, flow)
		got := count(50, func() error {
			_, err := d.try(Activate, flow, "00000-00000")
			return err
		})
		if got[api.CodeCodeWrong] != Tries || got[api.CodeCodeExpired] != 50-Tries {
			t.Errorf("tries: %v", got)
		}
		shown, err := d.byLink(Activate, s.Link)
		want(t, "the link", err, "")
		if got := count(20, func() error { return d.use(shown) }); got[""] != 1 || got[api.CodeCodeExpired] != 19 {
			t.Errorf("uses: %v", got)
		}
	})
}

func TestTry_costsNothingForWhatIsNoCode(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		flow := d.begin("flow")
		s := d.issue(NewEmail, flow)
		for _, typed := range []string{"", "?", "123", strings.Repeat("0", 11), "0000\x0000000"} {
			for range Tries {
				_, err := d.try(NewEmail, flow, typed)
				want(t, fmt.Sprintf("%q", typed), err, api.CodeCodeWrong)
			}
		}
		for range 2 * Tries { // nor does a right one, once it is given back
			shown, err := d.try(NewEmail, flow, " "+strings.ToLower(s.Code)+" ")
			want(t, "the code", err, "")
			if err := d.GiveBack(t.Context(), shown); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// What stands in the database proves nothing, not even that two rows are of one code.
func TestProofs_areNotInTheDatabase(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		flow := d.begin("flow")
		s := d.issue(Reset, flow)
		var id string
		var mac, hash []byte
		d.write(func(tx *store.Tx) { tx.Get(`SELECT id, code_mac, link_hash FROM proofs`).Into(&id, &mac, &hash) })
		for _, held := range [][]byte{mac, hash} {
			if len(held) < 32 || bytes.Contains(held, []byte(s.Code)) || bytes.Contains(held, []byte(s.Link)) {
				t.Errorf("it holds %x", held)
			}
			for _, typed := range []string{string(held), fmt.Sprintf("%x", held)} {
				if _, err := d.try(Reset, flow, typed); err == nil {
					t.Error("what the database holds is a code")
				}
				if _, err := d.byLink(Reset, typed); err == nil {
					t.Error("what the database holds is a link")
				}
			}
		}
		if bytes.Equal(mac, d.mac(Activate, flow, s.Code)) || bytes.Equal(mac, d.mac(Reset, "another", s.Code)) {
			t.Error("the code of one purpose and flow is that of another")
		}
		d.Key = secret.Generate()
		_, err := d.try(Reset, flow, s.Code)
		want(t, "under another key", err, api.CodeCodeWrong)
	})
}

// What a proof is for takes it along; Void ends those of one flow.
func TestProofs_goWithTheirFlow(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		gone := map[string]string{
			Activate.name: `DELETE FROM sign_ups WHERE id = $1`,
			Reset.name:    `DELETE FROM recoveries WHERE id = $1`,
			NewEmail.name: `DELETE FROM email_changes WHERE id = $1`,
			Stop.name:     `DELETE FROM reset_addresses WHERE account_id = $1`,
		}
		flow, other := d.begin("flow"), d.begin("other")
		for _, p := range purposes {
			d.issue(p, other)
		}
		for _, p := range purposes {
			for range 3 {
				d.issue(p, flow)
			}
			d.write(func(tx *store.Tx) { d.Void(tx, p, flow) })
			if n := d.rows(); n != len(purposes) {
				t.Errorf("%s: %d rows after Void", p.name, n)
			}
			d.issue(p, flow)
			d.sql(gone[p.name], flow)
			if n := d.rows(); n != len(purposes) {
				t.Errorf("%s: %d rows after its flow went", p.name, n)
			}
			err := d.DB.Update(t.Context(), func(tx *store.Tx) error {
				d.Issue(tx, p, flow)
				return nil
			})
			if err == nil {
				t.Errorf("%s: issued for a flow that is gone", p.name)
			}
		}
		d.sql(`DELETE FROM accounts WHERE id = $1`, other)
		d.sql(`DELETE FROM owners WHERE id = $1`, other)
		d.sql(`DELETE FROM recoveries`)
		if n := d.rows(); n != 0 {
			t.Errorf("%d rows of nothing", n)
		}
	})
}

func TestNewest_isTheLastGoodOneOfTheFlows(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		newest := func() (got Proof, ok bool) {
			d.write(func(tx *store.Tx) { got, ok = d.Newest(tx, Reset, `SELECT id FROM recoveries WHERE id <> $1`, "c") })
			return got, ok
		}
		codes := map[string]string{}
		for _, flow := range []string{"a", "b", "c"} {
			d.begin(flow)
		}
		if got, ok := newest(); ok || d.Is(got, Reset, "00000-00000") {
			t.Errorf("got %+v where there is none", got)
		}
		for _, flow := range []string{"a", "b", "c"} {
			codes[flow] = d.issue(Reset, flow).Code
			d.pass(time.Second)
		}
		for _, flow := range []string{"b", "a"} {
			got, ok := newest()
			if !ok || got.Flow != flow || !d.Is(got, Reset, codes[flow]) || d.Is(got, Reset, codes["c"]) || d.Is(got, Activate, codes[flow]) {
				t.Errorf("got %+v, want that of %s", got, flow)
			}
			for range Tries {
				_, err := d.try(Reset, flow, "00000-00000")
				want(t, "a wrong code", err, api.CodeCodeWrong)
			}
		}
		if got, ok := newest(); ok {
			t.Errorf("got %+v after too many tries", got)
		}
	})
}

// A code that was e-mailed before the service's key was rotated is good after it.
func TestTry_takesCodesOfBeforeARotation(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		flow := d.begin("flow")
		parsed := func(text string) *secret.Key {
			k, err := secret.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			return k
		}
		text := secret.NewLine()
		d.Key = parsed(text)
		wrapped := d.Key.Wrapped()
		if err := d.Key.Adopt(wrapped); err != nil {
			t.Fatal(err)
		}
		s := d.issue(Reset, flow)
		d.Key.Merge(parsed(text + secret.NewLine()))
		rewrapped, err := d.Key.Rewrap(wrapped)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Key.Adopt(rewrapped); err != nil || d.Key.InUse() != d.Key.Newest() {
			t.Fatalf("not rotated: %v", err)
		}
		shown, err := d.try(Reset, flow, s.Code)
		want(t, "the code", err, "")
		want(t, "the code, used", d.use(shown), "")
	})
}
