package admin

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// automaticMails are the kinds of e-mail that go out by themselves, each with
// its switch; those that accounts need have none.
type automaticMails struct {
	screen  *Management
	calls   *kit.Calls
	content *fyne.Container

	*kit.Loading[[]api.AutomaticMail]
	mails  []api.AutomaticMail
	checks map[string]*parts.Check
	quiet  bool // a switch is being put back
}

func newAutomaticMails(m *Management) *automaticMails {
	a := &automaticMails{screen: m, calls: m.calls(), content: container.NewStack(parts.Panel(parts.Space(1))), checks: map[string]*parts.Check{}}
	a.Loading = kit.NewLoading(a.calls, "automatic.loading", m.service.AutomaticMails, func(mails []api.AutomaticMail) {
		a.mails = mails
		a.show()
	})
	return a
}

func (a *automaticMails) back() bool { return false }

func (a *automaticMails) first() fyne.Focusable {
	for i := range a.mails {
		if c := a.checks[a.mails[i].Template]; c != nil {
			return c.Input()
		}
	}
	return nil
}

func (a *automaticMails) show() {
	t := a.screen.env.T
	free, required := parts.Stack(parts.Gap8), parts.Stack(parts.Gap8)
	for i := range a.mails {
		mail := &a.mails[i]
		name := mailName(a.screen.env, mail.Template)
		if mail.Required {
			required.Add(parts.Marked(parts.MarkRight, parts.Small(name)))
			continue
		}
		c := parts.NewCheck(parts.ID("automatic."+mail.Template), parts.Span{Text: name})
		c.SetChecked(mail.On)
		c.OnChange = func(on bool) { a.turn(mail, c, on) }
		a.checks[mail.Template] = c
		free.Add(c)
	}
	body := parts.Stack(parts.Gap16)
	if len(free.Objects) > 0 {
		body.Add(parts.Stack(2, parts.Section(t("automatic.free")), parts.Muted(t("automatic.free.what"))))
		body.Add(free)
	}
	if len(required.Objects) > 0 {
		body.Add(parts.Stack(2, parts.Section(t("automatic.required")), parts.Muted(t("automatic.required.what"))))
		body.Add(required)
	}
	kit.Swap(a.content, parts.Panel(parts.Scroll(parts.PadAll(parts.Gap22, body))))
}

// mailName is a kind of e-mail in words; one of a newer service keeps its own
// name.
func mailName(env kit.Env, template string) string {
	if key := "mailtemplate." + template; env.Words.Has(key) {
		return env.T(key)
	}
	return template
}

// turn switches a kind of e-mail; where that fails the switch goes back.
func (a *automaticMails) turn(mail *api.AutomaticMail, c *parts.Check, on bool) {
	if a.quiet {
		return
	}
	if a.calls.Working() {
		a.set(c, mail.On)
		return
	}
	m, template := a.screen, mail.Template
	a.calls.Do("automatic.busy", func(ctx context.Context) error {
		return m.service.SwitchMail(ctx, template, on)
	}, func() {
		mail.On = on
		done := "automatic.off"
		if on {
			done = "automatic.on"
		}
		m.done(m.env.T(done, map[string]any{"Mail": mailName(m.env, template)}))
	}, func(error) bool {
		a.set(c, mail.On)
		return false
	})
}

func (a *automaticMails) set(c *parts.Check, on bool) {
	a.quiet = true
	c.SetChecked(on)
	a.quiet = false
}
