package settings

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// dataSection is "My data": all of it in a file, and the end of the account,
// which can be taken back until the day that is shown.
type dataSection struct {
	*accountSection
	acc       Account
	account   api.Account
	onChanged func(api.Account)
	// save writes a file into the person's downloads and tells where it is.
	save func(name string, data []byte) (string, error)

	graceDays int
	export    *parts.Button
	erase     *parts.Button
	keep      *parts.Button
	due       *parts.Text
	asking    *fyne.Container
	asked     *fyne.Container
}

func newDataSection(env kit.Env, account api.Account, acc Account, prove proveFunc, toList func(), onChanged func(api.Account)) *dataSection {
	t := env.T
	s := &dataSection{acc: acc, account: account, onChanged: onChanged, save: app.SaveToDownloads}
	s.accountSection = newAccountSection(env, "settings.data", t("settings.section.data"), t("settings.data.line"), prove, toList)
	s.export = s.Button("settings.data.export", "settings.data.export", parts.Outlined, s.exportAll)
	s.erase = s.Button("settings.data.delete", "settings.data.delete", parts.Outlined, s.askDelete)
	s.keep = s.Button("settings.data.keep", "settings.data.keep", parts.Primary, s.takeBack)
	s.due = parts.Bold("").WithID("settings.data.due")
	s.asking = parts.Stack(parts.Gap8, parts.Muted(t("settings.data.delete-what")), parts.Inline(parts.Gap12, s.erase))
	s.asked = parts.Stack(parts.Gap8,
		parts.Inline(parts.Gap8, parts.NewTag(t("settings.data.state"), parts.Warning)), s.due,
		parts.Muted(t("settings.data.until-then")), parts.Inline(parts.Gap12, s.keep))
	s.body.Add(parts.Stack(parts.Gap8, parts.Bold(t("settings.data.export-title")), parts.Muted(t("settings.data.export-what")), parts.Inline(parts.Gap12, s.export)))
	s.body.Add(parts.Divider())
	s.body.Add(parts.Stack(parts.Gap8, parts.Bold(t("settings.data.delete")), s.asking, s.asked))
	s.SetAccount(account)
	return s
}

// First is what takes the keyboard.
func (s *dataSection) First() fyne.Focusable { return s.export }

// SetAccount shows whether the account is going to be erased.
func (s *dataSection) SetAccount(account api.Account) {
	s.account = account
	waits := !account.Deletion.IsZero()
	if waits {
		s.due.SetText(s.env.T("settings.data.due", map[string]any{"Date": s.date(account.Deletion)}))
	}
	parts.ShowOne(waits, s.asked, s.asking)
}

func (s *dataSection) date(at time.Time) string {
	return s.env.Words.Date(at.In(s.env.Now().Location()))
}

// Shown asks the service how it stands.
func (s *dataSection) Shown() {
	kit.Load(s.Calls, "settings.busy", s.acc.Deletion, s.read)
}

func (s *dataSection) read(d api.Deletion) {
	s.graceDays = d.GraceDays
	if account := s.account; !account.Deletion.Equal(d.Due) {
		account.Deletion = d.Due
		s.onChanged(account)
	}
}

func (s *dataSection) exportAll() {
	var path string
	var notSaved error
	name := "Plenary " + s.account.Username + " " + s.env.Now().Format(time.DateOnly) + ".json"
	s.Do("settings.data.busy-export", func(ctx context.Context) error {
		data, err := s.acc.Export(ctx)
		if err != nil {
			return err
		}
		path, notSaved = s.save(name, data)
		return nil
	}, func() {
		if notSaved != nil {
			s.bar.Say(s.env.NotSaved())
			return
		}
		s.bar.Say(s.env.Saved(path))
		parts.IntoView(s.bar)
	})
}

// askDelete asks once.
func (s *dataSection) askDelete() {
	t := s.env.T
	parts.Ask(parts.CanvasOf(s.content), t("settings.data.ask-title"), s.question(),
		parts.Answer{ID: "data.delete", Text: t("settings.data.delete"), Kind: parts.Danger, Do: s.delete},
		parts.Answer{ID: "data.keep", Text: t("settings.data.keep"), Kind: parts.Outlined})
}

// question names what happens and when.
func (s *dataSection) question() string {
	if s.graceDays == 0 {
		return s.env.T("settings.data.ask-now")
	}
	day := s.date(s.env.Now().AddDate(0, 0, s.graceDays))
	return s.env.Words.N("settings.data.ask", s.graceDays, map[string]any{"Date": day})
}

func (s *dataSection) delete() {
	kit.Call(s.Calls, "settings.busy", s.acc.AskDeletion, func(d api.Deletion) {
		s.read(d)
		parts.Focus(s.keep)
	})
}

func (s *dataSection) takeBack() {
	s.Do("settings.busy", s.acc.TakeBackDeletion, func() {
		s.read(api.Deletion{GraceDays: s.graceDays})
		s.say(s.env.T("settings.data.kept"))
		parts.Focus(s.export)
	})
}
