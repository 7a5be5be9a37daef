package policy

import (
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"plenary/api"
)

// Check says what is wrong with policies: values outside of the ranges that the
// contract gives (the tags of api.Policies), budgets that contradict each other,
// networks that are none or are there twice. No network may hold all addresses,
// and those of IPv4 are written as such: ::ffff:192.0.2.0/120 would never match.
func Check(p api.Policies) []api.FieldError {
	wrong := ranges("", reflect.ValueOf(p), "")
	bad := func(pointer, code string) { wrong = append(wrong, api.FieldError{Pointer: pointer, Code: code}) }
	if p.Limits.AccountFailures < p.Limits.IdentifierFailures {
		bad("/limits/account_failures", api.FieldOutOfRange)
	}
	if p.Sessions.KeptAbsoluteDays < p.Sessions.KeptIdleDays {
		bad("/sessions/kept_absolute_days", api.FieldOutOfRange)
	}
	if p.Sessions.AbsoluteHours < p.Sessions.IdleHours {
		bad("/sessions/absolute_hours", api.FieldOutOfRange)
	}
	seen := map[netip.Prefix]bool{}
	for i, n := range p.Networks {
		prefix, err := netip.ParsePrefix(n.Network)
		if err != nil || prefix != prefix.Masked() || prefix.Bits() == 0 || prefix.Addr().Is4In6() || seen[prefix] {
			bad(fmt.Sprintf("/networks/%d/network", i), api.FieldInvalid)
		}
		seen[prefix] = true
		if strings.ContainsFunc(n.Name, unicode.IsControl) {
			bad(fmt.Sprintf("/networks/%d/name", i), api.FieldInvalid)
		}
	}
	return wrong
}

// ranges holds a value, and all that is in it, against the tags of its fields.
func ranges(pointer string, v reflect.Value, tag reflect.StructTag) (wrong []api.FieldError) {
	bad := func(code string) { wrong = append(wrong, api.FieldError{Pointer: pointer, Code: code}) }
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			wrong = append(wrong, ranges(pointer+"/"+name, v.Field(i), field.Tag)...)
		}
	case reflect.Slice:
		if most, ok := bound(tag, "maxItems"); ok && v.Len() > most {
			bad(api.FieldTooMany)
		}
		for i := range v.Len() {
			wrong = append(wrong, ranges(fmt.Sprintf("%s/%d", pointer, i), v.Index(i), "")...)
		}
	case reflect.Int:
		least, hasLeast := bound(tag, "minimum")
		most, hasMost := bound(tag, "maximum")
		if n := int(v.Int()); hasLeast && n < least || hasMost && n > most {
			bad(api.FieldOutOfRange)
		}
	case reflect.String:
		if choices, ok := tag.Lookup("enum"); ok && !slices.Contains(strings.Split(choices, ","), v.String()) {
			bad(api.FieldUnknown)
		}
		if most, ok := bound(tag, "maxLength"); ok && utf8.RuneCountInString(v.String()) > most {
			bad(api.FieldTooLong)
		}
	}
	return wrong
}

func bound(tag reflect.StructTag, name string) (int, bool) {
	n, err := strconv.Atoi(tag.Get(name))
	return n, err == nil
}
