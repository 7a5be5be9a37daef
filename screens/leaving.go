package screens

import (
	"context"
	"errors"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"plenary/app"
	"plenary/screens/parts"
	"plenary/screens/settings"
)

// Quit ends the program, see leave.
func (s *Shell) Quit() { s.leaveBy(wayQuit) }

func (s *Shell) logOut() { s.leaveBy(wayLogOut) }

func (s *Shell) logOutEverywhere() {
	t := s.env.T
	parts.Ask(s.deps.Window.Canvas(), t("settings.everywhere.title"), t("settings.everywhere.text"),
		parts.Answer{ID: "everywhere.yes", Text: t("settings.everywhere"), Kind: parts.Danger, Do: func() { s.leaveBy(wayEverywhere) }},
		parts.Answer{ID: "everywhere.no", Text: t("shell.leave.logout.stay"), Kind: parts.Outlined},
	)
}

// leaveBy begins a way out. Where no service is open, nothing can be lost.
func (s *Shell) leaveBy(way leaveWay) {
	if !s.opened {
		if way == wayQuit {
			s.end()
		}
		return
	}
	if s.leave.state == leaveNone {
		s.leave = leave{way: way, typed: len(s.unsaved()) > 0}
	}
	s.leaveOn(leaveBy)
}

// leaveOn moves the way out on, and does what is next.
func (s *Shell) leaveOn(e leaveEvent) {
	switch s.leave.next(e) {
	case actAskTyped:
		s.askAboutTyped(s.leaveAnswer("without", parts.Danger, leaveForget), s.leaveAnswer("stay", parts.Outlined, leaveStay))
	case actCount:
		s.countWork()
	case actAsk:
		s.askAboutWork()
	case actAskStuck:
		s.askStuck()
	case actSend:
		s.sendWork()
	case actEnd:
		s.endBy(app.UnsentSend)
	case actEndKeep:
		s.endBy(app.UnsentKeep)
	case actEndDiscard:
		s.endBy(app.UnsentDiscard)
	case actSay:
		if screen := s.atLock(); screen != nil {
			screen.Failed(s.leave.err)
			return
		}
		s.say(s.env.Problem(s.leave.err))
	case actGone:
		s.gone()
	}
}

// countWait is how long the disk may take until the person is asked what to do.
const countWait = 5 * time.Second

// Why what exists here alone is not known in time.
var (
	errDiskHangs  = errors.New("the disk does not answer")
	errUnanswered = errors.New("the service has not answered what was decided last")
)

// countWork waits for what the person has decided last, and then counts what exists here
// alone. If it fails, the person stays, and is told. If it takes long, a log-out goes on,
// and the log-in screen tells what became of it; the end of the program asks.
func (s *Shell) countWork() {
	ctx, cancel := context.WithCancel(s.ctx)
	count := func() {
		if ctx.Err() != nil {
			return
		}
		cancel()
		if s.leave.state == leaveCounting {
			s.countLocalWork()
		}
	}
	s.env.Decisions.After(count)
	s.env.Run.Run(ctx, func(ctx context.Context) { s.env.Sleep(ctx, countWait) }, func() {
		if s.leave.way.endsSession() {
			count()
			return
		}
		cancel()
		s.leave.err, s.leave.outlives = errUnanswered, s.services.Session.State().Outlives
		s.leaveOn(leaveNoCount)
	})
}

// countLocalWork writes drafts and counts what exists here alone.
func (s *Shell) countLocalWork() {
	session := s.services.Session
	var work app.LocalWork
	var err error
	ctx, cancel := context.WithCancel(s.ctx)
	counted := func() {
		s.env.Run.Run(ctx, func(ctx context.Context) { work, err = session.LocalWork(ctx) }, func() {
			cancel()
			s.leave.err, s.leave.work, s.leave.outlives = err, work, session.State().Outlives
			if err != nil {
				s.leaveOn(leaveNoCount)
				return
			}
			s.leaveOn(leaveCounted)
		})
	}
	if form, ok := s.page.(drafting); ok {
		form.KeepThen(counted) // what was typed last is part of it
	} else {
		counted()
	}
	s.env.Run.Run(ctx, func(ctx context.Context) { s.env.Sleep(ctx, countWait) }, func() {
		cancel()
		s.leave.err, s.leave.outlives = errDiskHangs, session.State().Outlives
		s.leaveOn(leaveNoCount)
	})
}

