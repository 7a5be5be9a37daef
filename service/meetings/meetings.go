// Package meetings holds the descriptions of the service's meetings, and their counts:
// the list that everybody reads, and who manages which. Registrations for them are
// package registrations'.
//
// It knows no HTTP.
//
// What everybody's registration changes of a meeting stands in a row of its own, its
// counts. Whatever changes a meeting's registrations, or its description, holds the
// counts first (see Lock): such changes stand in line, one meeting at a time, on one
// node or many, and what is read after that is up to date. That is why transactions
// here do with READ COMMITTED. A person's account is held before any meeting
// (store.Tx.HoldOwner).
//
// What everybody has to be told about a meeting is written down with the change that it
// tells of (notices.go); package registrations tells them.
//
// Start reading at Save (manage.go), List (list.go) and Row (row.go).
package meetings

import (
	"context"
	"time"
	_ "time/tzdata" // meetings have time zones, and Windows has no database of them

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/job"
	"plenary/service/store"
)

// Deps is what meetings stand on.
type Deps struct {
	DB    *store.DB
	Audit *audit.Log
	Now   func() time.Time // the service's clock
	// Changed is told of a locked meeting whose description was changed, before its
	// counts are saved. Package registrations sets it.
	Changed func(*store.Tx, *Row) error
	// Once is operation.Operations.Once; it is set after New.
	Once Once
}

// Once is the method of that name of operation.Operations.
type Once func(ctx context.Context, who caller.Caller, op api.Operation, line string,
	do func(*store.Tx) (subject string, err error)) (subject string, before bool, err error)

// Meetings is the service's meetings. It is safe for concurrent use.
type Meetings struct {
	Deps
	descriptions descriptions
	list         list
}

// New makes Meetings from what they stand on.
func New(d Deps) *Meetings {
	return &Meetings{Deps: d, list: list{turn: make(chan struct{}, 1)}}
}

// Jobs are what meetings do by themselves.
func (m *Meetings) Jobs() []job.Job { return nil }

// Get gives one meeting, or refuses with api.CodeNotFound, also for a draft.
func (m *Meetings) Get(ctx context.Context, code string) (api.Meeting, error) {
	var meeting api.Meeting
	err := m.DB.View(ctx, func(tx *store.Tx) error {
		r, err := m.Read(tx, code)
		if err != nil {
			return err
		}
		if r.Status == api.MeetingDraft {
			return api.Refuse(api.CodeNotFound)
		}
		meeting = r.Meeting
		return nil
	})
	return meeting, err
}
