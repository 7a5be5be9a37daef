package settings

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"time"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/store"
)

// ExportsADay is how often a person can export their data in a day: it is the
// costliest thing that one person can ask for.
const ExportsADay = 20

// section is a part of the export: rows as a query gives them for the account
// $1, under the names of its columns. Columns that end in _at are times, absent
// when there is none; those that end in _json are JSON, absent when they are empty; those
// that begin with is_ are yes or no. Nothing here is a secret, or opens anything.
type section struct {
	name, query string
	one         bool // at most one row: an object instead of a list
}

var sections = []section{
	{"profile", `SELECT id, username, email, title, first_name, family_name, phone, language, country, membership,
		organization_id, organization_name, news AS is_news, created_at, activated_at FROM accounts WHERE id = $1`, true},
	{"roles", `SELECT role FROM account_roles WHERE account_id = $1 ORDER BY role`, false},
	{"password", `SELECT CASE WHEN password <> '' THEN 1 ELSE 0 END AS is_set, changed_at FROM credentials WHERE account_id = $1`, true},
	{"second-factor", `SELECT confirmed_at, (SELECT COUNT(*) FROM recovery_codes c WHERE c.account_id = $1) AS recovery_codes
		FROM second_factors WHERE account_id = $1 AND confirmed_at > 0`, true},
	{"secret-question", `SELECT own AS is_own, set_at FROM secret_questions WHERE account_id = $1`, true},
	{"sessions", `SELECT id, computer, machine, keep AS is_kept, created_at, first_network, used_at, last_network, expires_at
		FROM sessions WHERE account_id = $1 ORDER BY created_at`, false},
	{"devices", `SELECT machine, created_at, used_at FROM devices WHERE account_id = $1 ORDER BY created_at`, false},
	{"entered-organizations", `SELECT name, city, website, country, membership, created_at FROM entered_organizations WHERE account_id = $1`, false},
	{"appointment", `SELECT organization_id, kind, appointed_at,
		(SELECT told_at FROM delegation_reminders r WHERE r.account_id = $1) AS reminded_at FROM focal_points WHERE account_id = $1`, true},
	{"confirmed-organization", `SELECT organization_id, how, confirmed_at FROM confirmed_organizations WHERE account_id = $1`, true},
	{"sign-up", `SELECT state, created_at, expires_at FROM sign_ups WHERE id = $1`, true},
	{"recoveries", `SELECT created_at, expires_at FROM recoveries WHERE account_id = $1 ORDER BY created_at`, false},
	{"e-mail-change", `SELECT email, created_at, expires_at FROM email_changes WHERE account_id = $1`, true},
	{"reset-address", `SELECT email, reason, set_at, expires_at, used_at FROM reset_addresses WHERE account_id = $1`, true},
	{"deactivated", `SELECT since AS since_at FROM deactivated WHERE account_id = $1`, true},
	{"deletion", `SELECT asked_at, due_at FROM deletions WHERE account_id = $1`, true},
	{"approvals", `SELECT kind, reason, asked_at, expires_at FROM approvals WHERE account_id = $1 ORDER BY asked_at`, false},
	{"reasons", `SELECT id, reason, details AS details_json FROM reasons WHERE account_id = $1 ORDER BY id`, false},
	{"mail-test", `SELECT begun_at, count, result FROM mail_tests WHERE account_id = $1`, true},
	{"invitations", `SELECT meeting, name, email, language, passes_window AS is_passing_window, passes_approval AS is_passing_approval,
		invited_at, expires_at, registration FROM meeting_invitations
		WHERE email_key = (SELECT email_key FROM accounts WHERE id = $1) ORDER BY invited_at, id`, false},
	// Not what went to the address about somebody else: who had it before, or whose
	// reset address it is.
	{"e-mails", `SELECT recipient, language, template, state, attempts, created_at, done_at FROM mails
		WHERE subject = $1 OR recipient = (SELECT email FROM accounts WHERE id = $1)
			AND NOT EXISTS (SELECT 1 FROM accounts x WHERE x.id = mails.subject) AND NOT EXISTS
			(SELECT 1 FROM recoveries x WHERE x.id = mails.subject AND x.account_id <> $1) ORDER BY created_at, id`, false},
	// Whom staff's own acts concerned, and from where others acted, is theirs.
	{"history", `SELECT h.at AS at_at, h.event, h.details AS details_json, h.reason, CASE WHEN h.subject = $1 THEN 1 ELSE 0 END AS is_about_oneself,
			COALESCE(o.network, '') AS network
		FROM audit h LEFT JOIN audit_origins o ON o.entry = h.id AND (h.actor = $1 OR h.actor = '')
		WHERE h.subject = $1 OR h.actor = $1 ORDER BY h.at, h.id`, false},
}

