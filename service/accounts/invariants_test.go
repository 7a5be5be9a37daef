package accounts

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/account/throttle"
	tokens "plenary/service/account/token"
	"plenary/service/mail"
	"plenary/service/store/storetest"
)

// faulty makes a part of all transactions fail: some are to be tried again
// (40001), some are taken back, of some the answer is lost.
func (w *world) faulty(seed uint64) (end func()) {
	var mu sync.Mutex
	chance := rand.New(rand.NewPCG(seed, 0))
	return storetest.InjectFaults(w.DB, func() storetest.Fault {
		mu.Lock()
		defer mu.Unlock()
		switch n := chance.IntN(100); {
		case n < 20:
			return storetest.FaultSerialization
		case n < 28:
			return storetest.FaultRollback
		case n < 36:
			return storetest.FaultLostAnswer
		}
		return storetest.NoFault
	})
}

// hand does things to one account, as its owner and others would, and remembers
// what the password can be: after a lost answer either is possible.
type hand struct {
	*world
	username  string
	passwords []string
	session   api.Session
	made      int
}

// did tells whether a call happened: an error that is no refusal leaves it open.
func did(err error) (yes, open bool) {
	if err == nil {
		return true, false
	}
	_, refusal := errors.AsType[*api.Problem](err)
	return false, !refusal
}

func (h *hand) newPassword() string {
	h.made++
	return fmt.Sprintf("Br1ght_Otter^Meadow-%d", h.made)
}

// set notes what became of a change of the password.
func (h *hand) set(password string, err error) {
	switch yes, open := did(err); {
	case yes:
		h.passwords = []string{password}
	case open && !slices.Contains(h.passwords, password):
		h.passwords = append(h.passwords, password)
	}
}

func (h *hand) step(ctx context.Context, chance *rand.Rand) {
	password := h.passwords[chance.IntN(len(h.passwords))]
	switch chance.IntN(8) {
	case 0:
		if s, err := h.LogIn(ctx, api.LogIn{Identifier: h.username, Password: password, Keep: true}); err == nil {
			h.session = s
		}
	case 1:
		_, _ = h.LogIn(ctx, api.LogIn{Identifier: h.username, Password: "wrong"}) // to be counted, and forgotten
	case 2:
		if s, err := h.Refresh(ctx, api.Refresh{Refresh: h.session.Refresh}); err == nil {
			h.session = s
		}
	case 3:
		p, err := h.Authenticate(ctx, h.session.Access)
		if err != nil {
			return
		}
		next := h.newPassword()
		s, err := h.ChangePassword(ctx, p, api.ChangePassword{Current: password, New: next})
		h.set(next, err)
		if err == nil {
			h.session = s
		}
	case 4:
		flow := tokens.New()
		if _, err := h.Recover(ctx, api.Recover{Flow: flow, Identifier: h.username}); err != nil {
			return
		}
		if err := h.SendRecovery(ctx, api.Flow{Token: flow}); err != nil {
			return
		}
		code := h.resetCode(ctx)
		next := h.newPassword()
		for range 2 { // impatient, or after a lost answer
			h.set(next, h.Reset(ctx, api.Reset{Flow: flow, Code: code, Password: next}))
		}
	case 5:
		if p, err := h.Authenticate(ctx, h.session.Access); err == nil {
			_ = h.LogOut(ctx, p) // whatever becomes of it
		}
	case 6:
		h.signUpAnother(ctx, chance)
	case 7:
		p, err := h.Authenticate(ctx, h.session.Access)
		if err != nil {
			return
		}
		_ = h.ChangeEmail(ctx, p, api.ChangeEmail{Email: fmt.Sprintf("new%d@%s.example.net", chance.IntN(3), h.username)}) // it stays a wish
	}
}

// signUpAnother is what becomes of a sign-up, all of whose steps may fail: it is
// activated, refused, or left to wait.
func (h *hand) signUpAnother(ctx context.Context, chance *rand.Rand) {
	h.made++
	in := signUpOf(fmt.Sprintf("other%d@%s.example.net", h.made, h.username), fmt.Sprintf("%s%d", h.username, h.made))
	for range 2 {
		_ = h.SignUp(ctx, in)
	}
	_ = h.ResendSignUp(ctx, api.Flow{Token: in.Flow})
	m, ok := h.newestTo(ctx, mail.Activate, in.Email)
	if !ok {
		return
	}
	_, link, _ := strings.Cut(m.Secrets[mail.Link], "#")
	for range 2 {
		switch chance.IntN(4) {
		case 0:
			_ = h.Activate(ctx, api.Activate{Flow: in.Flow, Code: m.Secrets[mail.Code], Password: in.Password})
		case 1:
			_ = h.ActivateByLink(ctx, api.ActivateByLink{Token: link, Password: in.Password})
		case 2:
			_ = h.RefuseSignUp(ctx, api.Link{Token: link})
		}
	}
}

