package admin

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// mailServer is the form with the organization's mail server and its EMail Test.
type mailServer struct {
	screen  *Management
	calls   *kit.Calls
	content *fyne.Container

	*kit.Loading[api.MailSettings]
	stored           api.MailSettings
	form             *kit.Form // nil until it is known what the operator allows
	note             *parts.Text
	test, save, stop *parts.Button
	result           *mailTest
}

// The port that each kind of security is used with (RFC 8314, RFC 6409).
var mailPorts = map[string]int{api.MailStartTLS: 587, api.MailTLS: 465, api.MailNone: 25}

func newMailServer(m *Management) *mailServer {
	s := &mailServer{screen: m, calls: m.calls(), content: container.NewStack(parts.Panel(parts.Space(1)))}
	s.Loading = kit.NewLoading(s.calls, "mailserver.loading", m.service.MailSettings, func(settings api.MailSettings) {
		if s.form == nil {
			s.build(settings)
		}
		s.fill(settings)
	})
	return s
}

func (s *mailServer) back() bool { return s.cancel() }

func (s *mailServer) first() fyne.Focusable {
	if s.form == nil {
		return nil
	}
	return s.form.First()
}

// mailAct does something with the settings in the form; seen is told how far the test is.
type mailAct func(ctx context.Context, in api.MailSettings, seen func(api.MailTest)) (api.MailTest, error)

// try is "EMail Test": the settings as they stand in the form, saved or not. It can be
// cancelled.
func (s *mailServer) try() {
	if s.calls.Working() || !s.form.Check() {
		return
	}
	parts.SetVisible(true, s.stop)
	parts.Focus(s.stop)
	s.act(s.calls.Try, "mailserver.testing", s.screen.service.TestMail, func(in api.MailSettings, test api.MailTest) {
		s.result.show(test, in, s.differs(in))
	})
}

// cancel ends the test at once; it tells whether there was one.
func (s *mailServer) cancel() bool {
	if !s.calls.Cancel() {
		return false
	}
	s.hideStop()
	s.result.canceled()
	return true
}

// hideStop takes the button away that ends a test.
func (s *mailServer) hideStop() {
	if c := parts.CanvasOf(s.stop); c != nil && c.Focused() == fyne.Focusable(s.stop) {
		defer parts.Focus(s.test)
	}
	parts.SetVisible(false, s.stop)
}

// differs tells whether settings are others than the stored ones.
func (s *mailServer) differs(in api.MailSettings) bool {
	was := api.MailSettings{
		Host: s.stored.Host, Port: s.stored.Port, Security: s.stored.Security, User: s.stored.User,
		Sender: s.stored.Sender, ReplyTo: s.stored.ReplyTo, Version: s.stored.Version,
	}
	return in != was
}

// store is "Save": the service tries the settings first and keeps those that work. That
// is done although the page is left.
func (s *mailServer) store() {
	if s.calls.Working() || !s.form.Check() {
		return
	}
	s.act(s.calls.Do, "mailserver.saving", s.screen.service.SaveMailSettings, func(in api.MailSettings, test api.MailTest) {
		s.result.show(test, in, false)
		s.screen.done(s.screen.env.T("mailserver.saved"))
		s.Load()
	})
}

// act does something with the settings in the form, by Do or Try of the calls, and shows
// the steps of what did not work.
func (s *mailServer) act(by func(string, func(context.Context) error, func(), ...kit.Failed), waiting string, act mailAct, then func(api.MailSettings, api.MailTest)) {
	m, in := s.screen, s.settings()
	s.result.wait(in)
	var test api.MailTest
	over := false
	by(waiting, func(ctx context.Context) (err error) {
		test, err = act(ctx, in, func(so api.MailTest) {
			m.env.Run.Post(ctx, func() {
				if !over && s.calls.Working() {
					s.result.progress(so, in)
				}
			})
		})
		return err
	}, func() {
		over = true
		s.hideStop()
		then(in, test)
	}, func(err error) bool {
		over = true
		s.hideStop()
		if m.env.KindOf(err) != string(api.CodeMailFailed) {
			s.result.clear()
			return false
		}
		s.result.show(test, in, false)
		m.bar.Say(parts.Notice{Tone: parts.Bad, Words: []parts.Span{{Text: m.env.T("mailserver.not-saved")}}})
		return true
	}, s.form.Refused, m.env.ChangedMeanwhile(m.bar, s.Load))
}
