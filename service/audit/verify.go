package audit

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"plenary/service/store"
)

// What can be wrong with the log.
const (
	Changed   = "changed"   // the entry says something else than what was written
	Missing   = "missing"   // an entry is gone
	Inserted  = "inserted"  // the service has not written this entry
	Reordered = "reordered" // written by the service, but not in this place
	EndWrong  = "end"       // the end of the chain is not what the service has written
	Unlike    = "unlike"    // another entry stands where a known seal was
)

// Break is the first thing that is wrong with the log.
type Break struct {
	What     string
	Position int64  // in the chain, from 1; 0 for what is not in it
	ID       string // of the entry; empty for one that is missing
}

func (b *Break) String() string {
	return fmt.Sprintf("%s at position %d, entry %q", b.What, b.Position, b.ID)
}

// Report is what Verify found.
type Report struct {
	Position int64 // of the last entry in the chain
	Seal     []byte
	Waiting  int    // entries that wait for their seal
	Earlier  bool   // the end is from before one that this node has seen; no break
	Break    *Break // nil: the log is whole
}

// End names the end of the chain, for ParseEnd.
func (r Report) End() string {
	return fmt.Sprintf("%d:%s", r.Position, base64.RawURLEncoding.EncodeToString(r.Seal))
}

// Known is an entry's place in the chain as it was once reported.
type Known struct {
	Position int64
	Seal     []byte
}

// ParseEnd reads what Report.End gives.
func ParseEnd(s string) (Known, error) {
	position, seal, ok := strings.Cut(s, ":")
	n, err := strconv.ParseInt(position, 10, 64)
	raw, errSeal := base64.RawURLEncoding.DecodeString(seal)
	if !ok || err != nil || errSeal != nil || n < 1 || len(raw) == 0 {
		return Known{}, fmt.Errorf("audit: %q is not POSITION:SEAL", s)
	}
	return Known{Position: n, Seal: raw}, nil
}

// Verify recomputes the whole chain, page by page, and reports the first break.
// known are ends of earlier reports, which must still be in it.
func (c *Chain) Verify(ctx context.Context, known ...Known) (Report, error) {
	return c.verify(ctx, 0, known...)
}

func (c *Chain) verify(ctx context.Context, pace time.Duration, known ...Known) (Report, error) {
	var r Report
	h, err := c.end(ctx, &r)
	if err != nil || r.Break != nil {
		return r, err
	}
	seals := make(map[int64][]byte, len(known))
	for _, k := range known {
		seals[k.Position] = k.Seal
	}
	last := entry{}
	for last.position < h.position && r.Break == nil {
		list, err := c.stretch(ctx, last, h.position)
		if err != nil {
			return r, err
		}
		if len(list) == 0 {
			r.Break = &Break{What: Missing, Position: last.position + 1}
		}
		for i := 0; i < len(list) && r.Break == nil; i++ {
			r.Break = c.judge(&list[i], &last)
			if seal := seals[list[i].position]; r.Break == nil && seal != nil && !hmac.Equal(seal, list[i].seal) {
				r.Break = &Break{What: Unlike, Position: list[i].position, ID: list[i].id}
			}
			last = list[i]
		}
		if err := pause(ctx, pace); err != nil {
			return r, err
		}
	}
	if r.Break == nil && !hmac.Equal(last.seal, h.seal) {
		r.Break = &Break{What: EndWrong, Position: h.position, ID: last.id}
	}
	for _, k := range known {
		if r.Break == nil && k.Position > h.position {
			r.Break = &Break{What: Missing, Position: h.position + 1}
		}
	}
	if r.Break == nil {
		r.Break, r.Waiting, err = c.outside(ctx)
	}
	c.follow(h.position)
	return r, err
}

// judge says what is wrong with an entry that follows another one.
func (c *Chain) judge(e, before *entry) *Break {
	b := Break{Position: e.position, ID: e.id}
	switch {
	case e.position > before.position+1:
		return &Break{What: Missing, Position: before.position + 1}
	case e.position == before.position:
		b.What = Inserted
	case c.key.Verify(sealPurpose, e.seal, e.sealed(before.seal)...):
		return nil
	case e.genuine(c.key):
		b.What = Reordered
	default:
		b.What = Changed
	}
	return &b
}

// end reads the end of the chain, and looks that nothing stands behind it.
func (c *Chain) end(ctx context.Context, r *Report) (h head, err error) {
	seen := c.seen.Load()
	err = c.db.View(ctx, func(tx *store.Tx) error {
		h, r.Break = head{}, nil
		tx.Get(`SELECT position, seal, mac FROM audit_head WHERE id = 1`).Into(&h.position, &h.seal, &h.mac)
		r.Position, r.Seal, r.Earlier = h.position, h.seal, h.position < seen
		if c.check(tx, h, seen) != nil {
			r.Break = &Break{What: EndWrong, Position: h.position}
			return nil
		}
		behind := entries(tx, `SELECT `+columns+` FROM audit WHERE position > $1 OR position < 0 ORDER BY position LIMIT 1`, h.position)
		if len(behind) > 0 {
			r.Break = &Break{What: Inserted, Position: behind[0].position, ID: behind[0].id}
		}
		return nil
	})
	return h, err
}

// stretch gives a page of the chain behind an entry, up to a position.
func (c *Chain) stretch(ctx context.Context, after entry, until int64) (list []entry, err error) {
	err = c.db.Peek(ctx, func(tx *store.Tx) error {
		list = entries(tx, `SELECT `+columns+` FROM audit
			WHERE position >= $1 AND position <= $2 AND (position > $3 OR id > $4)
			ORDER BY position, id LIMIT $5`, max(after.position, 1), until, after.position, after.id, page)
		return nil
	})
	return list, err
}

// outside looks at the entries that are not in the chain yet: the service has
// written them.
func (c *Chain) outside(ctx context.Context) (b *Break, waiting int, err error) {
	after := entry{}
	for {
		var list []entry
		err := c.db.Peek(ctx, func(tx *store.Tx) error {
			list = unsealed(tx, after)
			return nil
		})
		if err != nil {
			return nil, waiting, err
		}
		for i := range list {
			e := &list[i]
			if !e.genuine(c.key) {
				return &Break{What: Inserted, ID: e.id}, waiting, nil
			}
			waiting++
		}
		if len(list) < page {
			return nil, waiting, nil
		}
		after = list[len(list)-1]
	}
}

func pause(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