// takesNothing says whether the window takes no input, of keys and links neither.
func (s *Shell) takesNothing() bool { return s.leave.covers() || s.ending }

// leaveAnswer makes an answer of the question that moves the way out on.
func (s *Shell) leaveAnswer(name string, kind parts.ButtonKind, e leaveEvent) parts.Answer {
	return parts.Answer{
		ID: parts.ID("leave." + name), Text: s.env.T("shell.leave." + leaveWords[s.leave.way] + "." + name), Kind: kind,
		Do: func() { s.leaveOn(e) },
	}
}

// leaveWords are the words of the ways out: shell.leave.WORD and what is meant.
var leaveWords = map[leaveWay]string{wayLogOut: "logout", wayEverywhere: "logout", wayQuit: "quit", wayService: "service"}

// askAboutWork asks what becomes of what exists here alone: it is named, and each
// answer says what happens.
func (s *Shell) askAboutWork() {
	t := s.env.T
	var text []string
	if s.leave.err != nil {
		text = append(text, s.env.Say(s.leave.err))
	}
	text = append(text, s.workWords(s.leave.work)...)
	switch {
	case s.leave.way.endsSession() && !s.leave.canSend():
		text = append(text, t("shell.leave.logout.text.unsendable"))
	case s.leave.way.endsSession() || s.leave.outlives:
		text = append(text, t("shell.leave."+leaveWords[s.leave.way]+".text"))
	default:
		text = append(text, t("shell.work.forgotten"))
	}
	var answers []parts.Answer
	if s.leave.canSend() {
		answers = append(answers, s.leaveAnswer("send", parts.Primary, leaveSend))
	}
	answers = append(answers, s.leaveAnswer("keep", parts.Outlined, leaveKeep))
	if s.leave.mayDiscard() {
		answers = append(answers, s.leaveAnswer("discard", parts.Danger, leaveDiscard))
	}
	answers = append(answers, s.leaveAnswer("stay", parts.Outlined, leaveStay))
	parts.Ask(s.deps.Window.Canvas(), t("shell.work.title"), strings.Join(text, " "), answers...)
}

// askStuck asks what to do when the disk takes nothing, or does not answer.
func (s *Shell) askStuck() {
	t := s.env.T
	title, text := t("shell.work.unsaved"), ""
	switch {
	case errors.Is(s.leave.err, errDiskHangs):
		text = t("shell.work.hangs")
	case errors.Is(s.leave.err, errUnanswered):
		title, text = t("shell.work.unanswered"), t("shell.work.unanswered.text")
	default:
		text = s.env.Say(s.leave.err)
	}
	answers := []parts.Answer{
		{ID: "leave.again", Text: t("shell.retry"), Kind: parts.Primary, Do: func() { s.leaveOn(leaveAgain) }},
	}
	if s.leave.mayKeep() {
		answers = append(answers, s.leaveAnswer("without", parts.Danger, leaveKeep))
	}
	if s.leave.mayDiscard() {
		answers = append(answers, s.leaveAnswer("discard", parts.Danger, leaveDiscard))
	}
	answers = append(answers, s.leaveAnswer("stay", parts.Outlined, leaveStay))
	parts.Ask(s.deps.Window.Canvas(), title, text, answers...)
}

// Limits of what the window waits for without taking input. A keyring may ask the person
// for a password meanwhile.
const (
	sendWait = 15 * time.Second
	endWait  = time.Minute
)

// sendWork sends what waits.
func (s *Shell) sendWork() {
	session := s.services.Session
	s.covered("shell.sending", sendWait, session.Send, func(err error) {
		s.leave.err = err
		if err != nil {
			s.leaveOn(leaveNotSent)
			return
		}
		s.leaveOn(leaveSent)
	})
}

