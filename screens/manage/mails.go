package manage

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// Mailer is what managers write to a meeting's participants.
type Mailer interface {
	Notices(ctx context.Context, code string) ([]api.Notice, error)
	PreviewMail(ctx context.Context, in api.MailParticipants) (api.MailPreview, error)

	// E-mails are kept until they are sent; SubscribeDecisions tells of changes.
	Mailings(code string) []app.Mailing
	SubscribeDecisions(f func()) (cancel func())
	MailParticipants(ctx context.Context, in api.MailParticipants) error
	DismissMailing(ctx context.Context, operation string) error

	// What is being written is kept on this computer.
	MailDraft(code string) (api.MailParticipants, bool)
	KeepMailDraft(ctx context.Context, in api.MailParticipants) error
}

// Mails is the page with the e-mails to a meeting's participants: those that went out or
// are on the way, and the one that is being written.
type Mails struct {
	env     kit.Env
	service Mailer
	code    string
	on      MailsEvents

	content  fyne.CanvasObject
	leave    func()
	unfollow func()
	bar      *parts.Bar
	busy     *parts.Busy
	calls    *kit.Calls
	loading  *kit.Loading[[]api.Notice]
	notices  []api.Notice
	asked    time.Time     // when notices were asked for last
	mailings []app.Mailing // that wait here, or were refused

	list    *fyne.Container // what was written
	open    map[string]bool // notices whose text is in sight
	begin   *parts.Button
	writer  *mailWriter
	preview *mailPreview
	foot    *fyne.Container
}

// MailsEvents are what the page asks of the window.
type MailsEvents struct {
	Back func()
}

// noticesEvery is the time between two looks at how far e-mails are that are on their way.
const noticesEvery = 5 * time.Second

// NewMails returns the page for a meeting. Close it when it is left.
func NewMails(env kit.Env, service Mailer, catalog MeetingCatalog, code string, on MailsEvents) *Mails {
	m := &Mails{env: env, service: service, code: code, on: on, open: map[string]bool{}}
	t := env.T
	ctx, leave := context.WithCancel(context.Background())
	m.leave = leave
	m.bar, m.busy = parts.NewBar("mails.bar"), parts.NewBusy("mails.busy").Folding()
	m.calls = kit.NewCalls(ctx, env, m.bar, m.busy, nil)
	m.loading = kit.NewLoading(m.calls, "mails.loading", m.ask, func(list []api.Notice) {
		if m.notices == nil || !reflect.DeepEqual(list, m.notices) {
			m.notices = list
			m.show()
		}
	})
	m.list = container.NewStack()
	m.begin = m.calls.Button("mails.write", "mails.write", parts.Primary, m.write)
	m.writer, m.preview = newMailWriter(m), newMailPreview(m)
	title := titleOf(env, catalog, code)
	top := parts.Stack(parts.Gap4, parts.Link("mails.back", t("shell.back", map[string]any{"To": t("registrations.back.to")}), on.Back),
		parts.Heading(title, t("mails.line"), m.busy))
	body := parts.Stack(parts.Gap12, top, m.bar, parts.Layers(parts.Stack(parts.Gap16, parts.Inline(parts.Gap8, m.begin), m.list), m.writer.content, m.preview.content))
	m.foot = parts.Stack(0, m.writer.foot, m.preview.foot)
	m.content = parts.Page(parts.Margins(parts.Leading(kit.FormWidth, body)), m.foot)
	m.turn(nil)
	m.mailings = service.Mailings(code)
	m.show()
	m.look()
	m.unfollow = env.Follow(ctx, m.follow, service.SubscribeDecisions)
	return m
}

// Content is what is to be shown.
func (m *Mails) Content() fyne.CanvasObject { return m.content }

// Close keeps what is typed and ends what the page waits for.
func (m *Mails) Close() { m.CloseThen(func() {}) }

// CloseThen closes the page and goes on once what was typed is kept.
func (m *Mails) CloseThen(then func()) {
	m.writer.draft.KeepThen(then)
	m.leave()
	m.unfollow()
}

