package account

import (
	"plenary/api"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
)

// TellAppointmentEnds notes that what an account was appointed to for its organization is
// about to end, if it is, and tells its owner. cause is one of api.Cause. The account is
// held, and what is appointed ends by EndWith.
func (a *Accounts) TellAppointmentEnds(tx *store.Tx, accountID, cause string) error {
	var organization, kind string
	if !tx.Get(`SELECT organization_id, kind FROM focal_points WHERE account_id = $1`, accountID).Into(&organization, &kind) {
		return nil
	}
	a.Audit.Note(tx, audit.FocalPointEnded, accountID, audit.Fact(api.DetailOrganization, organization),
		audit.Fact(api.DetailAppointment, kind), audit.Fact(api.DetailCause, cause))
	return a.TellAbout(tx, accountID, mail.Message{Template: mail.FocalPointEnded, Params: a.AboutAppointment(organization, kind)})
}

// AboutAppointment are the parameters of e-mails about appointments.
func (a *Accounts) AboutAppointment(organizationID, kind string) map[string]string {
	of, _ := a.Organization(organizationID)
	return map[string]string{"For": of.Name, "Kind": kind}
}
