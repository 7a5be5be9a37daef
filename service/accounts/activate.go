package accounts

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account/proof"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
)

// signUp is a sign-up as it stands in the database.
type signUp struct {
	id       string
	emailKey string
	state    string
	password string
	profile  profile
	created  time.Time
	expires  time.Time
}

const signUpColumns = `s.id, s.email_key, s.state, s.password, s.profile, s.created_at, s.expires_at`

// scanSignUp reads signUpColumns; ok is false when there is no such sign-up.
func scanSignUp(row interface{ Scan(...any) error }) (s signUp, ok bool, err error) {
	var text string
	var created, expires int64
	err = row.Scan(&s.id, &s.emailKey, &s.state, &s.password, &text, &created, &expires)
	if errors.Is(err, store.ErrNoRows) {
		return s, false, nil
	}
	if err != nil {
		return s, false, fmt.Errorf("accounts: read sign-up: %w", err)
	}
	s.created, s.expires = store.Time(created), store.Time(expires)
	if text != "" {
		if err := json.Unmarshal([]byte(text), &s.profile); err != nil {
			return s, false, fmt.Errorf("accounts: read profile of sign-up %s: %w", s.id, err)
		}
	}
	return s, true, nil
}

// waits tells whether the sign-up can still be activated by somebody.
func (s *signUp) waits(now time.Time) bool {
	return s.state == api.SignUpWaiting && s.expires.After(now)
}

// signUpByFlow finds a sign-up; the password of one that is active is the account's.
func (a *Accounts) signUpByFlow(ctx context.Context, flow string) (s signUp, ok bool, err error) {
	hash, ok := hashToken(flow)
	if !ok {
		return s, false, nil
	}
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		s, ok, err = scanSignUp(tx.QueryRow(ctx, `SELECT `+signUpColumns+` FROM sign_ups s WHERE s.flow_hash = $1`, hash))
		if err != nil || !ok || s.state != api.SignUpActive {
			return err
		}
		f, err := findAccount(ctx, tx, `a.id = $1`, `NULL`, s.id)
		s.password = f.password
		return err
	})
	return s, ok, err
}

// SignUpState tells how far a sign-up is; a flow that is not known has ended.
func (a *Accounts) SignUpState(ctx context.Context, flow api.Flow) (api.SignUpState, error) {
	s, ok, err := a.signUpByFlow(ctx, flow.Token)
	switch {
	case err != nil:
		return api.SignUpState{}, err
	case !ok || s.state == api.SignUpWaiting && !s.waits(a.Now()):
		return api.SignUpState{State: api.SignUpEnded}, nil
	}
	return api.SignUpState{State: s.state}, nil
}

// Activate verifies the address by the code from the e-mail, and that it is the
// person who signed up by the password. For a sign-up that is active already it
// changes nothing: repeated with the same code, while that lives, and the account's
// password it is a success again, since the answer to the first may have been lost.
//
// Errors: api.CodeCodeWrong, api.CodeCodeExpired (also after five tries and for
// an unknown flow), api.CodeCredentials, api.CodeBusy.
func (a *Accounts) Activate(ctx context.Context, in api.Activate) error {
	password, err := typedPassword(in.Password)
	if err != nil {
		return err
	}
	s, ok, err := a.signUpByFlow(ctx, in.Flow)
	switch {
	case err != nil:
		return err
	case !ok || s.state != api.SignUpActive && !s.waits(a.Now()):
		return refused(api.CodeCodeExpired)
	}
	shown, err := a.proofs.Try(ctx, proof.Activate, s.id, in.Code)
	if err != nil {
		return err
	}
	right, err := a.hasher.matches(ctx, s.password, password)
	if err != nil {
		return err
	}
	switch {
	case !right:
		return refused(api.CodeCredentials)
	case s.state == api.SignUpActive:
		return a.proofs.GiveBack(ctx, shown)
	}
	return a.activateNow(ctx, s)
}

// activateNow makes the account. Of many that come at once with good proofs,
// one makes it and all succeed.
func (a *Accounts) activateNow(ctx context.Context, s signUp) error {
	return a.DB.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
		if err := holdFor(ctx, tx, s.id, api.CodeCodeExpired); err != nil {
			return err
		}
		now, ok, err := scanSignUp(tx.QueryRow(ctx, `SELECT `+signUpColumns+` FROM sign_ups s WHERE s.id = $1`, s.id))
		switch {
		case err != nil:
			return err
		case ok && now.state == api.SignUpActive:
			return nil
		case !ok || !now.waits(a.Now()):
			return refused(api.CodeCodeExpired)
		}
		return a.makeAccount(ctx, tx, now)
	})
}

