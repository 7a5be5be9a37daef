package audit

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"plenary/service/store"
)

// exported is a line of an export: what the seal covers and the seal, no names
// and no network addresses.
type exported struct {
	Position int64     `json:"position"`
	ID       string    `json:"id"`
	At       time.Time `json:"at"`
	Event    string    `json:"event"`
	Subject  string    `json:"subject,omitempty"`
	Actor    string    `json:"actor,omitempty"`
	Details  []Detail  `json:"details,omitempty"`
	Reason   string    `json:"reason,omitempty"` // its id
	Ref      string    `json:"reference,omitempty"`
	Seal     string    `json:"seal"`
}

// Export writes the chain as lines of JSON, the oldest first, and tells how many
// it wrote. It does not verify.
func (c *Chain) Export(ctx context.Context, w io.Writer) (n int64, err error) {
	var r Report
	h, err := c.end(ctx, &r)
	if err != nil {
		return 0, err
	}
	lines := json.NewEncoder(w)
	for last := (entry{}); last.position < h.position; {
		list, err := c.stretch(ctx, last, h.position)
		if err != nil {
			return n, err
		}
		if len(list) == 0 {
			return n, nil
		}
		for _, e := range list {
			if err := lines.Encode(exported{
				Position: e.position, ID: e.id, At: store.Time(e.at), Event: e.event, Subject: e.subject, Actor: e.actor,
				Details: readDetails(e.details), Reason: e.reason, Ref: e.reference, Seal: hex.EncodeToString(e.seal),
			}); err != nil {
				return n, fmt.Errorf("audit: export: %w", err)
			}
			n++
		}
		last = list[len(list)-1]
	}
	return n, nil
}
