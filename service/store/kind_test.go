package store

import "testing"

func TestFileURI(t *testing.T) {
	for path, want := range map[string]string{
		"/var/lib/plenary/plenary.db":       "file:///var/lib/plenary/plenary.db",
		"/with space & sign?/100%/a#b.db":   "file:///with%20space%20&%20sign%3F/100%25/a%23b.db",
		"C:/Users/Zoé Müller 会议/plenary.db": "file:///C:/Users/Zo%C3%A9%20M%C3%BCller%20%E4%BC%9A%E8%AE%AE/plenary.db",
		"//host/share/plenary.db":           "file:////host/share/plenary.db",
	} {
		if got := fileURI(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}
