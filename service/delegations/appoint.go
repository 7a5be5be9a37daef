package delegations

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
)

// Appoint appoints an account for its organization, which is confirmed by that, and ends
// the appointment of whoever had it. All of them are told by e-mail. The same again
// changes nothing.
//
// Errors: api.CodeNotFound; api.CodeOwnRoles for one's own account; api.CodeOutdated where
// the account is of another organization by now; api.CodeInvalid for an organization that
// the directory does not have; api.CodeWrongState for an account that staff has
// deactivated.
func (ds *Delegations) Appoint(ctx context.Context, who caller.Caller, accountID string, in api.Appoint) error {
	if uuid.Validate(accountID) != nil {
		return api.Refuse(api.CodeNotFound)
	}
	if accountID == who.AccountID {
		return api.Refuse(api.CodeOwnRoles)
	}
	// SERIALIZABLE: it is rare, and of two at once one sees what the other has done.
	err := ds.DB.Update(ctx, func(tx *store.Tx) error {
		others := holders(tx, in, accountID)
		// In the order of their ids, so that two appointments never wait for each other.
		for _, id := range slices.Sorted(slices.Values(append(others, accountID))) {
			if err := account.Hold(tx, id); err != nil {
				return err
			}
		}
		p, err := ds.Accounts.Profile(tx, accountID)
		if err != nil {
			return err
		}
		_, listed := ds.Accounts.Organization(in.OrganizationID)
		switch {
		case p.Organization.ID != in.OrganizationID:
			return api.Refuse(api.CodeOutdated)
		case !listed:
			return api.Invalid(api.FieldError{Pointer: "/organization_id", Code: api.FieldUnknown})
		case tx.Has(`SELECT 1 FROM deactivated WHERE account_id = $1`, accountID):
			return api.Refuse(api.CodeWrongState)
		case p.Appointed == in.Kind:
			return nil
		}
		for _, id := range others {
			if err := ds.end(tx, id, api.CauseReplaced); err != nil {
				return err
			}
		}
		tx.Do(`INSERT INTO focal_points (account_id, organization_id, kind, appointed_by, appointed_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (account_id) DO UPDATE SET organization_id = excluded.organization_id, kind = excluded.kind,
				appointed_by = excluded.appointed_by, appointed_at = excluded.appointed_at`,
			accountID, in.OrganizationID, in.Kind, who.AccountID, store.Micros(ds.Now()))
		ds.Confirm(tx, accountID, in.OrganizationID, HowAppointed, who.AccountID)
		ds.Accounts.Audit.Note(tx, audit.FocalPointAppointed, accountID,
			audit.Fact(api.DetailOrganization, in.OrganizationID), audit.Fact(api.DetailAppointment, in.Kind))
		ds.Accounts.Tell(tx, p, mail.Message{
			Template: mail.FocalPointAppointed, Params: ds.Accounts.AboutAppointment(in.OrganizationID, in.Kind),
		})
		return nil
	})
	if err != nil {
		return err
	}
	return ds.Refresh(ctx)
}

// holders are those who have an appointment now that somebody else is to have.
func holders(tx *store.Tx, in api.Appoint, but string) (ids []string) {
	for scan := range tx.Each(`SELECT account_id FROM focal_points WHERE organization_id = $1 AND kind = $2 AND account_id <> $3`,
		in.OrganizationID, in.Kind, but) {
		var id string
		scan(&id)
		ids = append(ids, id)
	}
	return ids
}

// End ends what an account is appointed to, and tells its owner. Where it is appointed to
// nothing, nothing is done. Error: api.CodeNotFound.
func (ds *Delegations) End(ctx context.Context, _ caller.Caller, accountID string) error {
	if uuid.Validate(accountID) != nil {
		return api.Refuse(api.CodeNotFound)
	}
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	err := ds.DB.Update(ctx, func(tx *store.Tx) error {
		if err := account.Hold(tx, accountID); err != nil {
			return err
		}
		return ds.end(tx, accountID, api.CauseSecretariat)
	})
	if err != nil {
		return err
	}
	return ds.Refresh(ctx)
}

func (ds *Delegations) end(tx *store.Tx, accountID, cause string) error {
	if err := ds.Accounts.TellAppointmentEnds(tx, accountID, cause); err != nil {
		return err
	}
	account.EndWith(tx, account.AppointmentEnded, accountID, "")
	return nil
}

// ConfirmOrganization says that an account is of the organization that its owner has
// chosen, for the secretariat or whoever is appointed for that organization.
//
// Errors: api.CodeNotFound, which is also the answer to whoever may not; api.CodeOutdated
// where the account is of another one by now; api.CodeInvalid for an organization that the
// directory does not have.
func (ds *Delegations) ConfirmOrganization(ctx context.Context, who caller.Caller, in api.ConfirmOrganization) error {
	if uuid.Validate(in.Account) != nil {
		return api.Refuse(api.CodeNotFound)
	}
	// SERIALIZABLE: it is rare, so that less would win nothing. Both accounts are held.
	return ds.DB.Update(ctx, func(tx *store.Tx) error {
		for _, id := range slices.Compact(slices.Sorted(slices.Values([]string{who.AccountID, in.Account}))) {
			if err := account.Hold(tx, id); err != nil {
				return err
			}
		}
		how := HowStaff
		if !who.Has(api.RoleMeetingManager) {
			if how = HowFocalPoint; !Of(tx, who.AccountID).For(in.OrganizationID) {
				return api.Refuse(api.CodeNotFound)
			}
		}
		p, err := ds.Accounts.Profile(tx, in.Account)
		if err != nil {
			return err
		}
		_, listed := ds.Accounts.Organization(in.OrganizationID)
		switch {
		case p.Organization.ID != in.OrganizationID && how == HowFocalPoint:
			return api.Refuse(api.CodeNotFound)
		case p.Organization.ID != in.OrganizationID:
			return api.Refuse(api.CodeOutdated)
		case !listed:
			return api.Invalid(api.FieldError{Pointer: "/organization_id", Code: api.FieldUnknown})
		}
		if ds.Confirm(tx, in.Account, in.OrganizationID, how, who.AccountID) {
			ds.Accounts.Audit.Note(tx, audit.OrganizationConfirmed, in.Account, audit.Fact(api.DetailOrganization, in.OrganizationID))
		}
		return nil
	})
}
