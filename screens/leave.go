package screens

import (
	"plenary/app"
)

// leave is how far the way out is, of a session or of the program. Whichever way was
// asked for, it is the same: what exists on this computer alone is counted, the person
// decides what becomes of it, and only then the session or the program ends. It holds
// what was decided and what is to be done next, and does nothing itself: see leaving.go.
type leave struct {
	state leaveState
	way   leaveWay
	work  app.LocalWork
	// outlives: the work is found again at the next log-in, see app.SessionState.
	outlives bool
	err      error // why the person is asked (again); nil without a reason
	typed    bool  // something is typed that is saved nowhere
}

// leaveWay is what was asked for.
type leaveWay int

// The ways out.
const (
	wayLogOut     leaveWay = iota
	wayEverywhere          // of all sessions of the account
	wayQuit                // of the program
	wayService             // to another organization's service
)

// endsSession says whether the person is logged out at the end of it.
func (w leaveWay) endsSession() bool { return w == wayLogOut || w == wayEverywhere }

// leaveState is what a way out waits for.
type leaveState int

// The states.
const (
	leaveNone     leaveState = iota // nobody leaves
	leaveTyped                      // the person is asked about what is typed and not saved
	leaveCounting                   // what exists here alone is written and counted
	leaveAsking                     // the person is asked what becomes of it
	leaveStuck                      // the person is asked, since it cannot be written or counted
	leaveSending                    // what waits is being sent
	leaveEnding                     // the session, or the program, is being ended
	leaveGone                       // the program has ended
)

// leaveEvent is what can happen on the way.
type leaveEvent int

// The events. Before leaveCounted work and outlives are set, before each that tells of a
// failure err.
const (
	leaveBy      leaveEvent = iota // the person asked for a way out
	leaveCounted                   // it is known what is here alone
	leaveNoCount                   // it is not known: the disk fails, or hangs
	leaveSend                      // the person's answers
	leaveForget                    // what is typed and not saved
	leaveKeep
	leaveDiscard
	leaveStay
	leaveAgain
	leaveSent // all was delivered; some of it may have been refused
	leaveNotSent
	leaveEnded
	leaveFailed // to end, or what was decided last
)

// leaveAct is what is to be done next.
type leaveAct int

// The acts.
const (
	actNothing leaveAct = iota
	actAskTyped
	actCount
	actAsk
	actAskStuck
	actSend
	actEnd        // with nothing left that is here alone
	actEndKeep    // and what is here alone stays, sealed
	actEndDiscard // and it is lost for good
	actSay        // err, to a person who stays
	actGone
)

// next moves on by an event. What does not belong to the state changes nothing: an
// impatient second click, an answer that comes too late.
func (l *leave) next(e leaveEvent) leaveAct {
	switch {
	case l.state == leaveNone && e == leaveBy && l.typed:
		l.state = leaveTyped
		return actAskTyped
	case l.state == leaveNone && e == leaveBy, l.state == leaveTyped && e == leaveForget:
		l.state = leaveCounting
		return actCount
	case l.state == leaveCounting && e == leaveCounted:
		if !l.mustAsk() {
			l.state = leaveEnding
			if l.work.Any() {
				return actEndKeep
			}
			return actEnd
		}
		l.state = leaveAsking
		return actAsk
	case l.state == leaveCounting && e == leaveNoCount:
		l.state = leaveStuck
		return actAskStuck
	case l.state == leaveAsking && e == leaveSend && l.canSend():
		l.state = leaveSending
		return actSend
	case l.state == leaveStuck && e == leaveKeep && l.mayKeep() && l.outlives:
		l.state = leaveGone // all but what cannot be written is safe: nothing more to wait for
		return actGone
	case e == leaveKeep && l.mayKeep():
		l.state = leaveEnding
		return actEndKeep
	case e == leaveDiscard && l.mayDiscard():
		l.state = leaveEnding
		return actEndDiscard
	case (l.state == leaveTyped || l.state == leaveAsking || l.state == leaveStuck) && e == leaveStay:
		l.state = leaveNone
		return actNothing
	case l.state == leaveStuck && e == leaveAgain, l.state == leaveSending && e == leaveSent:
		l.state = leaveCounting
		return actCount
	case l.state == leaveSending && e == leaveNotSent:
		l.state = leaveAsking
		return actAsk
	case l.state == leaveEnding && e == leaveEnded && l.way.endsSession():
		l.state = leaveNone
		return actNothing
	case l.state == leaveEnding && e == leaveEnded:
		l.state = leaveGone
		return actGone
	case (l.state == leaveEnding || l.state == leaveCounting) && e == leaveFailed:
		l.state = leaveNone
		return actSay
	}
	return actNothing
}

// canSend says whether there is anything to send.
func (l *leave) canSend() bool { return l.work.Waiting > 0 }

// mayKeep says whether to leave all that can be left here is among the answers. A
// log-out keeps everything or nothing.
func (l *leave) mayKeep() bool {
	return l.state == leaveAsking || l.state == leaveStuck && !l.way.endsSession()
}

// mayDiscard says whether to lose everything is among the answers: not where it would
// stay anyway.
func (l *leave) mayDiscard() bool {
	return (l.state == leaveAsking || l.state == leaveStuck) && (l.way.endsSession() || !l.outlives)
}

// mustAsk says whether the person has to decide. The end of the program loses nothing of
// a session that is kept, so it asks only about what the organization waits for.
func (l *leave) mustAsk() bool {
	if !l.way.endsSession() && l.outlives {
		return l.work.Waiting > 0
	}
	return l.work.Any()
}

// covers says whether something goes on that no key may come into.
func (l *leave) covers() bool {
	return l.state == leaveSending || l.state == leaveEnding || l.state == leaveGone
}
