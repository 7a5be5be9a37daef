package app

import (
	"encoding/json"

	"plenary/api"
	"plenary/localdb"
	"plenary/rules"
)

// operationKind is what the program knows of a kind of operations: all that it does differently for
// one kind than for another stands here.
type operationKind struct {
	// about reads a payload; false for one that cannot be read.
	about func(payload []byte) (about, bool)
	// own: it is about the person's own registrations, and is shown among them, as is the
	// registration that comes with its result. What one does about others is not: for
	// that the service answers with registrations of theirs.
	own bool
	// arrived tells by the registration that the operation changes whether the service has
	// done it already, of which the answer was lost. nil for a kind without one.
	arrived func(one api.Registration, a about) bool
	// quiet: nobody has to deal with one that the service refuses.
	quiet bool
}

// about is what an operation is about.
type about struct {
	form   *api.Change   // what the person has filled in, as drafts have it; nil for nothing
	asked  *api.Register // what was filled in, also for somebody else; nil for nothing
	draft  string        // the name of the draft that the form was and can be again
	number string        // of the registration that is changed; empty for a new one
	accept bool          // the place that is offered
	others []string      // numbers, of several that are changed
}

// operationKinds are those that this version of Plenary makes. What a later version has left in a
// store is counted and delivered, and not shown.
var operationKinds = map[string]operationKind{
	api.OpRegister: {own: true, about: reading(func(in api.Register) about {
		return about{form: &api.Change{Register: in}, asked: &in, draft: draftOf(in.Meeting)}
	})},
	api.OpChange: {own: true, about: reading(func(in api.Change) about {
		return about{form: &in, asked: &in.Register, draft: changeDraftOf(in.Registration), number: in.Registration}
	}), arrived: func(one api.Registration, a about) bool { return one.Number != "" && unchanged(&one, &a.form.Register) }},
	api.OpWithdraw: {own: true, about: reading(func(in api.Withdraw) about {
		return about{number: in.Registration}
	}), arrived: func(one api.Registration, _ about) bool { return one.State == api.Withdrawn }},
	api.OpAnswerOffer: {own: true, about: reading(func(in api.AnswerOffer) about {
		return about{number: in.Registration, accept: in.Accept}
	}), arrived: func(one api.Registration, _ about) bool { return one.State != "" && one.State != api.Offered }},
	api.OpAttend: {quiet: true, about: reading(func(in api.Attend) about {
		return about{number: in.Registration}
	})},
	api.OpDecide: {about: reading(func(in api.Decide) about {
		return about{number: in.Registration}
	})},
	// What the service does not take of it stands with the registrations, those of the
	// delegation (Delegation) or of a managed meeting (Decision).
	api.OpDecideMany: {about: reading(func(in api.DecideMany) about {
		return about{others: in.Registrations}
	})},
	// What becomes of it stands with the meeting's e-mails (Mailing).
	api.OpMailParticipants: {about: reading(func(api.MailParticipants) about { return about{} })},
	// What the service does not take of it stands with the case (VisaAnswer).
	api.OpAnswerVisa:  {about: reading(func(api.AnswerVisa) about { return about{} })},
	api.OpRegisterFor: {about: reading(func(in api.RegisterFor) about { return about{asked: &in.Register} })},
}

// unchanged tells whether a registration says what was filled in.
func unchanged(one *api.Registration, in *api.Register) bool {
	before := rules.Registered(one)
	return len(rules.Differences(&api.Meeting{}, &before, in)) == 0
}

func reading[T any](of func(T) about) func([]byte) (about, bool) {
	return func(payload []byte) (about, bool) {
		var in T
		if json.Unmarshal(payload, &in) != nil {
			return about{}, false
		}
		return of(in), true
	}
}

// aboutOf is what an operation is about; false where this version does not know.
func aboutOf(kind string, payload []byte) (about, bool) {
	k, ok := operationKinds[kind]
	if !ok {
		return about{}, false
	}
	return k.about(payload)
}

// fromDraft gives those of the operations that were made from a draft.
func fromDraft(operations []localdb.Operation, draft string) (list []localdb.Operation) {
	for _, op := range operations {
		if a, ok := aboutOf(op.Kind, op.Payload); ok && a.form != nil && a.draft == draft {
			list = append(list, op)
		}
	}
	return list
}
