package mail

import (
	"errors"
	"maps"
	"mime"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service/mail/mailtest"
)

// Whatever stands in names, addresses and titles: an e-mail has the headers that
// it should have, each once, and no others.
func TestCompose_headersAreExactlyThoseExpected(t *testing.T) {
	for _, tc := range []struct {
		name                      string
		organization              string
		subject                   string
		to                        string
		replyTo                   string
		from, toHeader, reference string // decoded; reference is Reply-To
		wantSubject               string // decoded; as given if empty
	}{
		{
			name: "plain", organization: "Example Organization", to: "ana@example.org",
			from: "Example Organization <no-reply@example.int>", toHeader: "<ana@example.org>",
		},
		{
			name: "reply-to", organization: "Example", to: "ana@example.org", replyTo: "desk@example.int",
			from: "Example <no-reply@example.int>", toHeader: "<ana@example.org>", reference: "<desk@example.int>",
		},
		{
			name: "lines in the organization", organization: "Example\r\nBcc: all@example.org\r\n\r\nBuy", to: "ana@example.org",
			from: "Example  Bcc: all@example.org    Buy <no-reply@example.int>", toHeader: "<ana@example.org>",
		},
		{
			name: "quotes in the organization", organization: `The "Example" <evil@example.org>, \ "`, to: "ana@example.org",
			from: `The "Example" <evil@example.org>, \ " <no-reply@example.int>`, toHeader: "<ana@example.org>",
		},
		{
			name: "letters of the world", organization: "国际电信联盟 – Organisation für Fernmeldewesen", subject: "Réinitialisez – إعادة تعيين – 重置", to: "ana@example.org",
			from: "国际电信联盟 – Organisation für Fernmeldewesen <no-reply@example.int>", toHeader: "<ana@example.org>",
		},
		{
			name: "a word that looks encoded", organization: "=?utf-8?q?Example=0D=0ABcc:_all@example.org?=", subject: "=?utf-8?q?S=0D=0ABcc:_x?=", to: "ana@example.org",
			from: "= ?utf-8?q?Example=0D=0ABcc:_all@example.org?= <no-reply@example.int>", toHeader: "<ana@example.org>", wantSubject: "= ?utf-8?q?S=0D=0ABcc:_x?=",
		},
		{
			name: "lines in the subject", organization: "Example", subject: "Meeting\r\nBcc: all@example.org", to: "ana@example.org",
			from: "Example <no-reply@example.int>", toHeader: "<ana@example.org>", wantSubject: "Meeting  Bcc: all@example.org",
		},
		{
			name: "a very long subject", organization: "Example", subject: strings.Repeat("Besprechungsankündigung ", 40) + "Ende", to: "ana@example.org",
			from: "Example <no-reply@example.int>", toHeader: "<ana@example.org>",
		},
		{
			name: "strange but allowed", organization: "Example", to: "o'neil+a=b!c#d@xn--bcher-kva.example",
			from: "Example <no-reply@example.int>", toHeader: "<o'neil+a=b!c#d@xn--bcher-kva.example>",
		},
		{
			name: "letters in the local part", organization: "Example", to: "añá.用户@example.org",
			from: "Example <no-reply@example.int>", toHeader: "<añá.用户@example.org>",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			server := newMailServer(t)
			s := serverOf(server.Host, server.Port)
			s.ReplyTo = tc.replyTo
			subject := tc.subject
			if subject == "" {
				subject = "Reset your password"
			}
			r := Rendered{To: tc.to, Subject: oneLine(subject), Text: "T", HTML: "H"}
			if err := send(t.Context(), s, "0193b5a0", tc.organization, r); err != nil {
				t.Fatal(err)
			}
			got := server.Inbox()
			if len(got) != 1 || got[0].From != "no-reply@example.int" || got[0].To != tc.to {
				t.Fatalf("arrived: %+v", got)
			}
			h := got[0].Message(t).Header
			want := []string{"Auto-Submitted", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To"}
			if tc.replyTo != "" {
				want = append(want, "Reply-To")
				slices.Sort(want)
			}
			if names := slices.Sorted(maps.Keys(h)); !slices.Equal(names, want) {
				t.Errorf("headers %v", names)
			}
			for name, values := range h {
				if len(values) != 1 || strings.ContainsAny(values[0], "\r\n") {
					t.Errorf("%s: %q", name, values)
				}
			}
			wantSubject := tc.wantSubject
			if wantSubject == "" {
				wantSubject = subject
			}
			if s, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject")); err != nil || s != wantSubject {
				t.Errorf("Subject %q, %v", s, err)
			}
			for name, want := range map[string]string{"From": tc.from, "To": tc.toHeader, "Reply-To": tc.reference} {
				if got := addressOf(t, h.Get(name)); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			if id := h.Get("Message-Id"); id != "<0193b5a0@example.int>" {
				t.Errorf("Message-ID %s", id)
			}
			for line := range strings.Lines(got[0].Data) {
				if len(line) > 1000 {
					t.Errorf("a line of %d bytes", len(line))
				}
			}
		})
	}
}

// addressOf reads the one address of a header as mail programs do.
func addressOf(t *testing.T, value string) string {
	t.Helper()
	if value == "" {
		return ""
	}
	list, err := netmail.ParseAddressList(value)
	if err != nil || len(list) != 1 {
		t.Fatalf("%q: %v, %v", value, list, err)
	}
	if list[0].Name == "" {
		return "<" + list[0].Address + ">"
	}
	return list[0].Name + " <" + list[0].Address + ">"
}

func TestSend_onlyToWhatIsOneAddress(t *testing.T) {
	server := newMailServer(t)
	for _, to := range []string{
		"", "ana", "ana@example.org\r\nBcc: all@example.org", "ana@example.org\nRCPT TO:<all@example.org>", "a@example.org,b@example.org",
		"a@example.org, b@example.org", "Ana <ana@example.org>", `"ana lee"@example.org`, `"a\r\n"@example.org`, "ana@[127.0.0.1]",
		"<ana@example.org>", "ana@example.org> SIZE=1", "ana @example.org", "ana@example.org\x00", "a\u202eb@example.org", "ana@exa\tmple.org",
	} {
		r := message
		r.To = to
		err := send(t.Context(), serverOf(server.Host, server.Port), "id", "Example", r)
		if failed, ok := errors.AsType[*sendError](err); !ok || !failed.permanent || failed.problem != api.MailProblemUnreadable {
			t.Errorf("%q: %v", to, err)
		}
	}
	if n := len(server.Inbox()); n != 0 {
		t.Errorf("%d e-mails arrived", n)
	}
}

func TestSend_addressWithLettersNeedsAServerThatTakesThem(t *testing.T) {
	server := mailtest.Start(t, mailtest.Manners{NoLetters: true})
	s := serverOf(server.Host, server.Port)
	r := message
	r.To = "añá@example.org"
	err := send(t.Context(), s, "id", "Example", r)
	if failed, ok := errors.AsType[*sendError](err); !ok || !failed.permanent || failed.step != api.MailStepRecipient || failed.problem != api.MailProblemLetters {
		t.Errorf("error %v", err)
	}
}
