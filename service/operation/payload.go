package operation

import (
	"encoding/json"
	"errors"
	"strings"

	"plenary/api"
	"plenary/service/strictjson"
)

// Decode reads a payload, or refuses with the field that cannot be read. As in
// every body, a field that there is not is refused: nobody's state or number is
// quietly dropped, or taken.
func Decode(payload json.RawMessage, into any) error {
	err := strictjson.Decode(payload, into)
	if err == nil {
		return nil
	}
	pointer := ""
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
		pointer = "/" + strings.ReplaceAll(wrong.Field, ".", "/")
	}
	return api.Invalid(api.FieldError{Pointer: pointer, Code: api.FieldInvalid})
}
