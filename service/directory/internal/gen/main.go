// Gen makes the directory that the service ships from tables of public data:
//
//	go run ./internal/gen -organizations organizations.csv -states member_states.csv -out organizations.tsv.gz
//
// The tables have a line of headings: name, country, kind, domain for
// organizations; country for member states, each of which gets its
// administration. See ../../SOURCES.md for where they come from.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"plenary/rules"
	"plenary/words"
)

func main() {
	log.SetFlags(0)
	organizations := flag.String("organizations", "", "CSV of name, country, kind, domain")
	states := flag.String("states", "", "CSV of country")
	out := flag.String("out", "organizations.tsv.gz", "file to write")
	flag.Parse()
	if err := run(*organizations, *states, *out); err != nil {
		log.Fatalf("gen: %v", err)
	}
}

func run(organizations, states, out string) error {
	rows, err := readOrganizations(organizations)
	if err != nil {
		return err
	}
	administrations, err := readStates(states)
	if err != nil {
		return err
	}
	rows = append(rows, administrations...)
	given := len(rows)
	rows = unique(rows)
	if err := write(out, rows); err != nil {
		return err
	}
	log.Printf("%d entries of %d rows (the others were there twice)", len(rows), given)
	return nil
}

// row is an entry: country, membership type, name, domain.
type row [4]string

func readOrganizations(path string) ([]row, error) {
	records, err := readCSV(path, "name", "country", "kind", "domain")
	if err != nil {
		return nil, err
	}
	rows := make([]row, 0, len(records))
	for i, r := range records {
		membership, ok := rules.MembershipOfKind(r[2])
		if !ok {
			return nil, fmt.Errorf("%s: row %d: unknown kind %q", path, i+1, r[2])
		}
		country := r[1]
		if successor, gone := formerCodes[country]; gone {
			country = successor
		}
		if !rules.IsCountry(country) {
			return nil, fmt.Errorf("%s: row %d: unknown country %q", path, i+1, country)
		}
		name := clean(r[0])
		if name == "" {
			return nil, fmt.Errorf("%s: row %d has no name", path, i+1)
		}
		rows = append(rows, row{country, string(membership), name, strings.ToLower(clean(r[3]))})
	}
	return rows, nil
}

// formerCodes are codes that ISO 3166-1 no longer has. The operators that the
// sources still list under the Netherlands Antilles (dissolved in 2010) are
// those of its network code 362, Curaçao's.
var formerCodes = map[string]string{"AN": "CW"}

// definite are the member states whose short name takes an article in English.
var definite = strings.Fields("AE BS CD CF CG DO GB GM KM KP KR LA MD MH MV NE NL PH RU SB SD SY TZ US VA")

func readStates(path string) ([]row, error) {
	records, err := readCSV(path, "country")
	if err != nil {
		return nil, err
	}
	english := words.For(words.English)
	rows := make([]row, 0, len(records))
	for i, r := range records {
		code := r[0]
		if !rules.IsCountry(code) {
			return nil, fmt.Errorf("%s: row %d: unknown country %q", path, i+1, code)
		}
		article := ""
		if slices.Contains(definite, code) {
			article = "the "
		}
		name := "Administration of " + article + english.Country(code)
		rows = append(rows, row{code, string(rules.MemberState), name, ""})
	}
	return rows, nil
}

// readCSV reads a table and gives the columns asked for.
func readCSV(path string, columns ...string) ([][]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	head, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	places := make([]int, len(columns))
	for i, name := range columns {
		if places[i] = slices.Index(head, name); places[i] < 0 {
			return nil, fmt.Errorf("%s has no column %q", path, name)
		}
	}
	var records [][]string
	for {
		fields, err := r.Read()
		if err == io.EOF {
			return records, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		record := make([]string, len(places))
		for i, place := range places {
			record[i] = fields[place]
		}
		records = append(records, record)
	}
}

// clean makes a name of what the sources have: NFC, single spaces, the
// punctuation of Windows-1252 that was taken for control characters put right,
// other control and invisible characters gone.
func clean(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= 0x80 && r <= 0x9f:
			if r = charmap.Windows1252.DecodeByte(byte(r)); r != utf8.RuneError && !unicode.IsControl(r) {
				b.WriteRune(r)
			}
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError:
		default:
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(strings.Join(strings.Fields(b.String()), " "))
}

// unique sorts the rows and drops those that differ from the one before only in case.
func unique(rows []row) []row {
	slices.SortFunc(rows, func(a, b row) int { return slices.Compare(a[:], b[:]) })
	seen := make(map[string]bool)
	return slices.DeleteFunc(rows, func(r row) bool {
		key := rules.Fold(strings.Join(r[:], "\t"))
		twice := seen[key]
		seen[key] = true
		return twice
	})
}

// write makes the same file of the same rows, byte for byte.
func write(path string, rows []row) error {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if _, err := fmt.Fprintln(z, strings.Join(r[:], "\t")); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}
