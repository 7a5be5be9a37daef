package httpapi

import (
	"strings"
	"testing"

	"plenary/api"
)

// Only the role visa, and the person, read a passport; neither a manager nor an
// administrator does. Nothing of it gets into the service's own log.
func TestVisa_overHTTP(t *testing.T) {
	w := &walk{server: serve(t, nil)}
	w.meeting()
	w.amina, w.boss = w.account("amina"), w.account("boss", api.RoleAdministrator, api.RoleMeetingManager)
	officer := w.account("officer", api.RoleVisa)
	number := w.visaCase()
	wrong := registerOperation(1)
	wrong.Payload = []byte(`{"meeting":"` + meetingCode + `","participation":"onsite","badge_name":"A","visa":true,"passport":{"number":"A0123456","birth":1980}}`)
	if r := w.deliver(w.boss, wrong); r.Outcome != api.RefusedResult {
		t.Errorf("a passport that cannot be read: %+v", r)
	}
	for name, c := range map[string]struct {
		who        api.Session
		list, read int
	}{
		"amina":                     {w.amina, 403, 200},
		"manager and administrator": {w.boss, 403, 404},
		"officer":                   {officer, 200, 200},
	} {
		list, read := w.call(c.who, "GET", "/v1/visas", nil), w.call(c.who, "GET", "/v1/visas/"+number, nil)
		if list.StatusCode != c.list || read.StatusCode != c.read {
			t.Errorf("%s: %d, %d", name, list.StatusCode, read.StatusCode)
		}
		if strings.Contains(string(list.body), "A0123456") || strings.Contains(string(read.body), "A0123456") != (c.read == 200) {
			t.Errorf("%s: %s %s", name, list.body, read.body)
		}
	}
	if logged := w.log.String(); strings.Contains(logged, "A0123456") || strings.Contains(logged, "Thies") || !strings.Contains(logged, "/v1/visas") {
		t.Errorf("the log: %s", logged)
	}
}
