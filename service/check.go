package service

import (
	"context"
	"time"

	"plenary/service/mail"
	"plenary/service/node"
	"plenary/service/store"
)

// MailServer gives the mail server that counts; nil where e-mails wait for one.
func (s *Service) MailServer() *mail.Server { return s.mailSettings.Current() }

// Nodes are those that run now.
func (s *Service) Nodes(ctx context.Context) ([]node.Node, error) {
	return node.Running(ctx, s.db, s.config.Now())
}

// Newest is the latest time that the database knows of: it must not be ahead of this
// machine's clock. The zero time for a database in which nothing has happened.
func (s *Service) Newest(ctx context.Context) (time.Time, error) {
	var newest int64
	err := s.db.Peek(ctx, func(tx *store.Tx) error {
		tx.Get(`SELECT COALESCE(MAX(at), 0) FROM (SELECT MAX(at) AS at FROM audit UNION ALL SELECT MAX(seen_at) FROM nodes) AS times`).
			Into(&newest)
		return nil
	})
	return store.Time(newest), err
}
