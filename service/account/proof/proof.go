// Package proof makes, checks and uses up the one-time codes and links in e-mails:
// whoever has one reads the address that it was sent to.
//
// A code is typed, so it is short (50 bits), bears five tries, and lives for an hour
// at most; a link is 256 bits and lives as its purpose says. Both stand in the
// database (table proofs) so that nobody who reads it can use them: the code as an
// HMAC under the service's key over purpose, flow and code, the link as its SHA-256.
//
// A flow is what the e-mail was sent for: a sign-up, a recovery, a change of the
// e-mail address, a reset address. Tries count for the flow's code, so that a
// stranger who begins a flow of his own uses up nobody else's. When a flow goes, its
// codes and links go with it, by the database's own rules.
//
// The package knows neither accounts nor e-mails. Start reading at Issue; then Try
// and Use for a code, ByLink and Use for a link.
package proof

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account/token"
	"plenary/service/secret"
	"plenary/service/store"
)

// Tries are the codes that may be typed until a flow's code is no good any more.
const Tries = 5

// CodeLife is the longest time that a code is good for. Greylisting and slow relays
// hold e-mails back for many minutes (security.md, "Codes").
const CodeLife = time.Hour

// Purpose says what a code or link is good for.
type Purpose struct {
	name   string
	column string        // of table proofs: the flow
	life   time.Duration // of the link; the code's is no longer, and no longer than CodeLife
	code   bool          // the e-mail has a code
	link   bool          // the e-mail has a link
}

// The purposes there are, and what the flow of each is the id of.
var (
	// Activate is for a sign-up.
	Activate = Purpose{name: "activate", column: "sign_up", life: 24 * time.Hour, code: true, link: true}
	// Reset is for a recovery ("Forgot password?").
	Reset = Purpose{name: "reset", column: "recovery", life: time.Hour, code: true, link: true}
	// Handed is for a recovery too, a link that the operator hands over; it is good
	// wherever a link of Reset is.
	Handed = Purpose{name: "handed", column: "recovery", life: 72 * time.Hour, link: true}
	// Invite is for a recovery of a sign-up that staff has begun; its code and its link are
	// good wherever those of Reset are.
	Invite = Purpose{name: "reset", column: "recovery", life: 72 * time.Hour, code: true, link: true}
	// NewEmail is for a change of the e-mail address.
	NewEmail = Purpose{name: "new-email", column: "email_change", life: time.Hour, code: true}
	// Stop is for the reset address of an account, whose id the flow is.
	Stop = Purpose{name: "stop", column: "reset_address", life: 72 * time.Hour, link: true}
)

// Life is how long an e-mail of the purpose is good for anything.
func (p Purpose) Life() time.Duration { return p.life }

// Engine keeps codes and links. It is safe for concurrent use.
type Engine struct {
	DB  *store.DB
	Key *secret.Key
	Now func() time.Time // the service's clock
}

// Secrets are what goes into the e-mail, and nowhere else: a code as it is typed, the
// token of a link. What the purpose does not have is empty.
type Secrets struct {
	Code, Link string
}

// Proof is a code or link that somebody has shown and that was good at that time. Use
// uses it up.
type Proof struct {
	Flow string
	// Handed: it is a link that the operator handed over, and no e-mail had it.
	Handed bool

	id    string
	shown string // the condition under which it is good still, of $2 and the time, $3
	held  []byte // how it stands in the database
}

// Issue makes the secrets of an e-mail of a flow. Its code takes the place of the
// flow's earlier one, with tries of its own; earlier links stay good.
//
// The flow's row is in the database already. Of two e-mails of one flow at the same
// time, the code of one is good: the transaction is serializable, or holds the flow.
func (e *Engine) Issue(tx *store.Tx, p Purpose, flow string) Secrets {
	var s Secrets
	now := e.Now()
	id, err := uuid.NewV7()
	tx.Fail(err)
	var mac, hash any // NULL: none
	var codeUntil int64
	if p.code {
		codeUntil = store.Micros(now.Add(min(p.life, CodeLife)))
		s.Code, err = rules.NewCode(rand.Reader)
		tx.Fail(err)
		mac = e.mac(p, flow, s.Code)
		tx.Do(`UPDATE proofs SET code_mac = NULL WHERE `+p.column+` = $1 AND code_mac IS NOT NULL`, flow)
	}
	if p.link {
		s.Link = token.New()
		hash, _ = token.Hash(s.Link)
	}
	tx.Do(`INSERT INTO proofs (id, `+p.column+`, code_mac, code_until, tries, link_hash, expires_at) VALUES ($1, $2, $3, $4, 0, $5, $6)`,
		id.String(), flow, mac, codeUntil, hash, store.Micros(now.Add(p.life)))
	return s
}

// mac is how a code stands in the database. It names its key, which rotates.
func (e *Engine) mac(p Purpose, flow, code string) []byte {
	return e.Key.Sign(signing, []byte(p.name), []byte(flow), []byte(code))
}

// signing is the purpose under which the service's key signs codes.
const signing = "proof"

