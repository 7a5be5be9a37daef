package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"plenary/platform/files"
	"plenary/rules"
	"plenary/service"
	"plenary/service/account/credential"
	"plenary/service/breached"
	"plenary/service/mail"
	"plenary/service/secret"
)

// Files in the service's data folder.
const (
	configFile   = "plenaryd.json"
	keyFile      = "plenaryd.key"
	databaseFile = "plenaryd.db"
)

// config is plenaryd.json: how a service runs. Flags come before it. Secrets
// are not in it: the mail server's password comes from a file or the
// environment variable PLENARY_SMTP_PASSWORD.
type config struct {
	Listen         string   `json:"listen"`
	Address        string   `json:"address,omitempty"`  // public address, if it is another one than init was given
	Database       string   `json:"database,omitempty"` // postgres://..., or empty for SQLite in the data folder
	TLSCert        string   `json:"tls_cert,omitempty"`
	TLSKey         string   `json:"tls_key,omitempty"`
	TrustedProxies []string `json:"trusted_proxies,omitempty"` // addresses or networks of the proxies in front
	MinimumVersion string   `json:"minimum_version,omitempty"` // oldest version of Plenary that is served
	NewestVersion  string   `json:"newest_version,omitempty"`  // newest version of Plenary, which people with an older one are told of
	Download       string   `json:"download,omitempty"`        // address where people get Plenary
	// MetricsListen is the address at which /metrics is to be read, apart from
	// everything else; empty: nowhere.
	MetricsListen string     `json:"metrics_listen,omitempty"`
	LogLevel      string     `json:"log_level,omitempty"`     // debug, info (default), warn, error
	DrainSeconds  *int       `json:"drain_seconds,omitempty"` // between "not ready" and the end of listening
	SMTP          smtpConfig `json:"smtp"`
	// What one node takes of machine and database.
	DatabaseConnections int `json:"database_connections,omitempty"` // to PostgreSQL at most; default 32
	HashMemoryMiB       int `json:"hash_memory_mib,omitempty"`      // of argon2id for one password; default 19
	HashPasses          int `json:"hash_passes,omitempty"`          // of argon2id; default 2
	// A file of breached passwords, which nobody can choose: SHA-1 in hexadecimal, one
	// a line, sorted. A path that is not absolute is in the data folder.
	BreachedPasswords string `json:"breached_passwords,omitempty"`
	// What administrators may set in Application Management.
	MailNone     bool     `json:"mail_none,omitempty"`     // a mail server without encryption, for a relay nearby
	MailNetworks []string `json:"mail_networks,omitempty"` // the only addresses or networks of mail servers
}

// smtpConfig is the mail server until administrators save another one; without
// an address, e-mails wait until then.
type smtpConfig struct {
	Address      string `json:"address,omitempty"`  // host:port
	Security     string `json:"security,omitempty"` // starttls (default), tls, or none for a server on this machine
	User         string `json:"user,omitempty"`
	PasswordFile string `json:"password_file,omitempty"`
	From         string `json:"from,omitempty"` // the sender's address; default: the service desk's
}

// readConfig reads DIR/plenaryd.json. Unknown fields are refused: they are
// mistakes in spelling.
func readConfig(dir string) (config, error) {
	c := config{Listen: "127.0.0.1:8080"}
	path := filepath.Join(dir, configFile)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, fmt.Errorf("there is no service in %s yet: make one with plenaryd init --data %s", dir, dir)
	}
	if err != nil {
		return c, err
	}
	defer f.Close()
	d := json.NewDecoder(asText(f))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	if d.More() {
		return c, fmt.Errorf("%s: there is more behind the end of it", path)
	}
	return c, c.check()
}

// check refuses numbers that no service could run with.
func (c *config) check() error {
	drain := 0
	if c.DrainSeconds != nil {
		drain = *c.DrainSeconds
	}
	for _, n := range []struct {
		name               string
		value, least, most int // 0 is the default
	}{
		{"database_connections", c.DatabaseConnections, 4, 1000},
		{"hash_memory_mib", c.HashMemoryMiB, 19, 256},
		{"hash_passes", c.HashPasses, 2, 16},
		{"drain_seconds", drain, 0, 300},
	} {
		if n.value != 0 && (n.value < n.least || n.value > n.most) {
			return wrongUsage("%s %d in %s is not between %d and %d", n.name, n.value, configFile, n.least, n.most)
		}
	}
	return nil
}

