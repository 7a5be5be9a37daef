package rules

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"hash/maphash"
	"io"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/ccojocar/zxcvbn-go/data"
)

// commonPasswords are the 10,000 most common ones, the most common first, one a
// line: the beginning of the list "passwords" of @zxcvbn-ts/language-common 4.1.3
// (https://github.com/zxcvbn-ts/zxcvbn, MIT). 3,534 of them are long enough for
// PolicyClassic; ASVS 6.2.4 asks for 3,000.
//
//go:embed passwords.txt.gz
var commonPasswords []byte

// commonPasswordCount is how many there are, so that a list that was cut is found.
const commonPasswordCount = 10_000

// readPasswords unpacks commonPasswords.
func readPasswords() ([]string, error) {
	z, err := gzip.NewReader(bytes.NewReader(commonPasswords))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(z)
	return strings.Fields(string(text)), err
}

// commonWords ranks what attackers try first, most common first, 1 and up:
// passwords, English words and names. It is read at the first use, in about a
// twentieth of a second, and holds some 3 MB.
var commonWords = sync.OnceValue(func() ranking {
	ranks := make(ranking, 90_000)
	passwords, err := readPasswords()
	if err != nil {
		panic(err) // part of the program and tested
	}
	ranks.add(passwords)
	for _, name := range []string{"English", "MaleNames", "FemaleNames", "Surnames"} {
		asset, err := data.Asset("data/" + name + ".json")
		if err != nil {
			panic(err) // part of the program and tested
		}
		var file struct{ List []string }
		if err := json.Unmarshal(asset, &file); err != nil {
			panic(err)
		}
		ranks.add(file.List)
	}
	return ranks
})

// ranking is the ranks of words by their hashes: of tens of thousands of words, each
// collection of garbage would follow each. That another word has the hash of one of them
// is less likely than a failure of the memory.
type ranking map[uint64]int32

var wordSeed = maphash.MakeSeed()

func wordHash(word string) uint64 { return maphash.String(wordSeed, word) }

// add adds words, most common first, each under its best rank.
func (r ranking) add(words []string) {
	for i, word := range words {
		hash := wordHash(Fold(word))
		if best, ok := r[hash]; !ok || int32(i)+1 < best {
			r[hash] = int32(i) + 1
		}
	}
}

// rankOf ranks the words of a context, which are as good as known.
func rankOf(context []string) ranking {
	ranks := make(ranking)
	ranks.add(context)
	return ranks
}

// maxWord is the longest part of a password that is looked up, in characters.
const maxWord = 32

// wordPatterns finds the words of both rankings: as they are, in any case, with
// accents, backwards, and with letters written as digits and symbols.
func wordPatterns(runes []rune, context ranking) []pattern {
	common := commonWords()
	look := func(word string) (int32, bool) {
		hash := wordHash(word)
		known, inContext := context[hash]
		best, ok := common[hash]
		if inContext && (!ok || known < best) {
			return known, true
		}
		return best, ok
	}
	folded := foldEach(runes)
	var patterns []pattern
	add := func(letters []rune, i, j int, extra float64) {
		if best, ok := look(string(letters)); ok {
			bits := math.Log2(float64(best)) + caseBits(runes[i:j+1]) + extra
			patterns = append(patterns, pattern{i, j, bits})
		}
	}
	for i := range folded {
		for j := i; j < min(len(folded), i+maxWord); j++ {
			add(folded[i:j+1], i, j, 0)
			if j > i {
				backwards := slices.Clone(folded[i : j+1])
				slices.Reverse(backwards)
				add(backwards, i, j, 1)
			}
		}
	}
	for _, table := range leetTables {
		plain, changed := unleet(folded, table)
		if !changed {
			continue
		}
		for i := range plain {
			for j := i + 1; j < min(len(plain), i+maxWord); j++ {
				if written := leetBits(folded[i:j+1], plain[i:j+1]); written > 0 {
					add(plain[i:j+1], i, j, written)
				}
			}
		}
	}
	return patterns
}

// foldEach folds rune by rune, so that places stay the same.
func foldEach(runes []rune) []rune {
	folded := make([]rune, len(runes))
	for i, r := range runes {
		folded[i] = r
		if f := []rune(Fold(string(r))); len(f) > 0 {
			folded[i] = f[0]
		}
	}
	return folded
}

// leetTables are letters as they are written with digits and symbols; those that
// stand for two letters are in one table for each.
var leetTables = []*strings.Replacer{
	strings.NewReplacer("4", "a", "@", "a", "8", "b", "(", "c", "{", "c", "[", "c", "<", "c", "3", "e", "€", "e", "6", "g", "9", "g",
		"1", "i", "!", "i", "|", "i", "0", "o", "$", "s", "5", "s", "+", "t", "7", "t", "%", "x", "2", "z"),
	strings.NewReplacer("4", "a", "@", "a", "8", "b", "(", "c", "{", "c", "[", "c", "<", "c", "3", "e", "€", "e", "6", "g", "9", "g",
		"1", "l", "!", "l", "|", "l", "0", "o", "$", "s", "5", "s", "+", "t", "7", "l", "%", "x", "2", "z"),
}

func unleet(folded []rune, table *strings.Replacer) (plain []rune, changed bool) {
	plain = []rune(table.Replace(string(folded)))
	return plain, !slices.Equal(plain, folded)
}

// leetBits is what replaced letters add to a word: the ways to choose them, a bit
// at least; 0 where none is.
func leetBits(written, plain []rune) float64 {
	replaced := 0
	for i := range written {
		if written[i] != plain[i] {
			replaced++
		}
	}
	if replaced == 0 {
		return 0
	}
	return max(1, waysBits(replaced, len(plain)-replaced))
}
