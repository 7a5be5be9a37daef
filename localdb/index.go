package localdb

import (
	"context"
	"slices"
	"sort"
	"strings"

	"plenary/rules"
)

// prefixIndex is the sorted list of all folded words of the documents, each
// with the documents that have it. The documents of all words with a common
// prefix stand together in one slice, and all words in one string, in which
// parts of words are looked for: it is a fraction of the texts.
type prefixIndex struct {
	run      string   // the words, sorted, each once and with a line feed at its end
	ends     []uint32 // of the words in run, line feed included
	starts   []uint32 // of each word's postings; one more at the end
	postings []uint32 // document << 1, plus 1 where the word is not from Text
}

func (x *prefixIndex) word(i int) string {
	start := uint32(0)
	if i > 0 {
		start = x.ends[i-1]
	}
	return x.run[start : x.ends[i]-1]
}

// under gives the postings of all words that begin with prefix.
func (x *prefixIndex) under(prefix string) []uint32 {
	low := sort.Search(len(x.ends), func(i int) bool { return x.word(i) >= prefix })
	high := low + sort.Search(len(x.ends)-low, func(i int) bool {
		return !strings.HasPrefix(x.word(low+i), prefix)
	})
	return x.postings[x.starts[low]:x.starts[high]]
}

// containing hands over the postings of every word that has s anywhere.
func (x *prefixIndex) containing(s string, found func(postings []uint32)) {
	for at := 0; at < len(x.run); {
		next := strings.Index(x.run[at:], s)
		if next < 0 {
			break
		}
		at += next
		word := sort.Search(len(x.ends), func(i int) bool { return int(x.ends[i]) > at })
		at = int(x.ends[word])
		found(x.postings[x.starts[word]:x.starts[word+1]])
	}
}

type entry struct {
	word    string
	posting uint32
}

// piece is how many documents are taken apart between two looks at the context.
const piece = 1000

// buildPrefixIndex takes every document's folded texts apart and sorts the words.
func buildPrefixIndex(ctx context.Context, texts []string, passports map[int]string, more [][]string) (*prefixIndex, error) {
	var entries []entry
	for doc := range texts {
		if doc%piece == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		entries = appendEntries(entries, texts[doc], uint32(doc)<<1)
		if passport, ok := passports[doc]; ok {
			entries = appendEntries(entries, passport, uint32(doc)<<1)
		}
		for _, text := range more[doc] {
			entries = appendEntries(entries, text, uint32(doc)<<1|1)
		}
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if c := strings.Compare(a.word, b.word); c != 0 {
			return c
		}
		return int(a.posting) - int(b.posting)
	})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	entries = slices.Compact(entries)
	x := &prefixIndex{postings: make([]uint32, len(entries))}
	var run strings.Builder
	for i, e := range entries {
		if i == 0 || e.word != entries[i-1].word {
			run.WriteString(e.word)
			run.WriteByte('\n')
			x.ends = append(x.ends, uint32(run.Len()))
			x.starts = append(x.starts, uint32(i))
		}
		x.postings[i] = e.posting
	}
	x.starts = append(x.starts, uint32(len(entries)))
	x.starts, x.ends, x.run = slices.Clip(x.starts), slices.Clip(x.ends), run.String()
	return x, nil
}

// appendEntries adds the words of a folded text.
func appendEntries(entries []entry, text string, posting uint32) []entry {
	rules.WordForms(text, func(word string) { entries = append(entries, entry{word, posting}) })
	return entries
}
