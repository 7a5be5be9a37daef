package packaging

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"plenary/platform/managed"
)

// admx is what a Group Policy template says, as far as Plenary's uses it.
type admx struct {
	Supported  []admxNamed  `xml:"supportedOn>definitions>definition"`
	Categories []admxNamed  `xml:"categories>category"`
	Policies   []admxPolicy `xml:"policies>policy"`
}

type admxNamed struct {
	Name        string `xml:"name,attr"`
	DisplayName string `xml:"displayName,attr"`
}

type admxPolicy struct {
	admxNamed
	Class        string `xml:"class,attr"`
	ExplainText  string `xml:"explainText,attr"`
	Presentation string `xml:"presentation,attr"`
	Key          string `xml:"key,attr"`
	ValueName    string `xml:"valueName,attr"`
	Enabled      *struct {
		Value string `xml:"value,attr"`
	} `xml:"enabledValue>decimal"`
	Disabled *struct {
		Value string `xml:"value,attr"`
	} `xml:"disabledValue>decimal"`
	Text *admxElement `xml:"elements>text"`
	Enum *admxElement `xml:"elements>enum"`
}

type admxElement struct {
	ID        string `xml:"id,attr"`
	ValueName string `xml:"valueName,attr"`
	Required  bool   `xml:"required,attr"`
	Items     []struct {
		DisplayName string `xml:"displayName,attr"`
		Value       string `xml:"value>string"`
	} `xml:"item"`
}

// adml is the words of an admx in one language.
type adml struct {
	Strings []struct {
		ID   string `xml:"id,attr"`
		Text string `xml:",chardata"`
	} `xml:"resources>stringTable>string"`
	Presentations []struct {
		ID      string `xml:"id,attr"`
		TextBox *struct {
			RefID string `xml:"refId,attr"`
			Label string `xml:"label"`
		} `xml:"textBox"`
		List *struct {
			RefID string `xml:"refId,attr"`
			Label string `xml:",chardata"`
		} `xml:"dropdownList"`
	} `xml:"resources>presentationTable>presentation"`
}

func readXML[T any](t *testing.T, path string) T {
	t.Helper()
	var v T
	b, err := os.ReadFile(path)
	if err == nil {
		err = xml.Unmarshal(b, &v)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return v
}

const policyKey = `Software\Policies\Plenary`

// TestPolicy_setsWhatPlenaryReads compares the template with platform/managed:
// the same keys in the same order, of the same kinds and values.
func TestPolicy_setsWhatPlenaryReads(t *testing.T) {
	template := readXML[admx](t, "windows/policy/Plenary.admx")
	var names, keys []string
	for _, p := range template.Policies {
		names = append(names, p.Name)
	}
	for _, k := range managed.Keys {
		keys = append(keys, k.Name)
	}
	if !slices.Equal(names, keys) {
		t.Fatalf("the template has %v, managed.Keys %v", names, keys)
	}
	for i, p := range template.Policies {
		key := managed.Keys[i]
		if p.Class != "Machine" || p.Key != policyKey {
			t.Errorf("%s is of %s %s, want Machine %s", p.Name, p.Class, p.Key, policyKey)
		}
		if key.IsSwitch() {
			if p.ValueName != key.Name || p.Enabled == nil || p.Enabled.Value != "1" ||
				p.Disabled == nil || p.Disabled.Value != "0" || p.Text != nil || p.Enum != nil {
				t.Errorf("%s is not a switch of 1 and 0", p.Name)
			}
			continue
		}
		element := p.Text
		if len(key.Choices) > 0 {
			element = p.Enum
		}
		if element == nil || (p.Text != nil) == (p.Enum != nil) || p.ValueName != "" || p.Enabled != nil || p.Disabled != nil {
			t.Errorf("%s is not the one text that managed has, with choices %q", p.Name, key.Choices)
			continue
		}
		if element.ID != key.Name || element.ValueName != key.Name || !element.Required {
			t.Errorf("%s has the element %+v", p.Name, element)
		}
		var values []string
		for _, item := range element.Items {
			values = append(values, item.Value)
		}
		if !slices.Equal(values, key.Choices) {
			t.Errorf("%s offers %q, managed takes %q", p.Name, values, key.Choices)
		}
	}
}

// TestPolicy_saysInBothLanguagesWhatItSets: every text that the template names is
// there, none is left over, and the English ones are those of platform/managed.
func TestPolicy_saysInBothLanguagesWhatItSets(t *testing.T) {
	template := readXML[admx](t, "windows/policy/Plenary.admx")
	wanted := map[string]bool{}
	want := func(reference string) {
		id, ok := strings.CutPrefix(reference, "$(string.")
		if !ok || !strings.HasSuffix(id, ")") {
			t.Errorf("%q is no reference to a text", reference)
		}
		wanted[strings.TrimSuffix(id, ")")] = true
	}
	for _, c := range slices.Concat(template.Supported, template.Categories) {
		want(c.DisplayName)
	}
	elements := map[string]*admxElement{}
	for _, p := range template.Policies {
		want(p.DisplayName)
		want(p.ExplainText)
		for _, e := range []*admxElement{p.Text, p.Enum} {
			if e == nil {
				continue
			}
			elements[p.Name] = e
			if p.Presentation != "$(presentation."+p.Name+")" {
				t.Errorf("%s is presented by %q", p.Name, p.Presentation)
			}
			for _, item := range e.Items {
				want(item.DisplayName)
			}
		}
	}
	explained := map[string]map[string]string{}
	for _, language := range []string{"en-US", "fr-FR"} {
		words := readXML[adml](t, filepath.Join("windows/policy", language, "Plenary.adml"))
		texts := map[string]string{}
		for _, s := range words.Strings {
			if s.Text == "" || texts[s.ID] != "" {
				t.Errorf("%s: the text %s is empty, or there twice", language, s.ID)
			}
			texts[s.ID] = s.Text
			if !wanted[s.ID] {
				t.Errorf("%s: nothing uses the text %s", language, s.ID)
			}
		}
		for id := range wanted {
			if texts[id] == "" {
				t.Errorf("%s: the text %s is missing", language, id)
			}
		}
		shown := map[string]bool{}
		for _, p := range words.Presentations {
			e := elements[p.ID]
			switch {
			case e == nil || shown[p.ID]:
				t.Errorf("%s: the presentation %s is of nothing, or there twice", language, p.ID)
			case len(e.Items) > 0 && (p.List == nil || p.List.RefID != e.ID || p.List.Label == ""),
				len(e.Items) == 0 && (p.TextBox == nil || p.TextBox.RefID != e.ID || p.TextBox.Label == ""):
				t.Errorf("%s: %s is not presented as what it is", language, p.ID)
			}
			shown[p.ID] = true
		}
		if len(shown) != len(elements) {
			t.Errorf("%s presents %v of %d", language, shown, len(elements))
		}
		explained[language] = texts
	}
	for _, key := range managed.Keys {
		en, fr := explained["en-US"][key.Name+"_Explain"], explained["fr-FR"][key.Name+"_Explain"]
		if en != key.Meaning {
			t.Errorf("%s is explained by %q, managed says %q", key.Name, en, key.Meaning)
		}
		if fr == en {
			t.Errorf("%s is not translated", key.Name)
		}
	}
	if reflect.DeepEqual(explained["en-US"], explained["fr-FR"]) {
		t.Error("the two languages are one")
	}
}
