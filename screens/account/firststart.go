package account

import (
	"context"

	"fyne.io/fyne/v2"

	"plenary/app"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// ServiceFinder tries the address of a service.
type ServiceFinder interface {
	// Try returns the address as it is to be kept, once a service answers there.
	Try(ctx context.Context, address string) (string, error)
}

// FirstStartEvents is where the first start leads. A nil one is not offered.
type FirstStartEvents struct {
	// Chosen is given the address of a service that has answered.
	Chosen func(address string)
	// Meeting is given the meeting of an invitation whose link was entered in
	// place of the service's address, before Chosen.
	Meeting       func(rules.MeetingRef)
	Demonstration func()
	// Proxy is given what was entered as a proxy, empty for the system's, before
	// each try; an error says what is wrong with it. EnteredProxy is what was
	// entered earlier.
	Proxy        func(text string) error
	EnteredProxy string
	// Back leads to the service that was used so far.
	Back func()
}

// FirstStart asks for the address of the organization's service, or leads to
// the demonstration.
type FirstStart struct {
	env      kit.Env
	finder   ServiceFinder
	on       FirstStartEvents
	proposed string // an address, see Propose

	calls         *kit.Calls
	network       *parts.Text // leads to the proxy
	proxy         *kit.ProxyEntry
	bar           *parts.Bar
	address       *parts.Entry
	field         *parts.Field
	busy          *parts.Busy
	connect, stop *parts.Button
	content       fyne.CanvasObject
}

// NewFirstStart returns the screen.
func NewFirstStart(env kit.Env, finder ServiceFinder, on FirstStartEvents) *FirstStart {
	f := &FirstStart{env: env, finder: finder, on: on}
	f.bar = parts.NewBar("firststart.bar")
	f.address = parts.NewEntry("firststart.address")
	f.address.SetPlaceHolder(env.T("firststart.example"))
	f.address.OnSubmitted = func(string) { f.try() }
	f.address.OnChanged = func(string) { f.field.SetError("") }
	f.field = parts.NewField("firststart.address.field", env.T("firststart.address"), true, f.address).
		WithHint(parts.Span{Text: env.T("firststart.hint")})
	f.busy = parts.NewBusy("firststart.busy").Folding()
	// What goes wrong is said at the address; the bar keeps what came from outside.
	f.calls = kit.NewCalls(context.Background(), env, parts.NewBar("firststart.tries"), f.busy, nil)
	f.connect = f.calls.Button("firststart.connect", "firststart.connect", parts.Primary, f.try)
	f.stop = parts.NewButton("firststart.cancel", env.T("account.cancel"), parts.Outlined, func() {
		f.calls.Cancel()
		f.ready()
	})
	f.stop.Hide()
	objects := []fyne.CanvasObject{
		parts.Pad(0, 0, parts.Gap4, 0, parts.Title(env.T("firststart.title"), parts.Span{Text: env.T("firststart.subtitle")})),
		f.bar, f.field,
	}
	if on.Proxy != nil {
		f.proxy = kit.NewProxyEntry(env, "firststart.proxy", on.EnteredProxy, on.Proxy, f.try)
		f.network = parts.Link("firststart.network", env.T("firststart.network"), f.showNetwork)
		f.network.Hidden, f.proxy.Field.Hidden = on.EnteredProxy != "", on.EnteredProxy == ""
		objects = append(objects, f.network, f.proxy.Field)
	}
	objects = append(objects, f.connect, f.busy, f.stop)
	if on.Demonstration != nil {
		objects = append(objects, parts.Divider(), parts.Body(env.T("firststart.demo-intro")),
			parts.NewButton("firststart.demo", env.T("firststart.demo"), parts.Outlined, on.Demonstration))
	}
	if on.Back != nil {
		objects = append(objects, parts.Link("firststart.back", env.T("firststart.back"), on.Back).WithAlign(fyne.TextAlignCenter))
	}
	f.content = env.AccountCard("firststart", objects...)
	return f
}

// Content returns what is shown.
func (f *FirstStart) Content() fyne.CanvasObject { return f.content }

// Close ends what the screen waits for; it is to be called when it is left.
func (f *FirstStart) Close() { f.calls.Close() }

// Settled is Page's.
func (f *FirstStart) Settled() bool { return !f.calls.Working() }

// In is Page's.
func (f *FirstStart) In(env kit.Env) Page {
	n := NewFirstStart(env, f.finder, f.on)
	n.bar.Repeat(f.bar)
	n.proposed = f.proposed
	n.address.SetText(f.address.Text)
	if f.proxy != nil {
		n.proxy.Entry.SetText(f.proxy.Entry.Text)
		n.network.Hidden, n.proxy.Field.Hidden = f.network.Hidden, f.proxy.Field.Hidden
	}
	return n
}

// First returns the input that takes the keyboard first.
func (f *FirstStart) First() fyne.Focusable { return f.address }

// SetNotice says something at the top, such as why the address is asked for again.
func (f *FirstStart) SetNotice(n parts.Notice) { f.bar.Say(n) }

// Notice is what it says at the top.
func (f *FirstStart) Notice() string { return f.bar.String() }

// Propose enters the address of the service of a link that somebody has followed,
// unless another one is being typed, and says whose it is: the person connects.
func (f *FirstStart) Propose(m rules.MeetingRef) {
	if m.Address() == "" || f.calls.Working() || f.address.Text != f.proposed {
		return
	}
	f.proposed = m.Address()
	f.address.SetText(f.proposed)
	said := "firststart.link"
	if m.Code == "" {
		said = "firststart.link-service"
	}
	f.SetNotice(parts.Notice{Tone: parts.Info, Words: []parts.Span{{Text: f.env.T(said, map[string]any{"Host": m.Host})}}})
}

// showNetwork unfolds what few people need: the proxy.
func (f *FirstStart) showNetwork() {
	parts.ShowOne(true, f.proxy.Field, f.network)
	parts.Focus(f.proxy.Entry)
}

// mistake says why there is no service at the address, and what to do.
func (f *FirstStart) mistake(err error) string {
	x := f.env.Explain(err)
	said := f.env.Say(err)
	if x.Kind == app.KindUnreachable {
		said = f.env.T("firststart.unreachable") // the address may be wrong as well
	}
	if x.Reference != "" {
		said += " " + f.env.T("error.reference", map[string]any{"Reference": x.Reference})
	}
	return said
}

// try asks whether there is a service at the address.
func (f *FirstStart) try() {
	if f.calls.Working() || f.proxy != nil && !f.proxy.Take() {
		return
	}
	typed := f.address.Text
	m, _ := rules.ReadMeeting(typed)
	if m.Address() != "" {
		typed = m.Address()
	}
	parts.SetVisible(true, f.stop)
	kit.Ask(f.calls, "firststart.busy", func(ctx context.Context) (string, error) {
		return f.finder.Try(ctx, typed)
	}, func(address string) {
		f.ready()
		if m.Address() != "" {
			f.on.Meeting(m)
		}
		f.on.Chosen(address)
	}, func(err error) bool {
		f.ready()
		f.field.SetError(f.mistake(err))
		parts.Focus(f.address)
		return true
	})
}

// ready follows a try: there is nothing to cancel any more.
func (f *FirstStart) ready() {
	parts.SetVisible(false, f.stop)
}
