package httpapi

import (
	"path/filepath"
	"strings"
	"testing"

	"plenary/platform/files"
)

// The description that is checked in is what the Go types say.
func TestOpenAPI_isTheOneThatIsCheckedIn(t *testing.T) {
	now, err := OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("..", "..", "api", "openapi.yaml")
	kept, err := files.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	want, got := strings.Split(string(now), "\n"), strings.Split(string(kept), "\n")
	for i := range max(len(want), len(got)) {
		w, g := "(nothing)", "(nothing)"
		if i < len(want) {
			w = want[i]
		}
		if i < len(got) {
			g = got[i]
		}
		if w != g {
			t.Fatalf("%s is not what api/ says: make openapi\nline %d: %s\nnow:    %s", path, i+1, g, w)
		}
	}
}
