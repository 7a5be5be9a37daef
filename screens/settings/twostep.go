package settings

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/person"
)

// fewCodes is from how few recovery codes on new ones are advised.
const fewCodes = 3

// twoStepSection turns two-step log-in on and off: off, the set-up with its QR
// code, the recovery codes that are shown once, on.
type twoStepSection struct {
	*accountSection
	acc     Account
	account api.Account
	// save writes a file into the person's downloads and tells where it is.
	save func(name string, data []byte) (string, error)

	state api.SecondFactor
	setup api.SecondFactorSetup
	codes []string // shown this one time
	code  *parts.Entry
	field *parts.Field
	tried kit.AppCode
	first fyne.Focusable
}

func newTwoStepSection(env kit.Env, account api.Account, acc Account, prove proveFunc, toList func()) *twoStepSection {
	t := env.T
	s := &twoStepSection{acc: acc, account: account, save: app.SaveToDownloads}
	s.accountSection = newAccountSection(env, "settings.twostep", t("settings.section.twostep"), t("settings.twostep.line"), prove, toList)
	return s
}

// First is what takes the keyboard.
func (s *twoStepSection) First() fyne.Focusable { return s.first }

// SetAccount takes the roles that wait for two-step log-in.
func (s *twoStepSection) SetAccount(account api.Account) { s.account = account }

// Back leaves the set-up; it tells whether there was anything to leave. Recovery
// codes are not left by it: they are shown this one time.
func (s *twoStepSection) Back() bool {
	if s.accountSection.Back() || len(s.codes) > 0 {
		return true
	}
	if s.setup.Secret == "" || s.Working() {
		return false
	}
	s.showState()
	return true
}

// Shown asks the service how it stands, unless a step is under way.
func (s *twoStepSection) Shown() {
	if s.Working() || s.setup.Secret != "" || len(s.codes) > 0 {
		return
	}
	s.reload(func() {})
}

func (s *twoStepSection) reload(then func()) {
	kit.Load(s.Calls, "settings.busy", s.acc.SecondFactor, func(state api.SecondFactor) {
		s.state = state
		s.showState()
		then()
	})
}

// step puts a step into the section; first gets the keyboard if the section had it.
func (s *twoStepSection) step(first fyne.Focusable, focus bool, objects ...fyne.CanvasObject) {
	parts.Fill(s.body, objects...)
	s.first = first
	parts.Changed(s.body)
	if focus {
		parts.Focus(first)
	}
}

// showState is how it stands: off or on.
func (s *twoStepSection) showState() {
	had := s.setup.Secret != "" || len(s.codes) > 0
	s.setup, s.codes = api.SecondFactorSetup{}, nil
	s.Release()
	t := s.env.T
	tag, tone := t("settings.twostep.off"), parts.Info
	if s.state.On {
		tag, tone = t("settings.twostep.on"), parts.Success
	}
	objects := []fyne.CanvasObject{parts.Inline(parts.Gap8, parts.NewTag(tag, tone).WithID("settings.twostep.state"))}
	if required := s.required(); required != "" {
		objects = append(objects, parts.Body(required).WithID("settings.twostep.required"))
	}
	if !s.state.On {
		on := s.Button("settings.twostep.turn-on", "settings.twostep.turn-on", parts.Primary, s.begin)
		objects = append(objects, parts.Body(t("settings.twostep.what")), parts.Inline(parts.Gap12, on))
		s.step(on, had, objects...)
		return
	}
	w := s.env.Words
	codes := parts.Stack(parts.Gap4,
		parts.Body(t("settings.twostep.since", map[string]any{"Date": w.Date(s.state.Since.In(s.env.Now().Location()))})),
		parts.Body(w.N("settings.twostep.left", s.state.RecoveryCodes)).WithID("settings.twostep.left"))
	if s.state.RecoveryCodes < fewCodes {
		codes.Add(parts.Muted(t("settings.twostep.few")))
	}
	objects = append(objects, codes)
	fresh := s.Button("settings.twostep.new-codes", "settings.twostep.new-codes", parts.Outlined, s.askNewCodes)
	off := s.Button("settings.twostep.turn-off", "settings.twostep.turn-off", parts.Outlined, s.askTurnOff)
	s.step(fresh, had, append(objects, parts.Inline(parts.Gap12, fresh, off))...)
}

// required says that a policy wants it, and for what.
func (s *twoStepSection) required() string {
	switch {
	case s.state.On && s.state.Required:
		return s.env.T("settings.twostep.required-on")
	case len(s.account.NeedsSecondFactor) > 0:
		return s.env.T("settings.twostep.required-roles", map[string]any{"Roles": person.RoleNames(s.env, s.account.NeedsSecondFactor)})
	case s.state.Required:
		return s.env.T("settings.twostep.required")
	}
	return ""
}

// begin asks for a new secret.
func (s *twoStepSection) begin() {
	kit.Call(s.Calls, "settings.busy", s.acc.SetUpSecondFactor, func(setup api.SecondFactorSetup) {
		s.setup = setup
		s.showSetup()
	}, s.env.OnCode(func(error) {
		s.bar.Say(parts.Notice{Tone: parts.Info, Words: []parts.Span{{Text: s.env.T("settings.twostep.not-offered")}}})
	}, string(api.CodeForbidden)))
}

