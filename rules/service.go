package rules

import "encoding/json"

// ServiceStatement is what a service signs to prove at an address that it is the service
// of an id, to whoever has made up the challenge. The address is the service's public one:
// another one would make whoever stands between look like the service.
func ServiceStatement(id, address, challenge string) []byte {
	text, err := json.Marshal([]string{"plenary-service-1", id, address, challenge})
	if err != nil {
		panic("rules: JSON of strings: " + err.Error())
	}
	return text
}
