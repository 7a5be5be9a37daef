package audit

import "strings"

// ReasonMark stands in a detail before the id of a row in the table reasons:
// why staff did something, in its own words. Those are erased with the account;
// the entry, which never is, holds the id only.
const ReasonMark = "reason:"

// JoinReason is the SQL that finds the reason of an entry: the join of reasons,
// as r, to the table audit, as a.
const JoinReason = ` LEFT JOIN reasons r ON r.account_id = a.subject AND a.detail LIKE '%' || '` + ReasonMark + `' || r.id`

// WithReason gives a detail with the reason in the place of its id; where it was
// erased, without either.
func WithReason(detail, reason string) string {
	detail, _, _ = strings.Cut(detail, ReasonMark)
	if detail = strings.TrimSpace(detail); reason == "" {
		return detail
	}
	return strings.TrimSpace(detail + " “" + reason + "”")
}
