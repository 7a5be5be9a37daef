package session

import (
	"math"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/store"
)

// Page is how many sessions a page has.
const Page = 200

// Place is where a session stands in the list of an account's sessions.
type Place struct {
	used int64 // microseconds
	id   string
}

// First is where the list begins.
var First = Place{used: math.MaxInt64}

func (p Place) cursor() string { return strconv.FormatInt(p.used, 10) + "." + p.id }

// ReadCursor gives the place that a cursor names; the list begins without one.
func ReadCursor(cursor string) (p Place, ok bool) {
	if cursor == "" {
		return First, true
	}
	used, id, _ := strings.Cut(cursor, ".")
	n, err := strconv.ParseInt(used, 10, 64)
	return Place{used: n, id: id}, err == nil && uuid.Validate(id) == nil
}

// List gives the living sessions of an account behind a place, the one used last
// first. current is the id of the session that asks.
func (s *Sessions) List(tx *store.Tx, accountID, current string, after Place) api.Sessions {
	page := api.Sessions{Sessions: []api.SessionInfo{}}
	for scan := range tx.Each(`SELECT id, computer, machine, created_at, first_network, used_at, last_network, keep FROM sessions
		WHERE account_id = $1 AND expires_at > $2 AND (used_at < $3 OR used_at = $3 AND id > $4) ORDER BY used_at DESC, id LIMIT $5`,
		accountID, store.Micros(s.Now()), after.used, after.id, Page+1) {
		var info api.SessionInfo
		var since, used, keep int64
		scan(&info.ID, &info.Computer, &info.Machine, &since, &info.FirstNetwork, &used, &info.LastNetwork, &keep)
		info.Since, info.LastUsed, info.Kept, info.Current = store.Time(since), store.Time(used), keep == 1, info.ID == current
		page.Sessions = append(page.Sessions, info)
	}
	if len(page.Sessions) > Page {
		page.Sessions = page.Sessions[:Page]
		last := page.Sessions[Page-1]
		page.Next = Place{used: store.Micros(last.LastUsed), id: last.ID}.cursor()
	}
	return page
}