// resetCode is the code of the newest reset e-mail to this account.
func (h *hand) resetCode(ctx context.Context) string {
	m, _ := h.newestTo(ctx, mail.Reset, h.username+"@example.org")
	return m.Secrets[mail.Code]
}

// newestTo is the newest e-mail of a template to an address.
func (h *hand) newestTo(ctx context.Context, template, to string) (mail.Shown, bool) {
	for m, err := range h.outgoing(ctx) {
		if err != nil {
			h.t.Error(err)
			return mail.Shown{}, false
		}
		if m.Template == template && m.To == to {
			return m, true
		}
	}
	return mail.Shown{}, false
}

// proofsOfNothing counts codes and links that lead nowhere: of no flow, or of one
// that has ended.
const proofsOfNothing = `SELECT COUNT(*) FROM proofs p WHERE 1 <>
	(SELECT COUNT(*) FROM sign_ups s WHERE s.id = p.sign_up AND (s.state = 'waiting' OR s.state = 'active' AND p.link_hash IS NULL))
	+ (SELECT COUNT(*) FROM recoveries r WHERE r.id = p.recovery)
	+ (SELECT COUNT(*) FROM email_changes e WHERE e.id = p.email_change)
	+ (SELECT COUNT(*) FROM reset_addresses a WHERE a.account_id = p.reset_address)`

// twoCodes counts flows that have more than one code: a new one takes the place of
// the last.
const twoCodes = `SELECT COUNT(*) FROM (SELECT 1 FROM proofs WHERE code_mac IS NOT NULL
	GROUP BY sign_up, recovery, email_change, reset_address HAVING COUNT(*) > 1) t`

// Whatever transactions fail, are repeated, or are done without anybody hearing
// of it: accounts stay whole, e-mails and audit log tell what happened, and their
// owners can log in.
func TestAccounts_stayWholeWhenTransactionsFail(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.change(func(p *api.Policies) {
			p.Limits.IdentifierFailures, p.Limits.AccountFailures, p.Limits.Mails = 100, 200, 50
		})
		var hands []*hand
		for i := range 4 {
			name := fmt.Sprintf("amina%d", i)
			w.register(name+"@example.org", name)
			hands = append(hands, &hand{world: w, username: name, passwords: []string{goodPassword}})
		}
		end := w.faulty(7)
		var wg sync.WaitGroup
		for i, h := range hands {
			wg.Go(func() {
				chance := rand.New(rand.NewPCG(uint64(i), 1))
				for range 40 {
					w.pass(throttle.WidestWait) // so that no wait is met
					h.step(t.Context(), chance)
				}
			})
		}
		wg.Wait()
		end()
		w.pass(2*throttle.Lease + throttle.WidestWait) // slots whose return was lost come back
		for name, query := range map[string]string{
			"accounts without a password":         `SELECT COUNT(*) FROM accounts a WHERE NOT EXISTS (SELECT 1 FROM credentials c WHERE c.account_id = a.id AND c.password <> '')`,
			"accounts without their username":     `SELECT COUNT(*) FROM accounts a WHERE NOT EXISTS (SELECT 1 FROM usernames u WHERE u.username_key = a.username_key AND u.owner = a.id)`,
			"sessions that moved without a token": `SELECT COUNT(*) FROM sessions WHERE used_at < rotated_at OR rotated_at < created_at`,
			"counters below zero":                 `SELECT COUNT(*) FROM limits WHERE failures < 0 OR in_flight < 0 OR in_flight_before < 0`,
			"codes tried too often":               `SELECT COUNT(*) FROM proofs WHERE tries > 5`,
			"codes and links of nothing":          proofsOfNothing,
			"flows with two codes":                twoCodes,
		} {
			if n := w.rows(query); n != 0 {
				t.Errorf("%d %s", n, name)
			}
		}
		told := w.rows(`SELECT COUNT(*) FROM mails WHERE template = $1`, mail.PasswordChanged)
		noted := w.rows(`SELECT COUNT(*) FROM audit WHERE event IN ('password-reset', 'password-changed')`)
		if told != noted || told == 0 {
			t.Errorf("%d changes of passwords are in the audit log, and %d e-mails tell of one", noted, told)
		}
		for _, h := range hands {
			// A token whose answer was lost is good, while its session is there, unless
			// what was lost has changed the password.
			if id, seed, ok := partsOf(h.session.Refresh); ok &&
				w.rows(`SELECT COUNT(*) FROM sessions WHERE id = $1 AND seed = $2`, id, seed) == 1 {
				w.refresh(h.session.Refresh)
			}
			works := 0
			for _, p := range h.passwords {
				w.pass(throttle.WidestWait)
				if _, err := w.logIn(h.username, p); err == nil {
					works++
				}
			}
			if works != 1 {
				t.Errorf("%d of %d possible passwords of %s work", works, len(h.passwords), h.username)
			}
		}
	})
}

// partsOf gives the session and the seed that a token names.
func partsOf(token string) (id string, seed []byte, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) < 32 {
		return "", nil, false
	}
	session, err := uuid.FromBytes(raw[:16])
	return session.String(), raw[16:32], err == nil
}
