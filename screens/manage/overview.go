package manage

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"github.com/google/uuid"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// overview says in which state a meeting is, and changes it; and who manages it.
type overview struct {
	page    *Meeting
	content *fyne.Container
	acts    []*parts.Button
	reason  *kit.Form // of a cancellation
	cancel  *fyne.Container
	people  []api.Manager // who can manage it; nil until they were asked for
	picker  *parts.Picker
	copied  api.CreateMeeting // what was asked for last
}

func newOverview(m *Meeting) *overview {
	return &overview{page: m, content: parts.Stack(0, parts.Space(1))}
}

func (o *overview) first() fyne.Focusable {
	if len(o.acts) == 0 {
		return nil
	}
	return o.acts[0]
}

// back closes the card in which a cancellation gets its reason, after a question where that is
// typed; it reports whether the card was open.
func (o *overview) back() bool {
	if o.cancel == nil || !o.cancel.Visible() {
		return false
	}
	if env := o.page.env; o.typed() != "" {
		env.Discard(parts.CanvasOf(o.content), "managed.cancel", env.T("managed.cancel.reason"), o.closeCancel)
	} else {
		o.closeCancel()
	}
	return true
}

func (o *overview) closeCancel() {
	o.reason.Fill(map[string]string{"reason": ""})
	parts.SetVisible(false, o.cancel)
	parts.Focus(o.first())
	o.page.details.changed()
}

// typed is the reason of a cancellation as far as it is typed.
func (o *overview) typed() string {
	if o.reason == nil {
		return ""
	}
	return o.reason.Text("reason")
}

// restore shows a reason that was typed before.
func (o *overview) restore(reason string) {
	if _, ok := rules.AfterAct(o.page.meeting.Status, rules.ActCancel); ok && reason != "" {
		o.reason.Fill(map[string]string{"reason": reason})
		parts.SetVisible(true, o.cancel)
	}
}

func (o *overview) show() {
	m, t := o.page, o.page.env.T
	m.calls.Release()
	m.calls.Hold(m.details.button)
	o.acts = nil
	managed := &m.meeting
	facts := []parts.Pair{
		{Key: t("manage.column.status"), Value: parts.Body(t("managed.status." + managed.Status))},
		{Key: t("web.meeting.code"), Value: parts.Body(managed.Code)},
	}
	if len(managed.Sessions) > 0 {
		zone := kit.Zone(managed.Zone)
		facts = append(facts, parts.Pair{Key: t("manage.column.dates"), Value: parts.Body(
			m.env.Words.DateRange(managed.Start().In(zone), managed.End().In(zone)) + " (" + managed.Zone + ")",
		)})
	}
	if managed.Status != api.MeetingDraft {
		text := m.env.Words.N("managed.places.open", managed.Taken)
		if managed.Capacity > 0 {
			text = m.env.Words.N("managed.places", managed.Taken, map[string]any{"Capacity": managed.Capacity})
		}
		if managed.Waiting > 0 {
			text += " · " + m.env.Words.N("managed.waiting", managed.Waiting)
		}
		facts = append(facts, parts.Pair{Key: t("managed.registrations"), Value: parts.Body(text)})
	}
	body := parts.Stack(parts.Gap16, parts.Card(parts.Section(t("managed.state")), parts.KeyValues(facts...), o.buttons()), o.cancelling(), o.managers())
	if parts.KeepFocus(o.content, func() { kit.Swap(o.content, body) }) {
		parts.Focus(o.first()) // what was pressed cannot be done any more
	}
}

// buttons are what can be done with the meeting as it is.
func (o *overview) buttons() fyne.CanvasObject {
	m := o.page
	add := func(act rules.MeetingAct, kind parts.ButtonKind, do func()) {
		if _, ok := rules.AfterAct(m.meeting.Status, act); !ok || act == rules.ActCancel && o.over() {
			return
		}
		o.acts = append(o.acts, m.calls.Button(parts.ID("managed."+string(act)), "managed."+string(act), kind, do))
	}
	add(rules.ActPublish, parts.Primary, o.askPublish)
	add(rules.ActReopen, parts.Primary, func() { o.change(rules.ActReopen) })
	add(rules.ActClose, parts.Outlined, func() { o.ask(rules.ActClose, func() { o.change(rules.ActClose) }) })
	o.acts = append(o.acts, m.calls.Button("managed.copy", "managed.copy", parts.Outlined, o.copy))
	add(rules.ActCancel, parts.Danger, func() {
		parts.SetVisible(true, o.cancel)
		parts.Focus(o.reason.First())
	})
	add(rules.ActDelete, parts.Danger, func() { o.ask(rules.ActDelete, o.delete) })
	objects := make([]fyne.CanvasObject, len(o.acts))
	for i, b := range o.acts {
		objects[i] = b
	}
	return parts.Inline(parts.Gap12, objects...)
}

