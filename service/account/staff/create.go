package staff

import (
	"context"
	"slices"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/audit"
	"plenary/service/store"
)

// NewAccount is an account that the operator makes: it is active at once.
type NewAccount struct {
	Username     string
	Email        string
	Password     string // empty: none yet
	FirstName    string
	FamilyName   string
	Language     string // en if empty
	Roles        []string
	Organization api.Organization // name, country and membership; id if of the directory
}

// roleNames are the roles beside participant.
var roleNames = []string{api.RoleMeetingManager, api.RoleVisa, api.RoleAdministrator}

// Create makes an active account and gives its id. The address and the
// username must be free: api.CodeInvalid otherwise, as for every field that is
// wrong; api.CodePasswordRefused for a password that the policy refuses. One without a
// password waits for its owner to choose one, by "Forgot password?" or HandLink.
func (a *Staff) Create(ctx context.Context, n NewAccount) (string, error) {
	p, err := a.validNew(&n)
	if err != nil {
		return "", err
	}
	hash := ""
	if n.Password != "" {
		if hash, err = a.Credentials.Hasher.Hash(ctx, rules.NormalizePassword(n.Password)); err != nil {
			return "", err
		}
	}
	id, err := account.NewID()
	if err != nil {
		return "", err
	}
	// SERIALIZABLE: that the address has no account is read, and an account is made.
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		emailKey := rules.EmailKey(p.Email)
		if _, taken := account.ByEmail(tx, emailKey); taken {
			return api.Invalid(api.FieldError{Pointer: "/email", Code: api.FieldInvalid})
		}
		name, err := account.TakeUsername(tx, p.Username, id)
		if err != nil {
			return err
		}
		if name != p.Username {
			return api.Invalid(api.FieldError{Pointer: "/username", Code: api.FieldInvalid})
		}
		a.Insert(tx, id, p, hash, n.Roles)
		a.EndSignUps(tx, emailKey, id)
		a.Audit.Note(tx, audit.Created, id, roleDetails(nil, n.Roles)...)
		return nil
	})
	if err != nil {
		return "", err
	}
	return id, nil
}

func (a *Staff) validNew(n *NewAccount) (account.Person, error) {
	v := account.Validation{}
	if n.Language == "" {
		n.Language = "en"
	}
	p := account.Person{
		Username: rules.Typed(n.Username), FirstName: v.Line("/first_name", n.FirstName), FamilyName: v.Line("/family_name", n.FamilyName),
		Language: n.Language, Country: n.Organization.Country, Membership: n.Organization.Membership,
		Directory: n.Organization.ID, Name: v.Line("/organization", n.Organization.Name),
	}
	var err error
	if p.Email, err = rules.ReadEmail(n.Email); err != nil {
		v.Wrong("/email", api.FieldInvalid)
	}
	if !rules.ValidUsername(p.Username) {
		v.Wrong("/username", api.FieldInvalid)
	}
	n.Roles = slices.DeleteFunc(slices.Clone(n.Roles), func(r string) bool { return r == api.RoleParticipant })
	for _, r := range n.Roles {
		if !slices.Contains(roleNames, r) {
			v.Wrong("/roles", api.FieldUnknown)
		}
	}
	if len(v.Fields) > 0 {
		return p, api.Invalid(v.Fields...)
	}
	if n.Password == "" {
		return p, nil // the owner chooses one
	}
	return p, a.Credentials.Judge(n.Password, a.ContextOfNew(&p))
}

// Listed is an account in the operator's list.
type Listed struct {
	ID, Username, Email string
	State               string // one of api.User*
	Roles               []string
	Created             time.Time
}

// List gives up to limit accounts in the order of their usernames, after one.
func (a *Staff) List(ctx context.Context, after string, limit int) (list []Listed, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		users := a.queryUsers(tx, `SELECT `+listedColumns+` FROM accounts a
			WHERE a.username_key > $1 ORDER BY a.username_key LIMIT $2`, rules.UsernameKey(after), limit)
		list = make([]Listed, len(users))
		for i, u := range users {
			list[i] = Listed{ID: u.ID, Username: u.Username, Email: u.Email, State: u.State, Roles: u.Roles, Created: u.created}
		}
		return nil
	})
	return list, err
}
