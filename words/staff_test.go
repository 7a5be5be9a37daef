package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"testing"

	"plenary/api"
)

// stringConstants reads the string constants of a Go file whose names fit.
func stringConstants(t *testing.T, path string, names *regexp.Regexp) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for i, name := range spec.Names {
			if i >= len(spec.Values) || !names.MatchString(name.Name) {
				continue
			}
			if lit, ok := spec.Values[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
				values = append(values, text(lit))
			}
		}
		return true
	})
	return values
}

// TestKeys_ofWhatStaffSeesExist: administrators read every event of the audit
// log, kind of e-mail, state and problem in words, in every language that is
// offered.
func TestKeys_ofWhatStaffSeesExist(t *testing.T) {
	every := regexp.MustCompile(`^[A-Z]`)
	var wanted []string
	want := func(least int, prefix string, ids []string) {
		if len(ids) < least {
			t.Errorf("only %d of %q found", len(ids), prefix)
		}
		for _, id := range ids {
			wanted = append(wanted, prefix+id)
		}
	}
	management := "../api/management.go"
	want(40, "audit.event.", stringConstants(t, "../service/audit/event.go", every))
	mails := stringConstants(t, "../service/mail/templates.go", every)
	want(25, "mailtemplate.", append(mails, "registration-received", "registration-confirmed", "registration-refused",
		"registration-waiting-list", "registration-withdrawn", "registration-changed", "registration-offered", "registration-lapsed"))
	want(6, "users.state.", stringConstants(t, "../api/users.go", regexp.MustCompile(`^User[A-Z]`)))
	want(4, "users.role.", stringConstants(t, "../api/account.go", regexp.MustCompile(`^Role[A-Z]`)))
	want(14, "mailtest.problem.", stringConstants(t, management, regexp.MustCompile(`^MailProblem`)))
	want(5, "mailtest.state.", []string{api.MailStepOK, api.MailStepFailed, api.MailStepSkipped, api.MailStepNotReached, api.MailStepRunning})
	want(8, "mailtest.step.", []string{
		api.MailStepName, api.MailStepConnection, api.MailStepGreeting, api.MailStepEncryption, api.MailStepLogIn, api.MailStepSender,
		api.MailStepRecipient, api.MailStepMessage,
	})
	contract := "../api/audit.go"
	want(9, "audit.cause.", stringConstants(t, contract, regexp.MustCompile(`^Cause[A-Z]`)))
	want(3, "audit.by.", stringConstants(t, contract, regexp.MustCompile(`^By[A-Z]`)))
	want(3, "audit.outcome.", stringConstants(t, contract, regexp.MustCompile(`^Outcome[A-Z]`)))
	want(8, "audit.field.", []string{
		api.DetailAccount, api.DetailEvent, api.DetailFrom, api.DetailKey, api.DetailMail, api.DetailMeeting, api.DetailOrganization, api.DetailPosition, api.DetailUntil,
	})
	want(3, "audit.field.", []string{api.DetailNetworkFailures, api.DetailNetworkRequests, api.DetailNetworkName})
	want(3, "mailserver.security.", []string{api.MailStartTLS, api.MailTLS, api.MailNone})
	want(3, "policies.second-factor.", []string{api.SecondFactorOff, api.SecondFactorFree, api.SecondFactorStaff})
	want(3, "policies.secret-question.", []string{api.QuestionOn, api.QuestionWithEmail, api.QuestionOff})
	for _, lang := range Offered() {
		texts := messages(t, lang.Code)
		for _, key := range wanted {
			if texts[key] == nil {
				t.Errorf("%s: no text for %s", lang.Code, key)
			}
		}
	}
}
