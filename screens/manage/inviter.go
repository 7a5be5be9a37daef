package manage

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"github.com/google/uuid"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// inviter is the form with which people are invited: typed one to a line, or read from a
// file into the same lines.
type inviter struct {
	page    *Invitations
	content fyne.CanvasObject
	form    *kit.Form
	window  *parts.Check
	pass    *parts.Check
	chooser *tableChooser
	shown   bool
	reading bool   // a file is chosen
	id      string // of the invitations, for as often as they are tried
	// languages are those of a file, by the keys of the addresses.
	languages map[string]string
}

func newInviter(page *Invitations) *inviter {
	v := &inviter{page: page}
	env, t := page.env, page.env.T
	v.form = kit.NewForm(env, "invite",
		kit.Input{Name: "people", Label: t("invite.people"), Hint: t("invite.people.hint"), Required: true, Lines: 8, Wrong: v.wrongPeople},
		kit.Input{Name: "language", Label: t("invite.language"), Choose: languages()},
		kit.Input{Name: "until", Label: t("invite.until"), Hint: t("invite.until.hint"), Required: true, Wrong: v.wrongUntil, Refused: func(api.FieldError) string { return t("invite.wrong.until") }},
	)
	v.form.Changed = func() { v.id = "" }
	v.window = parts.NewCheck("invite.window", parts.Span{Text: t("invite.window")})
	v.pass = parts.NewCheck("invite.approval", parts.Span{Text: t("invite.approval")})
	v.window.OnChange = func(bool) { v.id = "" }
	v.pass.OnChange = func(bool) { v.id = "" }
	send := page.calls.Button("invite.send", "invite.send", parts.Primary, v.send)
	file := page.calls.Button("invite.file", "invite.file", parts.Outlined, v.choose)
	cancel := parts.NewButton("invite.cancel", t("shell.cancel"), parts.Outlined, v.askLeave)
	v.content = parts.Scroll(parts.Leading(kit.FormWidth, parts.Card(
		parts.Section(t("invitations.invite")), parts.Muted(t("invite.what")),
		v.form.Field("people"), parts.Inline(parts.Gap12, file), v.form.Field("language"),
		parts.Stack(parts.Gap8, v.window, v.pass, parts.Small(t("invite.places"))), v.form.Field("until"),
		parts.Inline(parts.Gap12, send, cancel))))
	v.chooser = newTableChooser(env, "invite", page.bar, page.calls, t("invite.file.what"), v.read)
	return v
}

// open shows the form, with nobody in it.
func (v *inviter) open() {
	v.languages, v.id, v.shown, v.reading = map[string]string{}, "", true, false
	v.form.Fill(map[string]string{
		"people": "", "language": v.page.env.Words.Lang(),
		"until": v.page.defaultUntil().In(kit.Zone(v.page.meeting.Zone)).Format(time.DateOnly),
	})
	v.window.SetChecked(false)
	v.pass.SetChecked(false)
	v.show()
}

func (v *inviter) show() {
	v.reading = false
	kit.Swap(v.page.holder, v.content)
	parts.Focus(v.form.First())
}

// choose shows the choice of a file in the form's place.
func (v *inviter) choose() {
	v.reading = true
	kit.Swap(v.page.holder, v.chooser.content)
	parts.Focus(v.chooser.choose)
}

// typed tells whether there is somebody to lose.
func (v *inviter) typed() bool { return v.shown && strings.TrimSpace(v.form.Text("people")) != "" }

// back leaves the choice of a file, or the form, after a question where somebody is typed;
// it reports whether there was any.
func (v *inviter) back() bool {
	switch {
	case v.reading:
		v.show()
	case v.shown:
		v.askLeave()
	default:
		return false
	}
	return true
}

func (v *inviter) leave() {
	v.shown, v.reading = false, false
	v.page.close()
}

func (v *inviter) askLeave() {
	if !v.typed() {
		v.leave()
		return
	}
	t := v.page.env.T
	parts.Ask(parts.CanvasOf(v.page.holder), t("invite.leave.title"), t("invite.leave.text"),
		parts.Answer{ID: "invite.leave.yes", Text: t("invite.leave"), Kind: parts.Danger, Do: v.leave},
		parts.Answer{ID: "invite.leave.no", Text: t("invite.leave.no"), Kind: parts.Outlined})
}

