package httpapi

import (
	"context"
	"net/http"
	"strings"

	"plenary/service/caller"
)

// The functions of this file make a handler of a function that serves an operation:
// of one that takes the context and who calls, and then, as the name of the adapter
// says, nothing more, With a body, About what the id in the path names, or both. Those
// named ask give an answer, and those named do none. list, listIfChanged and search ask for a page.
// Those named open are for operations that anyone may ask for, and know no caller.

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

func ask[A any](f func(context.Context, caller.Caller) (A, error)) func(context.Context, caller.Caller, *none) (*out[A], error) {
	return func(ctx context.Context, who caller.Caller, _ *none) (*out[A], error) { return answer(f(ctx, who)) }
}

func askWith[B, A any](f func(context.Context, caller.Caller, B) (A, error)) func(context.Context, caller.Caller, *in[B]) (*out[A], error) {
	return func(ctx context.Context, who caller.Caller, q *in[B]) (*out[A], error) {
		return answer(f(ctx, who, q.Body))
	}
}

func askAbout[A any](f func(context.Context, caller.Caller, string) (A, error)) func(context.Context, caller.Caller, *byID) (*out[A], error) {
	return func(ctx context.Context, who caller.Caller, q *byID) (*out[A], error) {
		return answer(f(ctx, who, q.ID))
	}
}

func askAboutWith[B, A any](f func(context.Context, caller.Caller, string, B) (A, error)) func(context.Context, caller.Caller, *byIDWith[B]) (*out[A], error) {
	return func(ctx context.Context, who caller.Caller, q *byIDWith[B]) (*out[A], error) {
		return answer(f(ctx, who, q.ID, q.Body))
	}
}

func do(f func(context.Context, caller.Caller) error) func(context.Context, caller.Caller, *none) (*none, error) {
	return func(ctx context.Context, who caller.Caller, _ *none) (*none, error) { return nil, f(ctx, who) }
}

func doWith[B any](f func(context.Context, caller.Caller, B) error) func(context.Context, caller.Caller, *in[B]) (*none, error) {
	return func(ctx context.Context, who caller.Caller, q *in[B]) (*none, error) { return nil, f(ctx, who, q.Body) }
}

func doAbout(f func(context.Context, caller.Caller, string) error) func(context.Context, caller.Caller, *byID) (*none, error) {
	return func(ctx context.Context, who caller.Caller, q *byID) (*none, error) { return nil, f(ctx, who, q.ID) }
}

func doAboutWith[B any](f func(context.Context, caller.Caller, string, B) error) func(context.Context, caller.Caller, *byIDWith[B]) (*none, error) {
	return func(ctx context.Context, who caller.Caller, q *byIDWith[B]) (*none, error) {
		return nil, f(ctx, who, q.ID, q.Body)
	}
}

// list asks for the page after a cursor.
func list[A any](f func(ctx context.Context, who caller.Caller, after string) (A, error)) func(context.Context, caller.Caller, *page) (*out[A], error) {
	return func(ctx context.Context, who caller.Caller, q *page) (*out[A], error) {
		return answer(f(ctx, who, q.After))
	}
}

// search asks for a page of what a filter chooses, whose fields are those of the
// query.
func search[Filter, A any](f func(context.Context, caller.Caller, Filter) (A, error)) func(context.Context, caller.Caller, *Filter) (*out[A], error) {
	return func(ctx context.Context, who caller.Caller, q *Filter) (*out[A], error) {
		return answer(f(ctx, who, *q))
	}
}

// listIfChanged is list for what programs ask for again and again: the first page is not
// answered to whoever has the list's ETag already.
func listIfChanged[A any](etag func(context.Context, caller.Caller) (string, error), f func(ctx context.Context, who caller.Caller, after string) (A, error)) func(context.Context, caller.Caller, *pageIfChanged) (*outIfChanged[A], error) {
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

func openListIfChanged[A any](etag func(context.Context) (string, error), f func(ctx context.Context, after string) (A, error)) func(context.Context, *pageIfChanged) (*outIfChanged[A], error) {
	of := listIfChanged(func(ctx context.Context, _ caller.Caller) (string, error) { return etag(ctx) },
		func(ctx context.Context, _ caller.Caller, after string) (A, error) { return f(ctx, after) })
	return func(ctx context.Context, q *pageIfChanged) (*outIfChanged[A], error) {
		return of(ctx, caller.Caller{}, q)
	}
}

func openAsk[A any](f func(context.Context) (A, error)) func(context.Context, *none) (*out[A], error) {
	return func(ctx context.Context, _ *none) (*out[A], error) { return answer(f(ctx)) }
}

func openAskWith[B, A any](f func(context.Context, B) (A, error)) func(context.Context, *in[B]) (*out[A], error) {
	return func(ctx context.Context, q *in[B]) (*out[A], error) { return answer(f(ctx, q.Body)) }
}

func openDoWith[B any](f func(context.Context, B) error) func(context.Context, *in[B]) (*none, error) {
	return func(ctx context.Context, q *in[B]) (*none, error) { return nil, f(ctx, q.Body) }
}