// hashing is the cost of a password's hash.
func (c *config) hashing() credential.Hashing {
	h := credential.DefaultHashing
	if c.HashMemoryMiB > 0 {
		h.MemoryKiB = uint32(c.HashMemoryMiB) * 1024
	}
	if c.HashPasses > 0 {
		h.Time = uint32(c.HashPasses)
	}
	return h
}

// drain is how long the service goes on after it has said that it is about to
// stop.
func (c *config) drain() time.Duration {
	switch {
	case c.DrainSeconds != nil:
		return time.Duration(*c.DrainSeconds) * time.Second
	case len(c.TrustedProxies) > 0:
		return drainBehindProxy
	default:
		return 0
	}
}

func (c *config) write(dir string) error {
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	return files.Write(filepath.Join(dir, configFile), append(text, '\n'))
}

// database is what service.Config wants.
func (c *config) database(dir string) string {
	if c.Database != "" {
		return c.Database
	}
	return filepath.Join(dir, databaseFile)
}

// service turns the file into the service's own configuration.
func (c *config) service(dir string) (service.Config, error) {
	out := service.Config{
		Database: c.database(dir), Version: version, Address: strings.TrimRight(c.Address, "/"),
		MinimumVersion: c.MinimumVersion, NewestVersion: c.NewestVersion, Download: c.Download,
		Connections: c.DatabaseConnections, Hashing: c.hashing(),
	}
	for name, v := range map[string]string{"minimum_version": c.MinimumVersion, "newest_version": c.NewestVersion} {
		if v != "" && !rules.IsVersion(v) {
			return out, wrongUsage("%s %q is no version such as 0.3.0", name, v)
		}
	}
	if out.Address != "" {
		if err := service.CheckAddress(out.Address); err != nil {
			return out, wrongUsage("%v", err)
		}
	}
	var err error
	if out.Key, err = secret.Load(filepath.Join(dir, keyFile)); err != nil {
		return out, fmt.Errorf("the service's key: %w; it is not in the database or its backups, restore it from where you keep it", err)
	}
	if out.TrustedProxies, err = prefixes("trusted proxy", c.TrustedProxies); err != nil {
		return out, err
	}
	out.MailLimits.None = c.MailNone
	if out.MailLimits.Networks, err = prefixes("network of mail servers", c.MailNetworks); err != nil {
		return out, err
	}
	if c.BreachedPasswords != "" {
		path := c.BreachedPasswords
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		list, err := breached.Open(path) // closed with the process
		if err != nil {
			return out, fmt.Errorf("breached_passwords: %w", err)
		}
		out.Breached = list.Has
	}
	out.Mail, err = c.SMTP.server()
	return out, err
}

// prefixes reads addresses and networks; what names them.
func prefixes(what string, list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range list {
		if a, err := netip.ParseAddr(s); err == nil {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, wrongUsage("%s %q is neither an address nor a network such as 10.0.0.0/8", what, s)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// server gives the mail server, nil if there is none.
func (c *smtpConfig) server() (*mail.Server, error) {
	if c.Address == "" {
		return nil, nil
	}
	s, err := mail.ParseServer(c.Address)
	if err != nil {
		return nil, wrongUsage("the mail server %q is not host:port", c.Address)
	}
	s.Security, s.User, s.From = c.Security, c.User, c.From
	s.Loopback = onLoopback(s.Host)
	if s.Security == "" {
		s.Security = mail.StartTLS
		if s.Loopback {
			s.Security = mail.None
		}
	}
	if s.Security == mail.None && !s.Loopback {
		return nil, wrongUsage("e-mails leave this machine encrypted only: use starttls or tls for %s", s.Host)
	}
	s.Password = os.Getenv("PLENARY_SMTP_PASSWORD")
	if c.PasswordFile != "" {
		b, err := readText(c.PasswordFile)
		if err != nil {
			return nil, fmt.Errorf("the mail server's password: %w", err)
		}
		s.Password = strings.TrimRight(string(b), "\r\n")
	}
	return s, nil
}

func onLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