// twoStepQR is the side of the QR code at 100 % text size: a phone reads it
// from an arm's length.
const twoStepQR float32 = 192

func (s *twoStepSection) showSetup() {
	t := s.env.T
	s.tried = kit.AppCode{}
	s.Release()
	s.code = parts.NewEntry("settings.twostep.code")
	s.code.SetPlaceHolder("123456")
	s.code.OnSubmitted = func(string) { s.confirm() }
	s.field = parts.NewField("settings.twostep.code.field", t("settings.twostep.code"), true, s.code)
	s.code.OnChanged = func(string) { s.field.SetError("") }
	secret := parts.Bold(inFours(s.setup.Secret)).WithID("settings.twostep.secret").SelectableSecret(s.copyKey)
	copySecret := parts.NewButton("settings.twostep.copy", t("settings.copy"), parts.Outlined, func() { s.copyKey(s.setup.Secret) }).Low()
	typed := parts.Stack(parts.Gap8, parts.Body(t("settings.twostep.scan")), parts.Muted(t("settings.twostep.type")), secret, parts.Inline(parts.Gap8, copySecret))
	s.step(s.code, true,
		parts.Row(parts.Gap22,
			parts.Cell{Object: kit.QRPicture(s.setup.URI, twoStepQR), Min: twoStepQR},
			parts.Cell{Object: typed, Min: 200, Weight: 1}),
		column(s.field),
		parts.Inline(parts.Gap12,
			s.Button("settings.twostep.confirm", "settings.twostep.confirm", parts.Primary, s.confirm),
			s.Button("settings.twostep.cancel", "account.cancel", parts.Outlined, s.showState)))
}

// inFours groups a secret for typing.
func inFours(secret string) string {
	var groups []string
	for len(secret) > 4 {
		groups, secret = append(groups, secret[:4]), secret[4:]
	}
	return strings.Join(append(groups, secret), " ")
}

// copyKey copies the secret, or what is selected of it.
func (s *twoStepSection) copyKey(key string) { s.copy(key, "settings.twostep.copied") }

func (s *twoStepSection) copy(secret, said string) {
	s.env.CopySecret(secret)
	s.bar.Say(s.env.SaySecretCopied(s.env.T(said)))
}

// sixDigits reads a code of the app as people type it, with spaces perhaps.
func sixDigits(text string) (string, bool) {
	code := strings.Join(strings.Fields(text), "")
	ok := len(code) == 6 && strings.Trim(code, "0123456789") == ""
	return code, ok
}

func (s *twoStepSection) confirm() {
	code, ok := sixDigits(s.code.Text)
	if !ok {
		s.codeWrong(s.env.T("proof.code-missing"))
		return
	}
	kit.Call(s.Calls, "settings.twostep.busy-code", func(ctx context.Context) (api.RecoveryCodes, error) {
		return s.acc.ConfirmSecondFactor(ctx, code)
	}, func(codes api.RecoveryCodes) {
		s.setup = api.SecondFactorSetup{}
		s.showCodes(codes.Codes, "settings.twostep.is-on")
	}, s.env.OnCode(func(err error) {
		says := s.env.ClockOff(err)
		if says == "" {
			says = s.tried.Wrong(s.env, s.env.T("settings.twostep.code-wrong"))
		}
		s.codeWrong(says)
	}, string(api.CodeSecondFactorWrong), string(api.CodeCodeWrong)), s.at(func(string) *parts.Field { return s.field }))
}

func (s *twoStepSection) codeWrong(words string) {
	s.field.SetError(words)
	parts.Focus(s.code)
	s.code.SelectAll()
}

func (s *twoStepSection) askNewCodes() {
	t := s.env.T
	parts.Ask(parts.CanvasOf(s.content), t("settings.twostep.new-title"), t("settings.twostep.new-text"),
		parts.Answer{ID: "twostep.new", Text: t("settings.twostep.new-codes"), Kind: parts.Primary, Do: s.newCodes},
		parts.Answer{ID: "twostep.keep-codes", Text: t("settings.twostep.keep-codes"), Kind: parts.Outlined})
}

func (s *twoStepSection) newCodes() {
	kit.Call(s.Calls, "settings.busy", s.acc.NewRecoveryCodes, func(codes api.RecoveryCodes) {
		s.showCodes(codes.Codes, "settings.twostep.new-made")
	})
}

func (s *twoStepSection) askTurnOff() {
	t := s.env.T
	text := t("settings.twostep.off-text")
	if s.state.Required {
		text = t("settings.twostep.off-text-required")
	}
	parts.Ask(parts.CanvasOf(s.content), t("settings.twostep.off-title"), text,
		parts.Answer{ID: "twostep.off", Text: t("settings.twostep.turn-off"), Kind: parts.Danger, Do: func() {
			s.Do("settings.busy", s.acc.RemoveSecondFactor, func() {
				s.reload(func() {
					s.say(t("settings.twostep.is-off"))
					parts.Focus(s.first)
				})
			})
		}},
		parts.Answer{ID: "twostep.stay", Text: t("settings.twostep.stay"), Kind: parts.Outlined})
}

// unsaved reports whether recovery codes are on the screen, this one time.
func (s *twoStepSection) unsaved() bool { return len(s.codes) > 0 }
