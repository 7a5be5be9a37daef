package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"plenary/api"
	"plenary/service"
	"plenary/service/store"
)

const importAbout = `Takes in what comes from another system. Each row is reported; one that is wrong
stops no other. What was taken in can come again.

  import meetings FILE.json   a list of meetings as GET /v1/meetings shows them, each
                              with "platform", the address for remote participants; a
                              meeting whose code is known is changed. What is wrong is
                              named by its place in the meeting and a code
  import users FILE           accounts: a header with the columns username, email and,
                              if wished, title, first_name, family_name, phone,
                              language, country, membership, organization, as
                              spreadsheet programs save it (CSV or XLSX). Nobody gets a
                              password: the first log-in goes through "Forgot
                              password?". Of an account with the same e-mail address,
                              what is empty in the profile is filled, and nothing else
                              is changed`

func runImport(ctx context.Context, p process, args []string) error {
	f := newFlags(p, "import", "import meetings|users FILE --data DIR [flags]", importAbout)
	data := f.String("data", "", "`DIR` with the service's data")
	database := f.String("database", "", "`postgres://...` instead of the one in DIR/plenaryd.json")
	dryRun := f.Bool("dry-run", false, "report what would become of each row, and change nothing (users)")
	encoding := f.String("encoding", utf8Encoding, "`NAME` of the encoding in which the file was saved: utf-8 (or utf-16) or windows-1252, of plain CSV saved on Windows in a language of Western Europe (users)")
	rest, err := parse(f, args, 2)
	if err != nil {
		return err
	}
	what, path := rest[0], rest[1]
	switch {
	case what != "meetings" && what != "users":
		return wrongUsage("%q cannot be imported; meetings and users can", what)
	case what == "meetings" && *dryRun:
		return wrongUsage("--dry-run is for users")
	case *encoding != utf8Encoding && (what == "meetings" || *encoding != windows1252):
		return wrongUsage("--encoding is utf-8 or, for users, windows-1252")
	}
	s, err := openService(ctx, *data, *database)
	if err != nil {
		return err
	}
	if what == "users" {
		return errors.Join(importUsers(ctx, p, s, path, *encoding, *dryRun), s.Close())
	}
	return errors.Join(importMeetings(ctx, p, s, path), s.Close())
}

func importMeetings(ctx context.Context, p process, s *service.Service, path string) error {
	definitions, err := readMeetings(path)
	if err != nil {
		return err
	}
	reports, err := s.Meetings().Import(ctx, definitions)
	refused := 0
	for i, r := range reports {
		fmt.Fprintf(p.stdout, "%d  %s  %s\n", i+1, r.Code, r.Outcome)
		for _, w := range r.Wrong {
			fmt.Fprintf(p.stdout, "     %s: %s\n", w.Pointer, w.Code)
		}
		if len(r.Wrong) > 0 {
			refused++
		}
	}
	if err != nil {
		itself := "is not in"
		if _, unknown := errors.AsType[*store.OutcomeUnknown](err); unknown {
			itself = "may be in"
		}
		return fmt.Errorf("%s: stopped at meeting %d of %d, which %s; those before it are in, but for the refused; "+
			"put right what stopped it and import the same file again: %w", path, len(reports)+1, len(definitions), itself, err)
	}
	if refused > 0 {
		return fmt.Errorf("%d of %d meetings were refused; the others are in", refused, len(reports))
	}
	return nil
}

func readMeetings(path string) ([]api.MeetingDetails, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var definitions []api.MeetingDetails
	d := json.NewDecoder(asText(f))
	d.DisallowUnknownFields()
	if err := d.Decode(&definitions); err != nil {
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return nil, fmt.Errorf("%s: byte %d: %s does not take a %s", path, wrong.Offset, wrong.Field, wrong.Value)
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: byte %d: something stands behind the list", path, d.InputOffset())
	}
	return definitions, nil
}
