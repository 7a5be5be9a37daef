package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"text/tabwriter"

	"plenary/api"
	"plenary/service"
	"plenary/service/accounts"
)

const userAbout = `Works on accounts, while the service runs or not.

  user add NAME --email ADDRESS   make an active account
  user list                       list all accounts
  user password NAME              give an account a new password; its sessions end`

func runUser(ctx context.Context, p process, args []string) error {
	f := newFlags(p, "user", "user add|list|password [NAME] --data DIR [flags]", userAbout)
	var (
		data      = f.String("data", "", "`DIR` with the service's data")
		database  = f.String("database", "", "`postgres://...` instead of the one in DIR/plenaryd.json")
		email     = f.String("email", "", "e-mail `address`")
		first     = f.String("first-name", "", "first `name`")
		family    = f.String("family-name", "", "family `name`")
		language  = f.String("language", "en", "`language` of e-mails")
		roles     = f.String("roles", "", "`roles` besides participant, separated by commas: meeting-manager, administrator")
		name      = f.String("organization", "", "`name` of the organization (default: the service's own)")
		country   = f.String("country", "CH", "`country` of the organization, ISO 3166-1")
		member    = f.String("membership", "un-agency", "membership `type` of the organization")
		fromStdin = f.Bool("password-stdin", false, "read the password from standard input instead of making one")
	)
	if len(args) == 0 {
		return wrongUsage("say what to do: add, list or password")
	}
	if args[0] == "--help" || args[0] == "-h" {
		_, err := parse(f, args, 0)
		return err
	}
	verb, wanted := args[0], 1
	switch verb {
	case "list":
		wanted = 0
	case "add", "password":
	default:
		return wrongUsage("user %s: there is add, list and password", verb)
	}
	rest, err := parse(f, args[1:], wanted)
	if err != nil {
		return err
	}
	s, err := openService(ctx, *data, *database)
	if err != nil {
		return err
	}
	defer s.Close()
	if verb == "list" {
		return listUsers(ctx, p, s)
	}
	password, made, err := choosePassword(p, *fromStdin)
	if err != nil {
		return err
	}
	if verb == "password" {
		err = s.Accounts().SetPassword(ctx, rest[0], password)
	} else {
		var info api.ServiceInfo
		if info, err = s.Info(ctx); err != nil {
			return err
		}
		if *name == "" {
			*name = info.Organization
		}
		if *first == "" && *family == "" {
			*family = rest[0]
		}
		_, err = s.Accounts().Create(ctx, accounts.NewAccount{
			Username: rest[0], Email: *email, Password: password, FirstName: *first, FamilyName: *family,
			Language: *language, Roles: list(*roles),
			Organization: api.Organization{Name: *name, Country: *country, Membership: *member},
		})
	}
	if err != nil {
		return explain(err)
	}
	if made {
		fmt.Fprintf(p.stdout, "Password of %s: %s   (shown only now)\n", rest[0], password)
	}
	return nil
}

// openService opens the service's data for a command.
func openService(ctx context.Context, dir, database string) (*service.Service, error) {
	if dir == "" {
		return nil, wrongUsage("--data DIR is missing")
	}
	c, err := readConfig(dir)
	if err != nil {
		return nil, err
	}
	if database != "" {
		c.Database = database
	}
	c.SMTP = smtpConfig{} // the running service sends
	settings, err := c.service(dir)
	if err != nil {
		return nil, err
	}
	settings.Log = slog.New(slog.DiscardHandler)
	return service.New(ctx, settings)
}

func listUsers(ctx context.Context, p process, s *service.Service) error {
	t := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "USERNAME\tE-MAIL\tROLES\tSINCE")
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
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", a.Username, a.Email, strings.Join(a.Roles, ", "), a.Created.Format("2006-01-02"))
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
