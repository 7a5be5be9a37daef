package screens

import (
	"strings"

	"plenary/app"
	"plenary/screens/parts"
)

// Above the screens there is room for one notice. What was said last is in front: news,
// which stays until it is closed, or what has become so and stands until it is no longer so.
// The other one comes back after it.

// say tells news above the screen, or on the screen that stands alone; one that cannot show
// it leaves it to the next.
func (s *Shell) say(n parts.Notice) {
	s.unsaid = nil
	if s.frame != nil {
		switch act := n.Act; {
		case act == nil: // it stands there until it was read
			n.Action, n.Act = s.env.T("shell.close"), s.unsay
		case n.Closes:
			n.Closes, n.Act = false, func() { s.unsay(); act() }
		}
		s.news = &n
		s.bar.Say(n)
	} else if p, ok := s.page.(noticed); ok {
		p.SetNotice(n)
	} else {
		s.unsaid = &n
	}
}

// unsay closes the news.
func (s *Shell) unsay() {
	s.news = nil
	s.showNotice()
}

// sayStanding says what stands if that has changed.
func (s *Shell) sayStanding() {
	n := s.standing()
	words := wordsOf(n)
	if words == s.stands {
		return
	}
	s.stands = words
	if n != nil {
		s.bar.Say(*n)
	} else {
		s.showNotice()
	}
}

// showNotice shows the news, or else what stands.
func (s *Shell) showNotice() {
	n := s.standing()
	s.stands = wordsOf(n)
	if s.news != nil {
		n = s.news
	}
	if n != nil {
		s.bar.Say(*n)
	} else {
		s.bar.Clear()
	}
}

// standing is what is so now and a person has to know, the most pressing of it; nil for
// nothing.
func (s *Shell) standing() *parts.Notice {
	if s.services.Session.State().Phase == app.Ended {
		return &parts.Notice{
			Tone: parts.Warning, Words: []parts.Span{{Text: s.env.T("shell.ended")}},
			Action: s.env.T("shell.ended.login"), Act: s.logInAgain,
		}
	}
	for _, notice := range []func() *parts.Notice{s.troubleNotice, s.accountNotice, s.foundNotice, s.lockWanted} {
		if n := notice(); n != nil {
			return n
		}
	}
	return nil
}

// wordsOf are the words of a notice, none of none.
func wordsOf(n *parts.Notice) string {
	if n == nil {
		return ""
	}
	var words strings.Builder
	for _, span := range n.Words {
		words.WriteString(span.Text)
	}
	return words.String()
}

// noticed is a screen that stands alone and can show a notice.
type noticed interface {
	SetNotice(n parts.Notice)
	Notice() string // what it says now
}

// canSay says whether what is said is seen at once.
func (s *Shell) canSay() bool {
	_, ok := s.page.(noticed)
	return ok || s.frame != nil
}

// sayUnsaid shows what the screen before could not.
func (s *Shell) sayUnsaid() {
	if s.unsaid != nil {
		s.say(*s.unsaid)
	}
}