func (o *overview) over() bool { return !o.page.env.Now().Before(o.page.meeting.End()) }

// ask names what happens, and does it on yes.
func (o *overview) ask(act rules.MeetingAct, do func()) {
	o.askIn(act, o.page.env.T("managed."+string(act)+".text"), do)
}

func (o *overview) askIn(act rules.MeetingAct, text string, do func()) {
	m, name := o.page, "managed."+string(act)
	kind := parts.Primary
	if act == rules.ActCancel || act == rules.ActDelete {
		kind = parts.Danger
	}
	title := map[string]any{"Meeting": m.meeting.Title.In(m.env.Words.Lang())}
	parts.Ask(parts.CanvasOf(o.content), m.env.T(name+".ask", title), text,
		parts.Answer{ID: parts.ID(name + ".yes"), Text: m.env.T(name), Kind: kind, Do: do},
		parts.Answer{ID: parts.ID(name + ".no"), Text: m.env.T("shell.cancel"), Kind: parts.Outlined})
}

// askPublish says what is missing, if anything is.
func (o *overview) askPublish() {
	m := o.page
	if m.details.differs() {
		m.say(parts.Warning, m.env.T("managed.publish.unsaved"))
		return
	}
	if wrong := rules.CheckMeeting(&m.meeting.MeetingDetails); len(wrong) > 0 {
		o.incomplete(wrong)
		return
	}
	o.ask(rules.ActPublish, func() { o.change(rules.ActPublish) })
}

// incomplete leads to what keeps a meeting from being published.
func (o *overview) incomplete(wrong []api.FieldError) {
	m := o.page
	m.tabs.Choose(1)
	m.details.mark(wrong)
	m.details.refuse(m.env.T("managed.publish.missing"))
}

func (o *overview) change(act rules.MeetingAct) {
	m := o.page
	in := api.ChangeMeetingStatus{Act: string(act), Edition: m.meeting.Edition}
	m.act("managed.working", "managed."+string(act)+".done", func(ctx context.Context) (api.ManagedMeeting, error) {
		return m.service.ChangeMeetingStatus(ctx, m.code, in)
	}, func(err error) bool {
		wrong := m.env.Explain(err).Fields
		if len(wrong) > 0 {
			o.incomplete(wrong)
		}
		return len(wrong) > 0
	})
}

// copy makes a draft of the meeting. Tried again after an answer was lost it is the same one.
func (o *overview) copy() {
	m := o.page
	title := maps.Clone(m.meeting.Title)
	title["en"] = rules.Visible(m.env.T("managed.copy.title", map[string]any{"Title": title["en"]}))
	if utf8.RuneCountInString(title["en"]) > rules.MaxMeetingLine {
		title["en"] = m.meeting.Title["en"]
	}
	if !maps.Equal(o.copied.Title, title) {
		o.copied = api.CreateMeeting{ID: uuid.NewString(), Title: title, From: m.code}
	}
	in := o.copied
	kit.Call(m.calls, "managed.copying", func(ctx context.Context) (api.ManagedMeeting, error) {
		return m.service.CreateMeeting(ctx, in)
	}, func(made api.ManagedMeeting) {
		o.copied = api.CreateMeeting{}
		m.on.Open(made.Code)
	})
}

func (o *overview) delete() {
	m := o.page
	m.calls.Do("managed.working", func(ctx context.Context) error { return m.service.DeleteMeeting(ctx, m.code) }, func() {
		m.details.forget(m.on.Back)
	}, m.env.GoneMeanwhile(m.bar, m.on.Back))
}

// cancelling is the card in which a cancellation gets its reason.
func (o *overview) cancelling() fyne.CanvasObject {
	m, t := o.page, o.page.env.T
	typed := ""
	if m.meeting.Status != api.MeetingCancelled {
		typed = o.typed()
	}
	o.reason = kit.NewForm(m.env, "managed.cancel", kit.Input{
		Name: "reason", Lines: 3, Required: true,
		Wrong: func(text string) string {
			switch {
			case text == "":
				return t("managed.cancel.wrong.reason")
			case utf8.RuneCountInString(text) > rules.MaxReason:
				return t("field.too-long")
			}
			return ""
		},
	})
	o.reason.Set("reason", typed)
	o.reason.Changed = m.details.changed
	send := m.calls.Button("managed.cancel.next", "managed.cancel", parts.Danger, o.askCancel)
	close := parts.NewButton("managed.cancel.close", t("managed.cancel.keep"), parts.Outlined, func() { o.back() })
	o.cancel = parts.Card(parts.Section(t("managed.cancel")), parts.Muted(t("managed.cancel.what")),
		o.reason.Field("reason"), parts.Inline(parts.Gap12, send, close))
	o.cancel.Hidden = typed == ""
	return o.cancel
}

