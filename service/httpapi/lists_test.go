package httpapi

import (
	"regexp"
	"slices"
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

// A list that comes in pages takes the place where the next one begins, and says how
// long a page is.
func TestContract_saysHowListsAreCut(t *testing.T) {
	s := serve(t, withMail(t))
	length := regexp.MustCompile(`^up to [0-9]+\b`)
	var pages int
	for _, d := range s.descriptions() {
		answer := s.answerOf(d)
		if answer == nil || answer.Properties["next"] == nil {
			continue
		}
		pages++
		if answer.Properties["next"].Description == "" {
			t.Errorf("%s does not say what next is", d.OperationID)
		}
		if !slices.ContainsFunc(d.Parameters, func(p *huma.Param) bool { return p.In == "query" && p.Name == "after" }) {
			t.Errorf("%s answers next and does not take after", d.OperationID)
		}
		var said bool
		for _, property := range answer.Properties {
			said = said || property.Type == huma.TypeArray && length.MatchString(property.Description)
		}
		if !said {
			t.Errorf("%s does not say how long a page is", d.OperationID)
		}
	}
	if pages < 9 {
		t.Errorf("only %d lists with pages", pages)
	}
}

// answerOf is the shape of an operation's answer when it succeeds; nil if it has none.
func (s *server) answerOf(d described) *huma.Schema {
	r := d.Responses["200"]
	if r == nil || r.Content["application/json"] == nil {
		return nil
	}
	schema := r.Content["application/json"].Schema
	if schema.Ref != "" {
		return s.api.huma.OpenAPI().Components.Schemas.SchemaFromRef(schema.Ref)
	}
	return schema
}
