package signup

import (
	"context"
	"encoding/json"
	"fmt"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/account/credential"
	"plenary/service/account/proof"
	"plenary/service/account/throttle"
	tokens "plenary/service/account/token"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
)

// SignUp notes the wish for an account and sends the e-mail that verifies the
// address. It does the same, and returns the same, for an address that has an
// account: its owner is told so by e-mail.
//
// The same flow is the same sign-up: a repetition does nothing; with other data
// (the password aside) it is api.CodeKeyReused. One that replaces another ends that, if
// it still waits: its username is free for this one, and what was sent for it void and
// forgotten, as after Correct; the answer does not tell. Other errors: api.CodeInvalid
// with fields, api.CodePasswordRefused, api.CodeTooMany, api.CodeBusy.
func (a *SignUps) SignUp(ctx context.Context, in api.SignUp) error {
	p, err := a.validSignUp(in)
	if err != nil {
		return err
	}
	flow, ok := tokens.Hash(in.Flow)
	if !ok {
		return api.Invalid(api.FieldError{Pointer: "/flow", Code: api.FieldInvalid})
	}
	replaces, ok := tokens.Hash(in.Replaces)
	if !ok && in.Replaces != "" {
		return api.Invalid(api.FieldError{Pointer: "/replaces", Code: api.FieldInvalid})
	}
	text, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("signup: write profile: %w", err)
	}
	n := newSignUp{flow: flow, replaces: replaces, profile: p, text: string(text), network: a.RequestNetwork(ctx, SignUpNetwork)}
	n.fingerprint = a.Key.MAC("sign-up", text)
	done, err := a.signedUp(ctx, n)
	if done || err != nil {
		return err
	}
	if err := a.RefuseSpent(ctx, append(n.network, a.ActivationMails(rules.EmailKey(p.Email)))...); err != nil {
		return a.ExplainFull(err)
	}
	if n.id, err = account.NewID(); err != nil {
		return err
	}
	password := rules.NormalizePassword(in.Password)
	if n.password, err = a.Credentials.Hasher.Hash(ctx, password); err != nil {
		return err
	}
	n.passwordMAC = a.PasswordMAC(n.id, password)
	return a.ExplainFull(a.Counted(ctx, n.network, func() (kept bool, err error) {
		// SERIALIZABLE: whether the address has an account decides what is sent.
		err = a.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
			kept, err = a.keepSignUp(tx, n)
			return err
		})
		return kept && err == nil, err
	}))
}

// SignUpNetwork is the kind of the budget of a network's sign-ups, and of what sends
// their e-mails again.
const SignUpNetwork = "sign-up network"

// newSignUp is a sign-up with all that was computed for it.
type newSignUp struct {
	id                string
	flow, fingerprint []byte
	replaces          []byte // the flow of another; nil for none
	profile           account.Person
	text              string
	password          string
	passwordMAC       []byte
	network           []throttle.Budget
}

// signedUp tells whether the flow is a sign-up already.
func (a *SignUps) signedUp(ctx context.Context, n newSignUp) (done bool, err error) {
	err = a.DB.Peek(ctx, func(tx *store.Tx) error {
		done, err = account.RepeatedFlow(tx, signUpFingerprint, n.flow, n.fingerprint)
		return err
	})
	return done, err
}

// signUpFingerprint is the query for the fingerprint of the sign-up of a flow.
const signUpFingerprint = `SELECT fingerprint FROM sign_ups WHERE flow_hash = $1`

