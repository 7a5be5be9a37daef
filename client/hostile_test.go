package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"plenary/client"
)

// Files are named after a meeting's code, its sessions say when it is,
// and the form begins with the ways to take part.
func TestMeetings_ofAHostileServiceAreRefused(t *testing.T) {
	good := `{"code":"C-00000001","sessions":[{"title":{"en":"x"},"start":"2026-05-12T07:00:00Z","end":"2026-05-12T08:00:00Z"}],"participation":["onsite"]}`
	for name, bad := range map[string]string{
		"a path":      strings.Replace(good, "C-00000001", "../../evil", 1),
		"a long code": strings.Replace(good, "C-00000001", "C-00000001x", 1),
		"no code":     strings.Replace(good, "C-00000001", "", 1),
		"no sessions": `{"code":"C-00000001","sessions":[],"participation":["onsite"]}`,
		"no way in":   strings.Replace(good, `["onsite"]`, `[]`, 1),
		"null":        `null`,
	} {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			plenaryHeaders(w)
			if r.URL.Path == "/v1/meetings" {
				fmt.Fprintf(w, `{"meetings":[%s]}`, bad)
				return
			}
			fmt.Fprint(w, bad)
		})
		c := newClient(t, s.URL, client.Options{})
		if list, _, _, err := c.Meetings(t.Context(), ""); !errors.Is(err, client.ErrBrokenAnswer) || list.Meetings != nil {
			t.Errorf("%s: the list has %d, %v", name, len(list.Meetings), err)
		}
		for _, code := range []string{"C-00000001", "../../evil", "C-00000001x", ""} {
			if _, err := c.Meeting(t.Context(), code); !errors.Is(err, client.ErrBrokenAnswer) {
				t.Errorf("%s: %q is %v", name, code, err)
			}
		}
	}
}
