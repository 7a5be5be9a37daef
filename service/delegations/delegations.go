// Package delegations holds who speaks for an organization: the secretariat appoints
// accounts of it, a focal point and an assistant, and what they may do with registrations
// stands in rules and package registrations. It also holds of which accounts somebody has
// confirmed that they are of the organization that they chose.
//
// It knows no HTTP.
//
// An appointment is a row of the account, which whoever changes holds (store.Tx.HoldOwner),
// as does whoever acts on it: so that nobody decides who was appointed a moment ago. It
// counts only while the account is of the organization that it is for, and goes when that
// changes (package account, ends.go).
//
// Start reading at Appoint.
package delegations

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/caller"
	"plenary/service/store"
)

// Deps is what delegations stand on.
type Deps struct {
	DB       *store.DB
	Now      func() time.Time // the service's clock
	Accounts *account.Accounts
	// Users finds accounts for staff.
	Users func(context.Context, caller.Caller, api.UserFilter) (api.Users, error)
}

// Delegations is safe for concurrent use.
type Delegations struct {
	Deps
	reading sync.Mutex // one Refresh at a time: an older reading never takes the place of a newer one
	// with are the organizations that have a focal point, as this node knows it.
	with atomic.Pointer[map[string]bool]
}

// New makes Delegations from what they stand on.
func New(d Deps) *Delegations {
	ds := &Delegations{Deps: d}
	ds.with.Store(&map[string]bool{})
	return ds
}

// State is in SQL what tells one state of the focal points from another.
const State = `SELECT CAST(COUNT(*) AS TEXT) || ' ' || CAST(COALESCE(MAX(appointed_at), 0) AS TEXT) FROM focal_points`

// Refresh reads which organizations have a focal point.
func (ds *Delegations) Refresh(ctx context.Context) error {
	ds.reading.Lock()
	defer ds.reading.Unlock()
	with := map[string]bool{}
	err := ds.DB.Peek(ctx, func(tx *store.Tx) error {
		with = map[string]bool{}
		for scan := range tx.Each(`SELECT f.organization_id` + inForce + `WHERE f.kind = '` + api.FocalPoint + `'`) {
			var id string
			scan(&id)
			with[id] = true
		}
		return nil
	})
	if err == nil {
		ds.with.Store(&with)
	}
	return err
}

// inForce are the appointments that count.
const inForce = ` FROM focal_points f JOIN accounts a ON a.id = f.account_id AND a.organization_id = f.organization_id `

// Speaker tells whether an organization has a focal point, as this node knows it.
func (ds *Delegations) Speaker(organizationID string) rules.Speaker {
	if (*ds.with.Load())[organizationID] {
		return rules.HasFocalPoint
	}
	return rules.NoFocalPoint
}

// SpeakerNow is Speaker as it stands in the database.
func SpeakerNow(tx *store.Tx, organizationID string) rules.Speaker {
	if organizationID != "" && tx.Has(`SELECT 1`+inForce+`WHERE f.organization_id = $1 AND f.kind = '`+api.FocalPoint+`'`, organizationID) {
		return rules.HasFocalPoint
	}
	return rules.NoFocalPoint
}

// Appointment is what an account is appointed to; the zero value is nothing.
type Appointment struct{ Kind, OrganizationID string }

// For tells whether it is one for an organization.
func (a Appointment) For(organizationID string) bool {
	return a.Kind != "" && a.OrganizationID == organizationID
}

// Of gives the appointment of an account. Whoever acts on it holds the account.
func Of(tx *store.Tx, accountID string) (a Appointment) {
	tx.Get(`SELECT f.kind, f.organization_id`+inForce+`WHERE f.account_id = $1`, accountID).Into(&a.Kind, &a.OrganizationID)
	return a
}

// FocalPointOf is the account of an organization's focal point, or empty.
func FocalPointOf(tx *store.Tx, organizationID string) (accountID string) {
	if organizationID != "" {
		tx.Get(`SELECT f.account_id`+inForce+`WHERE f.organization_id = $1 AND f.kind = '`+api.FocalPoint+`'`, organizationID).Into(&accountID)
	}
	return accountID
}

// StillFocalPoint is a statement that says whether an account is the focal point of an
// organization, for whoever acts on what was known before.
func StillFocalPoint(is *bool, accountID, organizationID string) *store.Statement {
	return store.Query(`SELECT COUNT(*) > 0`+inForce+`WHERE f.account_id = $1 AND f.organization_id = $2 AND f.kind = '`+api.FocalPoint+`'`,
		accountID, organizationID).Into(is)
}

// How it was confirmed that an account is of its organization.
const (
	HowAppointed  = "appointed"
	HowFocalPoint = "focal-point"
	HowStaff      = "staff"
)

// Confirm keeps that an account is of an organization, if that is the one it has now and
// stands in the directory. It tells whether that is news.
func (ds *Delegations) Confirm(tx *store.Tx, accountID, organizationID, how, by string) (news bool) {
	if accountID == "" || organizationID == "" {
		return false
	}
	return tx.Do(`INSERT INTO confirmed_organizations (account_id, organization_id, how, by_whom, confirmed_at)
		SELECT id, organization_id, $3, $4, $5 FROM accounts WHERE id = $1 AND organization_id = $2
			AND NOT EXISTS (SELECT 1 FROM confirmed_organizations c WHERE c.account_id = $1 AND c.organization_id = $2)
			AND NOT EXISTS (SELECT 1 FROM entered_organizations e WHERE e.account_id = $1)
		ON CONFLICT (account_id) DO UPDATE SET organization_id = excluded.organization_id, how = excluded.how,
			by_whom = excluded.by_whom, confirmed_at = excluded.confirmed_at`,
		accountID, organizationID, how, by, store.Micros(ds.Now())) == 1
}

// Confirmed tells whether somebody has confirmed that an account is of the organization
// that it has.
func Confirmed(tx *store.Tx, accountID string) bool {
	return tx.Has(`SELECT 1 FROM confirmed_organizations c JOIN accounts a ON a.id = c.account_id AND a.organization_id = c.organization_id
		WHERE c.account_id = $1`, accountID)
}

// SpeakerFor is SpeakerNow for the registration of an account, or of nobody's: a focal
// point speaks for itself.
func SpeakerFor(tx *store.Tx, accountID, organizationID string) rules.Speaker {
	if a := Of(tx, accountID); a.For(organizationID) && a.Kind == api.FocalPoint {
		return rules.IsFocalPoint
	}
	return SpeakerNow(tx, organizationID)
}
