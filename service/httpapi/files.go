package httpapi

import (
	"context"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"plenary/api"
	"plenary/service/caller"
)

// fileTime is how long a file may take to come: over bad lines, and within the server's time
// for a whole request.
const fileTime = 75 * time.Second

func (s *API) registerFiles() {
	secured(s, operation{
		Route: "PUT /v1/files/{id}", ID: "send-file", Tag: "meetings", MaxBody: maxFileBody, ReadTime: fileTime,
		Summary: "Send a file or photo that a registration is going to name; sent again it is the same",
		Codes:   []api.Code{api.CodeKeyReused, api.CodeTooManyFiles},
	}, doAboutWith(s.Registrations.SendFile))

	o := operation{
		Route: "GET /v1/files/{id}", ID: "get-file", Tag: "meetings",
		Summary: "The content of a file: for who sent it; once a registration names it, for its person, the managers of the meeting and whoever is appointed for its organization",
	}
	securedBytes(s, o, func(ctx context.Context, who caller.Caller, in *byID) (*content, error) {
		f, bytes, err := s.Registrations.File(ctx, who, in.ID)
		return &content{media: f.Media, name: f.Name, bytes: bytes}, err
	}, api.MediaPDF, api.MediaJPEG, api.MediaPNG)
}

// content is an answer that is no JSON: something to be saved, which no browser shows.
type content struct {
	media, name string
	bytes       []byte
}

// securedBytes is secured for an operation that answers with a file of one of these media
// types.
func securedBytes[I any](s *API, o operation, handle handler[I, content], media ...string) {
	takes := reflect.TypeFor[I]()
	h := s.entry(o, true, takes)
	types := map[string]*huma.MediaType{}
	for _, m := range media {
		types[m] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	// The schema of an answer that is no JSON is written by hand.
	h.Responses["200"] = &huma.Response{
		Description: "The file, to be saved", Content: types,
		Headers: map[string]*huma.Param{"Content-Disposition": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}
	found := answering(s, o, handle)
	huma.Register(s.huma, h, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		c, err := found(ctx, in)
		if err != nil {
			return nil, err
		}
		return &huma.StreamResponse{Body: func(hc huma.Context) {
			hc.SetHeader("Content-Type", c.media)
			hc.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": c.name}))
			hc.SetHeader("Content-Length", strconv.Itoa(len(c.bytes)))
			hc.SetStatus(http.StatusOK)
			_, _ = hc.BodyWriter().Write(c.bytes) // an error means that the client has gone
		}}, nil
	})
}
