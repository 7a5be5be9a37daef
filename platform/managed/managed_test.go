package managed

import (
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
)

// of is a source with these values, which is found at place.
func of(place string, values ...value) source {
	return source{place: place, read: func() ([]value, error) { return values, nil }}
}

func TestKeys_eachSetsAFieldOfItsOwn(t *testing.T) {
	fields := reflect.TypeFor[Settings]()
	if fields.NumField() != len(Keys) {
		t.Fatalf("%d keys, %d settings", len(Keys), fields.NumField())
	}
	for _, k := range Keys {
		var data any = "en"
		if k.IsSwitch() {
			data = true
		} else if len(k.Choices) > 0 {
			data = k.Choices[0]
		}
		l := layer([]source{of("here", value{k.Name, data}), of("there", value{"Service", "x"})}, true)
		if got := reflect.ValueOf(l.Settings).FieldByName(k.Name); !got.IsValid() || got.Interface() != data || len(l.Faults) != 0 {
			t.Errorf("%s: %+v", k.Name, l)
		}
		if k.Meaning == "" {
			t.Errorf("%s has no meaning", k.Name)
		}
	}
}

// TestKeys_areInTheDocumentation: each with the row of its name.
func TestKeys_areInTheDocumentation(t *testing.T) {
	doc, err := os.ReadFile("../../docs/deployment.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range Keys {
		if !strings.Contains(string(doc), "\n| `"+k.Name+"` | ") {
			t.Errorf("%s has no row", k.Name)
		}
	}
}

func TestLayer(t *testing.T) {
	service := value{"Service", "https://one.example"}
	tests := map[string]struct {
		sources []source
		policy  bool
		want    Settings
		faults  []Fault
	}{
		"nothing": {policy: true},
		"all kinds": {
			[]source{of("p", service, value{"ServiceLocked", true}, value{"DisableDemo", 1.0}, value{"DisableUpdateNotice", 0.0}, value{"Language", "fr"})},
			true,
			Settings{Service: "https://one.example", ServiceLocked: true, DisableDemo: true, Language: "fr"},
			nil,
		},
		"the first place counts, key by key": {
			[]source{of("p", service), of("q", value{"Service", "https://two.example"}, value{"Proxy", "direct"})},
			true,
			Settings{Service: "https://one.example", Proxy: "direct"},
			nil,
		},
		"a no counts as well": {
			[]source{of("p", value{"DisableDemo", false}), of("q", value{"DisableDemo", true})}, true, Settings{}, nil,
		},
		"empty is not set": {
			[]source{of("p", value{"Service", "  "}), of("q", value{"Service", " https://two.example "})},
			true,
			Settings{Service: "https://two.example"},
			nil,
		},
		"case of a name does not count": {[]source{of("p", value{"disabledemo", true})}, true, Settings{DisableDemo: true}, nil},
		"a lock without a service": {
			[]source{of("p", value{"ServiceLocked", true})},
			true,
			Settings{ServiceLocked: true},
			[]Fault{{"p", "ServiceLocked", ReasonAlone}},
		},
		"the service from another place than the lock": {
			[]source{of("p", value{"ServiceLocked", true}), of("q", service)},
			true,
			Settings{Service: "https://one.example", ServiceLocked: true},
			nil,
		},
		"unknown is said, the rest counts": {
			[]source{of("p", service, value{"ServiceLock", true})},
			true,
			Settings{Service: "https://one.example"},
			[]Fault{{"p", "ServiceLock", ReasonUnknown}},
		},
		"unknown among those of other programs": {
			[]source{{place: "p", shared: true, read: of("p", service, value{"NSWindow Frame", "0 0"}).read}},
			false,
			Settings{Service: "https://one.example"},
			nil,
		},
		"twice": {
			[]source{of("p", value{"ServiceLocked", false}, value{"SERVICELOCKED", true})},
			true,
			Settings{},
			[]Fault{{"p", "SERVICELOCKED", ReasonTwice}},
		},
		"text for yes or no":            {[]source{of("p", value{"ServiceLocked", "true"})}, true, Settings{}, []Fault{{"p", "ServiceLocked", ReasonType}}},
		"number for yes or no":          {[]source{of("p", value{"ServiceLocked", 2.0})}, true, Settings{}, []Fault{{"p", "ServiceLocked", ReasonType}}},
		"yes for a text":                {[]source{of("p", value{"Service", true})}, true, Settings{}, []Fault{{"p", "Service", ReasonType}}},
		"null":                          {[]source{of("p", value{"Service", nil})}, true, Settings{}, []Fault{{"p", "Service", ReasonType}}},
		"list":                          {[]source{of("p", value{"Service", []any{"x"}})}, true, Settings{}, []Fault{{"p", "Service", ReasonType}}},
		"a language that Plenary lacks": {[]source{of("p", value{"Language", "tlh"})}, true, Settings{}, []Fault{{"p", "Language", ReasonValue}}},
		"a prohibition as a default":    {[]source{of("d", value{"ServiceLocked", true})}, false, Settings{}, []Fault{{"d", "ServiceLocked", ReasonPolicyOnly}}},
		"the place gives nothing": {
			[]source{{place: "p", read: func() ([]value, error) { return nil, errors.New("denied") }}, of("q", service)},
			true,
			Settings{Service: "https://one.example"},
			[]Fault{{"p", "", ReasonUnreadable}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			l := layer(tt.sources, tt.policy)
			if l.Settings != tt.want || !reflect.DeepEqual(l.Faults, tt.faults) {
				t.Errorf("got %+v", l)
			}
			if l.Has("Service") != (tt.want.Service != "") {
				t.Errorf("places %v", l.Places)
			}
		})
	}
}

