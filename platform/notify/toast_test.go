package notify

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

func TestToastXML_isTextWhateverItSays(t *testing.T) {
	title := `$(calc) "quoted" 'single' </text><action content="x"/> & ` + "`back`\u202e\x00 المنتدى"
	text, err := toastXML(Notification{Title: title, Text: "Starts in 10 minutes\nat 14:00", Link: `plenary://example.int/m/C-00016105"&<`})
	if err != nil {
		t.Fatal(err)
	}
	var back toast
	if err := xml.Unmarshal([]byte(text), &back); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	want := `$(calc) "quoted" 'single' </text><action content="x"/> & ` + "`back` المنتدى"
	if got := back.Binding.Texts; len(got) != 2 || got[0] != want || got[1] != "Starts in 10 minutes at 14:00" {
		t.Errorf("the texts are %q, want %q", got, want)
	}
	if back.Launch != `plenary://example.int/m/C-00016105"&<` || back.Activation != "protocol" {
		t.Errorf("a click opens %q by %q", back.Launch, back.Activation)
	}
	var names []string
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok {
			names = append(names, start.Name.Local)
		}
	}
	if got := strings.Join(names, " "); got != "toast visual binding text text" {
		t.Errorf("the elements are %s", got)
	}
}

func TestPlain_isShort(t *testing.T) {
	if got := plain(strings.Repeat("ä", 400)); got != strings.Repeat("ä", most)+"…" {
		t.Errorf("%d bytes", len(got))
	}
}
