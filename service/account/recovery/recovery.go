package recovery

import (
	"cmp"
	"context"
	"maps"
	"regexp"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/account/proof"
	"plenary/service/account/session"
	"plenary/service/account/throttle"
	tokens "plenary/service/account/token"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
	"plenary/words"
)

// RecoveryLife is how long a recovery can be begun and not finished.
const RecoveryLife = 2 * time.Hour

// recovery is one "Forgot password?" under way.
type recovery struct {
	id         string
	identifier []byte // HMAC of what was typed
	account    string // empty: no such account
	signUp     string // of an account that waits to be activated; or empty
	machine    string // that asked, see asking
	device     []byte // the account's known device on which it was begun, or nil
	// resetAddress is where its e-mail goes instead of the account's address; or empty.
	resetAddress string
}

// asked is what the budgets of an identifier count by: what was typed, or the
// known device on which it was, whose owner no stranger keeps out.
func (r *recovery) asked() []byte {
	if r.device != nil {
		return r.device
	}
	return r.identifier
}

// about is whom the recovery is about: the account, the sign-up, or, where there is
// neither, the name.
func (r *recovery) about() []byte {
	if id := r.owner(); id != "" {
		return []byte(id)
	}
	return r.identifier
}

// owner is the account or the sign-up, or nobody.
func (r *recovery) owner() string { return cmp.Or(r.account, r.signUp) }

// who is what budgets of the account count by; where there is none, of a made-up one.
func (r *recovery) who() []byte {
	switch {
	case r.device != nil:
		return r.device
	case r.owner() == "":
		return append([]byte("none "), r.identifier...)
	}
	return []byte(r.owner())
}

// findRecovery reads a recovery for which a condition is true, if there is one.
func findRecovery(tx *store.Tx, condition string, args ...any) (r recovery, ok bool) {
	ok = tx.Get(`SELECT r.id, r.identifier, r.account_id, COALESCE(r.sign_up, ''), r.machine,
			CASE WHEN r.known = 1 THEN r.device END, r.reset_address
		FROM recoveries r WHERE `+condition, args...).
		Into(&r.id, &r.identifier, &r.account, &r.signUp, &r.machine, &r.device, &r.resetAddress)
	return r, ok
}

// Recover begins "Forgot password?" and gives what "Is this your e-mail?"
// shows: the address as typed, or, for a username, the masked address of its
// account (the reset address where staff has set one), or a made-up one, always
// the same, where there is none; the ways that the policy offers; and on a known
// device of the account its secret question. It sends nothing. The same flow may
// be sent again with the same identifier.
//
// Errors: api.CodeInvalid, api.CodeKeyReused, api.CodeTooMany.
func (a *Recoveries) Recover(ctx context.Context, in api.Recover) (api.Recovery, error) {
	flow, ok := tokens.Hash(in.Flow)
	if !ok {
		return api.Recovery{}, api.Invalid(api.FieldError{Pointer: "/flow", Code: api.FieldInvalid})
	}
	typed, ok := rules.Line(in.Identifier)
	if typed == "" || !ok {
		return api.Recovery{}, api.Invalid(api.FieldError{Pointer: "/identifier", Code: api.FieldInvalid})
	}
	id, err := account.NewID()
	if err != nil {
		return api.Recovery{}, err
	}
	key := []byte(rules.IdentifierKey(typed))
	n := newRecovery{typed: typed, device: in.Device, flow: flow}
	n.id, n.identifier, n.machine = id, a.Key.MAC("recovery", key), asking(in.Machine)
	var out api.Recovery
	// READ COMMITTED: many ask behind one network's counter. The recovery refers to
	// its account, and goes with it; what was read of device and reset address is
	// looked at again before either counts (answerGrant, SendReset).
	err = a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		out = api.Recovery{Flow: in.Flow, Options: a.recoveryOptions()}
		r, email, err := a.beginRecovery(tx, n)
		if err != nil {
			return err
		}
		out.Address = a.shown(typed, cmp.Or(r.resetAddress, email))
		if r.device != nil && a.Policies.Now().SecretQuestion == api.QuestionOn {
			q := a.askedQuestion(tx, r.account)
			out.Question = &api.RecoveryQuestion{Question: q.Text, Own: q.Own}
		}
		return nil
	})
	if err != nil {
		return api.Recovery{}, a.ExplainFull(err)
	}
	return out, nil
}

// recoveryOptions are the ways back, the same for everybody.
func (a *Recoveries) recoveryOptions() []string {
	if a.Policies.Now().SecretQuestion == api.QuestionOff {
		return []string{"email"}
	}
	return []string{"email", "question"}
}

// newRecovery is a recovery with all that is needed to begin it.
type newRecovery struct {
	recovery
	typed  string
	device string // token
	flow   []byte
}

