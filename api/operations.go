package api

import (
	"encoding/json"
	"time"
)

// Operation is one piece of work that was kept on a person's machine and is
// delivered when there is a network: once, in order.
//
// An operation has an id of its own, a stream (one for each store on a device)
// and a number in it, gapless from 1. The same id gives the same outcome, however
// often it is sent. A number that can no longer be read, or was taken back, is sent as OpVoid. The
// same number with another id means that a disk was restored: CodeStreamForked.
type Operation struct {
	ID      string          `json:"id" doc:"UUIDv7"`
	Number  uint64          `json:"number" minimum:"1"`
	Kind    string          `json:"kind" maxLength:"40"`
	Made    time.Time       `json:"made" doc:"the device's clock; kept with the outcome, put right by what the delivery says that it is now"`
	Payload json.RawMessage `json:"payload,omitempty" doc:"by kind: Register, RegisterFor, Change, Withdraw, AnswerOffer, Attend, Decide, DecideMany, MailParticipants, AnswerVisa; none for void"`
}

// Kinds of operations.
const (
	OpRegister    = "register"     // payload: Register
	OpRegisterFor = "register-for" // payload: RegisterFor; for who is appointed for an organization
	OpChange      = "change"       // payload: Change
	OpWithdraw    = "withdraw"     // payload: Withdraw
	OpDecide      = "decide"       // payload: Decide; for who may (rules.StepsFor)
	OpDecideMany  = "decide-many"  // payload: DecideMany; likewise
	OpAnswerOffer = "answer-offer" // payload: AnswerOffer
	OpAnswerVisa  = "answer-visa"  // payload: AnswerVisa; for the role visa
	// OpMailParticipants: payload MailParticipants; for the managers of the meeting.
	OpMailParticipants = "mail-participants"
	OpVoid             = "void" // a number whose operation can no longer be read, or was taken back
)

// Deliver hands operations over: POST /v1/operations. At most 100 at once, in
// order of their numbers.
type Deliver struct {
	Stream     string      `json:"stream" doc:"UUID"`
	Sent       time.Time   `json:"sent" doc:"the device's clock now"`
	Operations []Operation `json:"operations" maxItems:"100"`
}

// Delivered answers Deliver: a result for each operation that was looked at,
// matched by id, and the highest number of the stream up to which the service
// has all.
type Delivered struct {
	Results   []Result `json:"results"`
	HighWater uint64   `json:"high_water"`
}

// Result is the fate of one operation.
type Result struct {
	ID           string        `json:"id"`
	Outcome      string        `json:"outcome" enum:"done,refused"`
	Code         Code          `json:"code,omitempty" doc:"why it was refused"`
	Reference    string        `json:"reference,omitempty"`
	Errors       []FieldError  `json:"errors,omitempty" doc:"pointers into the payload"`
	Registration *Registration `json:"registration,omitempty" doc:"as it is now; for decide as staff sees it, without what was answered"`
}

// Outcomes of an operation.
const (
	Done          = "done"
	RefusedResult = "refused"
)
