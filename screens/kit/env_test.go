package kit_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
	"plenary/words"
)

// kinds are all that app.Explain may say (app/explain.go) and all of api.Code.
var kinds = []string{
	"invalid", "malformed", "too-large", "not-found", "unauthenticated", "session-ended", "refresh-race", "forbidden",
	"credentials", "not-active", "deactivated", "too-many", "busy", "code-wrong", "code-expired", "password-refused",
	"key-reused", "version-too-old", "internal", "already-registered", "registration-early",
	"registration-closed", "meeting-full", "not-for-membership", "wrong-state", "stream-forked", "number-gap",
	"unknown-operation", "not-encrypted", "outdated",
	"unreachable", "untrusted-certificate", "not-plenary", "other-service", "broken-answer", "timeout",
	"keyring-missing", "keyring-locked", "keyring-hangs", "passphrase-needed", "wrong-passphrase", "disk-full",
	"damaged", "newer-data", "in-use", "wrong-key", "canceled", "no-session", "unsent", "address",
	"disk-stopped", "no-access", "settings", "authorities", "not-answering", "expired", "demonstration", "file-busy",
}

func TestSay_hasWordsForEveryKind(t *testing.T) {
	for _, lang := range []string{"en", "fr"} {
		e := screentest.NewEnv(t)
		e.Words = words.For(lang)
		seen := map[string]string{}
		for _, kind := range kinds {
			e.Explain = func(error) app.Explanation { return app.Explanation{Kind: kind} }
			said := e.Say(errors.New("an error"))
			if other := seen[said]; other != "" {
				t.Errorf("%s: %s and %s say the same", lang, kind, other)
			}
			seen[said] = kind
			if strings.Contains(said, "{{") || len(said) < 20 {
				t.Errorf("%s: %s says %q", lang, kind, said)
			}
		}
	}
}

func TestSay_unforeseenErrorsStillSayWhatToDo(t *testing.T) {
	e := screentest.NewEnv(t)
	e.Explain = func(error) app.Explanation { return app.Explanation{Kind: "never-heard-of"} }
	if got, want := e.Say(errors.New("x")), e.T("error.internal"); got != want {
		t.Errorf("got %q", got)
	}
}

func TestSay_whenToTryAgain(t *testing.T) {
	e := screentest.NewEnv(t)
	for _, c := range []struct {
		wait time.Duration
		want string
	}{
		{time.Second, "in 1 second."}, {20 * time.Second, "in 20 seconds."}, {time.Minute, "in 1 minute."}, {61 * time.Second, "in 2 minutes."},
	} {
		got := e.Say(&api.Problem{Code: api.CodeTooMany, RetryAfter: c.wait})
		if !strings.HasSuffix(got, c.want) {
			t.Errorf("%v: %q", c.wait, got)
		}
	}
}

func TestProblem_givesTheReference(t *testing.T) {
	e := screentest.NewEnv(t)
	n := e.Problem(&api.Problem{Code: api.CodeBusy, Reference: "3F7K-92QD"})
	if !strings.Contains(n.Reference, "3F7K-92QD") || n.Copy.Value != "3F7K-92QD" {
		t.Errorf("got %q", n.Reference)
	}
	if n := e.Problem(&api.Problem{Code: api.CodeBusy}); n.Reference != "" || n.Copy.Value != "" {
		t.Errorf("an empty reference says %q", n.Reference)
	}
}

func TestOpen_pagesAndAddresses(t *testing.T) {
	e := screentest.NewEnv(t)
	var opened []string
	e.OpenURL = func(u *url.URL) error { opened = append(opened, u.String()); return nil }
	for _, a := range []string{"https://example.int/faq", "servicedesk@example.int", ""} {
		e.Open(a)
	}
	if strings.Join(opened, " ") != "https://example.int/faq mailto:servicedesk@example.int" {
		t.Errorf("opened %q", opened)
	}
}

func TestLinks_placesInATranslatedText(t *testing.T) {
	followed := ""
	to := func(name string) func() { return func() { followed += name } }
	spans := kit.Links("Check the [FAQ], or [write].", []parts.ID{"a", "b"}, []func(){to("a"), to("b")})
	if len(spans) != 5 || spans[1].Text != "FAQ" || spans[3].Text != "write" || spans[4].Text != "." {
		t.Fatalf("got %+v", spans)
	}
	spans[1].OnTapped()
	spans[3].OnTapped()
	if followed != "ab" {
		t.Errorf("followed %q", followed)
	}
	if broken := kit.Link("no place", "a", to("c")); len(broken) != 1 || broken[0].Text != "no place" {
		t.Errorf("got %+v", broken)
	}
}

// turns counts what is done on the window's goroutine.
type turns struct {
	screentest.Synchronous
	taken int
}

func (r *turns) Post(ctx context.Context, then func()) {
	r.taken++
	r.Synchronous.Post(ctx, then)
}

func TestReadFonts_letsTheWindowGoOnBetweenTwo(t *testing.T) {
	e, window := screentest.NewEnv(t), &turns{}
	e.Run = window
	if err := e.ReadFonts(context.Background(), "English", "中文", "العربية"); err != nil || window.taken != 3 {
		t.Errorf("3 texts are measured in %d turns: %v", window.taken, err)
	}
	left, leave := context.WithCancel(context.Background())
	leave()
	if err := e.ReadFonts(left, "English", "中文"); !errors.Is(err, context.Canceled) || window.taken != 4 {
		t.Errorf("nobody waits for them: %d turns, %v", window.taken-3, err)
	}
}
