// Plenary is the desktop program with which people register for the meetings
// of an international organization and join them.
//
// This file holds flags, composition and run: the only place where everything
// meets. What a person sees is in package screens, what the program does in
// package app, the account service in package service.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"

	"plenary/app"
	"plenary/platform/console"
	"plenary/platform/display"
	"plenary/platform/managed"
	"plenary/screens"
	"plenary/screens/parts"
)

// version is the program's, such as 0.1.0; make sets it (packaging/version.sh).
var version = "dev"

// appID names the program to the desktop: preferences, notifications, and on
// Linux its desktop entry.
const appID = managed.AppID

// openPatience is how long the window waits, before it is there, for the service that is
// being opened: it is opened by then, mostly, and the first picture is the first screen.
const openPatience = 100 * time.Millisecond

// gcPercent is half of Go's default, once the window is there: what a program
// that is open all day takes of the memory counts more than the collector's time.
const gcPercent = 50

// demoFolder holds the demonstration, within the data folder.
const demoFolder = "demonstration"

// options are what the command line says.
type options struct {
	dir     string // data folder
	service string // address, in place of the remembered one
	caFile  string
	demo    bool
	version bool
	link    string // meeting code or link to open
}

func main() {
	var says strings.Builder
	o, err := parse(os.Args[1:], &says)
	switch {
	case errors.Is(err, flag.ErrHelp):
		answer(says.String(), 0)
	case err != nil:
		answer(says.String(), 2)
	case o.version:
		answer("Plenary "+version+"\n", 0)
	default:
		if err := run(o); err != nil {
			if errors.Is(err, display.ErrNoOpenGL) && drawBySoftware() {
				return
			}
			sayNoWindow(systemWords(), err)
			os.Exit(1)
		}
	}
}

// answer writes what the command line was answered and ends the program: to the
// console, or to a message box where an icon or a link was wrong and there is no
// console.
func answer(text string, status int) {
	switch {
	case !console.Attach():
		display.Say("Plenary", text)
	case status == 0:
		fmt.Print(text)
	default:
		fmt.Fprint(os.Stderr, text)
	}
	os.Exit(status)
}

// parse reads the command line; it writes to says what is wrong with it, or how
// it is used.
func parse(args []string, says io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("plenary", flag.ContinueOnError)
	f.SetOutput(says)
	f.Usage = func() {
		fmt.Fprintln(f.Output(), "Usage: plenary [flags] [meeting code or link]")
		f.PrintDefaults()
	}
	f.StringVar(&o.dir, "data", "", "keep Plenary's data in this `folder` (one Plenary works in it at a time)")
	f.StringVar(&o.service, "service", "", "`address` of the organization's service, in place of the remembered one")
	f.StringVar(&o.caFile, "ca", "", "`file` with further certificate authorities (PEM)")
	f.BoolVar(&o.demo, "demo", false, "try the demonstration: the real service, on this machine")
	f.BoolVar(&o.version, "version", false, "say which version this is")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if link := strings.Join(f.Args(), " "); link != "" { // "C 16105" has a space
		o.link = app.LinkMessage(link)
	}
	if o.caFile != "" { // it is remembered, for starts from other folders
		caFile, err := filepath.Abs(o.caFile)
		if err != nil {
			fmt.Fprintln(f.Output(), "plenary: --ca:", err, "- give the file's whole path")
			return o, err
		}
		o.caFile = caFile
	}
	if o.dir == "" {
		dir, err := dataDir()
		if err != nil {
			fmt.Fprintln(f.Output(), "plenary:", err, "- name a folder with --data")
			return o, err
		}
		o.dir = dir
	}
	return o, nil
}

// dataDir is the system's place for a program's data that does not roam.
func dataDir() (string, error) {
	switch runtime.GOOS {
	case "windows":
		if dir := os.Getenv("LocalAppData"); dir != "" {
			return filepath.Join(dir, "Plenary"), nil
		}
		return "", errors.New("%LocalAppData% is not set")
	case "darwin":
		dir, err := os.UserConfigDir()
		return filepath.Join(dir, "Plenary"), err
	default:
		if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
			return filepath.Join(dir, "plenary"), nil
		}
		home, err := os.UserHomeDir()
		return filepath.Join(home, ".local", "share", "plenary"), err
	}
}

// run shows the window until it is closed. A second Plenary in the same folder
// hands over what it was asked for and ends. The error says why there can be no
// window: any other is shown in it.
func run(o options) error {
	debug.SetGCPercent(-1) // until the window is there: its start is short
	go findFonts()
	choice, troubleChoosing := choose(context.Background(), &o)
	p := newProgram(o, choice)
	// Any other error is shown in the window, also that the first one hangs or
	// could not be told: it has shown nothing.
	trouble := p.handToDemonstration()
	if trouble == nil {
		trouble = p.own(o.dir)
	}
	if errors.Is(trouble, app.ErrAlreadyRunning) && !errors.Is(trouble, app.ErrNotAnswering) &&
		!errors.Is(trouble, app.ErrNotListening) {
		return nil
	}
	defer p.close()
	p.watchSystem()
	if err := display.Check(); err != nil {
		return p.noWindow(err)
	}
	if trouble == nil {
		trouble = troubleChoosing
	}

	if trouble == nil && !choice.Stopped && !choice.Demo && choice.Service != "" {
		p.openAhead(choice.Service)
	}
	hearLinks(func(link string) { p.messages.Put(app.LinkMessage(link)) })
	a := fyneapp.NewWithID(appID)
	a.SetIcon(parts.IconResource)
	w := a.NewWindow("Plenary")
	w.SetMaster()
	w.SetOnClosed(p.messages.Refuse) // the next Plenary starts by itself then
	w.SetPadded(false)               // the screens keep their own distance from the edges
	if centred {
		w.CenterOnScreen()
	}
	if err := displayed(); err != nil {
		return p.noWindow(err)
	}
	deps := screens.WindowDeps{
		App: a, Window: w, Quit: func() { p.quit(a.Quit) }, Open: p.open, Demo: p.openDemo, DemoAnew: p.openDemoAnew, Address: choice.Service, StartDemo: choice.Demo,
		Trouble: trouble, Managed: forScreens(choice), Version: version, Tick: time.Second, Ahead: openPatience, Fit: fitScreen(a), LookKnown: display.LookKnown(),
		Notify: p.notifier(a), Support: p.support, NoUpdateNotice: choice.NoUpdateNotice, EnteredProxy: choice.Proxy.String(),
	}
	if !choice.ProxyFixed {
		deps.Proxy, deps.KeepProxy = p.enterProxy, p.keepProxy
	}
	if choice.NoDemo {
		deps.Demo = nil
	}
	shell := screens.NewShell(p.env(a), deps)
	w.SetContent(shell.Content())
	a.Lifecycle().SetOnStarted(func() {
		debug.SetGCPercent(gcPercent)
		startE2E(a)
		if o.link != "" {
			shell.Open(o.link)
		}
		go p.messages.Deliver(p.ctx, fyne.DoAndWait, func(link string) {
			raise(w)
			if link != "" {
				shell.Open(link)
			}
		})
	})
	// Before there is a window: the service is opened meanwhile.
	shell.Start(p.ctx)
	if err := show(w); err != nil {
		return p.noWindow(err)
	}
	if err := hearInput(w, shell.Used); err != nil {
		p.log.Error("Plenary locks although it is used", "error", err)
	}
	a.Run()
	return nil
}
