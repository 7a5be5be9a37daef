package admin

import (
	"fmt"
	"strings"

	"plenary/api"
	"plenary/screens/kit"
)

// eventName is an event in words; one of a newer service keeps its own name.
func eventName(env kit.Env, event string) string {
	if key := "audit.event." + event; env.Words.Has(key) {
		return env.T(key)
	}
	return event
}

// eventDetail is what an entry of the audit log says beyond its event: roles,
// changes, e-mails and what did it in words, and everything else as it is. Where
// a reason was given, it follows in quotation marks, unless only its number is
// there.
func eventDetail(env kit.Env, e *api.AuditEntry) string {
	detail, _, _ := strings.Cut(e.Detail, "reason:")
	switch e.Event {
	case "policy-changed":
		return policyDetail(env, detail)
	case "mail-tested":
		return testDetail(env, detail)
	case "mail-settings-changed":
		return eachIn(env, "mailserver.", detail)
	case "settings-changed":
		return eachIn(env, "servicesettings.", detail)
	}
	detail, reason, quoted := strings.Cut(detail, "“")
	text := detailWords(env, strings.TrimSpace(detail))
	if before, after, ok := strings.Cut(detail, "->"); ok && e.Event == "roles-changed" {
		text = env.T("audit.roles", map[string]any{
			"Before": detailWords(env, strings.TrimSpace(before)), "After": detailWords(env, strings.TrimSpace(after)),
		})
	}
	if quoted {
		text = strings.TrimSpace(text + " “" + reason)
	}
	return text
}

// detailWords puts names of the contract into words: one for all, or each.
func detailWords(env kit.Env, detail string) string {
	if detail == "" {
		return ""
	}
	for _, prefix := range []string{"approvals.kind.", "audit.detail.", "audit.event.", "mailtemplate.", "users.role."} {
		if key := prefix + strings.ToLower(strings.ReplaceAll(detail, " ", "-")); env.Words.Has(key) {
			return env.T(key)
		}
	}
	if at := strings.LastIndexByte(detail, ' '); at > 0 && strings.Contains(detail[at:], "@") { // of a masked address
		return detailWords(env, detail[:at]) + ", " + detail[at+1:]
	}
	fields := strings.Fields(detail)
	words := make([]string, len(fields))
	for i, f := range fields {
		switch {
		case env.Words.Has("users.role." + f):
			words[i] = env.T("users.role." + f)
		case i == 0 && len(fields) == 2 && env.Words.Has("mailtemplate."+f): // switched, or sent again
			words[i] = env.T("mailtemplate." + f)
		case i == 1 && (f == "on" || f == "off"):
			words[i] = onOff(env, f == "on")
		default:
			return detail
		}
	}
	return strings.Join(words, ", ")
}

// testDetail says at which step an EMail Test failed, and why in a sentence:
// "connection: timeout" and perhaps the number of the server's answer.
func testDetail(env kit.Env, detail string) string {
	if detail == "ok" {
		return env.T("mailtest.state.ok")
	}
	step, rest, ok := strings.Cut(detail, ": ")
	problem, number, _ := strings.Cut(rest, " ")
	if !ok || !env.Words.Has("mailtest.step."+step) {
		return detail
	}
	text := mailProblem(env, step, problem, "", api.MailSettings{})
	if at := strings.IndexAny(text, ".;"); at > 0 {
		text = text[:at]
	}
	return strings.TrimSpace(atStep(env, step, text) + " " + number)
}

// eachIn puts each name of a list into words, those without words as they are.
func eachIn(env kit.Env, prefix, list string) string {
	names := strings.Fields(list)
	for i, name := range names {
		if env.Words.Has(prefix + name) {
			names[i] = env.T(prefix + name)
		}
	}
	return strings.Join(names, ", ")
}

// policyDetail puts changes of policies such as "limits.mails 5->10; ..." into
// the words of the form.
func policyDetail(env kit.Env, detail string) string {
	changes := strings.Split(detail, "; ")
	for i, change := range changes {
		name, values, _ := strings.Cut(change, " ")
		before, after, ok := strings.Cut(values, "->")
		pointer := "/" + strings.ReplaceAll(name, ".", "/")
		if name == "network" {
			changes[i] = networkDetail(env, values)
		} else if what, value := policyWords(env, pointer); ok && what != "" {
			changes[i] = env.T("policies.change", map[string]any{"What": what, "Before": value(before), "After": value(after)})
		}
	}
	return strings.Join(changes, "; ")
}

// networkDetail puts the change of a network's budgets into words, such as
// "192.0.2.0/24 failures 10->20 requests 30->40".
func networkDetail(env kit.Env, change string) string {
	var network, failures, requests string
	if n, _ := fmt.Sscanf(change, "%s failures %s requests %s", &network, &failures, &requests); n == 3 {
		return env.T("audit.network.set", map[string]any{
			"Network": network, "Failures": strings.Replace(failures, "->", " → ", 1), "Requests": strings.Replace(requests, "->", " → ", 1),
		})
	}
	network, what, _ := strings.Cut(change, " ")
	switch what {
	case "removed":
		return env.T("audit.network.removed", map[string]any{"Network": network})
	case "renamed":
		return env.T("audit.network.renamed", map[string]any{"Network": network})
	}
	return change
}

// policyWords gives the name of a policy and how its values are said; no name
// where there is no such policy.
func policyWords(env kit.Env, pointer string) (what string, value func(string) string) {
	for _, c := range policyChoices {
		if c.pointer == pointer {
			return env.T("policies." + c.name), func(v string) string { return env.T("policies." + c.name + "." + v) }
		}
	}
	for _, g := range policyNumbers {
		for _, n := range g.numbers {
			if n.pointer == pointer {
				return env.T("policies." + n.name), func(v string) string { return v }
			}
		}
	}
	return "", nil
}
