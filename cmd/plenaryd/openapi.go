package main

import (
	"context"

	"plenary/service/httpapi"
)

func runOpenAPI(_ context.Context, p process, args []string) error {
	f := newFlags(p, "openapi", "openapi > openapi.yaml",
		"Prints the description of the HTTP interface (OpenAPI 3.1), generated from its Go types.")
	if _, err := parse(f, args, 0); err != nil {
		return err
	}
	text, err := httpapi.OpenAPI()
	if err != nil {
		return err
	}
	_, err = p.stdout.Write(text)
	return err
}
