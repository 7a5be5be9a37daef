package httpapi

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"plenary/api"
)

const fileID = "01920000-0000-7000-8000-0000000000f1"

// tinyPNG is a picture of one pixel.
var tinyPNG = func() []byte {
	b, err := base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
	if err != nil {
		panic(err)
	}
	return b
}()

// photoMeeting makes the meeting ask for a photo, and take a letter.
func (s *server) photoMeeting() {
	s.t.Helper()
	now := time.Now().UTC()
	reports, err := s.deps.Meetings.Import(s.t.Context(), []api.MeetingDetails{{Meeting: api.Meeting{
		Code: meetingCode, Title: api.Text{"en": "Sixth X.509 Day"}, Place: api.Text{"en": "Geneva"}, Zone: "Europe/Zurich",
		Sessions:         []api.MeetingSession{{Title: api.Text{"en": "Day"}, Start: now.AddDate(0, 1, 0), End: now.AddDate(0, 1, 0).Add(time.Hour)}},
		RegistrationFrom: now.Add(-time.Hour), RegistrationUntil: now.Add(time.Hour),
		Participation: []string{api.OnSite}, Approval: api.ApprovalSecretariat, Contact: "meetings@example.int",
		Form: api.Form{Sections: []api.FormSection{{Title: api.Text{"en": "Papers"}, Questions: []api.Question{
			{ID: "photo", Kind: api.KindPhoto, Label: api.Text{"en": "Photo"}}, {ID: "letter", Kind: api.KindFile, Label: api.Text{"en": "Letter"}},
		}}}},
	}}})
	if err != nil || len(reports[0].Wrong) > 0 {
		s.t.Fatal(reports, err)
	}
}

// What somebody sent is answered as something to be saved, which no browser shows, takes for
// something else or keeps; others are told that it is not there.
func TestFiles_toBeSaved(t *testing.T) {
	s := serve(t, nil)
	s.photoMeeting()
	amina, bela := s.account("amina"), s.account("bela")
	page := append([]byte("%PDF-1.7\n"), "<html><script>alert(1)</script>"...)
	in := api.SendFile{Meeting: meetingCode, Question: "letter", Name: `ле"тter.html`, Content: page}
	if a := s.as(amina, "PUT", "/v1/files/"+fileID, in, nil); a.StatusCode != 204 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	a := s.as(amina, "GET", "/v1/files/"+fileID, nil, nil)
	for header, want := range map[string]string{
		"Content-Type": api.MediaPDF, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Content-Security-Policy": noContent,
		"Content-Disposition": "attachment; filename*=utf-8''%D0%BB%D0%B5-%D1%82ter.html.pdf",
	} {
		if got := a.Header.Get(header); got != want {
			t.Errorf("%s: %q", header, got)
		}
	}
	if a.StatusCode != 200 || !bytes.Equal(a.body, page) {
		t.Errorf("%d %q", a.StatusCode, a.body)
	}
	for name, path := range map[string]string{"hers": fileID, "guessed": strings.Replace(fileID, "f1", "f2", 1), "no id": "1"} {
		if a := s.as(bela, "GET", "/v1/files/"+path, nil, nil); a.StatusCode != 404 || a.problem(t).Code != api.CodeNotFound {
			t.Errorf("%s, by somebody else: %d %s", name, a.StatusCode, a.body)
		}
	}
	if a := s.do("GET", "/v1/files/"+fileID, ""); a.StatusCode != 401 {
		t.Errorf("without a token: %d", a.StatusCode)
	}
}

// The largest file that a question takes comes through; a body that is larger than any is
// refused before it is read.
func TestFiles_limits(t *testing.T) {
	s := serve(t, nil)
	s.photoMeeting()
	amina := s.account("amina")
	in := api.SendFile{Meeting: meetingCode, Question: "letter", Name: "a.pdf", Content: append([]byte("%PDF-1.7"), make([]byte, 5<<20-8)...)}
	if a := s.as(amina, "PUT", "/v1/files/"+fileID, in, nil); a.StatusCode != 204 {
		t.Errorf("5 MiB: %d %s", a.StatusCode, a.body)
	}
	in.Content = append(in.Content, 0)
	if a := s.as(amina, "PUT", "/v1/files/"+fileID, in, nil); a.StatusCode != 422 || a.problem(t).Errors[0].Code != api.FieldTooLarge {
		t.Errorf("a byte more: %d %s", a.StatusCode, a.body)
	}
	in.Content = make([]byte, 7<<20)
	if a := s.as(amina, "PUT", "/v1/files/"+fileID, in, nil); a.StatusCode != 413 || a.problem(t).Code != api.CodeTooLarge {
		t.Errorf("7 MiB: %d %s", a.StatusCode, a.body)
	}
}

// An upload that ends in the middle leaves nothing, and can be done again.
func TestFiles_cutUpload(t *testing.T) {
	s := serve(t, nil)
	s.photoMeeting()
	amina := s.account("amina")
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	body := `{"meeting":"` + meetingCode + `","question":"letter","name":"a.pdf","content":"JVBERi0x`
	fmt.Fprintf(conn, "PUT /v1/files/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 90000\r\n\r\n%s", fileID, amina.Access, body)
	conn.(*net.TCPConn).CloseWrite()
	answer := make([]byte, 20)
	n, _ := conn.Read(answer)
	conn.Close()
	if got := string(answer[:n]); n > 0 && !strings.HasPrefix(got, "HTTP/1.1 4") {
		t.Errorf("answered %q", got)
	}
	if a := s.as(amina, "GET", "/v1/files/"+fileID, nil, nil); a.StatusCode != 404 {
		t.Errorf("something is left: %d", a.StatusCode)
	}
	if a := s.as(amina, "PUT", "/v1/files/"+fileID, api.SendFile{Meeting: meetingCode, Question: "photo", Name: "a.png", Content: tinyPNG}, nil); a.StatusCode != 204 {
		t.Errorf("again: %d %s", a.StatusCode, a.body)
	}
}
