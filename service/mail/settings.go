package mail

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"time"

	"plenary/api"
	"plenary/service/secret"
	"plenary/service/store"
)

// Limits is what the operator leaves to administrators (security.md, EMail Test).
type Limits struct {
	None     bool           // allow a connection without encryption, for a relay nearby
	Networks []netip.Prefix // the only ones with mail servers; none means all but loopback, link-local and metadata
	// TLSConfig holds the authorities of the tests; nil means those of the system.
	TLSConfig *tls.Config
	// Timeout is for one e-mail, Server.Timeout.
	Timeout time.Duration
}

// Settings says which mail server counts: the one that administrators have
// saved, on every node from its next look at the outbox on, or, until there is
// one, that of the command line. It is safe for concurrent use.
type Settings struct {
	db     *store.DB
	key    *secret.Key
	limits Limits
	start  *Server
	sender string
	log    *slog.Logger

	mu   sync.Mutex
	last current
}

// current is a copy of what counts.
type current struct {
	origin string
	text   string  // of the row; store.Version of it is what administrators name it by
	server *Server // nil: there is none that can be used
	shown  api.MailSettings
}

// NewSettings makes settings that begin with the server of the command line,
// which may be nil. sender is who e-mails come from unless somebody says
// otherwise. Refresh must be called before anything else.
func NewSettings(db *store.DB, key *secret.Key, limits Limits, start *Server, sender string, log *slog.Logger) *Settings {
	return &Settings{db: db, key: key, limits: limits, start: start, sender: sender, log: log}
}

// Where the settings in use come from, api.MailSettings.Origin.
const (
	originSaved   = "saved"
	originStart   = "command-line"
	originMissing = "missing"
)

const (
	settingsRow    = "mail-server"
	passwordSealed = "mail-password" // purpose
	submission     = 587             // the port of RFC 6409
)

// SettingsState is in SQL what Settings.Refresh reads.
const SettingsState = `SELECT value FROM settings WHERE name = '` + settingsRow + `'`

// saved is how the settings stand in the database.
type saved struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`
	Security string `json:"security"`
	User     string `json:"user,omitempty"`
	Password []byte `json:"password,omitempty"` // sealed
	Sender   string `json:"sender"`
	ReplyTo  string `json:"reply_to,omitempty"`
}

// bound is what a password is sealed for: it is never sent anywhere else, nor
// less well protected, even if somebody changes the row (security.md, EMail Test).
func (s saved) bound() []byte {
	return fmt.Appendf(nil, "%s\n%d\n%s\n%s", s.Host, s.Port, s.Security, s.User)
}

// Refresh reads what any node has saved and gives the server that counts; nil
// means that e-mails wait.
func (s *Settings) Refresh(ctx context.Context) (*Server, error) {
	var text string
	err := s.db.Peek(ctx, func(tx *store.Tx) error {
		text = tx.ReadSetting(settingsRow)
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last.origin == "" || text != s.last.text {
		if s.last, err = s.parse(text); err != nil {
			return nil, err
		}
	}
	return s.last.server, nil
}

// parse makes the settings of a row; there is none if it is empty.
func (s *Settings) parse(text string) (current, error) {
	if text == "" {
		return s.initial(), nil
	}
	var row saved
	if err := json.Unmarshal([]byte(text), &row); err != nil {
		return current{}, fmt.Errorf("mail: read settings: %w", err)
	}
	server := &Server{
		Host: row.Host, Port: row.Port, Security: row.Security, User: row.User, From: row.Sender, ReplyTo: row.ReplyTo,
		TLSConfig: s.limits.TLSConfig, Timeout: s.limits.Timeout,
	}
	s.restrict(server)
	c := current{origin: originSaved, text: text, server: server, shown: shown(server)}
	if len(row.Password) > 0 {
		plain, err := s.key.Open(passwordSealed, row.bound(), row.Password)
		if err != nil {
			s.log.Error("the mail server's password cannot be read any more: e-mails wait until an administrator gives it again", slog.Any("error", err))
			c.server = nil
			return c, nil
		}
		server.Password, c.shown.PasswordSet = string(plain), true
	}
	return c, nil
}

func (s *Settings) initial() current {
	if s.start != nil {
		return current{origin: originStart, server: s.start, shown: shown(s.start)}
	}
	return current{origin: originMissing, shown: api.MailSettings{Port: submission, Security: StartTLS, Sender: s.sender}}
}

func shown(s *Server) api.MailSettings {
	return api.MailSettings{
		Host: s.Host, Port: s.Port, Security: s.Security, User: s.User, PasswordSet: s.Password != "", Sender: s.From, ReplyTo: s.ReplyTo,
	}
}

// restrict sets what the operator allows.
func (s *Settings) restrict(server *Server) {
	if s.ofStart(server) {
		server.Loopback, server.TLSConfig = s.start.Loopback, s.start.TLSConfig
		return
	}
	server.Networks = s.limits.Networks
}

func (s *Settings) current() current {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

// Missing says that e-mails wait, as of the last Refresh.
func (s *Settings) Missing() bool { return s.current().server == nil }

// Show gives the settings as administrators see them, without the password.
func (s *Settings) Show() api.MailSettings {
	c := s.current()
	out := c.shown
	out.Version = store.Version(c.text)
	out.Origin, out.NoneAllowed = c.origin, s.limits.None || s.start != nil && s.start.Security == None
	return out
}

// ofStart says whether a server is that of the command line, which may be where
// it is, and as the operator has set it.
func (s *Settings) ofStart(server *Server) bool {
	return s.start != nil && strings.EqualFold(server.Host, s.start.Host) && server.Port == s.start.Port
}

func (s *Settings) noneAllowed(server *Server) bool {
	return s.limits.None || s.ofStart(server) && s.start.Security == None
}

// write saves a server's settings, which an administrator made from those of a
// version; it is api.CodeOutdated where others stand there now.
func (s *Settings) write(tx *store.Tx, server *Server, version string) error {
	if store.Version(tx.ReadSetting(settingsRow)) != version {
		return api.Refuse(api.CodeOutdated)
	}
	row := saved{
		Host: server.Host, Port: server.Port, Security: server.Security, User: server.User, Sender: server.From, ReplyTo: server.ReplyTo,
	}
	if server.User != "" {
		row.Password = s.key.Seal(passwordSealed, row.bound(), []byte(server.Password))
	}
	text, err := json.Marshal(row)
	if err != nil {
		return fmt.Errorf("mail: write settings: %w", err)
	}
	tx.WriteSetting(settingsRow, string(text))
	return nil
}
