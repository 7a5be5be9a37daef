package service

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"

	"plenary/service/account/bulk"
	"plenary/service/account/upkeep"
	"plenary/service/audit"
	"plenary/service/delegations"
	"plenary/service/job"
	"plenary/service/mail"
	"plenary/service/organizations"
	"plenary/service/policy"
	"plenary/service/store"
	"plenary/service/visas"
)

// start begins what the service does by itself until Close: it sends e-mails, keeps
// house, seals the audit log and learns what other nodes have changed.
func (s *Service) start() {
	background, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.runner = job.New(s.db, s.log, s.config.Now, s.jobs(), s.copies())
	for _, work := range []func(context.Context){s.runner.Run, s.chain.KeepLooking, s.keepNode} {
		s.work.Go(func() { keepGoing(background, s.log, afterPanic, work) })
	}
}

// afterPanic is the time from a panic to the next try.
const afterPanic = time.Minute

// keepGoing does work that ends with its context. A panic in it is logged, without
// its value, which could hold anything, and the work begins again after a pause.
func keepGoing(ctx context.Context, log *slog.Logger, pause time.Duration, work func(context.Context)) {
	guarded := func() {
		defer func() {
			if v := recover(); v != nil {
				log.Error("panic in the background", slog.String("what", fmt.Sprintf("%T", v)), slog.String("stack", string(debug.Stack())))
			}
		}()
		work(ctx)
	}
	for guarded(); ctx.Err() == nil; guarded() {
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

// houseEvery is the time between two rounds of housekeeping.
const houseEvery = 10 * time.Minute

// jobs are what the service does by itself, see package job.
func (s *Service) jobs() []job.Job {
	sender := mail.NewSender(mail.Options{
		DB: s.db, Key: s.config.Key, Info: s.mailInfo, Server: s.mailSettings.Refresh, Now: s.config.Now, Log: s.log, KeepSent: s.config.Demo,
	})
	return slices.Concat(s.meetings.Jobs(), s.registrations.Jobs(), s.joining.Jobs(), []job.Job{
		// Each e-mail is leased by one node, so all of them send.
		{Name: "send-mail", If: mail.Due, EachNode: true, Do: func(ctx context.Context) error {
			_, err := sender.Round(ctx)
			return err
		}},
		{Name: "sweep-mail", Every: mail.SweepEvery, Do: sender.Sweep},
		{Name: "tell-of-locks", If: upkeep.NoticesWait, Every: upkeep.NoticesEvery, Do: s.accounts.SendNotices},
		{Name: "seal-audit", If: audit.Waits, Do: s.chain.KeepSealed},
		{Name: "keep-accounts", Every: houseEvery, Do: func(ctx context.Context) error {
			err := s.accounts.Housekeep(ctx)
			if err == nil {
				s.housekept.Store(store.Micros(s.config.Now()))
			}
			return err
		}},
		{Name: "remind-visas", Every: visas.RemindLook, Do: s.visas.Remind},
		{Name: "keep-operations", Every: houseEvery, Do: s.operations.Housekeep},
		{Name: "keep-audit", Every: houseEvery, Do: func(ctx context.Context) error {
			return audit.Housekeep(ctx, s.db, s.config.Now())
		}},
	})
}

// jobStatus is how the jobs go on this node; nothing where it does none.
func (s *Service) jobStatus() []job.Status {
	if s.runner == nil {
		return nil
	}
	return s.runner.Status()
}

// copies are what this node keeps a copy of; they are as old as job.LookEvery at most.
func (s *Service) copies() []job.Copy {
	return []job.Copy{
		{Name: "settings", Of: settingsState(), Refresh: s.refreshSettings},
		{Name: "policies", Of: policy.State, Refresh: func(ctx context.Context) error { return s.policies.Refresh(ctx, s.db) }},
		{Name: "organizations", Of: organizations.State, Refresh: s.directory.Refresh},
		{Name: "focal-points", Of: delegations.State, Refresh: s.delegations.Refresh},
		{Name: "mail-server", Of: mail.SettingsState, Refresh: func(ctx context.Context) error { _, err := s.mailSettings.Refresh(ctx); return err }},
		{Name: "master-key", Of: keyState, Refresh: func(ctx context.Context) error { return adoptKey(ctx, s.db, s.config.Key) }},
		{Name: "version", Of: store.Schema, Refresh: s.notNewer},
		{Name: "imported", Of: bulk.MigratedState, Refresh: s.refreshMigrated},
	}
}

// refresh reads what this node keeps a copy of.
func (s *Service) refresh(ctx context.Context) error {
	for _, c := range s.copies() {
		if err := c.Refresh(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) refreshMigrated(ctx context.Context) error {
	migrated, err := s.accounts.Migrated(ctx)
	if err == nil {
		s.migrated.Store(migrated)
	}
	return err
}
