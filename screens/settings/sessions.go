package settings

import (
	"context"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// sessionsSection lists where the person is logged in, and ends it.
type sessionsSection struct {
	*accountSection
	acc  Account
	list *fyne.Container

	everywhere *parts.Button
	sessions   []api.SessionInfo
	ends       map[string]*parts.Button // by session
}

func newSessionsSection(env kit.Env, acc Account, prove proveFunc, toList, everywhere func()) *sessionsSection {
	t := env.T
	s := &sessionsSection{acc: acc, list: parts.Stack(0)}
	s.accountSection = newAccountSection(env, "settings.sessions", t("settings.section.sessions"), t("settings.sessions.line"), prove, toList)
	s.everywhere = parts.NewButton("settings.everywhere", t("settings.everywhere"), parts.Outlined, everywhere)
	forget := parts.NewButton("settings.sessions.forget", t("settings.sessions.forget"), parts.Outlined, s.askForget)
	s.body.Add(s.list)
	s.body.Add(parts.Stack(parts.Gap8, parts.Muted(t("settings.logout.hint")), parts.Inline(parts.Gap12, s.everywhere)))
	s.body.Add(parts.Divider())
	s.body.Add(parts.Stack(parts.Gap8, parts.Bold(t("settings.sessions.device")), parts.Muted(t("settings.sessions.device-what")), parts.Inline(parts.Gap12, forget)))
	return s
}

// First is what takes the keyboard.
func (s *sessionsSection) First() fyne.Focusable {
	for _, one := range s.sessions {
		if b := s.ends[one.ID]; b != nil {
			return b
		}
	}
	return s.everywhere
}

// Shown asks the service for the sessions.
func (s *sessionsSection) Shown() {
	kit.Load(s.Calls, "settings.busy", s.acc.Sessions, s.show)
}

func (s *sessionsSection) show(sessions []api.SessionInfo) {
	s.sessions, s.ends = sessions, map[string]*parts.Button{}
	s.Release()
	s.list.Objects = nil
	for _, one := range sessions {
		s.list.Add(s.row(one))
		s.list.Add(parts.Divider())
	}
	parts.Changed(s.list)
}

// row is one session: on what machine, since when, and the way to end it.
func (s *sessionsSection) row(one api.SessionInfo) fyne.CanvasObject {
	t, w, now := s.env.T, s.env.Words, s.env.Now()
	machine := one.Machine
	if machine == "" {
		machine = t("settings.sessions.unknown")
	}
	kept := "settings.sessions.times"
	if one.Kept {
		kept = "settings.sessions.times-kept"
	}
	words := parts.Stack(2, parts.Bold(machine), parts.Small(t(kept, map[string]any{
		"Since": w.ShortDate(one.Since.In(now.Location())), "Used": kit.Clock(w, one.LastUsed, now),
	})))
	var right fyne.CanvasObject
	if one.Current {
		right = parts.NewTag(t("settings.sessions.this"), parts.Success).WithID("settings.sessions.this")
	} else {
		end := s.Button(parts.ID("settings.sessions.end."+one.ID), "settings.sessions.end", parts.Outlined, func() { s.end(one.ID) })
		s.ends[one.ID] = end
		right = end
	}
	return parts.Pad(parts.Gap8, 0, parts.Gap8, 0, parts.Ends(words, right))
}

func (s *sessionsSection) end(id string) {
	s.Do("settings.busy", func(ctx context.Context) error { return s.acc.EndSession(ctx, id) }, func() {
		var left []api.SessionInfo
		for _, one := range s.sessions {
			if one.ID != id {
				left = append(left, one)
			}
		}
		s.show(left)
		s.say(s.env.T("settings.sessions.ended"))
		parts.Focus(s.First())
	})
}

func (s *sessionsSection) askForget() {
	t := s.env.T
	parts.Ask(parts.CanvasOf(s.content), t("settings.sessions.forget-title"), t("settings.sessions.forget-text"),
		parts.Answer{ID: "device.forget", Text: t("settings.sessions.forget"), Kind: parts.Danger, Do: func() {
			s.Do("settings.busy", s.acc.ForgetDevice, func() { s.say(t("settings.sessions.forgotten")) })
		}},
		parts.Answer{ID: "device.keep", Text: t("settings.sessions.forget-not"), Kind: parts.Outlined})
}
