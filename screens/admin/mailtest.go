package admin

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// mailTest shows what became of an EMail Test: each step with a sign and its
// state in words, and what it comes to.
type mailTest struct {
	env     kit.Env
	holder  *fyne.Container
	at      int // how many steps of the test under way are shown
	content fyne.CanvasObject
}

// mailSteps are the steps of an EMail Test, in order.
func mailSteps(security string) []string {
	first, then := api.MailStepGreeting, api.MailStepEncryption
	if security == api.MailTLS {
		first, then = then, first
	}
	return []string{
		api.MailStepName, api.MailStepConnection, first, then, api.MailStepLogIn,
		api.MailStepSender, api.MailStepRecipient, api.MailStepMessage,
	}
}

func newMailTest(env kit.Env) *mailTest {
	m := &mailTest{env: env, holder: parts.Layers()}
	m.content = parts.Stack(parts.Gap12, parts.Section(env.T("mailserver.test")), m.holder)
	m.clear()
	return m
}

// clear says what the test is for.
func (m *mailTest) clear() {
	m.set(parts.Muted(m.env.T("mailtest.how")))
}

func (m *mailTest) set(o fyne.CanvasObject) {
	kit.Swap(m.holder, o)
	parts.Changed(m.holder)
}

// canceled says that the test was stopped, and what that does not undo.
func (m *mailTest) canceled() {
	m.set(parts.Muted(m.env.T("mailtest.canceled")).WithID("mailtest.canceled"))
}

// wait shows the steps that are to come.
func (m *mailTest) wait(in api.MailSettings) {
	m.at = -1
	m.progress(api.MailTest{}, in)
}

// progress shows how far a test is, and the steps that are to come.
func (m *mailTest) progress(test api.MailTest, in api.MailSettings) {
	if len(test.Steps) == m.at {
		return
	}
	m.at = len(test.Steps)
	rows := parts.Stack(parts.Gap8)
	var now fyne.CanvasObject = m.holder // what is to be seen: the step that it is at
	for _, step := range test.Steps {
		now = m.row(step, in)
		rows.Add(now)
	}
	all := mailSteps(in.Security)
	for _, step := range all[min(m.at, len(all)):] {
		rows.Add(m.row(api.MailStep{Step: step}, in))
	}
	m.set(rows)
	parts.IntoView(now)
}

// show shows a result of settings; unsaved adds that they are not in use yet.
func (m *mailTest) show(test api.MailTest, in api.MailSettings, unsaved bool) {
	t := m.env.T
	rows := parts.Stack(parts.Gap8)
	for _, step := range test.Steps {
		rows.Add(m.row(step, in))
	}
	bar := parts.NewBar("mailtest.result")
	if test.OK {
		bar.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: t("mailtest.ok")}}})
	} else {
		bar.Say(parts.Notice{Tone: parts.Bad, Words: []parts.Span{{Text: t("mailtest.failed")}}})
	}
	out := parts.Stack(parts.Gap12, bar, rows)
	if test.OK && test.Recipient != "" {
		out.Add(parts.Muted(t("mailtest.recipient", map[string]any{"Address": test.Recipient})))
	}
	if test.OK && ownDomain(test.Recipient, in.Sender) {
		out.Add(parts.Muted(t("mailtest.own-domain")))
	}
	if test.OK && unsaved {
		out.Add(parts.NewText(parts.Span{Text: t("mailtest.unsaved"), Color: parts.ColorWarning}))
	}
	m.set(out)
	parts.IntoView(bar)
}

// ownDomain tells whether an address is of the sender's domain: what a server takes
// for it says nothing of others.
func ownDomain(address, sender string) bool {
	return strings.EqualFold(address[strings.LastIndexByte(address, '@')+1:], sender[strings.LastIndexByte(sender, '@')+1:])
}

// row is one step: its name, its state, and what is wrong and what to do.
func (m *mailTest) row(step api.MailStep, in api.MailSettings) fyne.CanvasObject {
	t := m.env.T
	mark, state := parts.MarkOpen, "mailtest.state.waiting"
	if step.State != "" {
		state = "mailtest.state." + step.State
	}
	switch step.State {
	case api.MailStepOK:
		mark = parts.MarkRight
	case api.MailStepFailed:
		mark = parts.MarkWrong
	}
	lines := parts.Stack(2, parts.NewText(
		parts.Span{Text: t("mailtest.step." + step.Step), Bold: true},
		parts.Span{Text: "  " + t(state), Color: parts.ColorMuted, Bold: step.State == api.MailStepRunning}).WithSize(parts.SizeSmall).WithID(parts.ID("mailtest.step."+step.Step)))
	if c := step.Certificate; c != nil {
		lines.Add(parts.Small(t("mailtest.certificate", map[string]any{
			"Names": strings.Join(c.Names, ", "), "Issuer": c.Issuer, "Until": m.env.Words.Date(c.Until),
		})).WithID("mailtest.certificate"))
	}
	if step.Problem != "" {
		lines.Add(parts.NewText(parts.Span{Text: mailProblem(m.env, step.Step, step.Problem, serverAnswer(step.Code, step.Enhanced), in), Color: parts.ColorDanger}).
			WithSize(parts.SizeSmall).WithID("mailtest.problem"))
	}
	return parts.Marked(mark, lines)
}

// serverAnswer is a mail server's refusal in numbers, such as "550 5.7.54"; empty
// where the server has not refused.
func serverAnswer(code int, enhanced string) string {
	if code == 0 {
		return ""
	}
	return strings.TrimSpace(strconv.Itoa(code) + " " + enhanced)
}

// mailProblem says in words what went wrong with a mail server, and what to do.
func mailProblem(env kit.Env, step, problem, answer string, in api.MailSettings) string {
	key := "mailtest.problem." + problem
	if special := key + "." + step; env.Words.Has(special) {
		key = special
	}
	if !env.Words.Has(key) {
		key = "mailtest.problem.other"
	}
	text := env.T(key, map[string]any{"Host": in.Host, "Port": in.Port})
	if answer != "" {
		text += " " + env.T("mailtest.code", map[string]any{"Code": answer})
	}
	return text
}

// atStep says at which step of the sending something happened.
func atStep(env kit.Env, step, text string) string {
	return env.T("mailtest.at", map[string]any{"Step": env.T("mailtest.step." + step), "What": text})
}
