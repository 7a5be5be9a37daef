package meetings

import (
	"maps"

	"plenary/api"
	"plenary/rules"
	"plenary/service/store"
)

// Room says whether a registration that takes so many places finds them in the meeting,
// whoever stands in line.
func (r *Row) Room(places int) bool { return r.Capacity == 0 || r.Taken+places <= r.Capacity }

// Full gives those of a registration's claims for which there is no place.
func (r *Row) Full(claims []rules.Limit) (full []rules.Limit) {
	for _, l := range claims {
		if l.Full(r.ChoiceTaken) {
			full = append(full, l)
		}
	}
	return full
}

// Count adds the places of a registration of a locked meeting, by 1, or takes them away,
// by -1: those of the meeting, and of the choices that its answers name.
func (r *Row) Count(places int, answers api.Answers, by int) {
	r.Taken += by * places
	for _, l := range rules.Claims(r.Limits, answers) {
		r.countChoice(l, r.ChoiceTaken[l.Key()]+by)
	}
}

func (r *Row) countChoice(l rules.Limit, taken int) {
	if r.recounted == nil {
		r.recounted = map[rules.Limit]bool{}
		// What others of this description have is not changed.
		r.ChoiceTaken = maps.Clone(r.ChoiceTaken)
	}
	if r.ChoiceTaken == nil {
		r.ChoiceTaken = map[string]int{}
	}
	r.ChoiceTaken[l.Key()], r.recounted[l] = taken, true
}

// saveChoices writes what Count has changed.
func (r *Row) saveChoices(tx *store.Tx) {
	for l := range r.recounted {
		tx.Do(`INSERT INTO choice_counts (meeting, question, choice, taken) VALUES ($1, $2, $3, $4)
			ON CONFLICT (meeting, question, choice) DO UPDATE SET taken = $4`, r.Code, l.Question, l.Choice, r.ChoiceTaken[l.Key()])
	}
	r.recounted = nil
}

// readChoices reads the counts of a meeting's choices, if any has places of its own.
func (r *Row) readChoices(tx *store.Tx) {
	r.ChoiceTaken = nil
	if len(r.Limits) == 0 {
		return
	}
	r.ChoiceTaken = map[string]int{}
	for scan := range tx.Each(`SELECT question, choice, taken FROM choice_counts WHERE meeting = $1`, r.Code) {
		var l rules.Limit
		var taken int
		scan(&l.Question, &l.Choice, &taken)
		r.ChoiceTaken[l.Key()] = taken
	}
}

// CountChoices brings the counts of a locked meeting's choices in line with a description
// that was changed: those that have no places of their own any more go, and those that
// have some now, and were not counted, are counted. answers goes through the answers of
// all registrations that take a place.
func (r *Row) CountChoices(tx *store.Tx, answers func() ([]api.Answers, error)) error {
	r.Limits = rules.Limits(&r.Form)
	r.ChoiceTaken = map[string]int{}
	there := map[string]bool{}
	for scan := range tx.Each(`SELECT question, choice, taken FROM choice_counts WHERE meeting = $1`, r.Code) {
		var l rules.Limit
		var taken int
		scan(&l.Question, &l.Choice, &taken)
		r.ChoiceTaken[l.Key()], there[l.Key()] = taken, true
	}
	var missing []rules.Limit
	for _, l := range r.Limits {
		if !there[l.Key()] {
			missing = append(missing, l)
		}
		delete(there, l.Key())
	}
	if len(there) > 0 {
		// Few: all are written anew.
		tx.Do(`DELETE FROM choice_counts WHERE meeting = $1`, r.Code)
		for gone := range there {
			delete(r.ChoiceTaken, gone)
		}
		for _, l := range r.Limits {
			r.countChoice(l, r.ChoiceTaken[l.Key()])
		}
	}
	if len(missing) == 0 {
		return nil
	}
	all, err := answers()
	if err != nil {
		return err
	}
	for _, l := range missing {
		r.countChoice(l, 0)
	}
	for _, one := range all {
		for _, l := range rules.Claims(missing, one) {
			r.countChoice(l, r.ChoiceTaken[l.Key()]+1)
		}
	}
	return nil
}

// Claiming takes a place of a choice for a registration, as one of several statements
// that run after the meeting was counted. It is refused by the table where there is none.
func (r *Row) Claiming(l rules.Limit) *store.Statement {
	return store.Change(nil, `INSERT INTO choice_counts (meeting, question, choice, taken) VALUES ($1, $2, $3, 1)
		ON CONFLICT (meeting, question, choice) DO UPDATE
		SET taken = CASE WHEN choice_counts.taken < $4 THEN choice_counts.taken + 1 END`, r.Code, l.Question, l.Choice, int64(l.Places))
}
