package notify

import (
	"encoding/xml"
	"fmt"
)

// toast is a notification as Windows wants it (the schema of toasts, ToastGeneric): a click
// opens a link by the protocol that its beginning names.
type toast struct {
	XMLName    xml.Name `xml:"toast"`
	Launch     string   `xml:"launch,attr,omitempty"`
	Activation string   `xml:"activationType,attr,omitempty"`
	Binding    struct {
		Template string   `xml:"template,attr"`
		Texts    []string `xml:"text"`
	} `xml:"visual>binding"`
}

func toastXML(what Notification) (string, error) {
	var t toast
	if what.Link != "" {
		t.Launch, t.Activation = what.Link, "protocol"
	}
	t.Binding.Template, t.Binding.Texts = "ToastGeneric", []string{plain(what.Title), plain(what.Text)}
	text, err := xml.Marshal(t)
	if err != nil {
		return "", fmt.Errorf("notify: %w", err)
	}
	return string(text), nil
}
