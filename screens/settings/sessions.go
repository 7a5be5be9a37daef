package settings

import (
	"cmp"
	"context"
	"strings"
	"time"

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

// row is one session: on what computer and with what, when and from where it was used
// first and last, and the way to end it.
func (s *sessionsSection) row(one api.SessionInfo) fyne.CanvasObject {
	t := s.env.T
	var about []string
	if one.Computer != "" && one.Machine != "" {
		about = append(about, one.Machine)
	}
	if one.Kept {
		about = append(about, t("settings.sessions.kept"))
	}
	words := parts.Stack(2, parts.Bold(cmp.Or(one.Computer, one.Machine, t("settings.sessions.unknown"))).WithID(parts.ID("settings.sessions.name."+one.ID)))
	if len(about) > 0 {
		words.Add(parts.Small(strings.Join(about, " · ")).WithID(parts.ID("settings.sessions.about." + one.ID)))
	}
	words.Add(s.use("first", one.ID, one.Since, one.FirstNetwork))
	words.Add(s.use("last", one.ID, one.LastUsed, one.LastNetwork))
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

// use is when a session was used, and from where if that is known; which is "first" or "last".
func (s *sessionsSection) use(which, id string, at time.Time, network string) fyne.CanvasObject {
	key, data := "settings.sessions."+which, map[string]any{"When": kit.Clock(s.env.Words, at, s.env.Now())}
	if network != "" {
		key, data["Network"] = key+"-from", network
	}
	return parts.Small(s.env.T(key, data)).WithID(parts.ID("settings.sessions." + which + "." + id))
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