// KeepThen keeps what was typed, and goes on once that is saved.
func (m *Mails) KeepThen(then func()) { m.writer.draft.KeepThen(then) }

// First is what takes the keyboard.
func (m *Mails) First() fyne.Focusable {
	switch {
	case m.preview.content.Visible():
		return m.preview.send
	case m.writer.content.Visible():
		return m.writer.form.First()
	}
	return m.begin
}

// Back gives up waiting for a preview, or leaves that, the e-mail that is being written, or the page.
func (m *Mails) Back() bool {
	switch {
	case m.calls.Cancel():
	case m.preview.content.Visible():
		m.turn(m.writer.content)
	case m.writer.content.Visible():
		m.turn(nil)
	default:
		m.on.Back()
	}
	return true
}

// SetOnline asks again for what could not be had.
func (m *Mails) SetOnline(online bool) { m.loading.Online(online) }

// Tick looks how far e-mails are that are on their way.
func (m *Mails) Tick() {
	under := slices.ContainsFunc(m.notices, func(n api.Notice) bool { return n.Done.IsZero() })
	if under && m.env.Now().Sub(m.asked) >= noticesEvery {
		m.look()
	}
}

// look asks how far the e-mails are, also where the last answer did not come.
func (m *Mails) look() {
	m.asked = m.env.Now()
	m.loading.Load()
}

func (m *Mails) ask(ctx context.Context) ([]api.Notice, error) { return m.service.Notices(ctx, m.code) }

// turn shows the list, or what is given in its place.
func (m *Mails) turn(to fyne.CanvasObject) {
	m.begin.SetText(m.env.T("mails.write"))
	if m.writer.any() {
		m.begin.SetText(m.env.T("mails.write.on"))
	}
	parts.SetVisible(to == nil, m.begin, m.list)
	parts.SetVisible(to == m.writer.content, m.writer.content, m.writer.foot)
	parts.SetVisible(to == m.preview.content, m.preview.content, m.preview.foot)
	if to != nil {
		parts.IntoView(to)
	}
	if parts.CanvasOf(m.begin) != nil {
		parts.Focus(m.First())
	}
}

// write shows the e-mail that is being written.
func (m *Mails) write() {
	m.bar.Clear()
	m.turn(m.writer.content)
}

// follow shows what waits here, and asks anew when some of it was taken. The signal comes for
// much else too.
func (m *Mails) follow() {
	before := m.waiting()
	now := m.service.Mailings(m.code)
	if reflect.DeepEqual(now, m.mailings) {
		return
	}
	m.mailings = now
	m.show()
	if m.waiting() < before {
		m.look()
	}
}

// waiting is how many e-mails wait here.
func (m *Mails) waiting() (n int) {
	for _, one := range m.mailings {
		if !one.Refused {
			n++
		}
	}
	return n
}

// show shows what was written, what waits here first.
func (m *Mails) show() {
	var cards []fyne.CanvasObject
	for _, one := range m.mailings {
		cards = append(cards, m.mailing(one))
	}
	for i := range m.notices {
		cards = append(cards, m.notice(&m.notices[i]))
	}
	if len(cards) == 0 && m.loading.Loaded() {
		cards = append(cards, parts.Empty(m.env.T("mails.empty.title"), m.env.T("mails.empty.how")))
	}
	kit.Swap(m.list, parts.Stack(parts.Gap12, cards...))
	parts.Changed(m.list)
}

// mailing is an e-mail that waits here, or was refused.
func (m *Mails) mailing(one app.Mailing) fyne.CanvasObject {
	t := m.env.T
	state, tone := t("mails.waits"), parts.Warning
	if one.Refused {
		state, tone = t("mails.refused"), parts.Bad
	}
	body := parts.Stack(parts.Gap8, m.head(one.Operation, one.Subject.In(m.env.Words.Lang()), state, tone),
		parts.Small(m.line(one.Made, "", one.To)))
	if one.Refused {
		why := t("mails.refused.why")
		if key := "error." + string(one.Code); m.env.Words.Has(key) {
			why = t(key)
		}
		id := parts.ID("mails.refused." + one.Operation)
		body.Add(parts.Body(why))
		body.Add(parts.Inline(parts.Gap12,
			parts.NewButton(id+".again", t("mails.again"), parts.Primary, func() { m.again(one) }),
			parts.NewButton(id+".dismiss", t("mails.dismiss"), parts.Outlined, func() { m.askDismiss(one) })))
	}
	return parts.CardWith(16, body)
}