// covered does what nothing may come into, while the window takes no input; if it takes
// long, the window says what goes on. Then comes done, once: with the error of the work,
// or context.DeadlineExceeded where that did not end in time, whatever it waits for.
func (s *Shell) covered(waiting string, limit time.Duration, work func(context.Context) error, done func(error)) {
	ctx, cancel := context.WithCancel(s.ctx)
	cover := parts.NewCover(s.deps.Window.Canvas())
	end := func(err error) {
		cancel() // so that the other one comes no more
		cover.Close()
		done(err)
	}
	s.env.Do(ctx, cover, s.env.T(waiting), work, end)
	s.env.Run.Run(ctx, func(ctx context.Context) { s.env.Sleep(ctx, limit) }, func() { end(context.DeadlineExceeded) })
}

// endBy ends the session or the program; unsent says what becomes of what is here alone.
func (s *Shell) endBy(unsent app.Unsent) {
	session := s.services.Session
	switch {
	case s.leave.way == wayLogOut:
		s.endSession(func(ctx context.Context) error { return session.LogOut(ctx, unsent) })
	case s.leave.way == wayEverywhere:
		s.endSession(func(ctx context.Context) error { return session.LogOutEverywhere(ctx, unsent) })
	case unsent == app.UnsentDiscard:
		s.endAfter(func(ctx context.Context) error {
			session.Discard()
			return session.LogOut(ctx, unsent)
		}, func() bool { return true })
	case unsent == app.UnsentKeep:
		s.endAfter(session.KeepWork, func() bool { return session.State().Outlives })
	default:
		s.leaveOn(leaveEnded)
	}
}

// endSession ends the session in one of the ways and shows the log-in screen.
func (s *Shell) endSession(end func(context.Context) error) {
	s.covered("shell.logging-out", endWait, end, func(err error) {
		if s.leave.err = err; err != nil {
			s.leaveOn(leaveFailed)
			return
		}
		s.leaveOn(leaveEnded)
		s.dropTyped()
		if s.inside || s.atLock() != nil { // the session has not told of it yet
			s.resume = nil
			s.outside()
			s.showLogin()
		}
		if s.services.Session.State().Listed {
			s.say(parts.Notice{Tone: parts.Info, Words: []parts.Span{{Text: s.env.T("shell.logged-out.listed")}}})
		}
	})
}

// endAfter ends the program, or the services, once what is here alone was seen to. Where
// that fails, anyway says whether to go on nevertheless.
func (s *Shell) endAfter(see func(context.Context) error, anyway func() bool) {
	s.covered("shell.leaving", endWait, see, func(err error) {
		if s.leave.err = err; err != nil && !anyway() {
			s.leaveOn(leaveFailed)
			return
		}
		s.leaveOn(leaveEnded)
	})
}

// gone goes where the way out leads, when nothing is here any more that could be lost.
func (s *Shell) gone() {
	if s.leave.way == wayService {
		s.leave = leave{}
		s.chooseService()
		return
	}
	s.end()
}

// closeWait is how long the end waits for what is being written.
const closeWait = 5 * time.Second

// end closes the services, off the window's goroutine, and then the program.
func (s *Shell) end() {
	if s.ending {
		return
	}
	s.ending = true
	s.env.ForgetCopied()
	size := s.deps.Window.Canvas().Size()
	p := s.deps.App.Preferences()
	p.SetFloat(settings.PrefWidth, float64(size.Width))
	p.SetFloat(settings.PrefHeight, float64(size.Height))
	last := s.page
	s.page = nil
	if !s.opened {
		if last != nil {
			last.Close()
		}
		s.deps.Quit()
		return
	}
	s.opened = false
	for _, cancel := range s.unsubscribe {
		cancel()
	}
	// Whichever comes first, the end of what is written or the end of patience.
	ctx, cancel := context.WithCancel(context.Background())
	quit := func() {
		cancel()
		s.deps.Quit()
	}
	services := s.services
	closing := func() {
		s.env.Do(ctx, parts.NewCover(s.deps.Window.Canvas()), s.env.T("shell.leaving"), func(context.Context) error {
			return services.Close()
		}, func(err error) {
			if err != nil {
				fyne.LogError("close the services", err)
			}
			quit()
		})
	}
	if form, ok := last.(drafting); ok {
		form.CloseThen(closing) // its draft first
	} else {
		if last != nil {
			last.Close()
		}
		closing()
	}
	s.env.Run.Run(ctx, func(ctx context.Context) { s.env.Sleep(ctx, closeWait) }, quit)
}
