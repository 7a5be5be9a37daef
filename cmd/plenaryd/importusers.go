package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"plenary/service"
	"plenary/service/account/bulk"
	"plenary/spreadsheet"
)

// importUsers takes a file of users in and reports each row: its line, what
// became of it, its username where that is possible as one, and why it was
// refused. Nothing else of a row is printed.
func importUsers(ctx context.Context, p process, s *service.Service, path, encoding string, dryRun bool) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var file io.Reader = f
	check := spreadsheet.CheckUTF8
	if encoding == windows1252 {
		file, check = spreadsheet.FromWindows1252(f), spreadsheet.CheckWindows1252
	}
	if err := errors.Join(check(f), rewind(f)); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	out := bufio.NewWriter(p.stdout)
	count := map[string]int{}
	rows := 0
	err = s.Accounts().ImportUsers(ctx, bulk.Import{
		File: file, Organizations: s.Organizations().Directory().All(), DryRun: dryRun,
		Sheet: func(name string, others []string) {
			if len(others) > 0 {
				fmt.Fprintf(p.stderr, "%s: the sheet %q is read, and not: %q\n", path, name, others)
			}
		},
		Report: func(r bulk.Imported) error {
			rows++
			count[r.Outcome]++
			line := fmt.Sprintf("%d\t%s\t%s", r.Line, r.Outcome, r.Username)
			if r.Why != "" {
				line += "\t" + r.Why
			}
			_, err := fmt.Fprintln(out, line)
			return err
		},
	})
	done := "Done"
	switch {
	case dryRun:
		done = "Dry run, nothing was changed"
	case err != nil:
		done = "Not at the end of the file"
	}
	fmt.Fprintf(out, "%s: %d rows: %d created, %d updated, %d unchanged, %d refused.\n", done, rows,
		count[bulk.ImportCreated], count[bulk.ImportUpdated], count[bulk.ImportUnchanged], count[bulk.ImportRefused])
	switch refused := count[bulk.ImportRefused]; {
	case err != nil:
		return errors.Join(fmt.Errorf("%s: %w", path, err), out.Flush())
	case refused > 0:
		others := "the others are in"
		if dryRun {
			others = "nothing was changed"
		}
		return errors.Join(out.Flush(), fmt.Errorf("%d of %d rows were refused; %s", refused, rows, others))
	}
	return out.Flush()
}

// Encodings of a file of users.
const (
	utf8Encoding = "utf-8"
	windows1252  = "windows-1252"
)

func rewind(f io.Seeker) error {
	_, err := f.Seek(0, io.SeekStart)
	return err
}