// Try compares a typed code with the flow's. The try is counted before, in a
// transaction of its own; what is no code at all costs none.
//
// Errors: api.CodeCodeWrong; api.CodeCodeExpired where no code is good (any more),
// also after too many tries.
func (e *Engine) Try(ctx context.Context, p Purpose, flow, typed string) (Proof, error) {
	code, ok := rules.NormalizeCode(typed)
	if !ok {
		return Proof{}, api.Refuse(api.CodeCodeWrong)
	}
	var got Proof
	// READ COMMITTED: one conditional UPDATE.
	err := e.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		var ok bool
		got, ok = byCode(tx.Get(`UPDATE proofs SET tries = tries + 1
			WHERE `+p.column+` = $1 AND code_mac IS NOT NULL AND tries < $2 AND code_until > $3
			RETURNING id, `+p.column+`, code_mac`, flow, Tries, store.Micros(e.Now())))
		if !ok {
			return expired()
		}
		return nil
	})
	switch {
	case err != nil:
		return Proof{}, err
	case !e.Is(got, p, code):
		return Proof{}, api.Refuse(api.CodeCodeWrong)
	}
	return got, nil
}

// expired refuses what is no good, or no good any more.
func expired() error { return api.Refuse(api.CodeCodeExpired) }

// GiveBack gives the try of a right code back.
func (e *Engine) GiveBack(ctx context.Context, p Proof) error {
	// READ COMMITTED: one conditional UPDATE.
	return e.DB.UpdateCommitted(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		tx.Do(`UPDATE proofs SET tries = tries - 1 WHERE id = $1 AND tries > 0`, p.id)
		return nil
	})
}

// Sent tells whether an e-mail of a flow was sent, of which something is or was good
// until now.
func (e *Engine) Sent(tx *store.Tx, p Purpose, flow string) bool {
	return tx.Has(`SELECT 1 FROM proofs WHERE `+p.column+` = $1`, flow)
}

// Newest gives the newest code that is good of several flows: those whose ids a query
// with one column gives. It counts no try: the caller has, elsewhere. Whether it is
// the one that somebody typed says Is; ok is false where there is none.
func (e *Engine) Newest(tx *store.Tx, p Purpose, flows string, args ...any) (newest Proof, ok bool) {
	n := len(args)
	query := fmt.Sprintf(`SELECT id, %[1]s, code_mac FROM proofs
		WHERE %[1]s IN (%[2]s) AND code_mac IS NOT NULL AND tries < $%[3]d AND code_until > $%[4]d
		ORDER BY code_until DESC, id DESC LIMIT 1`, p.column, flows, n+1, n+2)
	return byCode(tx.Get(query, append(args[:n:n], Tries, store.Micros(e.Now()))...))
}

// Is tells whether a code, as rules.NormalizeCode gives it, is that of a proof.
func (e *Engine) Is(got Proof, p Purpose, code string) bool {
	return e.Key.Verify(signing, got.held, []byte(p.name), []byte(got.Flow), []byte(code))
}

// byCode reads the proof of a code.
func byCode(row store.Row) (Proof, bool) {
	p := Proof{shown: `code_mac = $2 AND code_until > $3`}
	ok := row.Into(&p.id, &p.Flow, &p.held)
	return p, ok
}

// ByLink gives the proof that a link's token is. It changes nothing. Error:
// api.CodeCodeExpired.
func (e *Engine) ByLink(tx *store.Tx, p Purpose, link string) (Proof, error) {
	got := Proof{shown: `link_hash = $2 AND expires_at > $3`}
	var ok bool
	if got.held, ok = token.Hash(link); !ok {
		return Proof{}, expired()
	}
	var codeUntil int64 // also of a code that a newer one has taken the place of
	if !tx.Get(`SELECT id, `+p.column+`, code_until FROM proofs WHERE link_hash = $1 AND expires_at > $2 AND `+p.column+` IS NOT NULL`,
		got.held, store.Micros(e.Now())).Into(&got.id, &got.Flow, &codeUntil) {
		return Proof{}, expired()
	}
	got.Handed = p.column == Handed.column && codeUntil == 0
	return got, nil
}

// Use uses a proof up, with the code and the link of the same e-mail. Of many that
// come at once, one does: the others, and those who come too late or after a newer
// code, get api.CodeCodeExpired.
func (e *Engine) Use(tx *store.Tx, p Proof) error {
	if tx.Do(`DELETE FROM proofs WHERE id = $1 AND `+p.shown, p.id, p.held, store.Micros(e.Now())) != 1 {
		return expired()
	}
	return nil
}

// Void ends all codes and links of a flow.
func (e *Engine) Void(tx *store.Tx, p Purpose, flow string) {
	tx.Do(`DELETE FROM proofs WHERE `+p.column+` = $1`, flow)
}

// VoidLinks ends the links of a flow, and leaves its code.
func (e *Engine) VoidLinks(tx *store.Tx, p Purpose, flow string) {
	tx.Do(`DELETE FROM proofs WHERE `+p.column+` = $1 AND code_mac IS NULL`, flow)
	tx.Do(`UPDATE proofs SET link_hash = NULL, expires_at = code_until WHERE `+p.column+` = $1`, flow)
}

// Housekeep removes what nobody can use any more.
func (e *Engine) Housekeep(ctx context.Context) error {
	// READ COMMITTED: rows that have ended by their own time, which nothing prolongs.
	return e.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		tx.Do(`DELETE FROM proofs WHERE expires_at <= $1`, store.Micros(e.Now()))
		return nil
	})
}
