package accounts

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/account/bulk"
	"plenary/service/account/proof"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// member is what one's own account has to be, as a model.
type member struct {
	who      caller.Caller
	username string
	email    string
	wish     string // address whose code is awaited
	code     string // empty: nobody was sent one
	asked    time.Time
	due      time.Time // zero: stays
}

// club is the model of who has which username and address.
type club struct {
	*world
	members []*member
}

// wholeNames are what must be true of names and addresses whatever was done.
var wholeNames = map[string]string{
	"accounts without their username": `SELECT COUNT(*) FROM accounts a WHERE NOT EXISTS
		(SELECT 1 FROM usernames u WHERE u.username_key = a.username_key AND u.owner = a.id)`,
	"usernames of nobody": `SELECT COUNT(*) FROM usernames u WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = u.owner AND a.username_key = u.username_key)
		AND NOT EXISTS (SELECT 1 FROM sign_ups s WHERE s.id = u.owner AND s.username_key = u.username_key)`,
	"codes and links of nothing": proofsOfNothing,
	"accounts that are not indexed": `SELECT COUNT(*) FROM accounts a WHERE search = '' OR NOT EXISTS
		(SELECT 1 FROM account_words w WHERE w.account_id = a.id AND w.sort_key = a.sort_key)`,
	"words that stand at another place": `SELECT COUNT(*) FROM account_words w JOIN accounts a ON a.id = w.account_id WHERE w.sort_key <> a.sort_key`,
}

func (c *club) has(other *member, f func(*member) string, key string) bool {
	for _, m := range c.members {
		if m != other && f(m) == key {
			return true
		}
	}
	return false
}

func usernameKeyOf(m *member) string { return rules.UsernameKey(m.username) }

func emailKeyOf(m *member) string { return rules.EmailKey(m.email) }

// numbered is the username that a wish becomes.
func (c *club) numbered(m *member, wish string) string {
	name := wish
	for n := 2; c.has(m, usernameKeyOf, rules.UsernameKey(name)); n++ {
		name = rules.NumberedUsername(wish, n)
	}
	return name
}

// want fails unless an error has the code.
func want(t *rapid.T, what string, err error, code api.Code) {
	t.Helper()
	got := api.Code("")
	if p, ok := err.(*api.Problem); ok {
		got = p.Code
	} else if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if got != code {
		t.Fatalf("%s: got %q, want %q", what, got, code)
	}
}

