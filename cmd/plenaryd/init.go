package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"

	"plenary/api"
	"plenary/rules"
	"plenary/service"
	"plenary/service/account/staff"
	"plenary/service/secret"
)

const initAbout = `Makes a new service in DIR: its service id, its key (DIR/plenaryd.key, readable
by its owner only), its configuration (DIR/plenaryd.json), its database and its
first administrator. What is not given is as for a trial on this machine.

Keep a copy of the key apart from the backups of the database: without it, what
is sealed in the database cannot be read again.`

func runInit(ctx context.Context, p process, args []string) error {
	f := newFlags(p, "init", "init --data DIR [flags]", initAbout)
	var (
		data      = f.String("data", "", "`DIR` for the service's data; made if it is missing")
		name      = f.String("organization", "My Organization", "`name` of the organization, for people")
		desk      = f.String("service-desk", "servicedesk@example.org", "`e-mail` address of the service desk")
		address   = f.String("address", "", "public `URL` of the service, without a path (default: http:// and --listen)")
		faq       = f.String("faq", "", "`URL` of the FAQ (default: a page of the service)")
		terms     = f.String("terms", "", "`URL` of the terms of use (default: a page of the service with a sample text)")
		privacy   = f.String("privacy", "", "`URL` of the privacy notice (default: a page of the service with a sample text)")
		chat      = f.String("chat", "", "`URL` for tickets or chat")
		policy    = f.String("policy", "classic", "password `policy`: classic or nist")
		listen    = f.String("listen", "127.0.0.1:8080", "`address` to listen at")
		database  = f.String("database", "", "`postgres://...` instead of SQLite in DIR")
		admin     = f.String("admin-email", "", "`e-mail` address of the first administrator (default: the service desk's)")
		user      = f.String("admin-username", "admin", "`username` of the first administrator")
		fromStdin = f.Bool("password-stdin", false, "read the administrator's password from standard input instead of making one")
	)
	if _, err := parse(f, args, 0); err != nil {
		return err
	}
	if *data == "" {
		return wrongUsage("--data DIR is missing")
	}
	password, made, err := choosePassword(p, *fromStdin)
	if err != nil {
		return err
	}
	if !rules.PasswordAcceptable(password, rules.Policy(*policy), rules.PasswordContext("", "", *user, *admin, "", *name)) {
		return wrongUsage("the password does not fulfil the policy %q, or is easy to guess", *policy)
	}
	*admin, *address = cmp.Or(*admin, *desk), cmp.Or(*address, "http://"+*listen)
	c := config{Listen: *listen, Database: *database}
	settings, err := makeService(ctx, *data, c, service.Settings{
		Organization: *name, ServiceDesk: *desk, Address: *address, FAQ: *faq, Chat: *chat, Policy: *policy,
		Terms: *terms, Privacy: *privacy,
	}, staff.NewAccount{
		Username: *user, Email: *admin, Password: password, FamilyName: *user,
		Roles:        []string{api.RoleAdministrator, api.RoleMeetingManager},
		Organization: api.Organization{Name: *name, Country: "CH", Membership: string(rules.UNAgency)},
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "A new service is in %s; its id is %s.\n", *data, settings.ServiceID)
	fmt.Fprintf(p.stdout, "First administrator: %s\n", *user)
	if made {
		fmt.Fprintf(p.stdout, "Password:            %s   (shown only now)\n", password)
	}
	fmt.Fprintf(p.stdout, "Keep a copy of %s apart from the backups.\n", filepath.Join(*data, keyFile))
	fmt.Fprintf(p.stdout, "Next: plenaryd serve --data %s\n", shellWord(runtime.GOOS, *data))
	return nil
}

// makeService makes key, configuration, database and administrator, in this
// order: the configuration file comes last, so that its presence means that
// all is there.
func makeService(ctx context.Context, dir string, c config, settings service.Settings, admin staff.NewAccount) (service.Settings, error) {
	if _, err := os.Stat(filepath.Join(dir, configFile)); err == nil {
		return settings, fmt.Errorf("there is a service in %s already; choose another folder, or run it with plenaryd serve --data %s", dir, shellWord(runtime.GOOS, dir))
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return settings, err
	}
	key, err := secret.Load(filepath.Join(dir, keyFile)) // from an init that did not come to its end
	if errors.Is(err, fs.ErrNotExist) {
		key, err = secret.Create(filepath.Join(dir, keyFile))
	}
	if err != nil {
		return settings, err
	}
	log := slog.New(slog.DiscardHandler)
	settings, err = service.Init(ctx, c.database(dir), settings, log)
	if errors.Is(err, service.ErrMade) && c.Database != "" {
		return settings, fmt.Errorf("%w: to run another node of it, copy %s and %s of the first one", err, keyFile, configFile)
	}
	if err != nil && !errors.Is(err, service.ErrMade) {
		return settings, err
	}
	s, err := service.Open(ctx, service.Config{Database: c.database(dir), Key: key, Version: version, Log: log})
	if err != nil {
		return settings, err
	}
	_, err = s.Accounts().Create(ctx, admin)
	info, infoErr := s.Info(ctx)
	if err = errors.Join(explain(err), infoErr, s.Close()); err != nil {
		return settings, fmt.Errorf("the first administrator: %w", err)
	}
	settings.ServiceID = info.ServiceID
	return settings, c.write(dir)
}

// newPassword is 130 random bits that every policy takes.
func newPassword() string { return "Pl-" + rand.Text()[:13] + "-" + rand.Text()[:13] + "-a1" }