// makeAccount makes a sign-up, which is held and waits, the account, in a serializable
// transaction. It is api.CodeCodeExpired where the address has another one: since then
// already, or its owner has made it its own.
func (a *Accounts) makeAccount(ctx context.Context, tx *store.Tx, s signUp) error {
	if _, exists, err := accountOf(ctx, tx, s.emailKey); err != nil || exists {
		return cmp.Or(err, refused(api.CodeCodeExpired))
	}
	if err := a.insert(ctx, tx, s.id, s.profile, s.password, nil); err != nil {
		return err
	}
	if err := a.endSignUps(ctx, tx, s.emailKey, s.id); err != nil {
		return err
	}
	// What strangers tried while the names were nobody's is not the owner's.
	if err := throttle.Forget(ctx, tx, a.identifierBudget(s.emailKey), a.identifierBudget(s.profile.Username)); err != nil {
		return err
	}
	account, err := a.Profile(ctx, tx, s.id)
	if err != nil {
		return err
	}
	a.log.Note(tx, audit.Activated, s.id, "")
	return a.tell(ctx, tx, account, mail.Message{Template: mail.Active})
}

// insert makes an account's rows. Its username is reserved already, so that it is
// an owner.
func (a *Accounts) insert(ctx context.Context, tx *store.Tx, id string, p profile, password string, roles []string) error {
	now := store.Micros(a.Now())
	organization, err := p.organizationID()
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO accounts (id, username, username_key, email, email_key, title, first_name, family_name,
			phone, language, country, membership, organization_id, organization_name, news, created_at, activated_at, search, sort_key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $17, $18)`,
		id, p.Username, rules.UsernameKey(p.Username), p.Email, rules.EmailKey(p.Email), p.Title, p.FirstName, p.FamilyName,
		p.Phone, p.Language, p.Country, p.Membership, organization, p.Name, number(p.News), now, p.searchText(), p.sortKey()); err != nil {
		return fmt.Errorf("accounts: make account: %w", err)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO credentials (account_id, password, changed_at) VALUES ($1, $2, $3)`, id, password, now); err != nil {
		return fmt.Errorf("accounts: make credentials: %w", err)
	}
	for _, role := range roles {
		if _, err := tx.Exec(ctx, `INSERT INTO account_roles (account_id, role) VALUES ($1, $2)
			ON CONFLICT (account_id, role) DO NOTHING`, id, role); err != nil {
			return fmt.Errorf("accounts: give role: %w", err)
		}
	}
	if err := p.indexWords(ctx, tx, id); err != nil {
		return err
	}
	return a.noteEntered(ctx, tx, organization, id, p)
}

// noteEntered keeps the organization that a person entered by hand, if the
// profile has one, for staff to accept or merge.
func (a *Accounts) noteEntered(ctx context.Context, tx *store.Tx, organization, accountID string, p profile) error {
	if p.Entered == nil {
		return nil
	}
	if _, err := tx.Exec(ctx, `INSERT INTO entered_organizations (id, account_id, name, city, website, country, membership, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		organization, accountID, p.Entered.Name, p.Entered.City, p.Entered.Website, p.Country, p.Membership, store.Micros(a.Now())); err != nil {
		return fmt.Errorf("accounts: note organization: %w", err)
	}
	return nil
}

// endSignUps ends all sign-ups for an address: the activated one has become an
// account, and its code is good for a repetition; the others can become none. What
// they held is erased. They are ended
// before it is: a code that is being sent meanwhile is erased too, or is not sent.
func (a *Accounts) endSignUps(ctx context.Context, tx *store.Tx, emailKey, activated string) error {
	ended, err := tx.Texts(ctx, `UPDATE sign_ups SET profile = '', search = '', password = '', probe = $1, email_key = '', username_key = '',
			state = CASE WHEN id = $2 THEN $3 ELSE $4 END
		WHERE email_key = $5 RETURNING id`, []byte{}, activated, api.SignUpActive, api.SignUpEnded, emailKey)
	if err != nil {
		return fmt.Errorf("accounts: end sign-ups: %w", err)
	}
	for _, id := range ended {
		if err := endWith(ctx, tx, signUpEnded, id, ""); err != nil {
			return err
		}
		if id == activated {
			a.proofs.VoidLinks(tx, proof.Activate, id)
			continue
		}
		a.proofs.Void(tx, proof.Activate, id)
		if _, err := tx.Exec(ctx, `DELETE FROM usernames WHERE owner = $1`, id); err != nil {
			return fmt.Errorf("accounts: release username: %w", err)
		}
	}
	return nil
}
