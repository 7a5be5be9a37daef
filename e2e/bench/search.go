//go:build e2e

package main

import (
	"errors"
	"fmt"
	"time"

	"plenary/localdb"
	"plenary/service/directory"
	"plenary/words"
)

const (
	shown   = 50  // organizations that the list asks for
	typists = 250 // organizations whose names are typed
	longest = 24  // letters that a person types before choosing
)

// directorySearch measures the search of organizations per keystroke on the
// whole directory: every 48th organization's name is typed letter by letter, and
// so are words as people begin with, without accents, in the middle of a name, or
// of a country.
func directorySearch(*bench) ([]float64, error) {
	organizations, err := directory.All()
	if err != nil {
		return nil, err
	}
	d := localdb.NewDirectory(organizations, words.CountryNames)
	queries := []string{
		"university", "universite de", "ministry of", "ministère", "telecom", "international", "association of the",
		"república", "société", "institut national", "technology", "switzerland", "france", "united states", "brasil",
		"министерство", "وزارة", "of the", "the national", "a b c", "s.a.", "& co", "com",
	}
	for i := 0; i < len(organizations); i += max(len(organizations)/typists, 1) {
		queries = append(queries, organizations[i].Name)
	}
	var strokes []time.Duration
	found := 0
	for _, warm := range []bool{true, false} {
		for _, query := range queries {
			letters := []rune(query)
			for n := 1; n <= min(len(letters), longest); n++ {
				start := time.Now()
				hits := d.Search(string(letters[:n]), "", "", shown)
				if took := time.Since(start); !warm {
					strokes = append(strokes, took)
					found += min(len(hits), 1)
				}
			}
		}
	}
	if found < len(strokes)/2 {
		return nil, errors.New("most keystrokes found nothing: this is no directory")
	}
	p99 := quantile(strokes, 0.99)
	fmt.Printf("  %d organizations, %d keystrokes: p50 %v, p99 %v, longest %v\n",
		len(organizations), len(strokes), median(strokes), p99, quantile(strokes, 1))
	return []float64{float64(p99.Nanoseconds()) / 1000}, nil
}