func TestFault_isSeriousUnlessTheKeyIsUnknown(t *testing.T) {
	for reason, want := range map[string]bool{ReasonUnknown: false, ReasonType: true, ReasonOwner: true, ReasonPolicyOnly: true} {
		if got := (Fault{Reason: reason}).Serious(); got != want {
			t.Errorf("%s: %v", reason, got)
		}
	}
}

func TestParse(t *testing.T) {
	tests := map[string]struct {
		text string
		want []value // nil: it is no object of JSON
	}{
		"empty object":        {`{}`, []value{}},
		"values in order":     {` {"b": "x", "a": true, "b": 1} `, []value{{"b", "x"}, {"a", true}, {"b", 1.0}}},
		"byte order mark":     {"\xef\xbb\xbf{\"a\":\"x\"}", []value{{"a", "x"}}},
		"nothing":             {``, nil},
		"a list":              {`["Service"]`, nil},
		"a text":              {`"Service"`, nil},
		"cut":                 {`{"Service": "https://one.exam`, nil},
		"cut after a value":   {`{"Service": "x"`, nil},
		"comma at the end":    {`{"Service": "x",}`, nil},
		"something behind it": {`{"Service": "x"} {"ServiceLocked": true}`, nil},
		"a name that is none": {`{Service: "x"}`, nil},
		"UTF-16":              {"\xff\xfe{\x00}\x00", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := parse([]byte(tt.text))
			var reason fault
			if tt.want == nil {
				if !errors.As(err, &reason) || reason != ReasonFormat {
					t.Errorf("got %v, %v", got, err)
				}
				return
			}
			if err != nil || len(got) != len(tt.want) || len(got) > 0 && !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

// FuzzParse: whatever is in a file, it is read or refused, and what is read can
// be put into a layer.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"Service":"https://one.example","ServiceLocked":true}`))
	f.Add([]byte(`{"a":{"b":[1,2,{"c":null}]},"Language":3}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		values, err := parse(b)
		if err != nil && values != nil {
			t.Errorf("both %v and %v", values, err)
		}
		l := layer([]source{of("p", values...)}, true)
		if len(l.Places)+len(l.Faults) > len(values)+1 { // one more for a lock without a service
			t.Errorf("%d values became %+v", len(values), l)
		}
	})
}
