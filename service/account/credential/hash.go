package credential

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"regexp"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"

	"plenary/api"
)

// Hashing is the cost of argon2id.
type Hashing struct {
	MemoryKiB uint32
	Time      uint32
	Threads   uint8
}

// DefaultHashing is 19 MiB, two passes, one lane: OWASP's second choice, which
// is as strong as its first and lets one machine serve more people.
var DefaultHashing = Hashing{MemoryKiB: 19 * 1024, Time: 2, Threads: 1}

// Bounds of what is read back from the database, so that a changed row cannot
// make the service use up its memory.
const (
	maxMemoryKiB = 256 * 1024
	maxTime      = 16
	maxThreads   = 8
	saltLen      = 16
	hashLen      = 32
)

// Limits of the queue for hashing.
const (
	// maxWait is the longest wait for a hash; a deadline of the context may be sooner.
	maxWait = 8 * time.Second
	// busyRetry is after how long to come back at least.
	busyRetry = 3 * time.Second
	// perKiB is what a pass over a KiB takes on no particular machine: what a hash
	// takes here is known after the first ones.
	perKiB = 700 * time.Nanosecond
)

// phc is a password hash in the PHC string format.
type phc struct {
	Hashing
	salt, hash []byte
}

var errPHC = errors.New("credential: not an argon2id hash within bounds")

var phcForm = regexp.MustCompile(`^\$argon2id\$v=19\$m=([0-9]{1,7}),t=([0-9]{1,2}),p=([0-9]{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$`)

func parsePHC(text string) (phc, error) {
	m := phcForm.FindStringSubmatch(text)
	if m == nil {
		return phc{}, errPHC
	}
	memory, errM := strconv.ParseUint(m[1], 10, 32)
	passes, errT := strconv.ParseUint(m[2], 10, 32)
	threads, errP := strconv.ParseUint(m[3], 10, 8)
	salt, errS := base64.RawStdEncoding.Strict().DecodeString(m[4])
	hash, errH := base64.RawStdEncoding.Strict().DecodeString(m[5])
	if errors.Join(errM, errT, errP, errS, errH) != nil ||
		threads < 1 || threads > maxThreads || passes < 1 || passes > maxTime ||
		memory < 8*threads || memory > maxMemoryKiB {
		return phc{}, errPHC
	}
	return phc{Hashing{uint32(memory), uint32(passes), uint8(threads)}, salt, hash}, nil
}

func (p phc) String() string {
	e := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", p.MemoryKiB, p.Time, p.Threads,
		e.EncodeToString(p.salt), e.EncodeToString(p.hash))
}

func (p phc) key(secret string, n int) []byte {
	return argon2.IDKey([]byte(secret), p.salt, p.Time, p.MemoryKiB, p.Threads, uint32(n))
}

// Hasher hashes passwords and answers, at most as many at once as there are
// cores. Others wait in a queue that is as long as can be answered in time; who
// comes beyond that is told to come back. It is safe for concurrent use.
type Hasher struct {
	cost       Hashing
	slots      chan struct{}
	waiting    atomic.Int64
	took       atomic.Int64 // how long a hash takes lately, in nanoseconds
	unreadable atomic.Int64 // see Matches
	decoy      phc          // for names that do not exist
	log        *slog.Logger
}

// NewHasher makes one that hashes at a cost, on so many cores at once.
func NewHasher(cost Hashing, cores int, log *slog.Logger) *Hasher {
	h := &Hasher{cost: cost, slots: make(chan struct{}, cores), log: log}
	h.took.Store(int64(cost.MemoryKiB) * int64(cost.Time) * int64(perKiB))
	h.decoy = phc{Hashing: cost, salt: make([]byte, saltLen), hash: make([]byte, hashLen)}
	rand.Read(h.decoy.salt)
	return h
}

// Hash gives the PHC string of a password or an answer. Error: api.CodeBusy.
func (h *Hasher) Hash(ctx context.Context, secret string) (string, error) {
	p := phc{Hashing: h.cost, salt: make([]byte, saltLen)}
	rand.Read(p.salt)
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	p.hash = p.key(secret, hashLen)
	return p.String(), nil
}

// Matches tells whether a secret is the one of a PHC string. With an empty
// string it takes the same time and is false; so it is with one that cannot be
// read, which is counted: its owner sets a new password by "Forgot password?".
// Error: api.CodeBusy.
func (h *Hasher) Matches(ctx context.Context, text, secret string) (bool, error) {
	p, readable := h.decoy, false
	if text != "" {
		if read, err := parsePHC(text); err == nil {
			p, readable = read, true
		} else {
			h.unreadable.Add(1)
			h.log.ErrorContext(ctx, "a stored password hash cannot be read", slog.String("cause", err.Error()))
		}
	}
	leave, err := h.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	same := subtle.ConstantTimeCompare(p.key(secret, len(p.hash)), p.hash) == 1
	return same && readable, nil
}

// Outdated tells whether a hash was made at another cost than is now set.
func (h *Hasher) Outdated(text string) bool {
	p, err := parsePHC(text)
	return err != nil || p.Hashing != h.cost
}

// enter waits for a turn, which leave ends. api.CodeBusy where none will come in time:
// within maxWait, or until the context's deadline.
func (h *Hasher) enter(ctx context.Context) (leave func(), err error) {
	select {
	case h.slots <- struct{}{}:
		return h.begun(), nil
	default:
	}
	queue := h.waiting.Add(1)
	defer h.waiting.Add(-1)
	left := maxWait
	if deadline, ok := ctx.Deadline(); ok {
		left = min(left, time.Until(deadline))
	}
	wait := time.Duration(queue * h.took.Load() / int64(cap(h.slots)))
	busy := &api.Problem{Code: api.CodeBusy, RetryAfter: max(wait.Round(time.Second), busyRetry)}
	if wait > left {
		return nil, busy
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case h.slots <- struct{}{}:
		return h.begun(), nil
	case <-timer.C:
		return nil, busy
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return nil, busy
		}
		return nil, ctx.Err()
	}
}

// begun notes how long the turn takes that begins now.
func (h *Hasher) begun() (leave func()) {
	start := time.Now()
	return func() {
		took := h.took.Load()
		h.took.Store(took + (int64(time.Since(start))-took)/8) // of two at once, one may be forgotten
		<-h.slots
	}
}

// Unreadable tells how often a stored hash could not be read.
func (h *Hasher) Unreadable() int64 { return h.unreadable.Load() }

// Load tells how many hashes run and how many wait.
func (h *Hasher) Load() (running, waiting int) {
	return len(h.slots), int(min(h.waiting.Load(), math.MaxInt32))
}
