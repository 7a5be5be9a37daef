package localdb

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"plenary/rules"
)

// Doc is something that can be found.
type Doc struct {
	ID   uint32   // the caller's own
	Text string   // what it is called, at most 64 KiB
	More []string // what else it is found by, at the beginning of words only
}

// Hit is a document that was found.
type Hit struct {
	ID uint32
}

// Index finds documents by any part of their words, in any script, accents and
// case ignored, and as passports write them (rules.Spellings). It is made for the keystrokes of a person: see
// localdb-facts.md for the measurements behind it.
//
// NewIndex folds the texts; from then on Search answers by looking through
// them. Build adds the sorted words, with which it answers in microseconds. All
// methods can be called at the same time from any goroutine; nothing changes an
// index after Build, so that a changed list is a new index.
type Index struct {
	ids    []uint32
	buffer string   // all folded texts, each with a line feed at its end
	ends   []uint32 // of the texts in buffer, line feed included
	// passports are the texts of the documents that passports write otherwise.
	passports map[int]string
	more      [][]string
	prefix    atomic.Pointer[prefixIndex]
	scratch   sync.Pool
}

// NewIndex makes an index. Documents that fit a query equally well are found
// shorter ones first, then in the order given.
func NewIndex(docs []Doc) *Index {
	x := &Index{
		ids:       make([]uint32, len(docs)),
		ends:      make([]uint32, len(docs)),
		passports: make(map[int]string),
		more:      make([][]string, len(docs)),
	}
	var b strings.Builder
	spelled := make(map[string][]string) // More is often the same, such as a country
	for i, doc := range docs {
		x.ids[i] = doc.ID
		spellings := rules.Spellings(strings.ReplaceAll(doc.Text, "\n", " "))
		b.WriteString(spellings[0])
		b.WriteByte('\n')
		if len(spellings) > 1 {
			x.passports[i] = spellings[1]
		}
		x.ends[i] = uint32(b.Len())
		for _, text := range doc.More {
			s, ok := spelled[text]
			if !ok {
				s = rules.Spellings(text)
				spelled[text] = s
			}
			x.more[i] = append(x.more[i], s...)
		}
	}
	x.buffer = b.String()
	x.scratch.New = func() any {
		return &marks{any: make([]uint32, len(docs)), main: make([]uint32, len(docs))}
	}
	return x
}

// Build makes Search fast. It takes about half a second for 100,000 people and
// belongs on a goroutine of its own, once; when ctx ends it stops with ctx's error,
// and Search goes on as before.
func (x *Index) Build(ctx context.Context) error {
	texts := make([]string, len(x.ids))
	for i := range texts {
		texts[i] = x.text(i)
	}
	p, err := buildPrefixIndex(ctx, texts, x.passports, x.more)
	if err != nil {
		return err
	}
	x.prefix.Store(p)
	x.more = nil // stands in p now
	return nil
}

// Limits of a query.
const (
	maxQuery  = 400 // bytes that are looked at
	maxTokens = 16  // words
)

// marks are the words of a query that a document has, a bit each: at all, and
// in its Text.
type marks struct{ any, main []uint32 }

// Search finds at most max documents that have every word of the query, and
// that keep lets pass (nil: all). Best are texts that begin with the query, then
// those with all words in the text, then those with some in More, then those with
// a word of the query inside a word of theirs, which are looked for only while
// there is room. A query without words finds nothing.
func (x *Index) Search(query string, max int, keep func(id uint32) bool) []Hit {
	for len(query) > maxQuery {
		_, size := utf8.DecodeLastRuneInString(query[:maxQuery+1])
		query = query[:maxQuery+1-size]
	}
	typed := rules.Spellings(strings.TrimSpace(query))
	tokens := queryTokens(query)
	if len(tokens) == 0 || max <= 0 {
		return nil
	}
	m := x.scratch.Get().(*marks)
	defer x.scratch.Put(m)
	clear(m.any)
	clear(m.main)

	best := &top{max: max}
	p := x.prefix.Load()
	if p == nil {
		x.look(typed, tokens, best, keep)
		return x.hits(best)
	}
	all := uint32(1)<<len(tokens) - 1
	var rarest [][]uint32 // postings of the rarest word: the others' are only marked
	fewest := 0
	for i, token := range tokens {
		var postings [][]uint32
		number := 0
		for _, spelling := range token {
			under := p.under(spelling)
			mark(under, 1<<i, m)
			postings = append(postings, under)
			number += len(under)
		}
		if i == 0 || number < fewest {
			rarest, fewest = postings, number
		}
	}
	for _, postings := range rarest {
		for _, posting := range postings {
			doc := int(posting >> 1)
			if m.any[doc] != all {
				continue
			}
			m.any[doc] |= seen
			if keep == nil || keep(x.ids[doc]) {
				best.add(x.rank(doc, typed, m.main[doc] == all))
			}
		}
	}
	if len(best.keys) == max || len(typed[0]) < 2 { // a single letter is inside of everything
		return x.hits(best)
	}
	x.lookInside(p, tokens, m, func(doc int) {
		if keep == nil || keep(x.ids[doc]) {
			best.add(x.rank(doc, typed, false) | inside)
		}
	})
	return x.hits(best)
}

