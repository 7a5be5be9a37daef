package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"

	"plenary/service"
	"plenary/service/audit"
)

const auditAbout = `Works on the audit log, while the service runs or not. Nothing changes it.

  audit verify   recompute the chain of seals and report the first break; prints
                 POSITION:SEAL of its end, to be kept elsewhere
  audit export   print the chain as lines of JSON, the oldest first

With --since POSITION:SEAL, verify also says whether the log still holds what it
held when that was printed: a database that was put back to an earlier state as
a whole is found by this alone.`

// auditVerbs are what can be done with the log.
var auditVerbs = map[string]func(context.Context, process, *service.Service, []audit.Known) error{
	"verify": verifyAudit,
	"export": exportAudit,
}

func runAudit(ctx context.Context, p process, args []string) error {
	f := newFlags(p, "audit", "audit verify|export --data DIR [--since POSITION:SEAL]", auditAbout)
	var (
		data     = f.String("data", "", "`DIR` with the service's data")
		database = f.String("database", "", "`postgres://...` instead of the one in DIR/plenaryd.json")
		since    = f.String("since", "", "`POSITION:SEAL` that verify printed earlier (verify); several separated by commas")
	)
	rest, err := parse(f, args, 1)
	if err != nil {
		return err
	}
	work, ok := auditVerbs[rest[0]]
	if !ok {
		return wrongUsage("%q is neither verify nor export", rest[0])
	}
	var known []audit.Known
	for _, text := range list(*since) {
		k, err := audit.ParseEnd(text)
		if err != nil {
			return wrongUsage("--since %q is not POSITION:SEAL", text)
		}
		known = append(known, k)
	}
	s, err := openService(ctx, *data, *database)
	if err != nil {
		return err
	}
	return errors.Join(work(ctx, p, s, known), s.Close())
}

func verifyAudit(ctx context.Context, p process, s *service.Service, known []audit.Known) error {
	r, err := s.Audit().Verify(ctx, known...)
	if err != nil {
		return err
	}
	if r.Break != nil {
		return fmt.Errorf("the log is not whole: %s", r.Break)
	}
	fmt.Fprintf(p.stdout, "The log is whole: %d entries, %d more wait for their seal.\n", r.Position, r.Waiting)
	if r.Position > 0 {
		fmt.Fprintf(p.stdout, "End: %s\n", r.End())
	}
	return nil
}

func exportAudit(ctx context.Context, p process, s *service.Service, known []audit.Known) error {
	if len(known) > 0 {
		return wrongUsage("--since goes with verify")
	}
	if _, err := s.Audit().Seal(ctx); err != nil {
		return err
	}
	out := bufio.NewWriter(p.stdout)
	_, err := s.Audit().Export(ctx, out)
	return errors.Join(err, out.Flush())
}