// askCancel says how many people are told.
func (o *overview) askCancel() {
	m := o.page
	if m.calls.Working() || !o.reason.Check() {
		return
	}
	in := api.CancelMeeting{Reason: o.reason.Text("reason"), Edition: m.meeting.Edition}
	o.askIn(rules.ActCancel, m.env.Words.N("managed.cancel.text", m.meeting.Living), func() {
		m.act("managed.working", "managed.cancel.done", func(ctx context.Context) (api.ManagedMeeting, error) {
			return m.service.CancelMeeting(ctx, m.code, in)
		}, o.reason.Refused)
	})
}

// managers are who manages the meeting, and how that is changed.
func (o *overview) managers() fyne.CanvasObject {
	m, t := o.page, o.page.env.T
	card := parts.Stack(parts.Gap12, parts.Stack(2, parts.Section(t("managed.managers")), parts.Muted(t("managed.managers.what"))))
	if len(m.meeting.Managers) == 0 {
		card.Add(parts.Body(t("managed.managers.all")))
	}
	for _, one := range m.meeting.Managers {
		remove := m.calls.Button(parts.ID("managed.managers.remove."+one.ID), "managed.managers.remove", parts.Outlined, func() { o.askRemove(one) })
		card.Add(parts.MiddleRow(parts.Gap12,
			parts.Cell{Object: parts.Stack(0, parts.Body(one.Name), parts.Small(managerLine(one))), Min: 200, Weight: 1},
			parts.Cell{Object: remove}))
	}
	if o.people == nil {
		card.Add(parts.Inline(parts.Gap8, m.calls.Button("managed.managers.add", "managed.managers.add", parts.Outlined, o.askPeople)))
		return parts.CardWith(20, card)
	}
	o.picker = parts.NewPicker("managed.managers.pick", t("managed.managers.pick"), t("managed.managers.none"), o.candidates()).WithDetailBelow()
	o.picker.OnChange = func(p parts.Item) {
		switch {
		case p.ID == "":
		case m.calls.Working():
			o.picker.Clear()
		default:
			o.save(append(o.named(), p.ID))
		}
	}
	card.Add(parts.NewField("managed.managers.pick.field", t("managed.managers.add"), false, o.picker))
	return parts.CardWith(20, card)
}

func managerLine(one api.Manager) string {
	return strings.TrimSuffix(one.Username+" · "+one.Organization, " · ")
}

// named are the ids of the meeting's managers.
func (o *overview) named() []string {
	ids := []string{}
	for _, one := range o.page.meeting.Managers {
		ids = append(ids, one.ID)
	}
	return ids
}

// candidates are those who do not manage it yet.
func (o *overview) candidates() []parts.Item {
	var items []parts.Item
	for _, one := range o.people {
		if !slices.Contains(o.named(), one.ID) {
			items = append(items, parts.Item{ID: one.ID, Text: one.Name, Keys: []string{one.Username}, Detail: func() string { return managerLine(one) }})
		}
	}
	return items
}

func (o *overview) askPeople() {
	m := o.page
	kit.Ask(m.calls, "managed.working", m.service.Managers, func(people []api.Manager) {
		o.people = people
		o.show()
		parts.Focus(o.picker.Entry())
	})
}

// askRemove names what follows for the meeting.
func (o *overview) askRemove(one api.Manager) {
	m, t := o.page, o.page.env.T
	text := t("managed.managers.remove.text", map[string]any{"Name": one.Name})
	if len(m.meeting.Managers) == 1 {
		text = t("managed.managers.remove.last", map[string]any{"Name": one.Name})
	}
	parts.Ask(parts.CanvasOf(o.content), t("managed.managers.remove.ask", map[string]any{"Name": one.Name}), text,
		parts.Answer{ID: "managed.managers.remove.yes", Text: t("managed.managers.remove"), Kind: parts.Primary, Do: func() {
			o.save(slices.DeleteFunc(o.named(), func(id string) bool { return id == one.ID }))
		}},
		parts.Answer{ID: "managed.managers.remove.no", Text: t("shell.cancel"), Kind: parts.Outlined})
}

func (o *overview) save(ids []string) {
	m := o.page
	in := api.SaveManagers{Managers: ids, Edition: m.meeting.Edition}
	m.act("managed.working", "managed.managers.done", func(ctx context.Context) (api.ManagedMeeting, error) {
		return m.service.SaveManagers(ctx, m.code, in)
	}, func(error) bool {
		if o.picker != nil {
			o.picker.Clear() // who was picked does not manage it, and can be picked again
		}
		return false
	})
}
