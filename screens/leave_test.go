package screens

import (
	"fmt"
	"testing"

	"plenary/app"
)

// The states and events by their names, for the table.
var (
	leaveStates = map[leaveState]string{
		leaveNone: "none", leaveTyped: "typed", leaveCounting: "counting", leaveAsking: "asking", leaveStuck: "stuck",
		leaveSending: "sending", leaveEnding: "ending", leaveGone: "gone",
	}
	leaveEvents = []leaveEvent{
		leaveBy, leaveCounted, leaveNoCount, leaveSend, leaveForget, leaveKeep, leaveDiscard, leaveStay, leaveAgain,
		leaveSent, leaveNotSent, leaveEnded, leaveFailed,
	}
)

// step is where an event leads to; what is not in the table stays as it is, and does nothing.
type step struct {
	state leaveState
	act   leaveAct
}

// Every event in every state, of each way out, with each kind of work, in a session whose
// work outlives it and in one whose does not, with something typed and without.
func TestLeave_everyEventInEveryState(t *testing.T) {
	none, waiting := app.LocalWork{}, app.LocalWork{Waiting: 1}
	draft, refused := app.LocalWork{Drafts: 1}, app.LocalWork{Refused: 1}
	for way := wayLogOut; way <= wayService; way++ {
		logsOut := way == wayLogOut || way == wayEverywhere
		for _, work := range []app.LocalWork{none, waiting, draft, refused} {
			for _, both := range []struct{ outlives, typed bool }{{true, true}, {true, false}, {false, true}, {false, false}} {
				outlives, typed := both.outlives, both.typed
				table := map[leaveState]map[leaveEvent]step{
					leaveNone:     {leaveBy: {leaveCounting, actCount}},
					leaveTyped:    {leaveForget: {leaveCounting, actCount}, leaveStay: {leaveNone, actNothing}},
					leaveCounting: {leaveNoCount: {leaveStuck, actAskStuck}, leaveFailed: {leaveNone, actSay}},
					leaveAsking:   {leaveKeep: {leaveEnding, actEndKeep}, leaveStay: {leaveNone, actNothing}},
					leaveStuck:    {leaveStay: {leaveNone, actNothing}, leaveAgain: {leaveCounting, actCount}},
					leaveSending:  {leaveSent: {leaveCounting, actCount}, leaveNotSent: {leaveAsking, actAsk}},
					leaveEnding:   {leaveFailed: {leaveNone, actSay}},
					leaveGone:     {},
				}
				if typed {
					table[leaveNone][leaveBy] = step{leaveTyped, actAskTyped}
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
						l := leave{state: state, way: way, work: work, outlives: outlives, typed: typed}
						act := l.next(e)
						if got := (step{l.state, act}); got != want {
							t.Errorf("way %d, %+v, %+v: event %d in %s gives %v, want %v", way, work, both, e, name, got, want)
						}
					}
				}
			}
		}
	}
}

// Whatever happens, in whatever order: nothing is discarded, and nothing typed lost,
// without the answer that says so.
func TestLeave_discardsOnlyByThatAnswer(t *testing.T) {
	for way := wayLogOut; way <= wayService; way++ {
		var walk func(l leave, depth int, forgot bool, path string)
		walk = func(l leave, depth int, forgot bool, path string) {
			if depth == 0 {
				return
			}
			for _, e := range leaveEvents {
				next := l
				act := next.next(e)
				if act == actEndDiscard && e != leaveDiscard || act == actEnd && l.work.Any() {
					t.Errorf("%s %d loses %+v", path, e, l.work)
				}
				forgot := forgot || e == leaveForget && l.state == leaveTyped
				if next.state == leaveEnding && !forgot {
					t.Errorf("%s %d loses what is typed", path, e)
				}
				if next.state != l.state {
					walk(next, depth-1, forgot, fmt.Sprint(path, " ", e))
				}
			}
		}
		walk(leave{way: way, work: app.LocalWork{Waiting: 1, Drafts: 1}, typed: true}, 7, false, fmt.Sprint("way ", way, ":"))
	}
}
