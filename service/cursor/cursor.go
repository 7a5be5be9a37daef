// Package cursor writes where a page of a list ended as clients get it: opaque, and
// read back without trust.
package cursor

import (
	"encoding/base64"
	"encoding/json"
)

// Write gives a cursor, which is a struct of numbers and strings, as clients get it.
func Write(c any) string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // numbers and strings
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// Read reads what Write has written into a cursor, or tells that it cannot. What it
// reads may come from anybody: the caller checks each field.
func Read(s string, into any) bool {
	b, err := base64.RawURLEncoding.DecodeString(s)
	return err == nil && json.Unmarshal(b, into) == nil
}
