// Package web is the few pages of the service: those that links in e-mails
// open (activation, invitation, password reset, stopping a reset address), a meeting's
// invitation, and the texts that a sign-up points to (terms, privacy, FAQ).
//
// GET and HEAD change nothing: mail gateways follow links. A link's token is in
// the fragment, which no server sees; the page's script takes it from there,
// removes it from the address and hands it over with the person's decision, by
// POST to /web/... (package httpapi). A page without its token says to type the
// code of the same e-mail into Plenary instead.
//
// The pages set no cookies, load nothing from elsewhere, hold no script of their
// own but one file, and cannot be framed (security.md, Codes and links).
//
// Start reading at New; pages/ has the templates, files/ style and script.
package web

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/store"
	"plenary/words"
)

//go:embed pages files
var embedded embed.FS

// Config is what the pages show.
type Config struct {
	Info    func(context.Context) (api.ServiceInfo, error)
	Meeting func(ctx context.Context, code string) (api.Meeting, error) // an *api.Problem with api.CodeNotFound if there is none
	// Reference names the request in the log, for people to quote.
	Reference func(context.Context) string
	Now       func() time.Time
	Log       *slog.Logger
}

// policy keeps everything from the pages that they do not need.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"

type site struct {
	Config
	pages map[string]*template.Template
}

// New gives the handler of all pages, and of their files under /web/.
func New(c Config) (http.Handler, error) {
	s := &site{Config: c, pages: map[string]*template.Template{}}
	names, err := fs.Glob(embedded, "pages/*.html")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		page := strings.TrimSuffix(strings.TrimPrefix(name, "pages/"), ".html")
		if page == "layout" {
			continue
		}
		t, err := template.ParseFS(embedded, "pages/layout.html", name)
		if err != nil {
			return nil, err
		}
		s.pages[page] = t
	}
	s.pages["invitation"] = s.pages["reset"] // of other words
	files, err := fs.Sub(embedded, "files")
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	for _, name := range []string{"plenary.css", "plenary.js", "icon.svg"} {
		mux.Handle("GET /web/"+name, cached(http.StripPrefix("/web/", http.FileServerFS(files))))
	}
	mux.HandleFunc("GET /{$}", s.plain("home"))
	for _, page := range []string{"activate", "invitation", "reset", "stop", "terms", "privacy", "faq"} {
		mux.HandleFunc("GET /"+page, s.plain(page))
	}
	mux.HandleFunc("GET /m/{code}", s.meeting)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.show(w, r, http.StatusNotFound, "missing", nil)
	})
	return secured(mux), nil
}

// secured puts the headers of all pages on.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "DENY")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

// cached lets browsers keep style and script for five minutes.
func cached(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=300")
		next.ServeHTTP(w, r)
	})
}

// view is what a page can show.
type view struct {
	Words     *words.Words
	Info      api.ServiceInfo
	Languages []words.Language
	Page      string
	Reference string
	Plenary   template.URL // the link that opens Plenary here
	Meeting   *meetingView
}

// T gives a text, with the parameters that all pages share.
func (v *view) T(key string) string {
	return v.Words.T(key, map[string]any{
		"Organization": v.Info.Organization, "ServiceDesk": v.Info.ServiceDesk, "Reference": v.Reference,
	})
}

// Lacks says what a password lacks, with {What} in the place of that.
func (v *view) Lacks() string {
	return v.Words.T("password.lacks", map[string]any{"What": "{What}"})
}

// Title is that of the page.
func (v *view) Title() string {
	if v.Meeting != nil {
		return v.Meeting.Title
	}
	switch v.Page {
	case "terms", "privacy":
		return v.T("web." + v.Page)
	}
	return v.T("web." + v.Page + ".title")
}

// List gives the texts of numbered keys: web.terms.1, web.terms.2, ...
func (v *view) List(prefix string) []string {
	var list []string
	for n := '1'; n <= '9'; n++ {
		key := prefix + string(n)
		if !v.Words.Has(key) {
			break
		}
		list = append(list, v.T(key))
	}
	return list
}

func (s *site) plain(page string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { s.show(w, r, http.StatusOK, page, nil) }
}

// show writes a page in the reader's language.
func (s *site) show(w http.ResponseWriter, r *http.Request, status int, page string, meeting func(*view) *meetingView) {
	v := &view{
		Words: languageOf(r), Languages: words.Letters(), Page: page,
		Reference: s.Reference(r.Context()),
	}
	var err error
	if v.Info, err = s.Info(r.Context()); err != nil {
		s.Log.Error("a page failed", slog.String("page", page), slog.String("reference", v.Reference), slog.Any("error", err))
		status, v.Page, meeting = failed(w, err), "busy", nil
	}
	v.Plenary = plenaryLink(v.Info.Address, "")
	if meeting != nil {
		v.Meeting = meeting(v)
	}
	var body bytes.Buffer
	if err := s.pages[v.Page].ExecuteTemplate(&body, "layout", v); err != nil {
		s.Log.Error("a page failed", slog.String("page", page), slog.String("reference", v.Reference), slog.Any("error", err))
		http.Error(w, "The service has a problem. Reference: "+v.Reference, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", v.Words.Lang())
	w.Header().Set("Vary", "Accept-Language")
	w.WriteHeader(status)
	if _, err := w.Write(body.Bytes()); err != nil {
		s.Log.Debug("page not written", slog.Any("error", err)) // the reader has gone
	}
}

// failed is the status of a page that could not be made: 503 where the database takes
// no work for the moment, and then when to come back.
func failed(w http.ResponseWriter, err error) int {
	u, ok := errors.AsType[*store.Unavailable](err)
	if !ok {
		return http.StatusInternalServerError
	}
	w.Header().Set("Retry-After", strconv.Itoa(int(u.Reason.RetryAfter().Seconds())))
	return http.StatusServiceUnavailable
}

// meeting is a meeting's invitation, for everybody who has its code.
func (s *site) meeting(w http.ResponseWriter, r *http.Request) {
	code, _ := rules.NormalizeMeetingCode(r.PathValue("code")) // c-16105 will do
	m, err := s.Meeting(r.Context(), code)
	if api.HasCode(err, api.CodeNotFound) {
		s.show(w, r, http.StatusNotFound, "missing", nil)
		return
	}
	if err != nil {
		s.Log.Error("a page failed", slog.String("page", "meeting"),
			slog.String("reference", s.Reference(r.Context())), slog.Any("error", err))
		s.show(w, r, failed(w, err), "busy", nil)
		return
	}
	s.show(w, r, http.StatusOK, "meeting", func(v *view) *meetingView {
		v.Plenary = plenaryLink(v.Info.Address, "/m/"+m.Code)
		return newMeetingView(v, &m, s.Now())
	})
}

// plenaryLink is the link that the desktop program opens: its scheme, the
// service's host, and a path.
func plenaryLink(address, path string) template.URL {
	_, host, _ := strings.Cut(address, "://")
	return template.URL("plenary://" + host + path)
}
