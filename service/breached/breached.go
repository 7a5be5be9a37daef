// Package breached looks passwords up in a file of breached ones that the operator
// gives, on disk: such lists have a billion lines. It knows the form in which
// public lists come, among them that of Have I Been Pwned: a line for each
// password, sorted, its SHA-1 in hexadecimal, then, if wished, a colon and how
// often it was seen.
package breached

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

const (
	hashLength = 2 * sha1.Size // characters
	maxLine    = 128           // bytes, its end included
	samples    = 64            // lines that are looked at when the file is opened
)

// ErrFormat is the error of Open for a file that is no list.
var ErrFormat = errors.New("is no sorted list of SHA-1 hashes in hexadecimal, one a line")

// List is a file of breached passwords. It is safe for concurrent use.
type List struct {
	f    *os.File
	size int64
}

// Open opens a list and looks at some lines of it: ErrFormat if they are no
// hashes, or not in order.
func Open(path string) (*List, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("breached: %w", err)
	}
	l := &List{f: f}
	if err := l.check(); err != nil {
		return nil, errors.Join(fmt.Errorf("breached: %s: %w", path, err), f.Close())
	}
	return l, nil
}

// Close closes the file.
func (l *List) Close() error { return l.f.Close() }

func (l *List) check() error {
	info, err := l.f.Stat()
	if err != nil {
		return err
	}
	l.size = info.Size()
	before := ""
	for i := range int64(samples) {
		line, err := l.line(l.size / samples * i)
		if err != nil {
			return err
		}
		if line.end == 0 {
			break // behind the last line
		}
		if line.hash < before {
			return ErrFormat
		}
		before = line.hash
	}
	if before == "" {
		return ErrFormat
	}
	return nil
}

// line is a line of the file; end is where the next one begins, 0 for none.
type line struct {
	hash       string // in capitals
	start, end int64
}

// line reads the first line that begins at an offset or behind it.
func (l *List) line(offset int64) (line, error) {
	within := offset > 0
	if within {
		offset-- // a line that begins at the offset has the end of another one before it
	}
	b := make([]byte, 2*maxLine)
	n, err := l.f.ReadAt(b, offset)
	if err != nil && !errors.Is(err, io.EOF) {
		return line{}, err
	}
	b = b[:n]
	start := offset
	if within {
		end := bytes.IndexByte(b, '\n')
		if end < 0 && n == cap(b) {
			return line{}, ErrFormat
		}
		if end < 0 {
			return line{}, nil
		}
		start, b = offset+int64(end)+1, b[end+1:]
	}
	if len(b) == 0 {
		return line{}, nil
	}
	end := bytes.IndexByte(b, '\n')
	next := start + int64(end) + 1
	if end < 0 { // the last line may have no end
		if start+int64(len(b)) < l.size {
			return line{}, ErrFormat
		}
		end, next = len(b), l.size
	}
	hash, _, _ := strings.Cut(strings.TrimRight(string(b[:end]), "\r"), ":")
	if _, err := hex.DecodeString(hash); err != nil || len(hash) != hashLength {
		return line{}, ErrFormat
	}
	return line{hash: strings.ToUpper(hash), start: start, end: next}, nil
}

// Has tells whether a password stands in the list.
func (l *List) Has(password string) (bool, error) {
	sum := sha1.Sum([]byte(password))
	wanted := strings.ToUpper(hex.EncodeToString(sum[:]))
	low, high := int64(0), l.size
	for low < high {
		middle := low + (high-low)/2
		found, err := l.line(middle)
		switch {
		case err != nil:
			return false, fmt.Errorf("breached: %s: %w", l.f.Name(), err)
		case found.end == 0 || found.start >= high || found.hash > wanted:
			high = middle
		case found.hash < wanted:
			low = found.end
		default:
			return true, nil
		}
	}
	return false, nil
}
