package mail

import (
	"net/textproto"
	"regexp"
	"strconv"
	"strings"

	"plenary/api"
)

// enhanced is the code of RFC 3463 with which an answer begins: class, subject,
// detail.
var enhanced = regexp.MustCompile(`^([245])\.(\d{1,3})\.(\d{1,3})\b`)

// enhancedCode gives an answer's code beside the number, if it has one that says
// something and is of the same class.
func enhancedCode(e *textproto.Error) string {
	m := enhanced.FindStringSubmatch(e.Msg)
	if m == nil || m[1] != strconv.Itoa(e.Code/100) || m[2] == "0" && m[3] == "0" {
		return ""
	}
	return m[0]
}

// refusals are the answers of mail servers that mean more than "refused". The first
// line counts that fits; an empty step, no code or an empty enhanced code fits all.
var refusals = []struct {
	step     string
	code     int
	enhanced string
	problem  string
}{
	// Exchange; the password is right.
	{api.MailStepLogIn, 0, "5.7.139", api.MailProblemNotAllowed},
	{api.MailStepLogIn, 0, "5.7.57", api.MailProblemLogInOff},
	// RFC 4954 has it for a way to log in that is too weak, Google for a password that
	// was not made for a program.
	{api.MailStepLogIn, 0, "5.7.9", api.MailProblemAppPassword},
	{api.MailStepLogIn, 0, "5.7.8", api.MailProblemPassword},
	{api.MailStepLogIn, 535, "", api.MailProblemPassword}, // RFC 4954

	{"", 0, "5.7.57", api.MailProblemLogInWanted},
	{"", 530, "", api.MailProblemLogInWanted}, // RFC 4954, RFC 3207
	{"", 0, "5.2.252", api.MailProblemSender},
	{"", 0, "5.7.60", api.MailProblemSender},
	{api.MailStepRecipient, 0, "5.7.54", api.MailProblemRelay},
	{api.MailStepRecipient, 0, "5.7.1", api.MailProblemRelay}, // "Relay access denied"
	{"", 0, "5.6.7", api.MailProblemLetters},                  // RFC 6531
}

// meaning says what a server's answer at a step means.
func meaning(step string, code int, enhanced string) string {
	for _, r := range refusals {
		if (r.step == "" || r.step == step) && (r.code == 0 || r.code == code) && (r.enhanced == "" || r.enhanced == enhanced) {
			return r.problem
		}
	}
	return api.MailProblemRefusedBy
}

// aboutSettings says whether a refusal of a recipient or of a message is about the
// settings: then the e-mail is as good as it was, and waits. The number does not tell,
// the enhanced code does (RFC 3463): its subject 7 is about who may send what to
// whom; 1.7 and 1.8 are about the sender's address. Of a message, 7.1 and what has no
// meaning of its own are said of what it says, by filters.
func aboutSettings(step, problem, enhanced string) bool {
	switch problem {
	case api.MailProblemSender, api.MailProblemRelay, api.MailProblemLogInWanted:
		return true
	}
	_, code, _ := strings.Cut(enhanced, ".")
	switch code {
	case "1.7", "1.8":
		return true
	case "7.2", "7.13", "7.17": // a list that takes nothing from outside, a mailbox that is closed or somebody else's
		return false
	}
	detail, policy := strings.CutPrefix(code, "7.")
	n, err := strconv.Atoi(detail)
	switch {
	case !policy || err != nil:
		return false
	case step == api.MailStepRecipient:
		return true
	default:
		return n >= 20 && n <= 27 // RFC 7372: what the sender's domain says of its servers
	}
}