// recoveries is the budget of recoveries from a network, or from a known device,
// which no stranger behind the same address uses up.
func (a *Recoveries) recoveries(ctx context.Context, r recovery) []throttle.Budget {
	if r.device != nil {
		return []throttle.Budget{a.Budget("recovery device", a.Limits().NetworkRequests, time.Hour, r.device)}
	}
	return a.RequestNetwork(ctx, "recovery network")
}

// recoverySends is that of the e-mails which they send.
func (a *Recoveries) recoverySends(ctx context.Context, r recovery) []throttle.Budget {
	if r.device != nil {
		return []throttle.Budget{a.Budget("recovery mail device", a.Limits().NetworkRequests, time.Hour, r.device)}
	}
	return a.RequestNetwork(ctx, "recovery mail network")
}

// beginRecovery keeps a recovery, or finds the one of the same flow, and gives
// the account's own address with it.
func (a *Recoveries) beginRecovery(tx *store.Tx, n newRecovery) (r recovery, email string, err error) {
	r = n.recovery
	var own bool
	r.account, r.signUp, email, own = a.whose(tx, n.typed)
	if done, err := account.RepeatedFlow(tx, `SELECT fingerprint FROM recoveries WHERE flow_hash = $1`, n.flow, r.identifier); err != nil {
		return r, "", err
	} else if done {
		r, _ = findRecovery(tx, `r.flow_hash = $1`, n.flow)
		return r, email, nil
	}
	r.device = session.KnownDevice(tx, n.device, r.account)
	if own && rules.EmailKey(n.typed) == "" {
		r.resetAddress, _ = a.activeResetAddress(tx, r.account)
	}
	var device, signUp any // NULL where there is none
	if r.device != nil {
		device = r.device
	}
	if r.signUp != "" {
		signUp = r.signUp
	}
	now := a.Now()
	if tx.Do(`INSERT INTO recoveries
		(id, flow_hash, fingerprint, identifier, about, account_id, sign_up, machine, known, device, reset_address, created_at, sent_at, expires_at)
		VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12) ON CONFLICT (flow_hash) DO NOTHING`,
		r.id, n.flow, r.identifier, r.about(), r.account, signUp, r.machine, store.Bool(r.device != nil), device, r.resetAddress,
		store.Micros(now), store.Micros(now.Add(RecoveryLife))) == 0 && tx.Err() == nil {
		return a.beginRecovery(tx, n) // the same flow came at the same time: it is there now
	}
	// Last: a network's counter is held for no longer than it takes to commit.
	return r, email, a.Spend(tx, a.recoveries(tx.Context(), r)...)
}

// SendRecovery sends the e-mail with code and link, if there is somebody to
// send it to; the same is done, and nothing told, if not.
//
// Errors: api.CodeCodeExpired for an unknown flow, api.CodeTooMany.
func (a *Recoveries) SendRecovery(ctx context.Context, flow api.Flow) error {
	r, err := a.recoveryByFlow(ctx, flow.Token)
	if err != nil {
		return err
	}
	if err := a.CountRequest(ctx, a.recoverySends(ctx, r)); err != nil {
		return a.ExplainFull(err)
	}
	// SERIALIZABLE: who has an address, and whether the account is deactivated, decide
	// what is sent, and not all of it is of the account that is held.
	err = a.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error { return a.SendReset(tx, r) })
	return a.ExplainFull(err)
}

// recoveryMails is the hourly allowance of reset e-mails for an identifier, or
// for a known device: strangers use up the first and not the second.
func (a *Recoveries) recoveryMails(r recovery) throttle.Budget {
	return a.Budget("recovery mail", a.Limits().Mails, time.Hour, r.asked())
}

// SendReset keeps a new code and link, and queues their e-mail if there is
// somebody to send it to. *throttle.Full when the allowance of the identifier is used
// up; that of the account behind it is not told.
func (a *Recoveries) SendReset(tx *store.Tx, r recovery) error {
	if err := a.Spend(tx, a.recoveryMails(r)); err != nil {
		return err
	}
	quiet := !a.SpendQuietly(tx, a.accountRecoveryMails(r))
	if err := a.holdRecovery(tx, r); err != nil {
		return err
	}
	now := a.Now()
	if tx.Do(`UPDATE recoveries SET sent_at = $1, expires_at = $2 WHERE id = $3`,
		store.Micros(now), store.Micros(now.Add(RecoveryLife)), r.id) != 1 {
		return api.Refuse(api.CodeCodeExpired) // it led to a new password meanwhile
	}
	secrets := a.Proofs.Issue(tx, proof.Reset, r.id)
	if quiet {
		a.pretendReset(tx, r, secrets)
		return nil
	}
	// Also for names that do not exist, about nobody.
	a.Audit.Note(tx, audit.ResetSent, r.owner())
	// All of it is looked for whoever it is about, so that the time tells nothing.
	account, err := a.Profile(tx, r.account)
	if err != nil && (r.account != "" || !api.HasCode(err, api.CodeNotFound)) {
		return err
	}
	deactivated := isDeactivated(tx, r.account)
	s, waits := a.waitingSignUp(tx, `s.id = $1`, r.signUp)
	switch {
	case !a.allowedByAddress(tx, r, s):
		a.pretendReset(tx, r, secrets)
	case deactivated && r.resetAddress == "":
		// A new password would not let the person in: staff does.
		a.Tell(tx, account, mail.Message{Template: mail.Deactivated})
	case r.account != "":
		a.Tell(tx, account, a.resetMail(r, account.Language, secrets))
	case waits:
		a.Mail.Queue(tx, a.waitingMail(r, s, secrets))
	default:
		a.pretendReset(tx, r, secrets)
	}
	return nil
}