// seen marks documents that are not to be looked at again; it is the bit of no word.
const seen = 1 << maxTokens

// lookInside finds the documents not seen yet that have each word of the query as
// marked or inside a word. The longest word of the query is looked for in all
// words; the others in the texts that it leaves.
func (x *Index) lookInside(p *prefixIndex, tokens []rules.SearchWord, m *marks, found func(doc int)) {
	for _, spelling := range tokens[0] {
		p.containing(spelling, func(postings []uint32) {
			for _, posting := range postings {
				doc := int(posting >> 1)
				has := m.any[doc]
				if has&seen != 0 {
					continue
				}
				m.any[doc] |= seen
				if x.contains(doc, tokens[1:], has>>1) {
					found(doc)
				}
			}
		})
	}
}

// contains says whether a document has each of the words, as marked or in its text.
func (x *Index) contains(doc int, tokens []rules.SearchWord, marked uint32) bool {
	for i, token := range tokens {
		if marked&(1<<i) == 0 && !x.spelled(doc, token, strings.Contains) {
			return false
		}
	}
	return true
}

// mark notes that the documents of postings have a word.
func mark(postings []uint32, bit uint32, m *marks) {
	for _, posting := range postings {
		doc := posting >> 1
		m.any[doc] |= bit
		if posting&1 == 0 {
			m.main[doc] |= bit
		}
	}
}

// look searches without the sorted words: texts that have each word anywhere.
func (x *Index) look(typed []string, tokens []rules.SearchWord, best *top, keep func(id uint32) bool) {
	for doc, id := range x.ids {
		if x.contains(doc, tokens, 0) && (keep == nil || keep(id)) {
			best.add(x.rank(doc, typed, false))
		}
	}
}

// queryTokens are the words of a query, longest first.
func queryTokens(query string) []rules.SearchWord {
	tokens := rules.SearchWords(query)
	return tokens[:min(len(tokens), maxTokens)]
}

// spelled says whether one of a document's spellings has, or begins with, one of
// what was typed.
func (x *Index) spelled(doc int, typed []string, has func(text, s string) bool) bool {
	text := x.text(doc)
	passport, two := x.passports[doc]
	for _, s := range typed {
		if has(text, s) || two && has(passport, s) {
			return true
		}
	}
	return false
}

// text is a document's folded text.
func (x *Index) text(doc int) string {
	start := uint32(0)
	if doc > 0 {
		start = x.ends[doc-1]
	}
	return x.buffer[start : x.ends[doc]-1]
}

// Ranks of hits: the upper bits say how well a document fits, then its length
// counts, then its place.
const (
	begins    = uint64(0) << 60
	inText    = uint64(1) << 60
	elsewhere = uint64(2) << 60
	inside    = uint64(4) << 60
)

func (x *Index) rank(doc int, typed []string, main bool) uint64 {
	text := x.text(doc)
	fit := elsewhere
	switch {
	case x.spelled(doc, typed, strings.HasPrefix):
		fit = begins
	case main:
		fit = inText
	}
	return fit | uint64(min(len(text), 0xffff))<<32 | uint64(doc)
}

func (x *Index) hits(best *top) []Hit {
	slices.Sort(best.keys)
	hits := make([]Hit, len(best.keys))
	for i, key := range best.keys {
		hits[i].ID = x.ids[uint32(key)]
	}
	return hits
}

// top keeps the max smallest keys, the greatest of them on top of a heap.
type top struct {
	max  int
	keys []uint64
}

func (t *top) add(key uint64) {
	if len(t.keys) < t.max {
		t.keys = append(t.keys, key)
		for i := len(t.keys) - 1; i > 0; {
			parent := (i - 1) / 2
			if t.keys[parent] >= t.keys[i] {
				break
			}
			t.keys[parent], t.keys[i] = t.keys[i], t.keys[parent]
			i = parent
		}
		return
	}
	if key >= t.keys[0] {
		return
	}
	t.keys[0] = key
	for i := 0; ; {
		child := 2*i + 1
		if child >= len(t.keys) {
			break
		}
		if child+1 < len(t.keys) && t.keys[child+1] > t.keys[child] {
			child++
		}
		if t.keys[i] >= t.keys[child] {
			break
		}
		t.keys[i], t.keys[child] = t.keys[child], t.keys[i]
		i = child
	}
}
