package rules

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"plenary/api"
)

// Limits of a directory: far above any real one, and the most that a hostile or
// broken service can make the program hold.
const (
	MaxOrganizations    = 200_000
	maxOrganizationLine = 4096     // bytes of one line
	maxDirectory        = 64 << 20 // bytes in all, after decompression
)

// ErrDirectory is the error of DecodeDirectory for what is no directory, or not
// a whole one.
var ErrDirectory = errors.New("rules: not a whole directory")

// EncodeDirectory writes organizations as they go over the wire and into the
// store: gzip, one JSON object a line, in the order given. The checksum of gzip
// tells a directory that was cut.
func EncodeDirectory(w io.Writer, organizations []api.Organization) error {
	z := gzip.NewWriter(w)
	e := json.NewEncoder(z)
	e.SetEscapeHTML(false)
	for i := range organizations {
		if err := e.Encode(&organizations[i]); err != nil {
			return fmt.Errorf("rules: encode directory: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("rules: encode directory: %w", err)
	}
	return nil
}

// DecodeDirectory reads what EncodeDirectory wrote, or the same without gzip,
// as it is where HTTP has taken that away. It gives all of it or an error, ErrDirectory
// for anything wrong with the data: a line of more than 4 KiB, more than 200,000
// lines, an entry without id or name, an id that is there twice.
func DecodeDirectory(r io.Reader) ([]api.Organization, error) {
	b := bufio.NewReaderSize(r, maxOrganizationLine)
	if magic, err := b.Peek(2); err == nil && magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDirectory, err)
		}
		b = bufio.NewReaderSize(z, maxOrganizationLine)
	}
	var (
		all  []api.Organization
		seen = make(map[string]bool)
		size int
	)
	for {
		line, err := b.ReadSlice('\n')
		size += len(line)
		line = bytes.TrimSpace(line)
		switch {
		case err == io.EOF && len(line) == 0:
			return all, nil
		case err != nil && err != io.EOF:
			return nil, fmt.Errorf("%w: line %d: %w", ErrDirectory, len(all)+1, err)
		case len(all) == MaxOrganizations || size > maxDirectory:
			return nil, fmt.Errorf("%w: too large", ErrDirectory)
		}
		var o api.Organization
		if err := json.Unmarshal(line, &o); err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrDirectory, len(all)+1, err)
		}
		if !validOrganization(&o) || seen[o.ID] {
			return nil, fmt.Errorf("%w: line %d: an entry that cannot be", ErrDirectory, len(all)+1)
		}
		seen[o.ID] = true
		all = append(all, o)
	}
}

// validOrganization checks the limits of api.Organization. It does not ask for
// known countries and types: a newer service may know more.
func validOrganization(o *api.Organization) bool {
	name, ok := Line(o.Name)
	return o.ID != "" && len(o.ID) <= 40 &&
		ok && name != "" && utf8.RuneCountInString(o.Name) <= 200 &&
		len(o.Country) <= 2 && len(o.Membership) <= 40 && len(o.Domain) <= 253
}
