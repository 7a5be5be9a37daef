package httpapi

import (
	"context"
	"net/http"
	"strings"

	"plenary/service/caller"
)

// A handler serves an operation of whoever has a session, an openHandler one that
// anyone may ask for.
type (
	handler[I, O any]     func(context.Context, caller.Caller, *I) (*O, error)
	openHandler[I, O any] func(context.Context, *I) (*O, error)
)

// The functions below make handlers of the functions that do the work. These take the
// context and who calls, and what else, the end of the adapter's name says: With a
// body, About what the id in the path names, both, or nothing. ask is for those that
// give an answer, do for those that give none; list, listOf, listIfChanged and search are for
// pages of lists. Those whose names begin with open take no caller.

// Requests and answers, as huma takes them.
type (
	in[B any] struct{ Body B }
	byID      struct {
		ID string `path:"id" maxLength:"40"`
	}
	byIDWith[B any] struct {
		ID   string `path:"id" maxLength:"40"`
		Body B
	}
	pageOf struct {
		ID    string `path:"id" maxLength:"40"`
		After string `query:"after" maxLength:"400" doc:"next of the page before"`
	}
	page struct {
		After string `query:"after" maxLength:"400" doc:"next of the page before"`
	}
	pageIfChanged struct {
		After       string `query:"after" maxLength:"400" doc:"next of the page before"`
		IfNoneMatch string `header:"If-None-Match" maxLength:"400"`
	}
	out[B any]          struct{ Body B }
	outIfChanged[B any] struct {
		Status int
		ETag   string `header:"ETag"`
		Body   B
	}
	none struct{}
)

func answer[A any](a A, err error) (*out[A], error) {
	if err != nil {
		return nil, err
	}
	return &out[A]{Body: a}, nil
}

func ask[A any](f func(context.Context, caller.Caller) (A, error)) handler[none, out[A]] {
	return func(ctx context.Context, who caller.Caller, _ *none) (*out[A], error) { return answer(f(ctx, who)) }
}

func askWith[B, A any](f func(context.Context, caller.Caller, B) (A, error)) handler[in[B], out[A]] {
	return func(ctx context.Context, who caller.Caller, q *in[B]) (*out[A], error) {
		return answer(f(ctx, who, q.Body))
	}
}

func askAbout[A any](f func(context.Context, caller.Caller, string) (A, error)) handler[byID, out[A]] {
	return func(ctx context.Context, who caller.Caller, q *byID) (*out[A], error) {
		return answer(f(ctx, who, q.ID))
	}
}

func askAboutWith[B, A any](f func(context.Context, caller.Caller, string, B) (A, error)) handler[byIDWith[B], out[A]] {
	return func(ctx context.Context, who caller.Caller, q *byIDWith[B]) (*out[A], error) {
		return answer(f(ctx, who, q.ID, q.Body))
	}
}

func do(f func(context.Context, caller.Caller) error) handler[none, none] {
	return func(ctx context.Context, who caller.Caller, _ *none) (*none, error) { return nil, f(ctx, who) }
}

func doWith[B any](f func(context.Context, caller.Caller, B) error) handler[in[B], none] {
	return func(ctx context.Context, who caller.Caller, q *in[B]) (*none, error) { return nil, f(ctx, who, q.Body) }
}

func doAbout(f func(context.Context, caller.Caller, string) error) handler[byID, none] {
	return func(ctx context.Context, who caller.Caller, q *byID) (*none, error) { return nil, f(ctx, who, q.ID) }
}

func doAboutWith[B any](f func(context.Context, caller.Caller, string, B) error) handler[byIDWith[B], none] {
	return func(ctx context.Context, who caller.Caller, q *byIDWith[B]) (*none, error) {
		return nil, f(ctx, who, q.ID, q.Body)
	}
}

// list asks for the page after a cursor.
func list[A any](f func(ctx context.Context, who caller.Caller, after string) (A, error)) handler[page, out[A]] {
	return func(ctx context.Context, who caller.Caller, q *page) (*out[A], error) {
		return answer(f(ctx, who, q.After))
	}
}

// listOf is list for what the id in the path has.
func listOf[A any](f func(ctx context.Context, who caller.Caller, id, after string) (A, error)) handler[pageOf, out[A]] {
	return func(ctx context.Context, who caller.Caller, q *pageOf) (*out[A], error) {
		return answer(f(ctx, who, q.ID, q.After))
	}
}

// search asks for a page of what a filter chooses, whose fields are those of the
// query.
func search[Filter, A any](f func(context.Context, caller.Caller, Filter) (A, error)) handler[Filter, out[A]] {
	return func(ctx context.Context, who caller.Caller, q *Filter) (*out[A], error) {
		return answer(f(ctx, who, *q))
	}
}

// listIfChanged is list for what programs ask for again and again: the first page is not
// answered to whoever has the list's ETag already.
func listIfChanged[A any](etag func(context.Context, caller.Caller) (string, error), f func(ctx context.Context, who caller.Caller, after string) (A, error)) handler[pageIfChanged, outIfChanged[A]] {
	return func(ctx context.Context, who caller.Caller, q *pageIfChanged) (*outIfChanged[A], error) {
		tag, err := etag(ctx, who) // before the list: a change between them is asked for once more
		switch {
		case err != nil:
			return nil, err
		case q.After == "" && matches(q.IfNoneMatch, tag):
			return &outIfChanged[A]{Status: http.StatusNotModified, ETag: tag}, nil
		}
		a, err := f(ctx, who, q.After)
		if err != nil {
			return nil, err
		}
		return &outIfChanged[A]{Status: http.StatusOK, ETag: tag, Body: a}, nil
	}
}

// matches says whether an If-None-Match names the ETag.
func matches(header, etag string) bool {
	for tag := range strings.SplitSeq(header, ",") {
		if tag = strings.TrimSpace(tag); tag == "*" || strings.TrimPrefix(tag, "W/") == etag {
			return true
		}
	}
	return false
}

func openListIfChanged[A any](etag func(context.Context) (string, error), f func(ctx context.Context, after string) (A, error)) openHandler[pageIfChanged, outIfChanged[A]] {
	of := listIfChanged(func(ctx context.Context, _ caller.Caller) (string, error) { return etag(ctx) },
		func(ctx context.Context, _ caller.Caller, after string) (A, error) { return f(ctx, after) })
	return func(ctx context.Context, q *pageIfChanged) (*outIfChanged[A], error) {
		return of(ctx, caller.Caller{}, q)
	}
}

func openAsk[A any](f func(context.Context) (A, error)) openHandler[none, out[A]] {
	return func(ctx context.Context, _ *none) (*out[A], error) { return answer(f(ctx)) }
}

func openAskWith[B, A any](f func(context.Context, B) (A, error)) openHandler[in[B], out[A]] {
	return func(ctx context.Context, q *in[B]) (*out[A], error) { return answer(f(ctx, q.Body)) }
}

func openDoWith[B any](f func(context.Context, B) error) openHandler[in[B], none] {
	return func(ctx context.Context, q *in[B]) (*none, error) { return nil, f(ctx, q.Body) }
}
