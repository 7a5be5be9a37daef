package accounts

import (
	"bytes"
	"context"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account/proof"
	"plenary/service/mail"
	"plenary/service/store"
)

// profile is what a sign-up holds until it becomes an account.
type profile struct {
	Username   string               `json:"username"`
	Email      string               `json:"email"`
	Title      string               `json:"title,omitempty"`
	FirstName  string               `json:"first_name,omitempty"`
	FamilyName string               `json:"family_name,omitempty"`
	Phone      string               `json:"phone,omitempty"`
	Language   string               `json:"language"`
	Country    string               `json:"country"`
	Membership string               `json:"membership"`
	News       bool                 `json:"news,omitempty"`
	Directory  string               `json:"directory,omitempty"` // id of the organization in the directory
	Name       string               `json:"name"`                // of the organization
	Entered    *api.NewOrganization `json:"entered,omitempty"`
}

func (p *profile) fullName() string { return rules.AddressedName(p.Title, p.FirstName, p.FamilyName) }

// contextOfNew are the words that a password of a new account must not be made of.
func (a *Accounts) contextOfNew(p *profile) []string {
	return rules.PasswordContext(p.FirstName, p.FamilyName, p.Username, p.Email, p.Name, a.Name())
}

// SignUp notes the wish for an account and sends the e-mail that verifies the
// address. It does the same, and returns the same, for an address that has an
// account: its owner is told so by e-mail.
//
// The same flow is the same sign-up: a repetition does nothing; with other data
// (the password aside) it is api.CodeKeyReused. Other errors: api.CodeInvalid
// with fields, api.CodePasswordRefused, api.CodeTooMany, api.CodeBusy.
func (a *Accounts) SignUp(ctx context.Context, in api.SignUp, src Source) error {
	p, err := a.validSignUp(in)
	if err != nil {
		return err
	}
	flow, ok := hashToken(in.Flow)
	if !ok {
		return invalid(api.FieldError{Pointer: "/flow", Code: api.FieldInvalid})
	}
	text, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("accounts: write profile: %w", err)
	}
	n := newSignUp{flow: flow, profile: p, text: string(text), network: a.requestNetwork(signUpNetwork, src)}
	n.fingerprint = a.Key.MAC("sign-up", text)
	done, err := a.signedUp(ctx, n)
	if done || err != nil {
		return err
	}
	if err := a.refuseSpent(ctx, append(n.network, a.activationMails(rules.EmailKey(p.Email)))...); err != nil {
		return a.explainFull(err)
	}
	if n.id, err = newID(); err != nil {
		return err
	}
	password := rules.NormalizePassword(in.Password)
	if n.password, err = a.hasher.hash(ctx, password); err != nil {
		return err
	}
	n.probe = a.probe(n.id, password)
	return a.explainFull(a.counted(ctx, n.network, func() (kept bool, err error) {
		err = a.DB.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
			kept, err = a.keepSignUp(ctx, tx, n)
			return err
		})
		return kept && err == nil, err
	}))
}

// probe is what log-in compares to tell whether a password is the one of a
// sign-up that waits. It is as secret as the service's key.
func (a *Accounts) probe(signUpID, password string) []byte {
	return a.Key.MAC("sign-up password", []byte(signUpID), []byte(password))
}

// signUpOf gives the id of the newest sign-up with this password, or "".
func (a *Accounts) signUpOf(list []waitingSignUp, password string) string {
	id := ""
	for _, s := range list {
		if hmac.Equal(a.probe(s.id, password), s.probe) && id == "" {
			id = s.id
		}
	}
	return id
}

// signUpNetwork is the kind of the budget of a network's sign-ups, and of what sends
// their e-mails again.
const signUpNetwork = "sign-up network"

// newSignUp is a sign-up with all that was computed for it.
type newSignUp struct {
	id                string
	flow, fingerprint []byte
	profile           profile
	text              string
	password          string
	probe             []byte
	network           []budget
}

// signedUp tells whether the flow is a sign-up already.
func (a *Accounts) signedUp(ctx context.Context, n newSignUp) (done bool, err error) {
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		done, err = repeatedFlow(ctx, tx, `SELECT fingerprint FROM sign_ups WHERE flow_hash = $1`, n.flow, n.fingerprint)
		return err
	})
	return done, err
}

// repeatedFlow tells whether a flow exists with this fingerprint;
// api.CodeKeyReused if it has another one.
func repeatedFlow(ctx context.Context, tx *store.Tx, query string, flow, fingerprint []byte) (bool, error) {
	var known []byte
	err := tx.QueryRow(ctx, query, flow).Scan(&known)
	switch {
	case errors.Is(err, store.ErrNoRows):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("accounts: find flow: %w", err)
	case !bytes.Equal(known, fingerprint):
		return false, refused(api.CodeKeyReused)
	}
	return true, nil
}

