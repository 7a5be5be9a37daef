package staff

import (
	"slices"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
	"plenary/words"
)

// announced is what tells administrators of an event of the audit log.
type announced struct {
	template string
	what     func(audit.Noted) string // key of what was changed, or asked for
	// leaves: it is told only where it is about an administrator, of whom there is one
	// less then.
	leaves bool
}

// toAdministrators are the events that they are told of. Of roles they are told
// whosever they are.
var toAdministrators = map[audit.Event]announced{
	audit.PolicyChanged:       changed("policies"),
	audit.MailSettingsChanged: changed("mail-server"),
	audit.MailSwitched:        changed("automatic-mails"),
	audit.SettingsChanged:     changed("settings"),
	audit.RolesChanged:        changed("roles"),
	audit.Deactivated:         leaves("administrator-deactivated"),
	audit.DeletionAsked:       leaves("administrator-leaving"),
	audit.ApprovalAsked: {
		template: mail.ApprovalAsked,
		what:     func(n audit.Noted) string { return "mail.approval." + n.Fact(api.DetailKind) },
	},
}

func changed(what string) announced {
	return announced{template: mail.ServiceChanged, what: func(audit.Noted) string { return "mail.changed." + what }}
}

func leaves(what string) announced {
	about := changed(what)
	about.leaves = true
	return about
}

// tellAdministrators tells the administrators who can log in of what was noted in
// the audit log, if it is one of toAdministrators: also who did it, since somebody
// else may have their session, and that nobody else is left where that is so. Whom it
// is about has an e-mail of their own, and an approval is not announced to who asked
// for it.
func (a *Staff) tellAdministrators(tx *store.Tx, n audit.Noted) {
	about, ok := toAdministrators[n.Event]
	if !ok || about.leaves && !slices.Contains(account.Granted(tx, n.Subject), api.RoleAdministrator) {
		return
	}
	template, what, only := about.template, about.what(n), ""
	if about.leaves || n.Event == audit.RolesChanged && endsAdministrator(n) {
		only = onlyAdministrator(tx)
	}
	account.TakeTurns(tx) // each of them is held below
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
		params := map[string]string{
			"What": w.T(what, map[string]any{"User": user}), "User": user, "By": did, "When": w.DateTime(when.UTC()) + " UTC",
		}
		if id == only {
			params["Only"] = "1"
		}
		a.Tell(tx, p, mail.Message{Template: template, Params: params})
	}
}

// endsAdministrator reports whether an administrator is none any more.
func endsAdministrator(n audit.Noted) bool {
	return slices.Contains(n.Details, audit.Detail{Field: api.DetailRole, Before: api.RoleAdministrator})
}

// onlyAdministrator is the id of the one administrator who is not deactivated and will
// not be erased, or empty where there are several (account.RefuseLastAdministrator).
func onlyAdministrator(tx *store.Tx) string {
	stay := tx.Strings(`SELECT r.account_id FROM account_roles r WHERE r.role = $1
		AND NOT EXISTS (SELECT 1 FROM deactivated d WHERE d.account_id = r.account_id)
		AND NOT EXISTS (SELECT 1 FROM deletions d WHERE d.account_id = r.account_id) LIMIT 2`, api.RoleAdministrator)
	if len(stay) != 1 {
		return ""
	}
	return stay[0]
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
