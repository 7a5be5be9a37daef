package localdb

import (
	"context"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

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
func buildPrefixIndex(ctx context.Context, texts []string, more [][]string) (*prefixIndex, error) {
	var entries []entry
	for doc := range texts {
		if doc%piece == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		entries = appendEntries(entries, texts[doc], uint32(doc)<<1)
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

// appendEntries adds the words of a folded text and what else people type for
// them: "obrien" for O'Brien and "itu" for I.T.U., an Arabic word without its
// article, the rest of a Chinese name, a badge's number without its letter.
func appendEntries(entries []entry, text string, posting uint32) []entry {
	for chunk := range strings.FieldsSeq(text) {
		words := strings.FieldsFunc(chunk, func(r rune) bool { return !rules.IsWord(r) })
		for _, word := range words {
			entries = append(entries, entry{word, posting})
			if rest := withoutArticle(word); rest != word {
				entries = append(entries, entry{rest, posting})
			}
			if number := strings.TrimLeft(word, "abcdefghijklmnopqrstuvwxyz"); number != word && len(number) > 1 {
				entries = append(entries, entry{number, posting})
			}
			for i, r := range word {
				if i > 0 && writtenWithoutSpaces(r) {
					entries = append(entries, entry{word[i:], posting})
				}
			}
		}
		if len(words) > 1 {
			entries = append(entries, entry{strings.Join(words, ""), posting})
		}
	}
	return entries
}

// writtenWithoutSpaces says whether a new word may begin at r.
func writtenWithoutSpaces(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

const article = "ال" // folded

// withoutArticle takes the Arabic article off a folded word of at least two more letters.
func withoutArticle(word string) string {
	if rest, ok := strings.CutPrefix(word, article); ok && utf8.RuneCountInString(rest) >= 2 {
		return rest
	}
	return word
}
