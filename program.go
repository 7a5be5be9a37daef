package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"plenary/api"
	"plenary/app"
	"plenary/platform/notify"
	"plenary/platform/open"
	"plenary/platform/proxy"
	"plenary/screens"
	demoscreens "plenary/screens/demo"
	"plenary/screens/kit"
	"plenary/service/demo"
	"plenary/words"
)

// program is what stands behind the window: the folder, the service that is
// open, and the demonstration. Its methods but env are called off the window's
// goroutine, one at a time.
type program struct {
	options  options
	choice   app.Choice
	proxies  *proxy.Finder
	log      *slog.Logger
	logs     *logOutput
	shown    shownErrors
	ctx      context.Context // ends with the program
	end      context.CancelFunc
	messages *app.Messages

	closing   sync.Once
	mu        sync.Mutex
	instances map[string]*app.Instance // by folder
	running   *demo.Demo

	ahead chan opened // see openAhead; nil once it was taken

	appMu sync.Mutex
	app   *app.App // the one that was opened last; nil before
}

func newProgram(o options, choice app.Choice) *program {
	ctx, end := context.WithCancel(context.Background())
	logs := &logOutput{}
	p := &program{
		options: o, choice: choice, proxies: proxy.NewFinder(choice.Proxy, systemProxy), ctx: ctx, end: end,
		messages: app.NewMessages(), instances: map[string]*app.Instance{},
		log: slog.New(slog.NewTextHandler(logs, &slog.HandlerOptions{Level: logLevel(choice.LogLevel)})), logs: logs,
	}
	log.SetFlags(0)
	log.SetOutput(app.LibraryLog(p.log))
	return p
}

// own makes this process the only Plenary that works in a folder.
func (p *program) own(dir string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.instances[dir] != nil {
		return nil
	}
	message := p.options.link
	if message == "" {
		message = app.MessageRaise
	}
	instance, err := app.AcquireInstance(dir, message, p.messages.Put)
	if err != nil {
		return err
	}
	if dir == p.options.dir {
		p.logs.open(dir)
		p.log.Info("Plenary has started", "version", version, "system", runtime.GOOS+"/"+runtime.GOARCH)
	}
	if err := instance.NotListening(); err != nil {
		p.log.Warn("a second start cannot hand its link over", "cause", app.Explain(err).Kind)
	}
	p.instances[dir] = instance
	return nil
}

// handToDemonstration gives the link to the demonstration, see
// app.TellDemonstration, unless it is this program.
func (p *program) handToDemonstration() error {
	if p.choice.Demo {
		return nil
	}
	return app.TellDemonstration(filepath.Join(p.options.dir, demoFolder), p.options.link)
}

// remembered are the settings of the last time; none if they cannot be read.
func (p *program) remembered() app.Settings {
	settings, err := app.LoadSettings(p.options.dir)
	if err != nil {
		p.log.Warn("the settings cannot be read", "cause", app.Explain(err).Kind)
	}
	return settings
}

// opened is a service that was opened, or why it was not.
type opened struct {
	services screens.Services
	err      error
}

// openAhead begins to open the service at an address, which is what open is called for
// first, and then to restore the session.
func (p *program) openAhead(address string) {
	ahead := make(chan opened, 1) // the field is open's
	p.ahead = ahead
	go func() {
		services, err := p.openNow(p.ctx, address)
		if err == nil {
			p.appMu.Lock()
			p.app.Session.RestoreAhead(p.ctx)
			p.appMu.Unlock()
		}
		ahead <- opened{services, err}
	}()
}

// open opens the service at an address. One that was typed must answer, and is
// remembered then; one that is known need not.
func (p *program) open(ctx context.Context, address string) (screens.Services, error) {
	if ahead := p.ahead; ahead != nil {
		p.ahead = nil
		first := <-ahead
		return first.services, first.err
	}
	return p.openNow(ctx, address)
}

func (p *program) openNow(ctx context.Context, address string) (screens.Services, error) {
	if err := p.own(p.options.dir); err != nil {
		return screens.Services{}, err
	}
	services, err := p.services(ctx, p.options.dir, address, p.choice.CAFile)
	if err != nil {
		return services, err
	}
	own, remembered := p.choice.Own, p.remembered()
	if !p.choice.ProxyFixed {
		own.Proxy = p.proxies.Setting().String()
	}
	if (address == p.choice.Service || address == remembered.Service) && own.Proxy == remembered.Proxy {
		p.keepAuthorities(address, remembered)
		return services, nil
	}
	if _, err := services.Info(ctx); err != nil {
		return screens.Services{}, errors.Join(err, services.Close())
	}
	own.Service = address
	if err := app.SaveSettings(p.options.dir, own); err != nil {
		return screens.Services{}, errors.Join(err, services.Close())
	}
	return services, nil
}

// keepAuthorities remembers the file of authorities of the command line for a service that
// is known, unless the command line names the service too, for this time only.
func (p *program) keepAuthorities(address string, remembered app.Settings) {
	caFile := p.choice.Own.CAFile
	if caFile == "" || caFile == remembered.CAFile || p.options.service != "" && address != remembered.Service {
		return
	}
	remembered.Service, remembered.CAFile = address, caFile
	if err := app.SaveSettings(p.options.dir, remembered); err != nil {
		p.log.Warn("the file of authorities was not remembered", "cause", app.Explain(err).Kind)
	}
}

// openDemo starts the real service on this machine, in a folder of its own,
// and opens it.
func (p *program) openDemo(ctx context.Context) (screens.Services, error) {
	return p.startDemo(ctx, false)
}

// openDemoAnew is openDemo without what an early version has left there.
func (p *program) openDemoAnew(ctx context.Context) (screens.Services, error) {
	return p.startDemo(ctx, true)
}

