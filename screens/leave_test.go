package screens

import (
	"fmt"
	"testing"

	"plenary/app"
)

// The states and events by their names, for the table.
var (
	leaveStates = map[leaveState]string{
		leaveNone: "none", leaveCounting: "counting", leaveAsking: "asking", leaveStuck: "stuck",
		leaveSending: "sending", leaveEnding: "ending", leaveGone: "gone",
	}
	leaveEvents = []leaveEvent{
		leaveBy, leaveCounted, leaveNoCount, leaveSend, leaveKeep, leaveDiscard, leaveStay, leaveAgain,
		leaveSent, leaveNotSent, leaveEnded, leaveFailed,
	}
)

// step is where an event leads to; what is not in the table stays as it is, and does nothing.
type step struct {
	state leaveState
	act   leaveAct
}

// Every event in every state, of each way out, with each kind of work, in a session whose
// work outlives it and in one whose does not.
func TestLeave_everyEventInEveryState(t *testing.T) {
	none, waiting := app.LocalWork{}, app.LocalWork{Waiting: 1}
	draft, refused := app.LocalWork{Drafts: 1}, app.LocalWork{Refused: 1}
	for way := wayLogOut; way <= wayService; way++ {
		logsOut := way == wayLogOut || way == wayEverywhere
		for _, work := range []app.LocalWork{none, waiting, draft, refused} {
			for _, outlives := range []bool{true, false} {
				table := map[leaveState]map[leaveEvent]step{
					leaveNone:     {leaveBy: {leaveCounting, actCount}},
					leaveCounting: {leaveNoCount: {leaveStuck, actAskStuck}, leaveFailed: {leaveNone, actSay}},
					leaveAsking:   {leaveKeep: {leaveEnding, actEndKeep}, leaveStay: {leaveNone, actNothing}},
					leaveStuck:    {leaveStay: {leaveNone, actNothing}, leaveAgain: {leaveCounting, actCount}},
					leaveSending:  {leaveSent: {leaveCounting, actCount}, leaveNotSent: {leaveAsking, actAsk}},
					leaveEnding:   {leaveFailed: {leaveNone, actSay}},
					leaveGone:     {},
				}
				switch {
				case work == none:
					table[leaveCounting][leaveCounted] = step{leaveEnding, actEnd}
				case !logsOut && outlives && work != waiting: // found again, and nobody waits for it
					table[leaveCounting][leaveCounted] = step{leaveEnding, actEndKeep}
				default:
					table[leaveCounting][leaveCounted] = step{leaveAsking, actAsk}
				}
				if work == waiting {
					table[leaveAsking][leaveSend] = step{leaveSending, actSend}
				}
				switch {
				case logsOut:
					table[leaveEnding][leaveEnded] = step{leaveNone, actNothing}
				case outlives:
					table[leaveEnding][leaveEnded] = step{leaveGone, actGone}
					table[leaveStuck][leaveKeep] = step{leaveGone, actGone}
				default:
					table[leaveEnding][leaveEnded] = step{leaveGone, actGone}
					table[leaveStuck][leaveKeep] = step{leaveEnding, actEndKeep}
				}
				if logsOut || !outlives {
					table[leaveAsking][leaveDiscard] = step{leaveEnding, actEndDiscard}
					table[leaveStuck][leaveDiscard] = step{leaveEnding, actEndDiscard}
				}
				for state, name := range leaveStates {
					for _, e := range leaveEvents {
						want, ok := table[state][e]
						if !ok {
							want = step{state, actNothing}
						}
						l := leave{state: state, way: way, work: work, outlives: outlives}
						act := l.next(e)
						if got := (step{l.state, act}); got != want {
							t.Errorf("way %d, %+v, outlives %t: event %d in %s gives %v, want %v", way, work, outlives, e, name, got, want)
						}
					}
				}
			}
		}
	}
}

// Whatever happens, in whatever order: nothing is discarded without the answer that says
// so.
func TestLeave_discardsOnlyByThatAnswer(t *testing.T) {
	for way := wayLogOut; way <= wayService; way++ {
		var walk func(l leave, depth int, path string)
		walk = func(l leave, depth int, path string) {
			if depth == 0 {
				return
			}
			for _, e := range leaveEvents {
				next := l
				act := next.next(e)
				if act == actEndDiscard && e != leaveDiscard || act == actEnd && l.work.Any() {
					t.Errorf("%s %d loses %+v", path, e, l.work)
				}
				if next.state != l.state {
					walk(next, depth-1, fmt.Sprint(path, " ", e))
				}
			}
		}
		walk(leave{way: way, work: app.LocalWork{Waiting: 1, Drafts: 1}}, 6, fmt.Sprint("way ", way, ":"))
	}
}
