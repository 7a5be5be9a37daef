package main

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"

	"plenary/service"
	"plenary/service/node"
)

const migrateAbout = `Brings the database of an older version of plenaryd to what this version wants.
Make a backup first: there is no way back but that.

"plenaryd serve" does the same by itself where it is the only node. With several
nodes, install the new version on all of them, run "plenaryd migrate" once, and
restart one node after the other.

  --check changes nothing: the exit status is 0 if there is nothing to do, and 3 if
  there is.`

// pendingStatus is the exit status of migrate --check where there is something to do.
const pendingStatus = 3

func runMigrate(ctx context.Context, p process, args []string) error {
	f := newFlags(p, "migrate", "migrate --data DIR [--check]", migrateAbout)
	data := f.String("data", "", "`DIR` with the service's data")
	check := f.Bool("check", false, "say whether there is something to do, and do nothing")
	if _, err := parse(f, args, 0); err != nil {
		return err
	}
	if *data == "" {
		return wrongUsage("--data DIR is missing")
	}
	c, err := readConfig(*data)
	if err != nil {
		return err
	}
	database := c.database(*data)
	pending, err := service.Pending(ctx, database)
	if err != nil {
		return explainOpening(err, *data)
	}
	if pending == 0 {
		fmt.Fprintln(p.stdout, "The database is what this version wants.")
		return nil
	}
	if *check {
		return &statusError{pendingStatus, fmt.Sprintf("the database is from an older version: plenaryd migrate --data %s",
			shellWord(runtime.GOOS, *data))}
	}
	older, err := service.Running(ctx, database)
	if err != nil {
		return err
	}
	if err := service.Migrate(ctx, database, slog.New(slog.DiscardHandler)); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "Done: %d migrations.\n", pending)
	if len(older) > 0 {
		fmt.Fprintf(p.stdout, "These nodes run an older version; restart them one after the other: %s.\n", node.Names(older))
	}
	return nil
}
