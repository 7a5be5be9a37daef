package admin

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/screens/parts"
)

// MailOffice is the organization's mail server and what goes out by itself.
type MailOffice interface {
	MailSettings(ctx context.Context) (api.MailSettings, error)
	// SaveMailSettings gives the test of the settings also where they do not work
	// (api.CodeMailFailed) and those of before stay. seen is told how far the test is.
	SaveMailSettings(ctx context.Context, m api.MailSettings, seen func(api.MailTest)) (api.MailTest, error)
	TestMail(ctx context.Context, m api.MailSettings, seen func(api.MailTest)) (api.MailTest, error)
	AutomaticMails(ctx context.Context) ([]api.AutomaticMail, error)
	SwitchMail(ctx context.Context, template string, on bool) error
}

// mailServer is the form with the organization's mail server and its EMail Test.
type mailServer struct {
	screen  *Management
	content *fyne.Container

	stored  api.MailSettings
	loaded  bool
	asking  bool
	err     error
	working bool

	host, port, user, password, sender, replyTo *parts.Entry
	hostField, portField, userField             *parts.Field
	passwordField, senderField, replyField      *parts.Field
	security                                    *parts.Radios
	note                                        *parts.Text
	test, save, stop                            *parts.Button
	end                                         context.CancelFunc // of the test; nil while there is none
	result                                      *mailTest
}

// The port that each kind of security is used with (RFC 8314, RFC 6409).
var mailPorts = map[string]int{api.MailStartTLS: 587, api.MailTLS: 465, api.MailNone: 25}

func newMailServer(m *Management) *mailServer {
	return &mailServer{screen: m, content: container.NewStack(parts.Panel(parts.Space(1)))}
}

func (s *mailServer) open() {
	if !s.loaded && !s.asking {
		s.load()
	}
}

func (s *mailServer) back() bool { return s.cancel() }

func (s *mailServer) online(online bool) {
	if online && s.err != nil {
		s.load()
	}
}

func (s *mailServer) first() fyne.Focusable {
	if s.host == nil {
		return nil
	}
	return s.host
}

func (s *mailServer) load() {
	m := s.screen
	s.asking = true
	var settings api.MailSettings
	m.env.Do(m.ctx, m.busy, m.env.T("mailserver.loading"), func(ctx context.Context) (err error) {
		settings, err = m.office.MailSettings(ctx)
		return err
	}, func(err error) {
		s.asking = false
		if s.err = err; err != nil {
			n := m.env.Problem(err)
			n.Action, n.Act = m.env.T("shell.retry"), s.load
			m.bar.Say(n)
			return
		}
		if !s.loaded {
			s.build(settings)
			m.bar.Clear()
		}
		s.fill(settings)
	})
}

// reload puts what is stored now in the place of what was typed.
func (s *mailServer) reload() {
	s.screen.bar.Clear()
	s.load()
}

// try is "EMail Test": the settings as they stand in the form, saved or not.
func (s *mailServer) try() {
	if s.working || !s.check() {
		return
	}
	ctx, end := context.WithCancel(s.screen.ctx)
	s.end = end
	s.stop.Show()
	parts.Changed(s.stop)
	parts.Focus(s.stop)
	s.work(ctx, false, "mailserver.testing", s.screen.office.TestMail, func(in api.MailSettings, test api.MailTest) {
		s.result.show(test, in, s.differs(in))
	})
}

// cancel ends the test at once; it tells whether there was one.
func (s *mailServer) cancel() bool {
	if s.end == nil {
		return false
	}
	s.end()
	s.setWorking(false)
	s.screen.busy.Say("")
	s.result.canceled()
	return true
}

// differs tells whether settings are others than the stored ones.
func (s *mailServer) differs(in api.MailSettings) bool {
	was := api.MailSettings{
		Host: s.stored.Host, Port: s.stored.Port, Security: s.stored.Security, User: s.stored.User,
		Sender: s.stored.Sender, ReplyTo: s.stored.ReplyTo, Version: s.stored.Version,
	}
	return in != was
}

// store is "Save": the service tries the settings first and keeps those that work.
func (s *mailServer) store() {
	s.work(s.screen.ctx, true, "mailserver.saving", s.screen.office.SaveMailSettings, func(in api.MailSettings, test api.MailTest) {
		s.result.show(test, in, false)
		s.screen.done(s.screen.env.T("mailserver.saved"))
		s.load()
	})
}

// work does something with the settings in the form, once at a time, and shows
// the steps of what did not work. What saves them is done although the page is left.
func (s *mailServer) work(ctx context.Context, saves bool, waiting string, do func(context.Context, api.MailSettings, func(api.MailTest)) (api.MailTest, error), then func(api.MailSettings, api.MailTest)) {
	if s.working || !s.check() {
		return
	}
	m, in := s.screen, s.settings()
	s.setWorking(true)
	m.bar.Clear()
	s.result.wait(in)
	var test api.MailTest
	carry := m.prover.Try
	if saves {
		carry = m.prover.Do
	}
	carry(ctx, m.busy, m.env.T(waiting), func(working context.Context) (err error) {
		test, err = do(working, in, func(so api.MailTest) {
			m.env.Run.Post(ctx, func() {
				if s.working {
					s.result.progress(so, in)
				}
			})
		})
		return err
	}, func(err error) {
		s.setWorking(false)
		switch {
		case err == nil:
			then(in, test)
		case m.env.KindOf(err) == string(api.CodeMailFailed):
			s.result.show(test, in, false)
			m.bar.Say(parts.Notice{Tone: parts.Bad, Words: []parts.Span{{Text: m.env.T("mailserver.not-saved")}}})
		default:
			s.result.clear()
			s.refused(err)
		}
	})
}

// refused says at its field what the service does not accept.
func (s *mailServer) refused(err error) {
	at := map[string]*parts.Field{
		"host": s.hostField, "port": s.portField, "user": s.userField, "password": s.passwordField,
		"sender": s.senderField, "reply_to": s.replyField,
	}
	t, said := s.screen.env.T, false
	for _, wrong := range s.screen.env.Explain(err).Fields {
		name := wrong.Pointer[strings.LastIndexByte(wrong.Pointer, '/')+1:]
		if f, ok := at[name]; ok {
			f.SetError(t("mailserver.wrong." + name))
			said = true
		}
	}
	if !said && !canceled(s.screen.env, err) {
		s.screen.bar.Say(changedMeanwhile(s.screen.env, err, s.reload))
	}
}

func (s *mailServer) setWorking(working bool) {
	s.working = working
	if !working && s.end != nil {
		s.end()
		s.end = nil
		if c := parts.CanvasOf(s.stop); c != nil && c.Focused() == fyne.Focusable(s.stop) {
			defer parts.Focus(s.test)
		}
		s.stop.Hide()
		parts.Changed(s.stop)
	}
	for _, b := range []*parts.Button{s.test, s.save} {
		if working {
			b.Disable()
		} else {
			b.Enable()
		}
	}
}
