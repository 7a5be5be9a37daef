package staff

import (
	"plenary/api"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
	"plenary/words"
)

// toAdministrators are the events of the audit log that administrators are told of,
// with what tells of each: the key of what was changed, or asked for.
var toAdministrators = map[audit.Event]func(audit.Noted) (template, what string){
	audit.PolicyChanged:       changed("policies"),
	audit.MailSettingsChanged: changed("mail-server"),
	audit.MailSwitched:        changed("automatic-mails"),
	audit.SettingsChanged:     changed("settings"),
	audit.RolesChanged:        changed("roles"),
	audit.ApprovalAsked: func(n audit.Noted) (template, what string) {
		return mail.ApprovalAsked, "mail.approval." + audit.Kind(n.Detail)
	},
}

func changed(what string) func(audit.Noted) (template, what string) {
	return func(audit.Noted) (string, string) { return mail.ServiceChanged, "mail.changed." + what }
}

// tellAdministrators tells the administrators who can log in of what was noted in
// the audit log, if it is one of toAdministrators: also who did it, since somebody
// else may have their session. Whom it is about has an e-mail of their own, and an
// approval is not announced to who asked for it.
func (a *Staff) tellAdministrators(tx *store.Tx, n audit.Noted) {
	about, ok := toAdministrators[n.Event]
	if !ok {
		return
	}
	template, what := about(n)
	user, by := a.usernameOf(tx, n.Subject), a.usernameOf(tx, n.Actor)
	for _, id := range administrators(tx) {
		if id == n.Subject || template == mail.ApprovalAsked && id == n.Actor {
			continue
		}
		// Who is being erased is not written to.
		if !tx.HoldOwner(id) {
			continue
		}
		p, err := a.Profile(tx, id)
		if err != nil {
			tx.Fail(err)
			return
		}
		w, when := words.ForLetters(p.Language), n.At
		if template == mail.ApprovalAsked {
			when = when.Add(ApprovalLife)
		}
		did := by
		if did == "" {
			did = w.T("mail.operator")
		}
		a.Tell(tx, p, mail.Message{Template: template, Params: map[string]string{
			"What": w.T(what, map[string]any{"User": user}), "User": user, "By": did, "When": w.DateTime(when.UTC()) + " UTC",
		}})
	}
}

// administrators are the ids of those who are not deactivated.
func administrators(tx *store.Tx) []string {
	return tx.Strings(`SELECT r.account_id FROM account_roles r WHERE r.role = $1
		AND NOT EXISTS (SELECT 1 FROM deactivated d WHERE d.account_id = r.account_id) ORDER BY r.account_id`, api.RoleAdministrator)
}

// usernameOf is empty for no account.
func (a *Staff) usernameOf(tx *store.Tx, id string) (username string) {
	tx.Get(`SELECT username FROM accounts WHERE id = $1`, id).Into(&username)
	return username
}
