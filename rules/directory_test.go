package rules

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"plenary/api"
)

func some(n int) []api.Organization {
	list := make([]api.Organization, n)
	for i := range list {
		list[i] = api.Organization{ID: fmt.Sprint("id", i), Name: fmt.Sprint("École <n° ", i, ">"), Country: "CH", Membership: "academia", Domain: "example.org"}
	}
	return list
}

func encoded(t testing.TB, list []api.Organization) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := EncodeDirectory(&b, list); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDirectory_comesBackAsItWas(t *testing.T) {
	for _, n := range []int{0, 1, 1000} {
		data := encoded(t, some(n))
		got, err := DecodeDirectory(bytes.NewReader(data))
		if err != nil || !slices.Equal(got, some(n)) {
			t.Errorf("%d entries come back as %d, %v", n, len(got), err)
		}
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if got, err = DecodeDirectory(z); err != nil || !slices.Equal(got, some(n)) {
			t.Errorf("%d entries without gzip come back as %d, %v", n, len(got), err)
		}
	}
}

func TestDecodeDirectory_knowsWhatIsNotWhole(t *testing.T) {
	data := encoded(t, some(100))
	for cut := 2; cut < len(data); cut += 7 {
		if got, err := DecodeDirectory(bytes.NewReader(data[:cut])); !errors.Is(err, ErrDirectory) || got != nil {
			t.Errorf("cut at %d of %d: %d entries, %v", cut, len(data), len(got), err)
		}
	}
	line := `{"id":"a","name":"A","country":"CH","membership":"academia"}` + "\n"
	for name, text := range map[string]string{
		"HTML":         "<html>captive portal</html>\n",
		"twice":        line + line,
		"no id":        `{"name":"A"}` + "\n",
		"no name":      `{"id":"a","name":" "}` + "\n",
		"controls":     `{"id":"a","name":"A\u0000"}` + "\n",
		"long name":    `{"id":"a","name":"` + strings.Repeat("x", 201) + `"}` + "\n",
		"long line":    `{"id":"a","name":"A","more":"` + strings.Repeat("x", 5000) + `"}` + "\n",
		"a blank line": line + "\n" + line,
		"half a line":  line + line[:20],
	} {
		if got, err := DecodeDirectory(strings.NewReader(text)); !errors.Is(err, ErrDirectory) || got != nil {
			t.Errorf("%s: %d entries, %v", name, len(got), err)
		}
	}
}

func TestDecodeDirectory_isBounded(t *testing.T) {
	// A small stream that unpacks to endless lines.
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	for i := range MaxOrganizations + 1 {
		fmt.Fprintf(z, `{"id":"%d","name":"A"}`+"\n", i)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := DecodeDirectory(&b); !errors.Is(err, ErrDirectory) {
		t.Errorf("more than there may be: %v", err)
	}
	if err := EncodeDirectory(brokenWriter{}, some(100_000)); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("a full disk: %v", err)
	}
}

// brokenWriter forces the fault of a full disk.
type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func FuzzDecodeDirectory(f *testing.F) {
	f.Add(encoded(f, some(3)))
	f.Add([]byte(`{"id":"a","name":"A"}`))
	f.Add([]byte("\x1f\x8b"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := DecodeDirectory(bytes.NewReader(data))
		if err != nil {
			return
		}
		again, err := DecodeDirectory(bytes.NewReader(encoded(t, got)))
		if err != nil || !slices.Equal(got, again) {
			t.Errorf("%d entries come back as %d, %v", len(got), len(again), err)
		}
	})
}
