package admin

import (
	"strings"
	"time"

	"plenary/api"
	"plenary/screens/kit"
)

// eventName is an event in words; one of a newer service keeps its own name.
func eventName(env kit.Env, event string) string { return named(env, "audit.event.", event) }

// named is what a name of the contract is called, in the words behind a prefix; one of a
// newer service keeps its own name.
func named(env kit.Env, prefix, name string) string {
	if key := prefix + name; env.Words.Has(key) {
		return env.T(key)
	}
	return name
}

// eventDetail is what an entry of the audit log says beside its event, and why staff did
// it, in quotation marks.
func eventDetail(env kit.Env, e *api.AuditEntry) string {
	said := eventFacts(env, e)
	if e.Reason != "" {
		said = strings.TrimSpace(said + " “" + e.Reason + "”")
	}
	return said
}

// eventFacts is eventDetail without the reason.
func eventFacts(env kit.Env, e *api.AuditEntry) string {
	if e.Event == "mail-tested" {
		if text := testWords(env, e.Details); text != "" {
			return text
		}
	}
	texts := make([]string, len(e.Details))
	for i, d := range e.Details {
		texts[i] = detailWords(env, d)
	}
	return strings.Join(texts, " · ")
}

// detailValues are, for what has names as values, the words of these; what such a detail
// is about needs no words of its own.
var detailValues = map[string]string{
	api.DetailBy: "audit.by.", api.DetailCause: "audit.cause.", api.DetailKind: "approvals.kind.", api.DetailOutcome: "audit.outcome.",
	api.DetailAppointment: "delegation.kind.", api.DetailRole: "users.role.", api.DetailState: "staff.", api.DetailTemplate: "mailtemplate.", api.DetailStep: "mailtest.step.",
	api.DetailMailState: "outgoing.state.", api.DetailUserState: "users.state.", api.DetailUserRole: "users.role.", api.DetailRegistrationState: "registrations.state.",
	api.DetailVisa: "visa.state.", api.DetailAddress: "", api.DetailProblem: "", api.DetailAnswer: "",
}

// detailWords puts one detail into words.
func detailWords(env kit.Env, d api.AuditDetail) string {
	t := env.T
	if d.Field == api.DetailRole || d.Field == api.DetailNetwork {
		key, what := "audit.added", d.After
		if d.After == "" {
			key, what = "audit.removed", d.Before
		}
		if d.Field == api.DetailRole {
			what = named(env, "users.role.", what)
		}
		return t(key, map[string]any{"What": what})
	}
	if prefix, ok := detailValues[d.Field]; ok {
		return named(env, prefix, d.After)
	}
	what, value := fieldWords(env, d)
	switch {
	case d.Before != "" && d.After != "":
		return t("policies.change", map[string]any{"What": what, "Before": value(d.Before), "After": value(d.After)})
	case d.After != "":
		return t("audit.fact", map[string]any{"What": what, "Value": value(d.After)})
	case d.Before != "":
		return t("audit.removed", map[string]any{"What": t("audit.fact", map[string]any{"What": what, "Value": value(d.Before)})})
	}
	return what
}

// fieldWords gives the name of what a detail is about, and how its values are said.
func fieldWords(env kit.Env, d api.AuditDetail) (what string, value func(string) string) {
	if what, value = policyWords(env, d.Field); what != "" {
		return what, value
	}
	switch value = func(v string) string { return v }; d.Field {
	case api.DetailEvent:
		value = func(v string) string { return eventName(env, v) }
	case api.DetailFrom, api.DetailUntil:
		value = func(v string) string { return timeOf(env, v) }
	}
	if key := "audit.field." + d.Field; env.Words.Has(key) {
		return env.T(key, map[string]any{"Of": d.Of}), value
	}
	for _, prefix := range []string{"mailserver.", "servicesettings."} {
		if key := prefix + d.Field; env.Words.Has(key) {
			return env.T(key), value
		}
	}
	return strings.TrimSpace(d.Field + " " + d.Of), value
}

// timeOf is a time of the contract on this computer's clock.
func timeOf(env kit.Env, text string) string {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return text
	}
	at = at.In(env.Now().Location())
	return env.Words.ShortDate(at) + ", " + env.Words.Time(at)
}

// policyWords gives the name of a policy and how its values are said; no name where there
// is no such policy.
func policyWords(env kit.Env, field string) (what string, value func(string) string) {
	pointer := "/" + strings.ReplaceAll(field, ".", "/")
	for _, c := range policyChoices {
		if c.pointer == pointer {
			return env.T("policies." + c.name), func(v string) string { return named(env, "policies."+c.name+".", v) }
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

// testWords says at which step an EMail Test failed, why, and with which numbers the
// server has answered; nothing of a test that worked, or that ended otherwise.
func testWords(env kit.Env, details []api.AuditDetail) string {
	facts := map[string]string{}
	for _, d := range details {
		facts[d.Field] = d.After
	}
	problem := facts[api.DetailProblem]
	if problem == "" {
		return ""
	}
	text := mailProblem(env, facts[api.DetailStep], problem, "", api.MailSettings{})
	if at := strings.IndexAny(text, ".;"); at > 0 { // what to do about it is for whoever tests
		text = text[:at]
	}
	if step := facts[api.DetailStep]; step != "" {
		text = atStep(env, step, text)
	}
	return strings.TrimSpace(text + " " + facts[api.DetailAnswer])
}
