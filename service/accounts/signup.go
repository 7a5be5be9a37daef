package accounts

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
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
func (a *Accounts) SignUp(ctx context.Context, in api.SignUp) error {
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
	n := newSignUp{flow: flow, profile: p, text: string(text), network: a.requestNetwork(ctx, signUpNetwork)}
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
	if n.password, err = a.credentials.Hasher.Hash(ctx, password); err != nil {
		return err
	}
	n.passwordMAC = a.passwordMAC(n.id, password)
	return a.explainFull(a.counted(ctx, n.network, func() (kept bool, err error) {
		// SERIALIZABLE: whether the address has an account decides what is sent.
		err = a.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
			kept, err = a.keepSignUp(tx, n)
			return err
		})
		return kept && err == nil, err
	}))
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
	passwordMAC       []byte
	network           []budget
}

// signedUp tells whether the flow is a sign-up already.
func (a *Accounts) signedUp(ctx context.Context, n newSignUp) (done bool, err error) {
	err = a.DB.Peek(ctx, func(tx *store.Tx) error {
		done, err = repeatedFlow(tx, signUpFingerprint, n.flow, n.fingerprint)
		return err
	})
	return done, err
}

// signUpFingerprint is the query for the fingerprint of the sign-up of a flow.
const signUpFingerprint = `SELECT fingerprint FROM sign_ups WHERE flow_hash = $1`

// repeatedFlow tells whether a flow exists with this fingerprint;
// api.CodeKeyReused if it has another one.
func repeatedFlow(tx *store.Tx, query string, flow, fingerprint []byte) (bool, error) {
	var known []byte
	if !tx.Get(query, flow).Into(&known) {
		return false, nil
	}
	if !bytes.Equal(known, fingerprint) {
		return false, refused(api.CodeKeyReused)
	}
	return true, nil
}

// keepSignUp keeps a sign-up and queues its e-mail, unless its flow was kept already.
func (a *Accounts) keepSignUp(tx *store.Tx, n newSignUp) (kept bool, err error) {
	if done, err := repeatedFlow(tx, signUpFingerprint, n.flow, n.fingerprint); done || err != nil {
		return false, err
	}
	emailKey := rules.EmailKey(n.profile.Email)
	if err := a.spend(tx, a.activationMails(emailKey)); err != nil {
		return false, err
	}
	owner, taken := accountOf(tx, emailKey)
	if n.profile.Username, err = takeUsername(tx, n.profile.Username, n.id); err != nil {
		return false, err
	}
	text, err := json.Marshal(n.profile)
	tx.Fail(err)
	now := a.Now()
	tx.Do(`INSERT INTO sign_ups
		(id, flow_hash, fingerprint, email_key, username_key, state, profile, search, password, password_mac, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		n.id, n.flow, n.fingerprint, emailKey, rules.UsernameKey(n.profile.Username), api.SignUpWaiting,
		string(text), n.profile.searchText(), n.password, n.passwordMAC, store.Micros(now), store.Micros(now.Add(signUpLife)))
	return true, a.mailActivation(tx, n.id, n.profile, owner, taken)
}

// activationMails is the hourly allowance of activation e-mails to one address.
func (a *Accounts) activationMails(emailKey string) budget {
	return a.budget("activation mail", a.limits().Mails, time.Hour, []byte(emailKey))
}

// mailActivation tells the new address a code and a link, or the owner of an
// account that there is one.
func (a *Accounts) mailActivation(tx *store.Tx, signUpID string, p profile, owner string, taken bool) error {
	secrets := a.proofs.Issue(tx, proof.Activate, signUpID)
	expires := a.Now().Add(proof.Activate.Life())
	if taken {
		if err := hold(tx, owner); err != nil {
			return err
		}
		return a.tellAbout(tx, owner, mail.Message{Template: mail.AlreadyRegistered, Expires: expires})
	}
	// What holding the owner of a taken address costs.
	if err := hold(tx, signUpID); err != nil {
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
