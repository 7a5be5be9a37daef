package managed

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
)

// limit of a file of settings, in bytes; a whole one has less than one thousand.
const limit = 64 << 10

// readLimited reads a file that is open.
func readLimited(f *os.File) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && len(b) > limit {
		err = fault(ReasonFormat)
	}
	return b, err
}

// parse reads one JSON object, of which it keeps the order and names that are
// there twice. A byte order mark, as editors on Windows write it, is no mistake.
func parse(b []byte) ([]value, error) {
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, fault(ReasonFormat)
	}
	var values []value
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, fault(ReasonFormat)
		}
		v := value{name: name.(string)} // within an object the decoder gives nothing else here
		if err := d.Decode(&v.data); err != nil {
			return nil, fault(ReasonFormat)
		}
		values = append(values, v)
	}
	if _, err := d.Token(); err != nil { // the closing brace
		return nil, fault(ReasonFormat)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fault(ReasonFormat)
	}
	return values, nil
}
