package staff

import (
	"context"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/account/session"
	"plenary/service/account/signup"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/store"
)

// historyLength is how many entries of the audit log a user is shown with.
const historyLength = 50

// User gives all that staff sees of an account, or of a sign-up that waits.
//
// Errors: api.CodeNotFound.
func (a *Staff) User(ctx context.Context, p caller.Caller, id string) (u api.User, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		u = api.User{Sessions: []api.SessionInfo{}, History: []api.AuditEntry{}}
		listed, err := a.listed(tx, id)
		if err != nil {
			return err
		}
		u.UserSummary, u.Created = listed.UserSummary, listed.created
		if listed.unverified {
			a.fillSignUp(tx, &u)
			return nil
		}
		return a.fillUser(tx, p, &u)
	})
	return u, err
}

// listed finds one user as the list shows it, or api.CodeNotFound.
func (a *Staff) listed(tx *store.Tx, id string) (listedUser, error) {
	if uuid.Validate(id) != nil {
		return listedUser{}, api.Refuse(api.CodeNotFound)
	}
	list := a.queryUsers(tx, `SELECT `+listedColumns+` FROM accounts a WHERE a.id = $1 UNION ALL SELECT `+listedSignUpColumns+
		` FROM sign_ups s WHERE s.id = $1 AND s.state = $2 AND s.expires_at > $3`, id, api.SignUpWaiting, store.Micros(a.Now()))
	if len(list) == 0 {
		return listedUser{}, api.Refuse(api.CodeNotFound)
	}
	return list[0], nil
}

func (a *Staff) fillSignUp(tx *store.Tx, u *api.User) {
	s, _ := signup.FindSignUp(tx, `s.id = $1`, u.ID)
	u.Language = s.Profile.Language
	u.History = audit.About(tx, u.ID, historyLength)
}

func (a *Staff) fillUser(tx *store.Tx, p caller.Caller, u *api.User) error {
	owner, err := a.Profile(tx, u.ID)
	if err != nil {
		return err
	}
	u.Profile = &api.UserProfile{Title: owner.Title, FirstName: owner.FirstName, FamilyName: owner.FamilyName, Organization: owner.Organization}
	u.Language, u.Version = owner.Language, userVersion(owner, u.Roles)
	var last int64
	tx.Get(`SELECT COALESCE((SELECT MAX(e.at) FROM audit e WHERE e.subject = $1 AND e.event = $2), 0),
		EXISTS (SELECT 1 FROM second_factors f WHERE f.account_id = $1 AND f.confirmed_at > 0),
		EXISTS (SELECT 1 FROM secret_questions q WHERE q.account_id = $1)`, u.ID, string(audit.LoggedIn)).
		Into(&last, &u.SecondFactor, &u.SecretQuestion)
	u.LastLogIn = store.Time(last)
	u.Sessions = a.OpenSessions.List(tx, u.ID, p.SessionID, session.First).Sessions
	for i := range u.Sessions { // what somebody's computer is called, and where it is, is theirs
		s := &u.Sessions[i]
		s.Computer, s.FirstNetwork, s.LastNetwork = "", "", ""
	}
	u.ResetAddress = a.resetAddressOf(tx, u.ID)
	u.Pending = a.approvals(tx, p, u.ID, "", ApprovalsPage)
	u.History = audit.About(tx, u.ID, historyLength)
	return nil
}
