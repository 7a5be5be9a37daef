package screens

import "plenary/api"

// appCode says why a code of the authenticator app was refused. Most often the clock of
// the phone is off: from the second time on that is said, with the time by the service.
type appCode struct{ refused int }

// wrong adds that to the words of a refusal.
func (a *appCode) wrong(env Env, words string) string {
	if a.refused++; a.refused < 2 {
		return words
	}
	return words + " " + env.phoneClock("account.phone-clock")
}

// phoneClock is a text about the clock of a phone, which gives the time by the service.
func (e Env) phoneClock(key string) string {
	return e.T(key, map[string]any{"Time": e.Words.Time(e.Now())})
}

// clockOff tells of the refusal of a code, in words, that the clock of the phone is
// ahead or behind; nothing where it is not known.
func (e Env) clockOff(err error) string {
	for _, wrong := range e.Explain(err).Fields {
		switch wrong.Code {
		case api.FieldClockAhead:
			return e.phoneClock("settings.twostep.clock-ahead")
		case api.FieldClockBehind:
			return e.phoneClock("settings.twostep.clock-behind")
		}
	}
	return ""
}
