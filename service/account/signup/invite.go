package signup

import (
	"encoding/json"
	"strings"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/account/proof"
	"plenary/service/account/throttle"
	tokens "plenary/service/account/token"
	"plenary/service/mail"
	"plenary/service/store"
)

// Invitation is a sign-up that staff begins for somebody, who chooses username and
// password and accepts the terms: by the link of the e-mail within 72 hours, or by its
// code under "Forgot password?" (package recovery). Until then nothing works.
type Invitation struct {
	By     string   // id of the administrator
	Roles  []string // meant for the account, beyond participant
	Reason string
}

// Invite begins the sign-up of an invitation, and sends its e-mail. The profile's
// username gets a number where it is taken. api.CodeInvalid where the address has an
// account, or an invitation that waits; *throttle.Full where its allowance of e-mails is
// used up.
func (a *SignUps) Invite(tx *store.Tx, id string, p account.Person, in Invitation) (err error) {
	emailKey := rules.EmailKey(p.Email)
	_, taken := account.ByEmail(tx, emailKey)
	if taken || tx.Has(`SELECT 1 FROM sign_ups s JOIN invitations i ON i.sign_up = s.id
		WHERE s.email_key = $1 AND s.state = $2 AND s.expires_at > $3`, emailKey, api.SignUpWaiting, store.Micros(a.Now())) {
		return api.Invalid(api.FieldError{Pointer: "/email", Code: api.FieldTaken})
	}
	if p.Username, err = account.TakeUsername(tx, p.Username, id); err != nil {
		return err
	}
	text, err := json.Marshal(p)
	tx.Fail(err)
	now := a.Now()
	const noPassword = "" // matches none, and no program has the flow
	tx.Do(`INSERT INTO sign_ups
		(id, flow_hash, fingerprint, email_key, username_key, state, profile, search, password, password_mac, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		id, tokens.MustHash(tokens.New()), []byte{}, emailKey, rules.UsernameKey(p.Username), api.SignUpWaiting,
		string(text), p.SearchText(), noPassword, a.PasswordMAC(id, tokens.New()), store.Micros(now), store.Micros(now.Add(proof.Invite.Life())))
	tx.Do(`INSERT INTO invitations (sign_up, invited_by, roles, reason) VALUES ($1, $2, $3, $4)`,
		id, in.By, strings.Join(in.Roles, " "), in.Reason)
	return a.Resend(tx, id)
}

// invitationOf gives the invitation that a sign-up was begun by, if it was.
func invitationOf(tx *store.Tx, id string) (in Invitation, ok bool) {
	var roles string
	ok = tx.Get(`SELECT invited_by, roles, reason FROM invitations WHERE sign_up = $1`, id).Into(&in.By, &roles, &in.Reason)
	in.Roles = strings.Fields(roles)
	return in, ok
}

// life is how long a sign-up waits from when its e-mail is sent by staff.
func (s *SignUp) life() time.Duration {
	if s.Invited {
		return proof.Invite.Life()
	}
	return account.SignUpLife
}

// mailInvitation sends the e-mail of an invitation. Earlier ones of it are void, and the
// 72 hours begin anew.
func (a *SignUps) mailInvitation(tx *store.Tx, s SignUp) error {
	if err := account.Hold(tx, s.ID); err != nil {
		return err
	}
	account.EndWith(tx, account.InvitationSent, s.ID, "")
	recovery, err := account.NewID()
	if err != nil {
		return err
	}
	now := a.Now()
	until := now.Add(proof.Invite.Life())
	tx.Do(`UPDATE sign_ups SET expires_at = $1 WHERE id = $2`, store.Micros(until), s.ID)
	tx.Do(`INSERT INTO recoveries (id, flow_hash, fingerprint, identifier, about, account_id, sign_up, machine, known,
			reset_address, created_at, sent_at, expires_at) VALUES ($1, $2, $3, $3, $4, '', $5, '', 0, '', $6, $6, $7)`,
		recovery, tokens.MustHash(tokens.New()), []byte{}, []byte(s.ID), s.ID, store.Micros(now), store.Micros(until))
	secrets := a.Proofs.Issue(tx, proof.Invite, recovery)
	a.Mail.Queue(tx, mail.Message{
		To: s.Profile.Email, Language: s.Profile.Language, Template: mail.Invited, Subject: s.ID,
		Params:  map[string]string{"Name": s.Profile.FullName(), "Username": s.Profile.Username, "Organization": s.Profile.Name},
		Secrets: map[string]string{mail.Link: a.PageLink("invitation", s.Profile.Language, secrets.Link), mail.Code: secrets.Code},
		Expires: until,
	})
	return nil
}

// Accepts has whoever was invited take another username than the proposed one, with a
// number where it is taken; empty for the proposed one.
func (a *SignUps) Accepts(tx *store.Tx, s *SignUp, username string) (err error) {
	if username == "" || username == s.Profile.Username {
		return nil
	}
	if s.Profile.Username, err = account.RetakeUsername(tx, username, s.ID); err != nil {
		return err
	}
	tx.Do(`UPDATE sign_ups SET username_key = $1 WHERE id = $2`, rules.UsernameKey(s.Profile.Username), s.ID)
	// Failures that strangers ran up before the name was taken.
	throttle.Forget(tx, a.IdentifierBudget(s.Profile.Username))
	return nil
}
