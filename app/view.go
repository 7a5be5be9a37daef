package app

import (
	"cmp"
	"slices"
	"time"

	"plenary/api"
	"plenary/localdb"
	"plenary/rules"
)

// shown is what a person has with the organization, but for drafts. Nothing of it is
// changed any more.
type shown struct {
	list []Mine          // in the order of List
	best map[string]Mine // what counts, by meeting
	busy map[string]bool // meetings for which there is more than a draft
	// decisions are those on others' registrations, see Decision.
	decisions []Decision
	// mailings are e-mails to participants, see Mailing.
	mailings []Mailing
	answers  []VisaAnswer // of visa support, see VisaAnswers
}

// look brings shown up to date.
func (r *Registrations) look() {
	r.looking.Lock() // so that the last one who looks saw the last change
	defer r.looking.Unlock()
	r.mu.Lock()
	vault, known, refusals, takenBack := r.vault, r.known, r.refusals, r.takenBack
	r.mu.Unlock()
	if vault == nil {
		return
	}
	// A store that was closed in between has nothing to show.
	refused, _ := vault.store.NeedAttention()
	pending, _ := vault.store.Pending()
	view := newView(known, refusals, takenBack)
	view.others = r.others
	var (
		decisions []Decision
		mailings  []Mailing
		answers   []VisaAnswer
	)
	for _, op := range refused {
		view.operation(op, StateNeedsAttention)
		if m, ok := mailingOf(op, true); ok {
			mailings = append(mailings, m)
		}
		decisions = append(decisions, decisionsOf(op, true, refusals[op.ID])...)
		answers = append(answers, visaAnswerOf(op, true)...)
	}
	for _, op := range pending {
		view.operation(op, StateWaitingToSend)
		if m, ok := mailingOf(op, false); ok {
			mailings = append(mailings, m)
		}
		decisions = append(decisions, decisionsOf(op, false, nil)...)
		answers = append(answers, visaAnswerOf(op, false)...)
	}
	view.settled()
	shown := view.shown()
	shown.decisions, shown.mailings, shown.answers = decisions, mailings, answers
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.vault == vault {
		r.shown = shown
	}
}

// List returns all: those that need attention first, then what waits, then what
// the service knows, then drafts; the newest first in each.
func (r *Registrations) List() []Mine {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.shown.with(r.drafts.all())
}

// with adds the drafts for meetings for which there is no more, and tells of drafts of
// changes.
func (s *shown) with(drafts []draft) []Mine {
	all := slices.Clone(s.list)
	for _, in := range drafts {
		switch {
		case in.whose != nil: // see Delegation
		case in.Registration != "":
			for i := range all {
				all[i].Changing = all[i].Changing || all[i].changedBy(&in.Change)
			}
		case !s.busy[in.Meeting]:
			all = append(all, mineOf(in.Register))
		}
	}
	return all
}

// changedBy tells whether a draft is of a change of this registration, and nothing is under
// way about it.
func (m *Mine) changedBy(in *api.Change) bool {
	return m.Operation == "" && m.Number == in.Registration && !rules.Final(m.State)
}

// mineOf is a draft among what the person has.
func mineOf(in api.Register) Mine {
	return Mine{Registration: registrationOf(in, ""), State: StateDraft}
}

// Get returns what counts for a meeting: what waits to be sent, else what the service
// refused to do about a registration, else one that is alive, else one that the service
// refused, else a draft, else what is over (refused by an approver, or withdrawn).
func (r *Registrations) Get(meeting string) (Mine, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	best, ok := r.shown.best[meeting]
	if in, there := r.drafts.get(draftOf(meeting)); there && !r.shown.busy[meeting] {
		if d := mineOf(in.Register); !ok || rank(d) > rank(best) {
			return d, true
		}
	}
	if in, there := r.drafts.get(changeDraftOf(best.Number)); there {
		best.Changing = best.changedBy(&in.Change)
	}
	return best, ok
}

// rank says which registration counts for a meeting: the one with the highest.
func rank(m Mine) int {
	switch m.State {
	case StateWaitingToSend:
		return 6
	case StateNeedsAttention:
		if m.Number != "" {
			return 5
		}
		return 3
	case StateDraft:
		return 2
	case api.Refused, api.Withdrawn:
		return 1
	default:
		return 4
	}
}

