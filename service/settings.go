package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"

	"plenary/rules"
	"plenary/service/store"
)

// Settings are what a service is, made by Init and kept in its database.
type Settings struct {
	ServiceID    string // made by Init
	Organization string // name, for people
	ServiceDesk  string // e-mail address
	Address      string // public address, without a slash at the end
	FAQ          string // address of a page; the service's own if empty
	Chat         string // address for tickets or chat; may be empty
	Terms        string // address of the terms of use; the service's own page if empty
	Privacy      string // address of the privacy notice; the service's own page if empty
	Download     string // address where people get Plenary; may be empty
	Policy       string // classic or nist
	Demo         bool   // the demonstration's data, which nothing else may use, and the reverse
}

// ErrNotMade is returned for a database that Init has not seen.
var ErrNotMade = errors.New("service: this database holds no service: run plenaryd init")

// ErrMade is returned by Init for a database that holds a service already.
var ErrMade = errors.New("service: this database holds a service already")

// rows are the settings by their names in the database.
func (s *Settings) rows() map[string]*string {
	return map[string]*string{
		"service-id": &s.ServiceID, "organization": &s.Organization, "service-desk": &s.ServiceDesk,
		"address": &s.Address, "faq": &s.FAQ, "chat": &s.Chat, "policy": &s.Policy,
		"terms": &s.Terms, "privacy": &s.Privacy, "download": &s.Download,
	}
}

// settingsState is in SQL the text of all settings.
func settingsState() string {
	var values []string
	for _, name := range slices.Sorted(maps.Keys(new(Settings).rows())) {
		values = append(values, "COALESCE((SELECT value FROM settings WHERE name = '"+name+"'), '')")
	}
	return strings.Join(values, " || '|' || ")
}

const demoRow = "demonstration"

// Init makes a new service in a database and gives its settings with their new
// service id.
func Init(ctx context.Context, database string, s Settings, log *slog.Logger) (Settings, error) {
	s.Address = strings.TrimRight(s.Address, "/")
	if s.Policy == "" {
		s.Policy = string(rules.PolicyClassic)
	}
	if err := s.check(); err != nil {
		return s, err
	}
	s.ServiceID = uuid.NewString()
	db, err := store.Open(ctx, database, log)
	if err != nil {
		return s, err
	}
	err = db.Update(ctx, func(tx *store.Tx) error {
		rows := s.rows()
		if s.Demo {
			yes := "yes"
			rows[demoRow] = &yes
		}
		for name, value := range rows {
			if tx.Do(`INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, *value) == 0 {
				return ErrMade
			}
		}
		tx.NewEpoch()
		return nil
	})
	return s, errors.Join(err, db.Close())
}

// CheckAddress refuses what is no public address of a service: it has no path, which
// links in e-mails could not lead to.
func CheckAddress(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return fmt.Errorf("service: %q is no address such as https://accounts.example.org", address)
	case u.Path != "":
		return fmt.Errorf("service: %q has a path: the service needs an address of its own, such as https://accounts.example.org", address)
	}
	return nil
}

func (s *Settings) check() error {
	if err := CheckAddress(s.Address); err != nil {
		return err
	}
	if s.Organization == "" {
		return errors.New("service: the organization's name is missing")
	}
	if _, err := rules.ParseEmail(s.ServiceDesk); err != nil {
		return errors.New("service: the service desk's e-mail address is missing or wrong")
	}
	if s.Policy != string(rules.PolicyClassic) && s.Policy != string(rules.PolicyNIST) {
		return fmt.Errorf("service: the password policy is %s or %s", rules.PolicyClassic, rules.PolicyNIST)
	}
	return nil
}

func loadSettings(ctx context.Context, db *store.DB) (Settings, error) {
	var s Settings
	rows := s.rows()
	err := db.View(ctx, func(tx *store.Tx) error {
		for scan := range tx.Each(`SELECT name, value FROM settings`) {
			var name, value string
			scan(&name, &value)
			if name == demoRow {
				s.Demo = true
			}
			if field := rows[name]; field != nil {
				*field = value
			}
		}
		return nil
	})
	if err != nil {
		return s, err
	}
	if s.ServiceID == "" {
		return s, ErrNotMade
	}
	return s, nil
}
