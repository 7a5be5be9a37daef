package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"plenary/service"
	"plenary/service/node"
	"plenary/service/secret"
)

const keysAbout = `Works on the service's key, which consists of one or more master keys: one is in
use, the others open and verify what was made with them.

  keys list     the master keys by their ids, and which one is in use
  keys rotate   put a new master key to use. It is added to DIR/plenaryd.key; as soon
                as every node knows it, it is put to use. A node on this machine
                reads the file by itself; copy it to the others, and run the command
                again. Where the key is in PLENARY_KEY, add the line that "keys new"
                prints, restart every node, and run the command then.
  keys new      print a line with a new master key

The earlier ones stay: what was sealed, signed and chained with them still needs
them. Keep a copy of the new file apart from the backups.`

// keyVerbs are what can be done with keys.
var keyVerbs = map[string]func(context.Context, process, string) error{
	"list":   listKeys,
	"rotate": rotateKeys,
	"new":    newMasterKey,
}

func runKeys(ctx context.Context, p process, args []string) error {
	f := newFlags(p, "keys", "keys list|rotate|new --data DIR", keysAbout)
	data := f.String("data", "", "`DIR` with the service's data")
	rest, err := parse(f, args, 1)
	if err != nil {
		return err
	}
	work, ok := keyVerbs[rest[0]]
	if !ok {
		return wrongUsage("%q is none of list, rotate, new", rest[0])
	}
	if *data == "" && rest[0] != "new" {
		return wrongUsage("--data DIR is missing")
	}
	return work(ctx, p, *data)
}

func newMasterKey(_ context.Context, p process, _ string) error {
	_, err := fmt.Fprint(p.stdout, secret.NewLine())
	return err
}

func listKeys(ctx context.Context, p process, dir string) error {
	s, err := openService(ctx, dir, "")
	if err != nil {
		return err
	}
	k := s.Key()
	for _, id := range k.IDs() {
		use := ""
		if id == k.InUse() {
			use = "  in use"
		}
		fmt.Fprintf(p.stdout, "%s%s\n", id, use)
	}
	return s.Close()
}

// rotateKeys adds a master key unless one was added that is not in use yet, waits
// for the nodes to know it, and puts it to use.
func rotateKeys(ctx context.Context, p process, dir string) error {
	s, err := openService(ctx, dir, "")
	if err != nil {
		return err
	}
	return errors.Join(rotate(ctx, p, dir, s), s.Close())
}

func rotate(ctx context.Context, p process, dir string, s *service.Service) error {
	k, path := s.Key(), filepath.Join(dir, keyFile)
	if k.Newest() == k.InUse() {
		longer, err := secret.Extend(path)
		if errors.Is(err, secret.ErrEnvironment) {
			return fmt.Errorf("the key is in %s: add the line that plenaryd keys new prints at its end, restart every node, and run this again", secret.Environment)
		}
		if err != nil {
			return err
		}
		k.Merge(longer)
		fmt.Fprintf(p.stdout, "%s has a new master key: %s.\n", path, k.Newest())
	}
	missing, err := s.AwaitKey(ctx, k.Newest())
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		return fmt.Errorf("these nodes do not know the new master key yet: %s; copy %s to each of them, and run plenaryd keys rotate --data %s again: until then the one of before stays in use",
			node.Names(missing), path, shellWord(runtime.GOOS, dir))
	}
	before := k.InUse()
	if err := s.UseNewestKey(ctx); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s is in use now, in the place of %s, which still opens what it sealed.\n", k.InUse(), before)
	fmt.Fprintf(p.stdout, "Keep a copy of %s apart from the backups.\n", path)
	return nil
}

// lookAtKey is the time between two looks at the key's file.
const lookAtKey = 2 * time.Second

// keepKey reads the key's file again when it has changed, until ctx ends, and tells
// the service when there is a new master key in it.
func keepKey(ctx context.Context, path string, s *service.Service, log *slog.Logger) {
	if os.Getenv(secret.Environment) != "" {
		return
	}
	tick := time.NewTicker(lookAtKey)
	defer tick.Stop()
	var known time.Time
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		info, err := os.Stat(path)
		if err != nil || info.ModTime().Equal(known) {
			continue
		}
		known = info.ModTime()
		key, err := secret.Load(path)
		if err != nil {
			log.Error("the key's file has changed and cannot be read; the key as it was stays", slog.Any("error", err))
			continue
		}
		if s.Key().Merge(key) {
			log.Info("the key's file has a new master key", slog.String("id", key.Newest()))
			s.Renew()
		}
	}
}