// Export gives all that the service holds about a person: as data, without what
// is secret or opens anything (passwords, tokens, answers). It is noted in the
// audit log.
//
// Errors: api.CodeTooMany after twenty in a day.
func (a *Settings) Export(ctx context.Context, who caller.Caller) (api.Export, error) {
	// READ COMMITTED: one counter, and an entry of the log.
	err := a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		if err := a.Spend(tx, a.Budget("export", ExportsADay, 24*time.Hour, []byte(who.AccountID))); err != nil {
			return err
		}
		a.Audit.Note(tx, audit.DataExported, who.AccountID)
		return nil
	})
	if err != nil {
		return api.Export{}, a.ExplainFull(err)
	}
	e := api.Export{Made: a.Now().UTC()}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		if e.Account, err = a.Profile(tx, who.AccountID); err != nil {
			return err
		}
		held, err := a.held(tx, who.AccountID)
		if err != nil {
			return err
		}
		e.Data = make(map[string]json.RawMessage, len(held))
		for name, data := range held {
			if e.Data[name], err = json.Marshal(data); err != nil {
				return fmt.Errorf("settings: write %s: %w", name, err)
			}
		}
		return nil
	})
	return e, err
}

// held collects all sections and what the rest of the service holds.
func (a *Settings) held(tx *store.Tx, accountID string) (map[string]any, error) {
	held := map[string]any{}
	for _, s := range sections {
		rows := records(tx, s.query, accountID)
		switch {
		case !s.one:
			held[s.name] = rows
		case len(rows) > 0:
			held[s.name] = rows[0]
		}
	}
	if a.Held.Export == nil {
		return held, nil
	}
	more, err := a.Held.Export(tx, accountID)
	maps.Copy(held, more)
	return held, err
}

// records gives the rows of a query as objects.
func records(tx *store.Tx, query, accountID string) []map[string]any {
	list := []map[string]any{}
	for columns, scan := range tx.Named(query, accountID) {
		values, places := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			places[i] = &values[i]
		}
		if scan(places...) {
			list = append(list, record(columns, values))
		}
	}
	return list
}

// record is a row as an object, by the names of its columns (section).
func record(columns []string, values []any) map[string]any {
	record := map[string]any{}
	for i, column := range columns {
		n, isNumber := values[i].(int64)
		switch name, isYesNo := strings.CutPrefix(column, "is_"); {
		case isYesNo:
			record[name] = n == 1
		case strings.HasSuffix(column, "_json"):
			if text, _ := values[i].(string); text != "" {
				record[strings.TrimSuffix(column, "_json")] = asJSON(text)
			}
		case strings.HasSuffix(column, "_at") && isNumber:
			if n != 0 {
				record[strings.TrimSuffix(column, "_at")] = store.Time(n)
			}
		default:
			record[column] = values[i]
		}
	}
	return record
}

// asJSON is a text that holds JSON; as it is where somebody has changed it past the
// service.
func asJSON(text string) any {
	if json.Valid([]byte(text)) {
		return json.RawMessage(text)
	}
	return text
}
