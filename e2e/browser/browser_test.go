//go:build e2e

package browser

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestBrowser_worksAPage(t *testing.T) {
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, `<input id=name><button id=greet onclick="
			result.textContent = 'Hello ' + document.getElementById('name').value + location.hash; result.hidden = false">Greet</button><p id=result hidden></p>`)
	}))
	t.Cleanup(page.Close)
	b, err := Start(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	for _, step := range []error{b.Open(page.URL + "/#token"), b.Fill("#name", "Élise"), b.Click("#greet"), b.Wait("#result")} {
		if step != nil {
			t.Fatal(step)
		}
	}
	if text, err := b.Text("#result"); err != nil || text != "Hello Élise#token" {
		t.Errorf("the page says %q (%v)", text, err)
	}
}