func (p *program) startDemo(ctx context.Context, anew bool) (screens.Services, error) {
	dir := p.options.dir
	if !p.choice.Demo {
		dir = filepath.Join(dir, demoFolder)
	}
	if err := p.own(dir); err != nil {
		return screens.Services{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running == nil {
		d, err := demo.Start(ctx, demo.Config{Dir: filepath.Join(dir, "service"), Version: version, Anew: anew})
		if err != nil {
			return screens.Services{}, fmt.Errorf("%w: %w", errDemonstration, err)
		}
		p.running = d
	}
	services, err := p.services(ctx, dir, p.running.Address(), "")
	services.Demo = mailbox{p.running}
	return services, err
}

func (p *program) services(ctx context.Context, dir, address, caFile string) (screens.Services, error) {
	host, err := os.Hostname()
	if err != nil {
		p.log.Info("the computer did not tell its name", "cause", app.Explain(err).Kind)
	}
	a, err := app.Open(ctx, app.Config{
		Dir: dir, Service: address, CAFile: caFile, Version: version, Computer: host, Logger: p.log, CountryNames: words.CountryNames,
		Proxy: p.proxies.For, Lost: p.proxies.Lost,
	})
	if err != nil {
		return screens.Services{}, err
	}
	p.remember(a)
	return screens.Services{
		Address: address, Info: a.Info, SubscribeInfo: a.SubscribeInfo, Session: a.Session, Account: a.Account, Directory: a.Directory, Self: a.Service, Participants: a.Service, Manage: a.Service, Registrar: a.Service, Visas: a.Service, Mailer: a.Service, Guests: a.Service, Statistics: a.Service, Staff: a.Service, Appoints: a.Service, Meetings: a.Meetings,
		Registrations: a.Registrations, Delegation: a.Delegation, Sync: a.Sync, Moved: a.Moved, Replace: a.Replace, Now: a.ServiceNow, Close: a.Close,
	}, nil
}

// remember remembers what is to be closed where the window does not do it, see watchSystem.
func (p *program) remember(a *app.App) {
	p.appMu.Lock()
	defer p.appMu.Unlock()
	p.app = a
}

// close writes what waits to be written, ends the demonstration and releases the folders.
func (p *program) close() { p.closing.Do(p.closeOnce) }

func (p *program) closeOnce() {
	p.end()
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	p.appMu.Lock()
	if p.app != nil {
		errs = append(errs, p.app.Close())
	}
	p.appMu.Unlock()
	if p.running != nil {
		errs = append(errs, p.running.Close())
	}
	// The log before the folders: the next Plenary in them writes there too.
	errs = append(errs, p.logs.close())
	for _, instance := range p.instances {
		errs = append(errs, instance.Close())
	}
	if err := errors.Join(errs...); err != nil {
		p.log.Error("not everything could be closed", "cause", app.Explain(err).Kind)
	}
}

// env is what screens work with in the real program.
func (p *program) env(a fyne.App) kit.Env {
	w := systemWords()
	if p.choice.Language != "" {
		w = words.For(p.choice.Language)
	}
	if err := lang.AddTranslationsForLocale(words.FyneFile(w.Lang()), lang.SystemLocale()); err != nil {
		p.log.Warn("Fyne keeps its own words", "error", err) // about the file, which is part of the program
	}
	return kit.Env{
		Words: w, Run: kit.Concurrent{}, Sleep: kit.Sleep, Now: time.Now, Explain: p.explain,
		OpenURL: func(u *url.URL) error { return open.URL(u, a.OpenURL) }, Clipboard: a.Clipboard(), Conceal: conceal,
	}
}

// notifier shows notifications of the system; a click on one comes back as a link does.
func (p *program) notifier(a fyne.App) func(ctx context.Context, title, text, link string) error {
	n := &notify.Notifier{
		ID: appID, Name: "Plenary", Way: notificationWay(a),
		Open: func(link string) { p.messages.Put(app.LinkMessage(link)) },
	}
	return func(ctx context.Context, title, text, link string) error {
		err := n.Show(ctx, notify.Notification{Title: title, Text: text, Link: link})
		if err != nil {
			p.log.Info("a notification was not shown", "cause", app.Explain(err).Kind)
		}
		return err
	}
}

// errDemonstration: the demonstration's service did not start.
var errDemonstration = errors.New("start the demonstration")

func explain(err error) app.Explanation {
	x := app.Explain(err)
	switch {
	case errors.Is(err, demo.ErrOld):
		x.Kind = "demonstration-old"
	case x.Kind == string(api.CodeInternal) && errors.Is(err, errDemonstration):
		x.Kind = "demonstration" // a full disk and the like are said as such
	}
	return x
}

// mailbox is the demonstration as its window sees it.
type mailbox struct{ demo *demo.Demo }

func (m mailbox) Mails(ctx context.Context) ([]demoscreens.Mail, error) {
	mails, err := m.demo.Mails(ctx)
	out := make([]demoscreens.Mail, len(mails))
	for i, mail := range mails {
		out[i] = demoscreens.Mail{To: mail.To, Subject: mail.Subject, Text: mail.Text, Link: mail.Link, Code: mail.Code, At: mail.At}
	}
	return out, err
}

func (m mailbox) Staff() []demoscreens.StaffLogIn {
	var staff []demoscreens.StaffLogIn
	for _, s := range m.demo.Staff() {
		staff = append(staff, demoscreens.StaffLogIn{Identifier: s.Identifier, Password: s.Password, Role: s.Role, Appointment: s.Appointment})
	}
	return staff
}

func (m mailbox) SetOn(ctx context.Context, on bool) error { return m.demo.SetOn(ctx, on) }

func (m mailbox) On() bool { return m.demo.On() }