// holdRecovery holds the account of a recovery, and does as much where there is
// none: it writes one narrow row. api.CodeCodeExpired for an account that is gone,
// and for a reset address that counts no more.
func (a *Recoveries) holdRecovery(tx *store.Tx, r recovery) error {
	if r.owner() == "" {
		tx.Do(`UPDATE recoveries SET known = known WHERE id = $1`, r.id)
		return nil
	}
	if err := account.HoldFor(tx, r.owner(), api.CodeCodeExpired); err != nil || r.resetAddress == "" {
		return err
	}
	// Stopped or replaced between the look at it in Recover and the end of that.
	if email, _ := a.activeResetAddress(tx, r.account); email != r.resetAddress {
		return api.Refuse(api.CodeCodeExpired)
	}
	return nil
}

// pretendReset is what telling costs where nobody is told.
func (a *Recoveries) pretendReset(tx *store.Tx, r recovery, secrets proof.Secrets) {
	m := a.resetMail(r, "en", secrets)
	m.To, m.Language = "nobody.at.all@example.org", "en"
	maps.Copy(m.Params, map[string]string{"Name": "Nobody At All", "Username": "nobody.at.all", "Organization": "Nobody's Organization"})
	a.Mail.Pretend(tx, m)
}

// accountRecoveryMails is the account's hourly allowance of reset e-mails, which may be
// used up under its other identifier. A known device has an allowance of its own.
func (a *Recoveries) accountRecoveryMails(r recovery) throttle.Budget {
	return a.Budget("recovery mail of account", a.Limits().Mails, time.Hour, r.who())
}

// resetMail is the e-mail with code and link.
func (a *Recoveries) resetMail(r recovery, language string, secrets proof.Secrets) mail.Message {
	when := words.ForLetters(language).DateTime(a.Now().UTC()) + " UTC"
	return mail.Message{
		To: r.resetAddress, Template: mail.Reset, Subject: r.id, Params: map[string]string{"When": when, "Machine": r.machine},
		Secrets: map[string]string{mail.Link: a.PageLink("reset", language, secrets.Link), mail.Code: secrets.Code},
		Expires: a.Now().Add(proof.Reset.Life()),
	}
}

func (a *Recoveries) recoveryByFlow(ctx context.Context, flow string) (recovery, error) {
	hash, ok := tokens.Hash(flow)
	if !ok {
		return recovery{}, api.Refuse(api.CodeCodeExpired)
	}
	return a.Recovery(ctx, `r.flow_hash = $1`, hash)
}

// Recovery finds one that is under way; api.CodeCodeExpired where there is none.
func (a *Recoveries) Recovery(ctx context.Context, condition string, arg any) (r recovery, err error) {
	err = a.DB.Peek(ctx, func(tx *store.Tx) error {
		r, err = a.livingRecovery(tx, condition, arg)
		return err
	})
	return r, err
}

// livingRecovery is recovery within a transaction. The condition is about $1.
func (a *Recoveries) livingRecovery(tx *store.Tx, condition string, arg any) (recovery, error) {
	r, ok := findRecovery(tx, condition+` AND r.expires_at > $2`, arg, store.Micros(a.Now()))
	if !ok {
		return r, api.Refuse(api.CodeCodeExpired)
	}
	return r, nil
}

// asking is the program that asks for a reset, as the e-mail names it. It is what a
// stranger's program says of itself, so it is one of a few words and numbers, or
// nothing but the name: an e-mail of ours carries nobody's texts.
func asking(machine string) string {
	if machinePattern.MatchString(machine) {
		return machine
	}
	return "Plenary"
}

var machinePattern = regexp.MustCompile(`^Plenary( [0-9]{1,4}(\.[0-9]{1,4}){0,3})?, (Linux|Windows|macOS)$`)

// isDeactivated tells whether staff has deactivated an account.
func isDeactivated(tx *store.Tx, accountID string) bool {
	return tx.Has(`SELECT 1 FROM deactivated WHERE account_id = $1`, accountID)
}