// view puts what the service knows and what waits here together.
type view struct {
	known     map[string]api.Registration
	refusals  map[string][]api.FieldError
	takenBack map[string]time.Time // operations
	arrived   map[string]bool      // operations whose registration the service knows
	hidden    map[string]bool      // registrations that stand in the list with the change that waits
	busy      map[string]bool      // meetings for which there is more than a draft
	all       []Mine
	others    func(number string) bool // registrations of others
}

func newView(known map[string]api.Registration, refusals map[string][]api.FieldError, takenBack map[string]time.Time) *view {
	v := &view{
		known: known, refusals: refusals, takenBack: takenBack, others: func(string) bool { return false },
		arrived: map[string]bool{}, hidden: map[string]bool{}, busy: map[string]bool{},
	}
	for _, one := range known {
		v.arrived[one.Operation] = true
	}
	return v
}

// operation adds one that waits or was refused. A registration that the service
// has already, because its answer was lost, is not shown twice.
func (v *view) operation(op localdb.Operation, state string) {
	m := Mine{
		State: state, Operation: op.ID, Kind: op.Kind, Made: op.Made,
		Code: api.Code(op.Code), Reference: op.Reference, Errors: v.refusals[op.ID],
	}
	k := operationKinds[op.Kind]
	a, ok := aboutOf(op.Kind, op.Payload)
	waits := state == StateWaitingToSend
	switch {
	case !ok || !k.own:
		return // it is counted, not shown
	case a.number == "":
		if waits && v.arrived[op.ID] {
			return
		}
		m.Registration = registrationOf(a.form.Register, op.ID)
		v.busy[m.Meeting] = true
	case v.others(a.number):
		return
	default:
		one, ok := v.known[a.number]
		if !ok {
			one = api.Registration{Number: a.number}
			if a.form != nil {
				one.Meeting = a.form.Meeting
			}
		}
		if waits && k.arrived(one, a) {
			return
		}
		m.Registration, m.Accept = one, a.accept
		if waits && a.form != nil {
			m.Asked = &a.form.Register
		}
		if waits {
			v.hidden[a.number] = true
		}
	}
	v.all = append(v.all, m)
}

// settled adds what the service knows.
func (v *view) settled() {
	for _, one := range v.known {
		if v.hidden[one.Number] {
			continue
		}
		m := Mine{Registration: one, State: one.State}
		if len(one.History) > 0 {
			m.Made = one.History[0].At
		}
		if one.State != api.Withdrawn && one.State != api.Refused {
			_, m.TakenBack = v.takenBack[one.Operation]
			v.busy[one.Meeting] = true
		}
		v.all = append(v.all, m)
	}
}

func registrationOf(in api.Register, operation string) api.Registration {
	visa := ""
	if in.Visa {
		visa = api.VisaAsked
	}
	return api.Registration{
		Visa:    visa,
		Meeting: in.Meeting, Participation: in.Participation, BadgeName: in.BadgeName, JobTitle: in.JobTitle,
		Answers: in.Answers, Companions: in.Companions, Consents: in.Consents, Listed: in.Listed, Operation: operation,
	}
}

// shown ends the view.
func (v *view) shown() shown {
	order := func(m Mine) int {
		switch m.State {
		case StateNeedsAttention:
			return 0
		case StateWaitingToSend:
			return 1
		default:
			return 2
		}
	}
	slices.SortFunc(v.all, func(a, b Mine) int {
		return cmp.Or(
			cmp.Compare(order(a), order(b)), b.Made.Compare(a.Made),
			cmp.Compare(a.Meeting, b.Meeting), cmp.Compare(a.Number, b.Number), cmp.Compare(a.Operation, b.Operation))
	})
	best := map[string]Mine{}
	for _, m := range v.all {
		if old, ok := best[m.Meeting]; !ok || rank(m) > rank(old) {
			best[m.Meeting] = m
		}
	}
	return shown{list: v.all, best: best, busy: v.busy}
}
