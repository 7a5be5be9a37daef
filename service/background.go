package service

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"plenary/service/accounts"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/organizations"
	"plenary/service/policy"
	"plenary/service/store"
)

// start begins what the service does by itself until Close: it sends e-mails, keeps
// house, seals the audit log and learns what other nodes have changed.
func (s *Service) start() {
	background, stop := context.WithCancel(context.Background())
	s.stop = stop
	sender := mail.NewSender(mail.Options{
		DB: s.db, Key: s.config.Key, Info: s.mailInfo, Server: s.mail.Refresh, Now: s.config.Now, Log: s.log, KeepSent: s.config.Demo,
	})
	for _, work := range []func(context.Context){
		sender.Run, s.keepHouse, s.keepFresh, s.chain.KeepSealed, s.chain.KeepLooking, s.sendNotices, s.keepNode,
	} {
		s.work.Go(func() { work(background) })
	}
}

// houseEvery is the time between two rounds of housekeeping.
const houseEvery = 10 * time.Minute

func (s *Service) keepHouse(ctx context.Context) {
	tick := time.NewTicker(houseEvery)
	defer tick.Stop()
	for {
		err := errors.Join(s.accounts.Housekeep(ctx), s.operations.Housekeep(ctx),
			audit.Housekeep(ctx, s.db, s.config.Now()))
		if err != nil && ctx.Err() == nil {
			s.log.Error("housekeeping failed", slog.Any("error", err))
		}
		if err == nil {
			s.housekept.Store(store.Micros(s.config.Now()))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// freshEvery is how old a node's copies may be of what other nodes change.
const freshEvery = min(policy.RefreshEvery, organizations.RefreshEvery)

// keepFresh brings what other nodes have saved to this one.
func (s *Service) keepFresh(ctx context.Context) {
	tick := time.NewTicker(freshEvery)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-tick.C:
			err := s.refresh(ctx)
			if err != nil && !failing && ctx.Err() == nil {
				s.log.Error("what other nodes have changed could not be read", slog.Any("error", err))
			}
			failing = err != nil
		case <-ctx.Done():
			return
		}
	}
}

// refresh reads what this node keeps a copy of.
func (s *Service) refresh(ctx context.Context) error {
	err := errors.Join(s.policies.Refresh(ctx, s.db), s.members.Refresh(ctx))
	if s.migrated.Load() {
		return err // for good
	}
	migrated, failed := s.accounts.Migrated(ctx)
	s.migrated.Store(migrated)
	return errors.Join(err, failed)
}

// sendNotices tells owners of what may not be told while a request is answered.
func (s *Service) sendNotices(ctx context.Context) {
	tick := time.NewTicker(accounts.NoticesEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := s.accounts.SendNotices(ctx); err != nil && ctx.Err() == nil {
				s.log.Error("notices could not be sent", slog.Any("error", err))
			}
		case <-ctx.Done():
			return
		}
	}
}
