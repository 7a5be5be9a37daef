package strictjson

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name, in string
		ok       bool
	}{
		{"object", `{"a":1,"b":[{"a":null},"x"],"c":{"a":true}}`, true},
		{"scalar", ` "x" `, true},
		{"duplicate key", `{"a":1,"a":2}`, false},
		{"duplicate key by escape", `{"a":1,"\u0061":2}`, false},
		{"duplicate key by case", `{"a":1,"A":2}`, false},
		{"duplicate key by Unicode case", `{"skip":1,"ſkip":2}`, false},
		{"duplicate key deep inside", `[{"x":{"a":1,"a":2}}]`, false},
		{"NUL in a value", `{"a":"x\u0000"}`, false},
		{"NUL in a key", `{"a\u0000":1}`, false},
		{"not UTF-8", "{\"a\":\"\xff\"}", false},
		{"two values", `{} {}`, false},
		{"trailing rubbish", `{}x`, false},
		{"cut", `{"a":`, false},
		{"empty", ``, false},
		{"mismatched", `[}`, false},
		{"deep", strings.Repeat("[", 33) + strings.Repeat("]", 33), false},
		{"deep enough", strings.Repeat("[", 32) + strings.Repeat("]", 32), true},
		{"very deep", strings.Repeat("[", 100000), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Check([]byte(c.in))
			if (err == nil) != c.ok || (err != nil && !errors.Is(err, ErrRefused)) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestDecode_refusesUnknownFields(t *testing.T) {
	var v struct {
		A int `json:"a"`
	}
	if err := Decode([]byte(`{"a":1}`), &v); err != nil || v.A != 1 {
		t.Errorf("got %v, %v", v, err)
	}
	if err := Decode([]byte(`{"a":1,"role":"administrator"}`), &v); err == nil {
		t.Error("an unknown field was accepted")
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"b":"\u0000"}]}`))
	f.Add([]byte(`{"a":1,"A":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if Check(data) == nil && !json.Valid(data) {
			t.Error("accepted what is not JSON")
		}
	})
}
