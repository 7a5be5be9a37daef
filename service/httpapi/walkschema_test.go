package httpapi

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"plenary/api"
)

// whole gives the schema that another refers to.
func (w *walk) whole(s *huma.Schema) *huma.Schema {
	for s.Ref != "" {
		s = w.registry().SchemaFromRef(s.Ref)
	}
	return s
}

// made is something that a schema takes, with all that it can hold.
func (w *walk) made(s *huma.Schema) any {
	s = w.whole(s)
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Type == huma.TypeString && s.Format == "date-time":
		return "2026-11-29T12:00:00Z"
	case s.Type == huma.TypeString:
		length := 1
		if s.MinLength != nil {
			length = *s.MinLength
		}
		return strings.Repeat("A", max(length, 1))
	case s.Type == huma.TypeInteger || s.Type == huma.TypeNumber:
		if s.Minimum != nil {
			return *s.Minimum
		}
		return 1
	case s.Type == huma.TypeBoolean:
		return true
	case s.Type == huma.TypeArray:
		return []any{w.made(s.Items)}
	case s.Type == huma.TypeObject:
		object := map[string]any{}
		for name, property := range s.Properties {
			object[name] = w.made(property)
		}
		return object
	}
	return map[string]any{} // anything
}

// wrong is a body with one thing in it that its schema does not take, and the code that
// the problem has for that.
type wrong struct {
	pointer string
	value   any
	code    string
}

// wrong gives what a schema does not take, made of something that it takes.
func (w *walk) wrong(s *huma.Schema, good any) (all []wrong) {
	s = w.whole(s)
	add := func(value any, code string) { all = append(all, wrong{"", value, code}) }
	switch s.Type {
	case huma.TypeString:
		add(1.5, api.FieldInvalid)
		for text, code := range w.wrongTexts(s) {
			add(text, code)
		}
	case huma.TypeInteger, huma.TypeNumber:
		add("x", api.FieldInvalid)
		if s.Maximum != nil {
			add(*s.Maximum+1, api.FieldOutOfRange)
		}
		if s.Minimum != nil {
			add(*s.Minimum-1, api.FieldOutOfRange)
		}
	case huma.TypeBoolean:
		add("yes", api.FieldInvalid)
	case huma.TypeArray:
		add("x", api.FieldInvalid)
		list, _ := good.([]any)
		if s.MaxItems != nil {
			add(slices.Repeat([]any{w.made(s.Items)}, *s.MaxItems+1), api.FieldTooMany)
		}
		for i := range list {
			for _, c := range w.wrong(s.Items, list[i]) {
				changed := slices.Clone(list)
				changed[i] = c.value
				all = append(all, wrong{"/" + strconv.Itoa(i) + c.pointer, changed, c.code})
			}
		}
	case huma.TypeObject:
		add("x", api.FieldInvalid)
		add([]any{}, api.FieldInvalid)
		object, _ := good.(map[string]any)
		with := func(name string, value any) map[string]any {
			changed := maps.Clone(object)
			changed[name] = value
			return changed
		}
		unheard := wrong{"/unheard_of", with("unheard_of", 1), api.FieldUnknown}
		if s.AdditionalProperties != false { // a map, of texts, numbers or lists
			unheard.code = api.FieldInvalid
			if values, ok := s.AdditionalProperties.(*huma.Schema); !ok || w.whole(values).Type != huma.TypeArray {
				unheard.value = with("unheard_of", []any{})
			}
		}
		all = append(all, unheard)
		for name, property := range s.Properties {
			if slices.Contains(s.Required, name) {
				changed := maps.Clone(object)
				delete(changed, name)
				all = append(all, wrong{"/" + name, changed, api.FieldRequired})
			}
			value, ok := object[name]
			if !ok {
				value = w.made(property)
			}
			for _, c := range w.wrong(property, value) {
				all = append(all, wrong{"/" + name + c.pointer, with(name, c.value), c.code})
			}
		}
	}
	return all
}

// wrongTexts are texts that a schema does not take, as they stand in an address too,
// with their codes.
func (w *walk) wrongTexts(s *huma.Schema) map[string]string {
	s = w.whole(s)
	all := map[string]string{}
	switch {
	case len(s.Enum) > 0:
		all["x"] = api.FieldUnknown
	case s.Type == huma.TypeBoolean || s.Format == "date-time":
		all["x"] = api.FieldInvalid
	}
	if s.MaxLength != nil {
		all[strings.Repeat("A", *s.MaxLength+1)] = api.FieldTooLong
	}
	if s.MinLength != nil && *s.MinLength > 1 {
		all[strings.Repeat("A", *s.MinLength-1)] = api.FieldTooShort
	}
	return all
}
