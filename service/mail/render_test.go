package mail

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"image/png"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service/store/storetest"
	"plenary/words"
)

var info = Info{Organization: "Example Organization", ServiceDesk: "servicedesk@example.int", FAQ: "https://plenary.example.int/faq"}

func render(t *testing.T, m Message) Rendered {
	t.Helper()
	r, err := Render(info, m)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The sentences of sources/forgotten-password.txt, step 2.
func TestRender_resetSaysWhatTheSourceSays(t *testing.T) {
	r := render(t, reset("ana@example.org"))
	at := 0
	for _, sentence := range []string{
		"We have received a request to reset your password.",
		"Please click the link to reset your password:",
		"Reset link",
		"If you require any further assistance, please contact us on servicedesk@example.int.",
		"Thank you.",
		"With best regards,",
		"Example Organization User Management Service",
	} {
		i := strings.Index(r.Text[at:], sentence)
		if i < 0 {
			t.Fatalf("%q is missing, or not in its place, in:\n%s", sentence, r.Text)
		}
		at += i
	}
	for _, want := range []string{"https://plenary.example.int/reset#SECRETTOKEN", "ABCDE-FGHJK", "username ana"} {
		if !strings.Contains(r.Text, want) || !strings.Contains(r.HTML, want) {
			t.Errorf("%q is missing in text or HTML", want)
		}
	}
}

func TestRender_everyTemplateInEveryLanguage(t *testing.T) {
	params := map[string]string{
		"Username": "ana", "Name": "Ana", "Number": "R-7F3K-92QD", "Meeting": "X.509 Day", "MeetingCode": "C-00016512",
		"Dates": "12 Jan 2027", "Place": "Geneva", "Participation": api.OnSite, "State": api.WaitingSecretariat,
		"Reason": "no", "Contact": "meetings@example.int", "Companions": "Bo", "Machine": "Linux", "Failures": "yes",
		"When": "12 Jan 2027", "Address": "a••••••@••••••.org", "Left": "3", "Roles": "administrator",
		"What": "the roles of bo", "User": "bo", "By": "ada", "Until": "5 Jan 2027, 12:00 (UTC+1)",
		"Fields": "Meals", "Lines": "R-7F3K-92QD: Meals", "Count": "1", "More": "3",
		"For": "Kenya Union", "Kind": api.FocalPoint, "Waiting": "3", "RegisteredBy": "Bo",
		"Subject": "Another room", "Text": "Please come to room 2.",
	}
	for _, tpl := range templates {
		template := tpl.name
		for _, l := range words.Letters() {
			lang := l.Code
			r := render(t, Message{
				To: "ana@example.org", Language: lang, Template: template, Params: params,
				Secrets: map[string]string{Link: "https://x.example/#t", Code: "ABCDE-FGHJK"}, QR: "R7F3K92QD", Calendar: "BEGIN:VCALENDAR",
			})
			for _, s := range []string{r.Subject, r.Text, r.HTML} {
				if s == "" || strings.Contains(s, "<no value>") || strings.Contains(s, "mail.") || strings.Contains(s, "{{") {
					t.Errorf("%s in %s: %s", template, lang, s)
				}
			}
		}
	}
}

func TestRender_acknowledgementIsNoConfirmation(t *testing.T) {
	for state, want := range map[string]string{
		api.WaitingSecretariat: "This is not a confirmation yet. The secretariat decides",
		api.WaitingFocalPoint:  "This is not a confirmation yet. The focal point of your organization decides",
	} {
		r := render(t, Message{Template: RegistrationReceived, Language: "en", Params: map[string]string{"State": state, "Meeting": "M"}})
		if !strings.Contains(r.Text, want) {
			t.Errorf("%s:\n%s", state, r.Text)
		}
	}
}

func TestRender_escapesWhatPeopleTyped(t *testing.T) {
	r := render(t, Message{Template: RegistrationRefused, Language: "en", Params: map[string]string{
		"Name":    `<script>alert(1)</script>`,
		"Meeting": "Day\r\nBcc: everybody@example.org",
		"Reason":  `"><img src=x>` + "\u202eevil",
	}})
	if strings.Contains(r.HTML, "<script") || strings.Contains(r.HTML, "<img src=x") {
		t.Error("HTML of people's own")
	}
	if strings.ContainsAny(r.Subject, "\r\n") || strings.Contains(r.Text, "\u202e") {
		t.Errorf("control characters are left: %q", r.Subject)
	}
}

func TestRender_activationRepeatsNoNames(t *testing.T) {
	m := reset("ana@example.org")
	m.Template, m.Params["Name"] = Activate, "Buy at evil.example"
	if r := render(t, m); strings.Contains(r.Text, "evil.example") {
		t.Errorf("the e-mail to an address that nobody has verified carries other people's texts:\n%s", r.Text)
	}
}

func TestRender_erasedSecretsAreSaid(t *testing.T) {
	m := reset("ana@example.org")
	m.Secrets = nil
	if r := render(t, m); !strings.Contains(r.Text, "no longer valid") {
		t.Error(r.Text)
	}
}

// A confirmation as it arrives: text, HTML with the QR code in it, calendar.
func TestConfirmation_onTheWire(t *testing.T) {
	server := newMailServer(t)
	p := newPost(t, storetest.SQLite(t), serverOf(server.Host, server.Port))
	p.queue(Message{
		To: "ana@example.org", Language: "fr", Template: RegistrationConfirmed,
		Params:  map[string]string{"Name": "Ana", "Meeting": "Journée X.509\r\nBcc: everybody@example.org", "Number": "R-7F3K-92QD", "Participation": api.OnSite},
		Subject: "R-7F3K-92QD", QR: "R7F3K92QD", Calendar: "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nEND:VCALENDAR\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n",
	})
	ofTest, asked := p.Info, ""
	p.Info = func(ctx context.Context) (Info, error) {
		i, err := ofTest(ctx)
		i.Confirm = func(_ context.Context, number, language string) (Confirmation, error) {
			asked = number + " " + language
			return Confirmation{Code: strings.Repeat("A7", 67) + "0", PDF: []byte("%PDF-1.3 of a confirmation")}, nil
		}
		return i, err
	}
	if p.round() != 1 {
		t.Fatal("not sent")
	}
	m := server.Inbox()[0].Message(t)
	if asked != "R-7F3K-92QD fr" {
		t.Errorf("the confirmation is of %q", asked)
	}
	if m.Header.Get("Bcc") != "" {
		t.Error("a title made a header")
	}
	if got := m.Header.Get("Auto-Submitted"); got != "auto-generated" {
		t.Errorf("Auto-Submitted: %q", got)
	}
	if !strings.HasSuffix(m.Header.Get("Message-Id"), "@example.int>") {
		t.Errorf("Message-ID: %q", m.Header.Get("Message-Id"))
	}
	parts := map[string][]byte{}
	collect(t, m.Header.Get("Content-Type"), m.Body, parts)
	if !bytes.Contains(parts["text/plain"], []byte("R-7F3K-92QD")) || !bytes.Contains(parts["text/html"], []byte("cid:qr")) {
		t.Error("number or QR code is missing in text or HTML")
	}
	if !bytes.Contains(parts["text/calendar"], []byte("BEGIN:VCALENDAR")) {
		t.Errorf("no calendar entry among %d parts", len(parts))
	}
	for _, want := range []string{"method=CANCEL", `"meeting.ics"`, "method=REQUEST", `"meeting-2.ics"`} {
		if !strings.Contains(server.Inbox()[0].Data, want) {
			t.Errorf("%s is missing in:\n%s", want, server.Inbox()[0].Data)
		}
	}
	if !bytes.HasPrefix(parts["application/pdf"], []byte("%PDF-")) || !bytes.Contains(parts["text/plain"], []byte("Le PDF ci-joint")) {
		t.Errorf("no PDF: %q", parts["application/pdf"])
	}
	picture, err := png.Decode(bytes.NewReader(parts["image/png"]))
	if err != nil {
		t.Fatal(err)
	}
	if b := picture.Bounds(); b.Dx() != (41+8)*8 || b.Dx() != b.Dy() {
		t.Errorf("QR code of %v", b)
	}
}

// collect takes a message's parts apart, decoded, by media type.
func collect(t *testing.T, contentType string, body io.Reader, into map[string][]byte) {
	t.Helper()
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(media, "multipart/") {
		t.Fatalf("media type %s", media)
	}
	r := multipart.NewReader(body, params["boundary"])
	for {
		p, err := r.NextPart() // decodes quoted-printable
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(p.Header.Get("Content-Type"), "multipart/") {
			collect(t, p.Header.Get("Content-Type"), p, into)
			continue
		}
		var content io.Reader = p
		if p.Header.Get("Content-Transfer-Encoding") == "base64" {
			content = base64.NewDecoder(base64.StdEncoding, p)
		}
		data, err := io.ReadAll(content)
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
		into[kind] = data
	}
}

func TestRender_repeatsNothingToAnAddressThatNobodyHasVerified(t *testing.T) {
	m := Message{
		To: "victim@example.org", Language: "en", Template: Activate,
		Params:  map[string]string{"Name": "Win at evil.example", "Username": "www.evil.example", "Organization": "evil.example"},
		Secrets: map[string]string{Link: "https://accounts.example.org/activate#T", Code: "ABCDE-FGHJK"},
	}
	r, err := Render(Info{Organization: "Example", ServiceDesk: "desk@example.org"}, m)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(r.Subject+r.Text+r.HTML, "evil") {
		t.Errorf("the e-mail says\n%s", r.Text)
	}
	m.Template = Active
	if r, err = Render(Info{Organization: "Example"}, m); err != nil || !strings.Contains(r.Text, "www.evil.example") {
		t.Errorf("the one after the activation does not tell the username: %v", err)
	}
}

func TestRender_resetSaysWhenAndByWhatItWasAskedFor(t *testing.T) {
	m := Message{To: "ana@example.org", Language: "en", Template: Reset, Secrets: map[string]string{Link: "https://x.example/#t", Code: "ABCDE-FGHJK"}}
	if r := render(t, m); strings.Contains(r.Text, "request was made on") {
		t.Errorf("without a time: %s", r.Text)
	}
	m.Params = map[string]string{"When": "12 Jan 2027, 09:15 UTC", "Machine": "Plenary 0.1, Linux"}
	for _, l := range words.Letters() {
		m.Language = l.Code
		r := render(t, m)
		for _, part := range []string{r.Text, r.HTML} {
			if strings.Count(part, "12 Jan 2027, 09:15 UTC") != 1 || !strings.Contains(part, "Plenary 0.1, Linux") {
				t.Errorf("%s: %s", l.Code, part)
			}
		}
	}
}

func TestRender_alreadyRegisteredSaysWhatASecondPersonDoes(t *testing.T) {
	r := render(t, Message{To: "ana@example.org", Language: "en", Template: AlreadyRegistered, Params: map[string]string{"Username": "ana"}})
	for _, want := range []string{"an address has one account", "an address of their own", "focal point"} {
		if !strings.Contains(r.Text, want) || !strings.Contains(r.HTML, want) {
			t.Errorf("%q is missing in %s", want, r.Text)
		}
	}
}

// An e-mail whose confirmation cannot be made is sent with the number as its QR code, and
// says where the PDF is to be had.
func TestConfirmation_withoutCodeAndPDF(t *testing.T) {
	i := Info{Organization: "Example", Confirm: func(context.Context, string, string) (Confirmation, error) {
		return Confirmation{}, errors.New("forced: the database is away")
	}}
	m := Message{Template: RegistrationConfirmed, Language: "en", Subject: "R-7F3K-92QD", QR: "R7F3K92QD", Params: map[string]string{"Participation": api.OnSite}}
	if err := i.complete(t.Context(), &m); err == nil {
		t.Error("no error")
	}
	r, err := Render(i, m)
	if err != nil || r.QR == nil || r.PDF != nil || m.QR != "R7F3K92QD" || !strings.Contains(r.Text, "Save PDF") {
		t.Errorf("%v, QR code of %q, %s", err, m.QR, r.Text)
	}
}

// What a manager writes stands in the e-mail as it was written: HTML in it is text, web
// addresses are links, and nothing else is.
func TestRender_whatManagersWrite(t *testing.T) {
	r := render(t, Message{To: "ana@example.org", Language: "en", Template: MeetingMail, Params: map[string]string{
		"Name": "Ana", "Meeting": "X.509 Day", "MeetingCode": "C-00016512", "Number": "R-7F3K-92QD", "Contact": "meetings@example.int",
		"Subject": "Another <b>room</b>",
		"Text": "The plan: https://example.int/a?b=1&c=\"2. <script>alert(1)</script>\nSee (http://example.int/x).\n\n\n" +
			"javascript:alert(2) \u202etxt.exe https://u:p@example.int/ {{.Number}}",
	}})
	for _, want := range []string{
		`<a dir="ltr" href="https://example.int/a?b=1&amp;c=" style="color:#0A5CAD">https://example.int/a?b=1&amp;c=</a>`,
		`&lt;script&gt;alert(1)&lt;/script&gt;<br>See (<a dir="ltr" href="http://example.int/x"`, `</a>).</p>`,
		`<p style="margin:0 0 16px">javascript:alert(2) txt.exe https://u:p@example.int/ {{.Number}}</p>`,
		"X.509 Day", "C-00016512", "R-7F3K-92QD", "meetings@example.int", "Another &lt;b&gt;room&lt;/b&gt;",
	} {
		if !strings.Contains(r.HTML, want) {
			t.Errorf("%s is missing in %s", want, r.HTML)
		}
	}
	if r.Subject != "Another <b>room</b> – X.509 Day" {
		t.Errorf("subject %q", r.Subject)
	}
	if want := "The plan: https://example.int/a?b=1&c=\"2. <script>alert(1)</script>\nSee (http://example.int/x).\n\njavascript:alert(2) txt.exe"; !strings.Contains(r.Text, want) {
		t.Errorf("text %q", r.Text)
	}
}
