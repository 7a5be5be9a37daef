package httpapi

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"plenary/api"
	"plenary/service/organizations"
)

// typeNDJSON is the media type of the directory: one JSON object per line.
const typeNDJSON = "application/x-ndjson"

// packedDirectory is the directory of organizations, ready to be served.
// It is safe for concurrent use.
type packedDirectory struct {
	etag   string
	packed []byte
}

// newDirectory packs organizations for serving.
func newDirectory(all []api.Organization) (*packedDirectory, error) {
	var packed bytes.Buffer
	sum := sha256.New()
	z, err := gzip.NewWriterLevel(&packed, gzip.DefaultCompression)
	if err != nil {
		return nil, fmt.Errorf("httpapi: pack the directory: %w", err)
	}
	lines := json.NewEncoder(io.MultiWriter(z, sum))
	for i := range all {
		if err := lines.Encode(&all[i]); err != nil {
			return nil, fmt.Errorf("httpapi: pack the directory: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("httpapi: pack the directory: %w", err)
	}
	etag := `"d` + base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:12]) + `"`
	return &packedDirectory{etag: etag, packed: packed.Bytes()}, nil
}

var organizationType = reflect.TypeFor[api.Organization]()

// packer keeps the directory packed while it is the same one.
type packer struct {
	mu     sync.Mutex
	of     *organizations.Directory
	packed *packedDirectory
}

func (p *packer) pack(d *organizations.Directory) (*packedDirectory, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of == d {
		return p.packed, nil
	}
	packed, err := newDirectory(d.All())
	if err == nil {
		p.of, p.packed = d, packed
	}
	return packed, err
}

// registerDirectory serves the directory, packed at the first request, off the
// service's start, and when it has changed.
func (s *API) registerDirectory() {
	packed := &packer{}
	type ask struct {
		IfNoneMatch    string `header:"If-None-Match" maxLength:"400"`
		AcceptEncoding string `header:"Accept-Encoding" maxLength:"400"`
	}
	o := s.entry(operation{
		Route: "GET /v1/directory", ID: "get-directory", Tag: "directory",
		Summary: "All organizations as NDJSON, one api.Organization per line, compressed with gzip where that is accepted",
	}, false, reflect.TypeFor[ask]())
	// The schema of a streamed answer is written by hand (design.md, The contract).
	organization := s.huma.OpenAPI().Components.Schemas.Schema(organizationType, true, "Organization")
	o.Responses["200"] = &huma.Response{
		Description: "One organization per line",
		Content:     map[string]*huma.MediaType{typeNDJSON: {Schema: organization}},
		Headers:     etagHeader,
	}
	huma.Register(s.huma, o, func(ctx context.Context, in *ask) (*huma.StreamResponse, error) {
		d, err := packed.pack(s.Organizations.Directory())
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return &huma.StreamResponse{Body: func(hc huma.Context) {
			d.write(hc, in.IfNoneMatch, in.AcceptEncoding)
		}}, nil
	})
}

// write answers with the directory. What fails here means that the client has gone.
func (d *packedDirectory) write(hc huma.Context, ifNoneMatch, acceptEncoding string) {
	hc.SetHeader("ETag", d.etag)
	hc.SetHeader("Vary", "Accept-Encoding")
	if matches(ifNoneMatch, d.etag) {
		hc.SetStatus(http.StatusNotModified)
		return
	}
	hc.SetHeader("Content-Type", typeNDJSON)
	if strings.Contains(acceptEncoding, "gzip") {
		hc.SetHeader("Content-Encoding", "gzip")
		hc.SetHeader("Content-Length", strconv.Itoa(len(d.packed)))
		hc.SetStatus(http.StatusOK)
		_, _ = hc.BodyWriter().Write(d.packed)
		return
	}
	hc.SetStatus(http.StatusOK)
	if z, err := gzip.NewReader(bytes.NewReader(d.packed)); err == nil {
		_, _ = io.Copy(hc.BodyWriter(), z)
	}
}
