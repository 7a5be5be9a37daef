package rules

import "plenary/api"

// MaxName is the longest name of a person in characters.
const MaxName = 100

// ValidateRegisterFor judges the registration of somebody else as ValidateRegister does
// that of the person.
func ValidateRegisterFor(m *api.Meeting, r *api.RegisterFor) []api.FieldError {
	var errs []api.FieldError
	add := func(pointer, code string) {
		if code != "" {
			errs = append(errs, api.FieldError{Pointer: pointer, Code: code})
		}
	}
	add("/first_name", validateLine(r.FirstName, MaxName, false))
	first, _ := Line(r.FirstName)
	add("/family_name", validateLine(r.FamilyName, MaxName, first == ""))
	if email := Typed(r.Email); email != "" {
		if _, err := ParseEmail(email); err != nil {
			add("/email", api.FieldInvalid)
		}
	}
	errs = append(errs, ValidateRegister(m, &r.Register)...)
	if r.Visa || r.Passport != nil {
		add("/visa", api.FieldNotAccepted) // a passport is for its owner to give
	}
	return errs
}

// CleanRegisterFor is a registration that ValidateRegisterFor accepts, as it is kept.
func CleanRegisterFor(m *api.Meeting, r api.RegisterFor) api.RegisterFor {
	r.FirstName, _ = Line(r.FirstName)
	r.FamilyName, _ = Line(r.FamilyName)
	if email := Typed(r.Email); email != "" {
		r.Email, _ = ParseEmail(email)
	} else {
		r.Email = ""
	}
	r.Register = CleanRegister(m, r.Register)
	return r
}
