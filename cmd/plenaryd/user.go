package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"text/tabwriter"

	"plenary/api"
	"plenary/rules"
	"plenary/service"
	"plenary/service/account/staff"
)

const userAbout = `Works on accounts, while the service runs or not.

  user add NAME --email ADDRESS   make an active account; prints a link for its owner
  user list                       list all accounts and their states
  user password NAME              take an account's password away, with its sessions; prints
                                  a link by which its owner chooses another one
  user deactivate NAME            keep everybody out of an account; its sessions end
  user activate NAME              let its owner in again, also after too many wrong passwords
  user roles NAME ROLE...         give an account these roles and no others: meeting-manager, visa,
                                  administrator; participant takes all away

Nobody but its owner knows the password of an account: hand the link over, or let
"Forgot password?" send another one. It is good once, for 72 hours.

Owners are told by e-mail. In Plenary, an administrator needs a second one for
what this command does to accounts with a role: whoever runs it needs nobody.`

// userFlags are the flags of the user command.
type userFlags struct {
	data, database, email, first, family, language, roles *string
	organization, country, membership                     *string
}

// userVerbs are what can be done to accounts, all but list with a name.
var userVerbs = map[string]func(context.Context, process, *service.Service, []string, userFlags) error{
	"add":      addUser,
	"list":     listUsers,
	"password": handLink,
	"deactivate": func(ctx context.Context, _ process, s *service.Service, args []string, _ userFlags) error {
		return s.Accounts().Deactivate(ctx, args[0])
	},
	"activate": func(ctx context.Context, _ process, s *service.Service, args []string, _ userFlags) error {
		return s.Accounts().Reactivate(ctx, args[0])
	},
	"roles": func(ctx context.Context, _ process, s *service.Service, args []string, _ userFlags) error {
		return s.Accounts().SetRoles(ctx, args[0], args[1:])
	},
}

func runUser(ctx context.Context, p process, args []string) error {
	f := newFlags(p, "user", "user add|list|password|deactivate|activate|roles [NAME [ROLE...]] --data DIR [flags]", userAbout)
	flags := userFlags{
		data:         f.String("data", "", "`DIR` with the service's data"),
		database:     f.String("database", "", "`postgres://...` instead of the one in DIR/plenaryd.json"),
		email:        f.String("email", "", "e-mail `address` (add)"),
		first:        f.String("first-name", "", "first `name` (add)"),
		family:       f.String("family-name", "", "family `name` (add)"),
		language:     f.String("language", "en", "`language` of e-mails (add)"),
		roles:        f.String("roles", "", "`roles` besides participant, separated by commas: meeting-manager, visa, administrator (add)"),
		organization: f.String("organization", "", "`name` of the organization (add; default: the service's own)"),
		country:      f.String("country", "CH", "`country` of the organization, ISO 3166-1 (add)"),
		membership:   f.String("membership", string(rules.UNAgency), "membership `type` of the organization (add)"),
	}
	if len(args) == 0 {
		return wrongUsage("say what to do: add, list, password, deactivate, activate or roles")
	}
	if args[0] == "--help" || args[0] == "-h" {
		_, err := parse(f, args, 0)
		return err
	}
	work, ok := userVerbs[args[0]]
	if !ok {
		return wrongUsage("%q is not one of add, list, password, deactivate, activate, roles", args[0])
	}
	rest, err := userArguments(f, args[0], args[1:])
	if err != nil {
		return err
	}
	s, err := openService(ctx, *flags.data, *flags.database)
	if err != nil {
		return err
	}
	return errors.Join(explain(work(ctx, p, s, rest, flags)), s.Close())
}

// userArguments are the name, and the roles where they are to be given.
func userArguments(f *flag.FlagSet, verb string, args []string) ([]string, error) {
	switch verb {
	case "list":
		return parse(f, args, 0)
	case "roles":
		return parseSome(f, args, 2)
	default:
		return parse(f, args, 1)
	}
}

func addUser(ctx context.Context, p process, s *service.Service, args []string, flags userFlags) error {
	name := args[0]
	info, err := s.Info(ctx)
	if err != nil {
		return err
	}
	if *flags.first == "" && *flags.family == "" {
		*flags.family = name
	}
	if _, err = s.Accounts().Create(ctx, staff.NewAccount{
		Username: name, Email: *flags.email, FirstName: *flags.first, FamilyName: *flags.family,
		Language: *flags.language, Roles: list(*flags.roles),
		Organization: api.Organization{
			Name: cmp.Or(*flags.organization, info.Organization), Country: *flags.country, Membership: *flags.membership,
		},
	}); err != nil {
		return err
	}
	return handLink(ctx, p, s, args, flags)
}

// handLink prints a link by which the owner of an account chooses a password.
func handLink(ctx context.Context, p process, s *service.Service, args []string, _ userFlags) error {
	h, err := s.Accounts().HandLink(ctx, args[0])
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "The owner of %s chooses a password here, once, until %s (shown only now):\n%s\n",
		args[0], h.Until.Format("2006-01-02 15:04 MST"), h.Link)
	return err
}

func listUsers(ctx context.Context, p process, s *service.Service, _ []string, _ userFlags) error {
	t := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "USERNAME\tE-MAIL\tSTATE\tROLES\tSINCE")
	after := ""
	for {
		page, err := s.Accounts().List(ctx, after, 500)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return t.Flush()
		}
		for _, a := range page {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", a.Username, a.Email, a.State, strings.Join(a.Roles, ", "), a.Created.Format("2006-01-02"))
		}
		after = page[len(page)-1].Username
	}
}

func list(s string) []string {
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}
