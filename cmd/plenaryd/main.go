// Plenaryd is Plenary's account service: accounts, meetings, registrations and
// the e-mails about them, in one process with its own database.
//
//	plenaryd init --data DIR ...     make a new service
//	plenaryd serve --data DIR ...    run it
//	plenaryd serve --demo ...        run the demonstration
//
// "plenaryd help" lists all commands, each has its own --help.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"

	_ "plenary/service/store/postgres"
)

// version is the service's, such as 0.1.0; make sets it (packaging/version.sh).
var version = "dev"

// process is what a command has of the process that it runs in.
type process struct {
	stdin          io.Reader
	stdout, stderr io.Writer
}

// command is one of plenaryd's commands.
type command struct {
	name, summary string
	run           func(context.Context, process, []string) error
}

func commands() []command {
	return []command{
		{"init", "make a new service: its id, its key, its first administrator", runInit},
		{"serve", "run the service, or with --demo the demonstration", runServe},
		{"health", "ask the service on this machine whether it is ready", runHealth},
		{"user", "add, list, deactivate and activate accounts", runUser},
		{"import", "take meetings or users in from a file", runImport},
		{"audit", "verify or export the audit log", runAudit},
		{"migrate", "bring the database of an older version to this one", runMigrate},
		{"backup", "copy the database while the service runs", runBackup},
		{"restore", "put a copy in the place of the database, and verify it", runRestore},
		{"settings", "show or change what the service says of itself", runSettings},
		{"check", "look whether all is well, one line each", runCheck},
		{"keys", "list the service's master keys, or put a new one to use", runKeys},
		{"openapi", "print the description of the HTTP interface", runOpenAPI},
		{"version", "print the version", runVersion},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, process{os.Stdin, os.Stdout, os.Stderr}, os.Args[1:]))
}

// run gives the exit status: 0, 1 for what failed, 2 for a wrong command line, and
// others that a command's help names.
func run(ctx context.Context, p process, args []string) int {
	if len(args) == 0 {
		usage(p.stderr)
		return 2
	}
	switch args[0] {
	case "help", "--help", "-h":
		usage(p.stdout)
		return 0
	}
	for _, c := range commands() {
		if c.name != args[0] {
			continue
		}
		err := sayDatabase(c.run(ctx, p, args[1:]))
		var wrong *usageError
		var own *statusError
		switch {
		case err == nil, errors.Is(err, flag.ErrHelp):
			return 0
		case errors.As(err, &wrong):
			fmt.Fprintf(p.stderr, "plenaryd %s: %v\nplenaryd %s --help says more.\n", c.name, err, c.name)
			return 2
		case errors.As(err, &own):
			fmt.Fprintf(p.stderr, "plenaryd %s: %v\n", c.name, err)
			return own.status
		default:
			fmt.Fprintf(p.stderr, "plenaryd %s: %v\n", c.name, err)
			return 1
		}
	}
	fmt.Fprintf(p.stderr, "plenaryd: there is no command %q\n\n", args[0])
	usage(p.stderr)
	return 2
}

func usage(w io.Writer) {
	fmt.Fprint(w, "Plenaryd is Plenary's account service.\n\nusage: plenaryd COMMAND [flags]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-9s %s\n", c.name, c.summary)
	}
	fmt.Fprint(w, "\nplenaryd COMMAND --help describes a command's flags.\n")
}

// statusError ends a command with an exit status of its own.
type statusError struct {
	status int
	text   string
}

func (e *statusError) Error() string { return e.text }

// usageError is a wrong command line.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func wrongUsage(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}

// newFlags makes the flags of a command, whose help goes to standard output.
func newFlags(p process, name, usageLine, about string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard) // errors are printed by run
	f.Usage = func() {
		fmt.Fprintf(p.stdout, "usage: plenaryd %s\n\n%s\n", usageLine, about)
		f.SetOutput(p.stdout)
		defer f.SetOutput(io.Discard)
		heading := sync.OnceFunc(func() { fmt.Fprint(p.stdout, "\nflags:\n") })
		f.VisitAll(func(*flag.Flag) { heading() })
		f.PrintDefaults()
	}
	return f
}

// parse reads flags, which may stand before and after the n arguments that the
// command wants, and gives those.
func parse(f *flag.FlagSet, args []string, n int) ([]string, error) {
	rest, err := parseSome(f, args, n)
	if err == nil && len(rest) > n {
		return nil, wrongUsage("%q is too much", rest[n])
	}
	return rest, err
}

// parseSome is parse for a command that takes so many arguments or more.
func parseSome(f *flag.FlagSet, args []string, least int) ([]string, error) {
	help := f.Usage
	f.Usage = func() {} // flag would print it after every mistake
	var rest []string
	for {
		if err := f.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				help()
				return nil, err
			}
			return nil, &usageError{err.Error()}
		}
		if args = f.Args(); len(args) == 0 {
			break
		}
		rest, args = append(rest, args[0]), args[1:]
	}
	if len(rest) < least {
		return nil, wrongUsage("something is missing")
	}
	return rest, nil
}

func runVersion(_ context.Context, p process, args []string) error {
	f := newFlags(p, "version", "version", "Prints the version of this program.")
	if _, err := parse(f, args, 0); err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, "plenaryd", version)
	return nil
}