// head is a subject with what has become of it; id is of the e-mail.
func (m *Mails) head(id, subject, state string, tone parts.Tone) fyne.CanvasObject {
	return parts.Ends(parts.Bold(subject), parts.NewTag(state, tone).WithID(parts.ID("mails."+id+".state")))
}

// line says when something was written, by whom, and to whom it goes.
func (m *Mails) line(made time.Time, by string, to api.Recipients) string {
	words := []string{kit.Clock(m.env.Words, made.In(m.env.Now().Location()), m.env.Now())}
	if by != "" {
		words = append(words, by)
	}
	return strings.Join(append(words, recipientsWords(m.env, to)...), " · ")
}

// notice is something that people were told, or are being told.
func (m *Mails) notice(n *api.Notice) fyne.CanvasObject {
	t, lang := m.env.T, m.env.Words.Lang()
	told := map[string]any{"Told": n.Told, "Total": n.Total}
	state, tone := t("mails.under-way", told), parts.Warning
	if !n.Done.IsZero() {
		state, tone = m.env.Words.N("mails.told", n.Told), parts.Success
	}
	subject, text := n.Subject.In(lang), n.Text.In(lang)
	if n.Kind != api.NoticeMail {
		subject, text = t("mails.kind."+n.Kind), n.Reason
	}
	body := parts.Stack(parts.Gap8, m.head(n.ID, subject, state, tone), parts.Small(m.line(n.Made, n.By, n.To)))
	id := parts.ID("mails." + n.ID + ".text")
	switch {
	case text == "":
	case m.open[n.ID]:
		body.Add(parts.Body(text))
		body.Add(parts.Link(id, t("mails.text.hide"), func() { m.toggle(n.ID) }))
	default:
		body.Add(parts.Link(id, t("mails.text.show"), func() { m.toggle(n.ID) }))
	}
	return parts.CardWith(16, body)
}

// recipientsWords says to whom an e-mail goes.
func recipientsWords(env kit.Env, to api.Recipients) []string {
	list := chosenWords(env, to)
	if to.State == "" {
		list = append([]string{env.T("mails.to.any-state")}, list...)
	}
	return list
}

func (m *Mails) toggle(id string) {
	m.open[id] = !m.open[id]
	m.show()
}

// again brings a refused e-mail back to where it is written, in place of what stands there.
func (m *Mails) again(one app.Mailing) {
	restore := func() {
		m.writer.fill(one.MailParticipants)
		m.writer.draft.KeepThen(func() { m.dismiss(one.Operation, m.write) })
	}
	if !m.writer.any() {
		restore()
		return
	}
	t := m.env.T
	parts.Ask(parts.CanvasOf(m.content), t("mails.again.ask"), t("mails.again.text"),
		parts.Answer{ID: "mails.again.yes", Text: t("mails.again"), Kind: parts.Danger, Do: restore},
		parts.Answer{ID: "mails.again.no", Text: t("shell.cancel"), Kind: parts.Outlined})
}

// askDismiss names the e-mail that goes with what the service has refused.
func (m *Mails) askDismiss(one app.Mailing) {
	id := parts.ID("mails.refused." + one.Operation)
	m.env.Discard(parts.CanvasOf(m.content), id, one.Subject.In(m.env.Words.Lang()), func() {
		m.dismiss(one.Operation, func() { parts.Focus(m.First()) })
	})
}

func (m *Mails) dismiss(operation string, then func()) {
	m.calls.Do("mails.dismissing", func(ctx context.Context) error { return m.service.DismissMailing(ctx, operation) }, func() {
		m.follow()
		then()
	})
}
