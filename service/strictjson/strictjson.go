// Package strictjson refuses JSON that two readers can understand differently:
// duplicate keys (also those that differ only in case, since encoding/json
// takes them for the same), invalid UTF-8, NUL in strings, deep nesting, and
// anything after the value. Requests and the payloads of queued operations go
// through it before anything looks at their limits.
package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// ErrRefused is the error of all functions here, apart from those of
// encoding/json for a value of another shape. It never holds what was refused.
var ErrRefused = errors.New("strictjson: refused")

// maxDepth is how deep arrays and objects may nest.
const maxDepth = 32

// Check returns ErrRefused unless data is one JSON value, unambiguous.
func Check(data []byte) error {
	if !utf8.Valid(data) {
		return fmt.Errorf("%w: not UTF-8", ErrRefused)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := value(d, 0); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: something after the value", ErrRefused)
	}
	return nil
}

// Decode is Check, then json.Unmarshal, refusing fields that v does not have.
func Decode(data []byte, v any) error {
	if err := Check(data); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

func value(d *json.Decoder, depth int) error {
	t, err := token(d)
	if err != nil {
		return err
	}
	switch t {
	case json.Delim('{'):
		return object(d, depth+1)
	case json.Delim('['):
		return array(d, depth+1)
	}
	return nil
}

func object(d *json.Decoder, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("%w: nested too deep", ErrRefused)
	}
	seen := map[string]bool{}
	for d.More() {
		t, err := token(d)
		if err != nil {
			return err
		}
		key, ok := t.(string)
		if !ok {
			return fmt.Errorf("%w: a key that is no string", ErrRefused)
		}
		key = strings.ToLower(strings.ToUpper(key))
		if seen[key] {
			return fmt.Errorf("%w: a key stands twice", ErrRefused)
		}
		seen[key] = true
		if err := value(d, depth); err != nil {
			return err
		}
	}
	_, err := token(d)
	return err
}

func array(d *json.Decoder, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("%w: nested too deep", ErrRefused)
	}
	for d.More() {
		if err := value(d, depth); err != nil {
			return err
		}
	}
	_, err := token(d)
	return err
}

func token(d *json.Decoder) (json.Token, error) {
	t, err := d.Token()
	if err != nil {
		return nil, fmt.Errorf("%w: not JSON", ErrRefused)
	}
	if s, ok := t.(string); ok && strings.ContainsRune(s, 0) {
		return nil, fmt.Errorf("%w: NUL in a string", ErrRefused)
	}
	return t, nil
}