// Whatever people do with their usernames, addresses and accounts, and whatever
// files come in meanwhile, each has what the model says.
func TestSelf_followsItsModel(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.change(func(p *api.Policies) { p.Limits.Mails, p.DeletionDays = 1000, 2 })
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++ // names of their own in each run: what the last one left stays
		names := []string{fmt.Sprintf("ana%dx", run), fmt.Sprintf("Ana%dX", run), fmt.Sprintf("bo%dx", run), fmt.Sprintf("bo%dx2", run)}
		addresses := []string{
			fmt.Sprintf("a%d@example.org", run), fmt.Sprintf("A%d@Example.org", run), fmt.Sprintf("b%d@example.org", run), fmt.Sprintf("c%d@example.org", run),
		}
		ctx, c := w.t.Context(), &club{world: w}
		name := func(t *rapid.T) string { return rapid.SampledFrom(names).Draw(t, "username") }
		address := func(t *rapid.T) string { return rapid.SampledFrom(addresses).Draw(t, "address") }
		someone := func(t *rapid.T) *member {
			if len(c.members) == 0 {
				t.Skip("nobody yet")
			}
			return rapid.SampledFrom(c.members).Draw(t, "member")
		}
		t.Repeat(map[string]func(*rapid.T){
			"import": func(t *rapid.T) {
				m := &member{username: name(t), email: address(t)}
				var rows []bulk.Imported
				err := w.ImportUsers(ctx, bulk.Import{
					File:   strings.NewReader("username,email,family_name\n" + m.username + "," + m.email + ",X\n"),
					Report: func(r bulk.Imported) error { rows = append(rows, r); return nil },
				})
				if err != nil {
					t.Fatal(err)
				}
				expected := bulk.ImportCreated
				for _, other := range c.members {
					sameName, sameAddress := usernameKeyOf(other) == usernameKeyOf(m), emailKeyOf(other) == emailKeyOf(m)
					switch {
					case sameName && !sameAddress:
						expected = bulk.ImportRefused
					case sameAddress && expected != bulk.ImportRefused:
						expected = bulk.ImportUnchanged
					}
				}
				if rows[0].Outcome != expected {
					t.Fatalf("got %+v, want %s", rows[0], expected)
				}
				if expected != bulk.ImportCreated {
					return
				}
				if err := w.DB.View(ctx, func(tx *store.Tx) error {
					m.who.AccountID, _ = account.ByEmail(tx, emailKeyOf(m))
					return nil
				}); err != nil {
					t.Fatal(err)
				}
				m.email, _ = rules.ParseEmail(m.email)
				c.members = append(c.members, m)
			},
			"change username": func(t *rapid.T) {
				m, wish := someone(t), name(t)
				expected := c.numbered(m, wish)
				a, err := w.ChangeUsername(ctx, m.who, api.ChangeUsername{Username: wish})
				if p, ok := err.(*api.Problem); ok && p.Code == api.CodeTooMany {
					return
				}
				want(t, "change", err, "")
				if a.Username != expected {
					t.Fatalf("%s became %s, want %s", wish, a.Username, expected)
				}
				m.username = expected
			},
			"ask for address": func(t *rapid.T) {
				m, wish := someone(t), address(t)
				parsed, _ := rules.ParseEmail(wish)
				err := w.ChangeEmail(ctx, m.who, api.ChangeEmail{Email: wish})
				if parsed == m.email {
					want(t, "the same address", err, api.CodeInvalid)
					return
				}
				want(t, "ask", err, "")
				m.wish, m.code, m.asked = parsed, "", w.Now()
				if !c.has(m, emailKeyOf, rules.EmailKey(parsed)) {
					m.code = w.lastMail(mail.EmailCode).Secrets[mail.Code]
				}
			},
			"confirm address": func(t *rapid.T) {
				m := someone(t)
				typed := m.code
				if typed == "" {
					typed = "0000000000"
				}
				_, err := w.ConfirmEmail(ctx, m.who, api.ConfirmEmail{Code: typed})
				switch {
				case m.wish == "" || !w.Now().Before(m.asked.Add(proof.CodeLife)):
					want(t, "no wish", err, api.CodeCodeExpired)
				case m.code == "":
					if err == nil {
						t.Fatal("a guess was right")
					}
				case c.has(m, emailKeyOf, rules.EmailKey(m.wish)):
					if err == nil {
						t.Fatal("two have one address")
					}
				default:
					if err != nil { // tries that were spent while another had the address
						want(t, "confirm", err, api.CodeCodeExpired)
						return
					}
					m.email, m.wish = m.wish, ""
				}
			},
			"ask for deletion": func(t *rapid.T) {
				m := someone(t)
				d, err := w.AskDeletion(ctx, m.who)
				want(t, "ask", err, "")
				if m.due.IsZero() {
					m.due = w.Now().Add(2 * day)
				}
				if !d.Due.Equal(m.due) {
					t.Fatalf("due %v, want %v", d.Due, m.due)
				}
			},
			"take deletion back": func(t *rapid.T) {
				m := someone(t)
				want(t, "take back", w.TakeBackDeletion(ctx, m.who), "")
				m.due = time.Time{}
			},
			"keep house": func(t *rapid.T) {
				w.pass(time.Duration(rapid.IntRange(0, 30).Draw(t, "hours")) * time.Hour)
				if err := w.Housekeep(ctx); err != nil {
					t.Fatal(err)
				}
				var stay []*member
				for _, m := range c.members {
					if m.due.IsZero() || w.Now().Before(m.due) {
						stay = append(stay, m)
						continue
					}
					_, err := w.Account(ctx, m.who.AccountID)
					want(t, "erased", err, api.CodeNotFound)
				}
				c.members = stay
			},
			"": func(t *rapid.T) {
				for _, m := range c.members {
					a, err := w.Account(ctx, m.who.AccountID)
					want(t, "account", err, "")
					pending := m.wish
					if pending != "" && !w.Now().Before(m.asked.Add(proof.CodeLife)) {
						pending = ""
					}
					if a.Username != m.username || a.Email != m.email || a.PendingEmail != pending || !a.Deletion.Equal(m.due) {
						t.Fatalf("got %+v, want %+v", a, m)
					}
				}
				for what, query := range wholeNames {
					if n := w.rows(query); n != 0 {
						t.Fatalf("%d %s", n, what)
					}
				}
			},
		})
	})
}