func (v *inviter) wrongPeople(text string) string {
	list, _, wrong := people(text)
	switch t := v.page.env.T; {
	case wrong > 0:
		return t("invite.wrong.line", map[string]any{"Line": wrong})
	case len(list) == 0:
		return t("invite.wrong.people")
	case len(list) > api.MaxInvitees:
		return t("invite.wrong.too-many", map[string]any{"Most": api.MaxInvitees})
	}
	return ""
}

// refused says what the service does not take of the people.
func (v *inviter) refused(e api.FieldError) string {
	t := v.page.env.T
	_, numbers, _ := people(v.form.Text("people"))
	at := strings.Split(strings.TrimPrefix(e.Pointer, "/people/"), "/")
	n, err := strconv.Atoi(at[0])
	if err != nil || n >= len(numbers) {
		return t("field." + e.Code)
	}
	key := "invite.wrong.line"
	if e.Code == api.FieldRepeated {
		key = "invite.wrong.repeated"
	}
	return t(key, map[string]any{"Line": numbers[n]})
}

// until is the end of the day that is typed, where the meeting is.
func (v *inviter) until() (time.Time, bool) {
	text, ok := readDay(v.form.Text("until"), v.page.env.Words.Lang())
	if !ok {
		return time.Time{}, false
	}
	day, err := time.ParseInLocation(time.DateOnly, text, kit.Zone(v.page.meeting.Zone))
	until := day.AddDate(0, 0, 1).Add(-time.Second)
	return until, err == nil && v.page.env.Now().Before(until)
}

func (v *inviter) wrongUntil(string) string {
	if _, ok := v.until(); !ok {
		return v.page.env.T("invite.wrong.until")
	}
	return ""
}

// send invites everybody. Tried again after an answer was lost these are the same
// invitations, as long as nothing else was typed.
func (v *inviter) send() {
	if v.page.calls.Working() || !v.form.Check() {
		return
	}
	list, _, _ := people(v.form.Text("people"))
	for n := range list {
		list[n].Language = v.form.Text("language")
		if l := v.languages[rules.EmailKey(list[n].Email)]; l != "" {
			list[n].Language = l
		}
	}
	until, _ := v.until()
	if v.id == "" {
		v.id = uuid.NewString()
	}
	in := api.Invite{ID: v.id, People: list, PassesWindow: v.window.Checked(), PassesApproval: v.pass.Checked(), Until: until}
	page := v.page
	page.calls.Do("invitations.sending", func(ctx context.Context) error { return page.service.Invite(ctx, page.code, in) }, func() {
		v.leave()
		page.done(page.env.Words.N("invite.done", len(in.People)))
	}, func(err error) bool {
		if api.HasCode(err, api.CodeInvalid) {
			v.id = "" // nothing was kept of it
		}
		for _, e := range page.env.Explain(err).Fields {
			if strings.HasPrefix(e.Pointer, "/people") {
				v.form.Field("people").SetError(v.refused(e))
				parts.IntoView(v.form.Field("people"))
				parts.Focus(v.form.First())
				return true
			}
		}
		return v.form.Refused(err)
	})
}

// read reads people from a file into the lines.
func (v *inviter) read(file kit.ChosenFile) {
	env := v.page.env
	kit.Ask(v.page.calls, "import.checking", func(ctx context.Context) ([]api.Invitee, error) {
		data, err := readTable(env, file)
		if err != nil {
			return nil, err
		}
		return readInvitees(ctx, env, data)
	}, func(list []api.Invitee) {
		lines := strings.TrimRight(v.form.Text("people"), "\n")
		for _, p := range list {
			if lines != "" {
				lines += "\n"
			}
			if p.Name != "" {
				lines += fmt.Sprintf("%s <%s>", p.Name, p.Email)
			} else {
				lines += p.Email
			}
			v.languages[rules.EmailKey(p.Email)] = p.Language
		}
		v.form.Set("people", lines)
		v.id = ""
		v.show()
	}, v.chooser.failed)
}
