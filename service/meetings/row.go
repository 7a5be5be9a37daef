package meetings

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"plenary/api"
	"plenary/service/store"
)

// row is a meeting with what participants do not see.
type row struct {
	api.Meeting
	platform string
}

const meetingColumns = `document, platform, taken, version`

func scanMeeting(s interface{ Scan(...any) error }) (*row, error) {
	var (
		r        row
		document string
		taken    int
		version  int64
	)
	if err := s.Scan(&document, &r.platform, &taken, &version); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(document), &r.Meeting); err != nil {
		return nil, fmt.Errorf("meetings: read description: %w", err)
	}
	r.Taken, r.Version = taken, version
	return &r, nil
}

// readMeeting gives a meeting as it stands, or refuses with api.CodeNotFound:
// also what can be no code, since not every database takes every byte.
func readMeeting(ctx context.Context, tx *store.Tx, code string) (*row, error) {
	if !meetingCode.MatchString(code) {
		return nil, refuse(api.CodeNotFound)
	}
	return found(scanMeeting(tx.QueryRow(ctx, `SELECT `+meetingColumns+` FROM meetings WHERE code = $1`, code)))
}

// lock gives a meeting and makes all other changes to it wait until the
// transaction ends. It must be the transaction's first look at the meeting.
func lock(ctx context.Context, tx *store.Tx, code string) (*row, error) {
	if !meetingCode.MatchString(code) {
		return nil, refuse(api.CodeNotFound)
	}
	return found(scanMeeting(tx.QueryRow(ctx,
		`UPDATE meetings SET turn = turn + 1 WHERE code = $1 RETURNING `+meetingColumns, code)))
}

func found(r *row, err error) (*row, error) {
	if errors.Is(err, store.ErrNoRows) {
		return nil, refuse(api.CodeNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("meetings: read meeting: %w", err)
	}
	return r, nil
}

// save writes how many places of a locked meeting are taken, and its version.
func (r *row) save(ctx context.Context, tx *store.Tx) error {
	if _, err := tx.Exec(ctx, `UPDATE meetings SET taken = $1, version = $2 WHERE code = $3`,
		r.Taken, r.Version, r.Code); err != nil {
		return fmt.Errorf("meetings: save %s: %w", r.Code, err)
	}
	return nil
}

// placeFree says whether one more can come.
func (r *row) placeFree() bool { return r.Capacity == 0 || r.Taken < r.Capacity }
