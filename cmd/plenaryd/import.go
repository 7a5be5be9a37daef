package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"plenary/service/meetings"
)

const importAbout = `Takes meetings in from a JSON file: a list of meetings as GET /v1/meetings shows
them, each with "platform", the address for remote participants. A meeting whose
code is known is changed. Each row is reported; one that is wrong stops no other.`

func runImport(ctx context.Context, p process, args []string) error {
	f := newFlags(p, "import", "import meetings FILE.json --data DIR", importAbout)
	data := f.String("data", "", "`DIR` with the service's data")
	database := f.String("database", "", "`postgres://...` instead of the one in DIR/plenaryd.json")
	rest, err := parse(f, args, 2)
	if err != nil {
		return err
	}
	if rest[0] != "meetings" {
		return wrongUsage("%q cannot be imported; meetings can", rest[0])
	}
	definitions, err := readMeetings(rest[1])
	if err != nil {
		return err
	}
	s, err := openService(ctx, *data, *database)
	if err != nil {
		return err
	}
	defer s.Close()
	reports, err := s.Meetings().Import(ctx, definitions)
	refused := 0
	for i, r := range reports {
		fmt.Fprintf(p.stdout, "%d  %s  %s\n", i+1, r.Code, r.Outcome)
		for _, w := range r.Wrong {
			fmt.Fprintf(p.stdout, "     %s\n", w)
		}
		if len(r.Wrong) > 0 {
			refused++
		}
	}
	if err != nil {
		return err
	}
	if refused > 0 {
		return fmt.Errorf("%d of %d meetings were refused; the others are in", refused, len(reports))
	}
	return nil
}

func readMeetings(path string) ([]meetings.Definition, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var definitions []meetings.Definition
	d := json.NewDecoder(f)
	d.DisallowUnknownFields()
	if err := d.Decode(&definitions); err != nil {
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return nil, fmt.Errorf("%s: byte %d: %s does not take a %s", path, wrong.Offset, wrong.Field, wrong.Value)
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return definitions, nil
}
