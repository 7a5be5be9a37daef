//go:build e2e

package browser

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// begin starts a browser that ends with the test. do ends the test at the first of
// its steps that failed.
func begin(t *testing.T) (b *Browser, do func(steps ...error)) {
	t.Helper()
	b, err := Start(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b, func(steps ...error) {
		t.Helper()
		for _, err := range steps {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestBrowser_worksAPage(t *testing.T) {
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, `<input id=name><button id=greet onclick="
			result.textContent = 'Hello ' + document.getElementById('name').value + location.hash; result.hidden = false">Greet</button><p id=result hidden></p>`)
	}))
	t.Cleanup(page.Close)
	b, do := begin(t)
	do(b.Open(page.URL+"/#token"), b.Fill("#name", "Élise"), b.Click("#greet"), b.Wait("#result"))
	if text, err := b.Text("#result"); err != nil || text != "Hello Élise#token" {
		t.Errorf("the page says %q (%v)", text, err)
	}
}
