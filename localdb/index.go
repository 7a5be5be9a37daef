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

// piece is how many documents are taken apart between two looks at the context.
const piece = 1000

// buildPrefixIndex takes every document's folded texts apart and sorts the words.
func buildPrefixIndex(ctx context.Context, texts []string, passports map[int]string, more [][]string) (*prefixIndex, error) {
	w := wordList{numbers: map[string]uint32{}}
	for doc := range texts {
		if doc%piece == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		w.add(texts[doc], uint32(doc)<<1)
		if passport, ok := passports[doc]; ok {
			w.add(passport, uint32(doc)<<1)
		}
		for _, text := range more[doc] {
			w.add(text, uint32(doc)<<1|1)
		}
	}
	return w.index(ctx)
}

// wordList are the words of documents as they come: the postings of each ascend.
type wordList struct {
	numbers map[string]uint32 // of the words, which are in words
	words   []listed
	entries []entry
}

type listed struct {
	word  string
	count uint32 // of its postings
	last  uint32 // posting
}

type entry struct{ word, posting uint32 }

// add adds the words of a folded text.
func (w *wordList) add(text string, posting uint32) {
	rules.WordForms(text, func(word string) {
		n, ok := w.numbers[word]
		if !ok {
			n = uint32(len(w.words))
			w.numbers[word] = n
			w.words = append(w.words, listed{word: word})
		}
		l := &w.words[n]
		if l.count > 0 && l.last == posting {
			return
		}
		l.count++
		l.last = posting
		w.entries = append(w.entries, entry{n, posting})
	})
}

// index puts the words in order, and the postings of each one behind the other.
func (w *wordList) index(ctx context.Context) (*prefixIndex, error) {
	order := make([]uint32, len(w.words))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(a, b uint32) int { return strings.Compare(w.words[a].word, w.words[b].word) })
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	x := &prefixIndex{
		starts: make([]uint32, 0, len(order)+1), ends: make([]uint32, 0, len(order)),
		postings: make([]uint32, len(w.entries)),
	}
	var run strings.Builder
	var at uint32
	next := make([]uint32, len(order)) // where a word's next posting goes
	for _, n := range order {
		run.WriteString(w.words[n].word)
		run.WriteByte('\n')
		x.ends = append(x.ends, uint32(run.Len()))
		x.starts = append(x.starts, at)
		next[n] = at
		at += w.words[n].count
	}
	x.starts = append(x.starts, at)
	for _, e := range w.entries {
		x.postings[next[e.word]] = e.posting
		next[e.word]++
	}
	x.run = run.String()
	return x, nil
}