// The same under faults, by many at once: names and addresses stay whole, and
// each change that the audit log has was told.
func TestSelf_staysWholeWhenTransactionsFail(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.change(func(p *api.Policies) { p.Limits.Mails, p.DeletionDays = 1000, 0 })
		const people = 8
		var all []caller.Caller
		for i := range people {
			name := fmt.Sprintf("member%d", i)
			w.register(name+"@example.org", name)
			all = append(all, w.who(name))
		}
		end := w.faulty(11)
		var wg sync.WaitGroup
		for i, who := range all {
			wg.Go(func() {
				ctx, chance := t.Context(), rand.New(rand.NewPCG(uint64(i), 2))
				for range 25 {
					// Whatever becomes of each: what must be true is looked at in the end.
					switch chance.IntN(6) {
					case 0:
						_, _ = w.ChangeUsername(ctx, who, api.ChangeUsername{Username: fmt.Sprintf("chair%d", chance.IntN(3))})
					case 1:
						_ = w.ChangeEmail(ctx, who, api.ChangeEmail{Email: fmt.Sprintf("chair%d@example.net", chance.IntN(3))})
					case 2:
						_, _ = w.ConfirmEmail(ctx, who, api.ConfirmEmail{Code: w.codeFor(ctx, who)})
					case 3:
						now, _ := w.Account(ctx, who.AccountID)
						_, _ = w.ChangeProfile(ctx, who, api.ChangeProfile{
							Version: now.Version, FamilyName: "X", Language: "en", Country: "CH", Membership: "media",
							NewOrganization: &api.NewOrganization{Name: fmt.Sprintf("Paper %d", chance.IntN(5))},
						})
					case 4:
						if i%2 == 0 {
							_, _ = w.AskDeletion(ctx, who)
						}
					case 5:
						_ = w.Housekeep(ctx)
					}
				}
			})
		}
		wg.Wait()
		end()
		w.housekeep()
		for what, query := range wholeNames {
			if n := w.rows(query); n != 0 {
				t.Errorf("%d %s", n, what)
			}
		}
		for what, query := range map[string]string{
			"accounts whose organization is not noted": `SELECT COUNT(*) FROM accounts a WHERE a.organization_name LIKE 'Paper%'
				AND (SELECT COUNT(*) FROM entered_organizations e WHERE e.account_id = a.id) <> 1`,
			"deletions that are due": `SELECT COUNT(*) FROM deletions`,
		} {
			if n := w.rows(query); n != 0 {
				t.Errorf("%d %s", n, what)
			}
		}
		for event, template := range map[string]string{"deleted": mail.Deleted, "email-changed": mail.EmailChanged, "username-changed": mail.UsernameChanged} {
			noted := w.rows(`SELECT COUNT(*) FROM audit WHERE event = $1`, event)
			if told := w.rows(`SELECT COUNT(*) FROM mails WHERE template = $1`, template); told != noted || noted == 0 {
				t.Errorf("%s: %d in the audit log, %d e-mails", event, noted, told)
			}
		}
	})
}

// codeFor is the newest code that was sent to the address that an account wishes for.
func (w *world) codeFor(ctx context.Context, who caller.Caller) string {
	a, err := w.Account(ctx, who.AccountID)
	if err != nil {
		return ""
	}
	for m, err := range w.outgoing(ctx) {
		if err != nil {
			w.t.Error(err)
			return ""
		}
		if m.Template == mail.EmailCode && m.To == a.PendingEmail {
			return m.Secrets[mail.Code]
		}
	}
	return ""
}