// keepSignUp keeps a sign-up and queues its e-mail, unless its flow was kept already.
func (a *Accounts) keepSignUp(ctx context.Context, tx *store.Tx, n newSignUp) (kept bool, err error) {
	done, err := repeatedFlow(ctx, tx, `SELECT fingerprint FROM sign_ups WHERE flow_hash = $1`, n.flow, n.fingerprint)
	if done || err != nil {
		return false, err
	}
	emailKey := rules.EmailKey(n.profile.Email)
	if err := a.spend(ctx, tx, a.activationMails(emailKey)); err != nil {
		return false, err
	}
	owner, taken, err := accountOf(ctx, tx, emailKey)
	if err != nil {
		return false, err
	}
	if n.profile.Username, err = takeUsername(ctx, tx, n.profile.Username, n.id); err != nil {
		return false, err
	}
	text, err := json.Marshal(n.profile)
	if err != nil {
		return false, fmt.Errorf("accounts: write profile: %w", err)
	}
	now := a.Now()
	if _, err := tx.Exec(ctx, `INSERT INTO sign_ups
		(id, flow_hash, fingerprint, email_key, username_key, state, profile, search, password, probe, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		n.id, n.flow, n.fingerprint, emailKey, rules.UsernameKey(n.profile.Username), api.SignUpWaiting,
		string(text), n.profile.searchText(), n.password, n.probe, store.Micros(now), store.Micros(now.Add(signUpLife))); err != nil {
		return false, fmt.Errorf("accounts: keep sign-up: %w", err)
	}
	return true, a.mailActivation(ctx, tx, n.id, n.profile, owner, taken)
}

// activationMails is the hourly allowance of activation e-mails to one address.
func (a *Accounts) activationMails(emailKey string) budget {
	return a.budget("activation mail", a.limits().Mails, time.Hour, []byte(emailKey))
}

// mailActivation tells the new address a code and a link, or the owner of an
// account that there is one.
func (a *Accounts) mailActivation(ctx context.Context, tx *store.Tx, signUpID string, p profile, owner string, taken bool) error {
	secrets := a.proofs.Issue(tx, proof.Activate, signUpID)
	expires := a.Now().Add(proof.Activate.Life())
	if taken {
		if err := hold(ctx, tx, owner); err != nil {
			return err
		}
		account, err := a.Profile(ctx, tx, owner)
		if err != nil {
			return err
		}
		return a.tell(ctx, tx, account, mail.Message{Template: mail.AlreadyRegistered, Expires: expires})
	}
	// What holding the owner of a taken address costs.
	if err := hold(ctx, tx, signUpID); err != nil {
		return err
	}
	a.Mail.Queue(tx, mail.Message{
		To: p.Email, Language: p.Language, Template: mail.Activate, Subject: signUpID,
		Params:  map[string]string{"Name": p.fullName(), "Username": p.Username, "Organization": p.Name},
		Secrets: map[string]string{mail.Link: a.link("activate", p.Language, secrets.Link), mail.Code: secrets.Code},
		Expires: expires,
	})
	return nil
}

// link is an address of the service's pages; the token is in the fragment,
// which no server on the way sees.
func (a *Accounts) link(page, language, token string) string {
	return a.Address() + "/" + page + "?lang=" + language + "#" + token
}

// accountOf finds the account that has an address.
func accountOf(ctx context.Context, tx *store.Tx, emailKey string) (id string, ok bool, err error) {
	err = tx.QueryRow(ctx, `SELECT id FROM accounts WHERE email_key = $1`, emailKey).Scan(&id)
	if errors.Is(err, store.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("accounts: find address: %w", err)
	}
	return id, true, nil
}

// takeUsername reserves the wished username, or with a number that makes it unique,
// for an account or sign-up, which is an owner from then on: 2 or 3, and for names
// that many wish for any number, of more digits the oftener one is taken.
func takeUsername(ctx context.Context, tx *store.Tx, wish, owner string) (string, error) {
	if err := tx.NewOwner(ctx, owner); err != nil {
		return "", err
	}
	names := []string{wish, rules.NumberedUsername(wish, 2), rules.NumberedUsername(wish, 3)}
	for numbers := 100; numbers <= 100_000_000; numbers *= 10 {
		for range 2 {
			names = append(names, rules.NumberedUsername(wish, 4+rand.IntN(numbers-4)))
		}
	}
	for _, name := range names {
		got, err := tx.Exec(ctx, `INSERT INTO usernames (username_key, owner) VALUES ($1, $2)
			ON CONFLICT (username_key) DO NOTHING`, rules.UsernameKey(name), owner)
		if err != nil {
			return "", fmt.Errorf("accounts: take username: %w", err)
		}
		if got == 1 {
			return name, nil
		}
	}
	return "", invalid(api.FieldError{Pointer: "/username", Code: api.FieldInvalid})
}
