package managed

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/windows/registry"
)

// testKey makes a key of the registry for this test alone, and removes it.
func testKey(t *testing.T) (registry.Key, string) {
	t.Helper()
	path := fmt.Sprintf(`Software\Plenary-test-%d-%s`, os.Getpid(), strings.ReplaceAll(t.Name(), "/", "-"))
	k, _, err := registry.CreateKey(registry.CURRENT_USER, path, registry.ALL_ACCESS|registry.WOW64_64KEY)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		k.Close()
		if err := registry.DeleteKey(registry.CURRENT_USER, path); err != nil {
			t.Error(err)
		}
	})
	return k, path
}

func TestRegistry_everyKeyIsRead(t *testing.T) {
	k, path := testKey(t)
	for _, key := range Keys {
		var err error
		switch {
		case key.IsSwitch():
			err = k.SetDWordValue(key.Name, 1)
		case len(key.Choices) > 0:
			err = k.SetStringValue(key.Name, key.Choices[0])
		default:
			err = k.SetStringValue(key.Name, "Zoé 会议")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	l := layer([]source{registryKey(registry.CURRENT_USER, path)}, true)
	if len(l.Faults) != 0 || len(l.Places) != len(Keys) || !l.ServiceLocked || l.Service != "Zoé 会议" {
		t.Errorf("got %+v", l)
	}
	if l.Places["Service"] != `HKEY_CURRENT_USER\`+path {
		t.Errorf("place is %s", l.Places["Service"])
	}
}

func TestRegistry_whatHasAnotherTypeIsAFault(t *testing.T) {
	t.Setenv("PLENARY_TEST_FOLDER", `C:\Example`)
	k, path := testKey(t)
	for _, err := range []error{
		k.SetStringValue("ServiceLocked", "1"),
		k.SetDWordValue("Service", 1),
		k.SetStringsValue("Proxy", []string{"a", "b"}),
		k.SetBinaryValue("Language", []byte{1}),
		k.SetDWordValue("DisableDemo", 2),
		k.SetStringValue("LogLevel", ""),
		k.SetStringValue("Colour", "blue"),
		k.SetExpandStringValue("CAFile", `%PLENARY_TEST_FOLDER%\ca.pem`),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	l := layer([]source{registryKey(registry.CURRENT_USER, path)}, true)
	reasons := map[string]string{}
	for _, f := range l.Faults {
		reasons[f.Key] = f.Reason
	}
	want := map[string]string{
		"ServiceLocked": ReasonType, "Service": ReasonType, "Proxy": ReasonType, "Language": ReasonType, "DisableDemo": ReasonType, "Colour": ReasonUnknown,
	}
	if fmt.Sprint(reasons) != fmt.Sprint(want) {
		t.Errorf("got %v", reasons)
	}
	if l.CAFile != `C:\Example\ca.pem` || l.Has("LogLevel") {
		t.Errorf("got %+v", l)
	}
}

func TestRegistry_aKeyThatIsNotThereSetsNothing(t *testing.T) {
	if l := layer([]source{registryKey(registry.CURRENT_USER, `Software\Plenary-test-none`)}, true); len(l.Places)+len(l.Faults) != 0 {
		t.Errorf("got %+v", l)
	}
}
