package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"plenary/api"
	"plenary/service/account/staff"
)

// everywhere are the codes that any operation can answer with; the description of the
// contract names them once.
var everywhere = []api.Code{
	api.CodeMalformed, api.CodeVersionTooOld, api.CodeNotEncrypted, api.CodeBusy, api.CodeUnavailable,
	api.CodeOutcomeUnknown, api.CodeInternal,
}

// codes are those that an operation can answer with beside the ones of everywhere: its
// own, and those that follow from its entry and from takes, the type of its request.
func (o operation) codes(isSecured bool, takes reflect.Type) []api.Code {
	codes := slices.Clone(o.Codes)
	for _, k := range o.Kinds {
		codes = append(codes, k.Codes...)
	}
	if takes.NumField() > 0 {
		codes = append(codes, api.CodeInvalid)
	}
	if _, hasBody := takes.FieldByName("Body"); hasBody {
		codes = append(codes, api.CodeTooLarge, api.CodeMediaType)
	}
	if isSecured {
		// The account itself can be erased while the operation runs.
		codes = append(codes, api.CodeUnauthenticated, api.CodeNotFound)
		if len(o.Roles) > 0 {
			codes = append(codes, api.CodeForbidden)
		}
		if o.Proof {
			codes = append(codes, api.CodeProofNeeded)
		}
		if o.counted() {
			codes = append(codes, api.CodeTooMany)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// describe writes into the contract which role an operation wants, whether it wants a
// fresh proof, and which codes it can answer with: for people in words, for programs
// as x-roles, x-proof and x-codes.
func (s *API) describe(h *huma.Operation, o operation, isSecured bool, takes reflect.Type) {
	var wants []string
	h.Extensions = map[string]any{}
	if len(o.Roles) > 0 {
		h.Extensions["x-roles"] = o.Roles
		wants = append(wants, "Wants the role "+strings.Join(o.Roles, " or ")+".")
	}
	if o.Proof {
		h.Extensions["x-proof"] = true
		wants = append(wants, "Wants a fresh proof (prove).")
	}
	h.Description = strings.Join(wants, " ")
	if len(o.Kinds) > 0 {
		h.Description += "\n\n" + describeKinds(h, o.Kinds)
	}
	h.Extensions["x-codes"] = o.codes(isSecured, takes)
	problems := s.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[problem](), true, "Problem")
	h.Responses = map[string]*huma.Response{"default": {
		Description: "A problem, whose code is one of x-codes or of those that all operations have",
		Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: problems}},
	}}
	if _, conditional := takes.FieldByName("IfNoneMatch"); conditional {
		h.Responses["304"] = &huma.Response{Description: "Not modified", Headers: etagHeader}
	}
}

// describeKinds writes of each kind of a change what it takes and can answer with as
// x-kinds, and gives the same in words.
func describeKinds(h *huma.Operation, kinds []staff.UserKind) string {
	byName := map[string]staff.UserKind{}
	var words []string
	for _, k := range kinds {
		byName[k.Name] = k
		line := fmt.Sprintf("- %s: %s.", k.Name, k.Summary)
		if len(k.Takes) > 0 {
			line += " Takes " + strings.Join(k.Takes, ", ") + "."
		}
		if k.Second != "" {
			line += " Needs a second administrator " + k.Second + "."
		}
		if len(k.Codes) > 0 {
			line += " Answers " + names(k.Codes) + " too."
		}
		words = append(words, line)
	}
	h.Extensions["x-kinds"] = byName
	return strings.Join(words, "\n")
}

// etagHeader describes the ETag of an answer.
var etagHeader = map[string]*huma.Param{"ETag": {Schema: &huma.Schema{Type: huma.TypeString}}}

// failed is fail for an operation with these codes; one that the contract does not
// say is a defect of the entry, which is logged.
func (s *API) failed(ctx context.Context, o operation, codes []api.Code, err error) *problem {
	p := s.fail(ctx, err)
	if !slices.Contains(codes, p.Code) && !slices.Contains(everywhere, p.Code) {
		s.log.LogAttrs(ctx, slog.LevelError, undeclared, slog.String("reference", requestOf(ctx).reference),
			slog.String("operation", o.ID), slog.String("code", string(p.Code)))
	}
	return p
}

// undeclared is what the log says of a code that an operation's entry does not have.
const undeclared = "a code that the contract does not say"

// names lists codes, separated by commas.
func names(codes []api.Code) string {
	var names []string
	for _, c := range codes {
		names = append(names, string(c))
	}
	return strings.Join(names, ", ")
}
