package organizations

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"plenary/api"
	"plenary/rules"
)

// Of an organization's name, how much must be in common with what somebody
// typed: 0 nothing, 1 all. Rare words count more than common ones, such as
// university.
const (
	enoughAtHome = 0.4 // in the same country
	enoughAbroad = 0.6
	suggestions  = 5
)

// What a word counts that is not the same but nearly: the beginning of the
// other, or one letter off.
const nearly = 0.8

// index finds organizations by the words of their names.
type index struct {
	all   []api.Organization
	words []indexed
	at    map[string]int // place of a word among them
	sum   []float64      // weight of all words of an organization's name
	most  float64        // weight of a word that no name has
}

// indexed is a word of names, with the organizations that have it.
type indexed struct {
	word   string
	weight float64
	in     []int32
}

func newIndex(all []api.Organization) *index {
	x := &index{all: all, at: map[string]int{}, sum: make([]float64, len(all)), most: math.Log(float64(len(all) + 1))}
	for i, o := range all {
		for _, word := range words(o.Name) {
			n, ok := x.at[word]
			if !ok {
				n = len(x.words)
				x.at[word] = n
				x.words = append(x.words, indexed{word: word})
			}
			x.words[n].in = append(x.words[n].in, int32(i))
		}
	}
	for i := range x.words {
		w := &x.words[i]
		w.weight = math.Log(float64(len(all)+1) / float64(len(w.in)))
		for _, o := range w.in {
			x.sum[o] += w.weight
		}
	}
	return x
}

// words are the different words of a name.
func words(name string) []string {
	list := rules.Tokens(name)
	slices.Sort(list)
	return slices.Compact(list)
}

// suggest gives the organizations whose names are the likeliest to mean what
// somebody typed, those of the same country first, five at most. It takes about
// a millisecond.
func (d *Directory) suggest(name, country string) []api.Organization {
	x := d.index()
	common := map[int32]float64{}
	typed := 0.0
	for _, word := range words(name) {
		weight := x.most
		if i, ok := x.at[word]; ok {
			weight = x.words[i].weight
		}
		best := map[int32]float64{}
		for i := range x.words {
			w := &x.words[i]
			like := alike(word, w.word)
			if like == 0 {
				continue
			}
			// A name's rare slip of a common word is no rarer than that word.
			value := like * min(weight, w.weight)
			for _, o := range w.in {
				best[o] = max(best[o], value)
			}
		}
		typed += weight
		for o, value := range best {
			common[o] += value
		}
	}
	type candidate struct {
		at    int32
		score float64
		home  bool
	}
	var found []candidate
	for o, value := range common {
		c := candidate{at: o, score: 2 * value / (typed + x.sum[o]), home: x.all[o].Country == country}
		if c.score >= enoughAbroad || c.home && c.score >= enoughAtHome {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b candidate) int {
		if a.home != b.home {
			if a.home {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.at, b.at))
	})
	var list []api.Organization
	for _, c := range found[:min(len(found), suggestions)] {
		list = append(list, x.all[c.at])
	}
	return list
}

// alike is 1 for the same word, nearly for one that is the beginning of the
// other (four letters or more) or has one letter changed, missing, too many or
// swapped (five or more, not the first), 0 for others.
func alike(a, b string) float64 {
	switch {
	case a == b:
		return 1
	case len(a) < 4 || len(b) < 4 || a[0] != b[0]:
		return 0
	case strings.HasPrefix(a, b), strings.HasPrefix(b, a), oneOff(a, b):
		return nearly
	}
	return 0
}

func oneOff(a, b string) bool {
	if d := len(a) - len(b); d > utf8.UTFMax || d < -utf8.UTFMax {
		return false
	}
	r, s := []rune(a), []rune(b)
	if len(r) < len(s) {
		r, s = s, r
	}
	if len(s) < 5 || len(r)-len(s) > 1 {
		return false
	}
	i := 0
	for i < len(s) && r[i] == s[i] {
		i++
	}
	if len(r) > len(s) {
		return slices.Equal(r[i+1:], s[i:])
	}
	if slices.Equal(r[i+1:], s[i+1:]) {
		return true
	}
	return i+1 < len(s) && r[i] == s[i+1] && r[i+1] == s[i] && slices.Equal(r[i+2:], s[i+2:])
}