// keepSignUp keeps a sign-up and queues its e-mail, unless its flow was kept already.
func (a *SignUps) keepSignUp(tx *store.Tx, n newSignUp) (kept bool, err error) {
	if done, err := account.RepeatedFlow(tx, signUpFingerprint, n.flow, n.fingerprint); done || err != nil {
		return false, err
	}
	emailKey := rules.EmailKey(n.profile.Email)
	if err := a.Spend(tx, a.ActivationMails(emailKey)); err != nil {
		return false, err
	}
	if err := a.endReplaced(tx, n.replaces); err != nil {
		return false, err
	}
	owner, taken := account.ByEmail(tx, emailKey)
	if n.profile.Username, err = account.TakeUsername(tx, n.profile.Username, n.id); err != nil {
		return false, err
	}
	text, err := json.Marshal(n.profile)
	tx.Fail(err)
	now := a.Now()
	tx.Do(`INSERT INTO sign_ups
		(id, flow_hash, fingerprint, email_key, username_key, state, profile, search, password, password_mac, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		n.id, n.flow, n.fingerprint, emailKey, rules.UsernameKey(n.profile.Username), api.SignUpWaiting,
		string(text), n.profile.SearchText(), n.password, n.passwordMAC, store.Micros(now), store.Micros(now.Add(account.SignUpLife)))
	return true, a.mailActivation(tx, n.id, n.profile, owner, taken)
}

// endReplaced ends the sign-up of a flow, if there is one that still waits.
func (a *SignUps) endReplaced(tx *store.Tx, flow []byte) error {
	s, ok := FindSignUp(tx, `s.flow_hash = $1`, flow)
	if !ok || !s.Waits(a.Now()) {
		return nil
	}
	if err := account.Hold(tx, s.ID); err != nil {
		return err
	}
	a.End(tx, s.ID)
	a.Audit.Note(tx, audit.SignUpEnded, s.ID)
	return nil
}

// mailActivation tells the new address a code and a link, or the owner of an
// account that there is one.
func (a *SignUps) mailActivation(tx *store.Tx, signUpID string, p account.Person, owner string, taken bool) error {
	secrets := a.Proofs.Issue(tx, proof.Activate, signUpID)
	expires := a.Now().Add(proof.Activate.Life())
	if taken {
		if err := account.Hold(tx, owner); err != nil {
			return err
		}
		return a.TellAbout(tx, owner, mail.Message{Template: mail.AlreadyRegistered, Expires: expires})
	}
	// What holding the owner of a taken address costs.
	if err := account.Hold(tx, signUpID); err != nil {
		return err
	}
	a.Mail.Queue(tx, mail.Message{
		To: p.Email, Language: p.Language, Template: mail.Activate, Subject: signUpID,
		Params:  map[string]string{"Name": p.FullName(), "Username": p.Username, "Organization": p.Name},
		Secrets: map[string]string{mail.Link: a.PageLink("activate", p.Language, secrets.Link), mail.Code: secrets.Code},
		Expires: expires,
	})
	return nil
}

// validSignUp judges a sign-up by the rules that the screen has shown too.
func (a *SignUps) validSignUp(in api.SignUp) (account.Person, error) {
	v := account.Validation{}
	p := a.ValidPerson(&v, api.ChangeProfile{
		Title: in.Title, FirstName: in.FirstName, FamilyName: in.FamilyName, Phone: in.Phone, Language: in.Language,
		Membership: in.Membership, Country: in.Country, News: in.News,
		OrganizationID: in.OrganizationID, NewOrganization: in.NewOrganization,
	})
	p.Username = rules.Typed(in.Username)
	if in.OrganizationID == "" && in.NewOrganization == nil {
		v.Wrong("/organization_id", api.FieldRequired)
	}
	email, err := rules.ReadEmail(in.Email)
	switch {
	case rules.Typed(in.Email) == "":
		v.Wrong("/email", api.FieldRequired)
	case err != nil:
		v.Wrong("/email", api.FieldInvalid)
	}
	p.Email = email
	if !rules.ValidUsername(p.Username) {
		v.Wrong("/username", api.FieldInvalid)
	}
	if in.NewOrganization == nil && !rules.IsCountry(in.Country) {
		v.Wrong("/country", api.FieldInvalid)
	}
	v.Accepted(in.AcceptTerms, in.ReadPrivacy)
	if len(v.Fields) > 0 {
		return p, api.Invalid(v.Fields...)
	}
	if _, err := credential.Typed(in.Password); err != nil {
		return p, credential.Refused(rules.RuleTooLong)
	}
	return p, a.Credentials.Judge(in.Password, a.ContextOfNew(&p))
}
