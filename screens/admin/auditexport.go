package admin

import (
	"context"
	"errors"
	"strings"
	"time"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// auditExport writes the part of the log that the filter shows into a file, page by page,
// however long it is.
type auditExport struct {
	log           *AuditLog
	calls         *kit.Calls
	busy          *parts.Busy
	begin, cancel *parts.Button
	folder        func() (string, error) // where the file goes
}

func newAuditExport(a *AuditLog, busy *parts.Busy) *auditExport {
	x := &auditExport{log: a, busy: busy, folder: app.Downloads}
	x.calls = kit.NewCalls(a.ctx, a.env, a.bar, busy, nil)
	x.begin = x.calls.Button("audit.export", "audit.export", parts.Outlined, x.start).Low()
	x.cancel = parts.NewButton("audit.export.cancel", a.env.T("audit.export.cancel"), parts.Outlined, func() { x.stop() }).Low()
	x.cancel.Hide()
	return x
}

// errNotSaved is about the file, and not about the service.
var errNotSaved = errors.New("the file could not be written")

func (x *auditExport) start() {
	if x.calls.Working() {
		return
	}
	x.cancel.Show()
	parts.Changed(x.cancel)
	env, filter := x.log.env, x.log.asked()
	name := env.T("audit.export.file", map[string]any{"Date": env.Now().Format(time.DateOnly)})
	var path string
	x.calls.Try("audit.export.busy", func(ctx context.Context) (err error) {
		path, err = x.write(ctx, name, filter)
		return err
	}, func() {
		x.ended()
		x.log.bar.Say(env.Saved(path))
	}, func(err error) bool {
		x.ended()
		if !errors.Is(err, errNotSaved) {
			return false
		}
		x.log.bar.Say(env.NotSaved())
		return true
	})
}

// stop gives it up; it reports whether one was under way.
func (x *auditExport) stop() bool {
	if !x.calls.Cancel() {
		return false
	}
	x.ended()
	return true
}

func (x *auditExport) ended() {
	x.cancel.Hide()
	parts.Changed(x.cancel)
}

// write writes the file beside the window, and returns its path.
func (x *auditExport) write(ctx context.Context, name string, filter api.AuditFilter) (string, error) {
	service, env := x.log.service, x.log.env
	if err := service.ExportAudit(ctx, api.ExportAudit{Event: filter.Event, User: filter.User, From: filter.From, Until: filter.Until}); err != nil {
		return "", err
	}
	folder, err := x.folder()
	if err != nil {
		return "", errors.Join(errNotSaved, err)
	}
	sheet, err := app.NewSpreadsheet(folder, name, env.Words.Lang())
	if err != nil {
		return "", errors.Join(errNotSaved, err)
	}
	if err := x.rows(ctx, sheet, filter); err != nil {
		return "", errors.Join(err, sheet.Discard())
	}
	path, err := sheet.Save()
	if err != nil {
		return "", errors.Join(errNotSaved, err)
	}
	return path, nil
}

// rows writes all entries, and says how far it is.
func (x *auditExport) rows(ctx context.Context, sheet *app.Spreadsheet, filter api.AuditFilter) error {
	env := x.log.env
	if err := sheet.Row(auditHeadings(env)...); err != nil {
		return errors.Join(errNotSaved, err)
	}
	filter.Limit = api.AuditLimit
	for written := 0; ; {
		page, err := x.log.service.Audit(ctx, filter)
		if err != nil {
			return err
		}
		for i := range page.Entries {
			if err := sheet.Row(auditRecord(env, &page.Entries[i])...); err != nil {
				return errors.Join(errNotSaved, err)
			}
		}
		if written += len(page.Entries); page.Next == "" || len(page.Entries) == 0 {
			return ctx.Err()
		}
		at, count := page.Entries[len(page.Entries)-1].At, written
		env.Run.Post(ctx, func() {
			x.busy.Say(env.Words.N("audit.export.progress", count, map[string]any{
				"Time": env.Words.ShortDate(at.In(env.Now().Location())),
			}))
		})
		filter.After = page.Next
	}
}

// auditHeadings name the columns of the file.
func auditHeadings(env kit.Env) []string {
	var names []string
	for _, key := range []string{
		"audit.export.time", "audit.column.event", "audit.export.details", "audit.export.reason", "audit.column.user",
		"audit.export.account", "audit.export.by", "audit.export.network", "audit.export.reference", "audit.export.entry",
	} {
		names = append(names, env.T(key))
	}
	return names
}

// auditRecord is an entry in the file.
func auditRecord(env kit.Env, e *api.AuditEntry) []string {
	return []string{
		e.At.UTC().Format(time.DateTime), eventName(env, e.Event), strings.TrimSpace(eventFacts(env, e)), e.Reason, e.User,
		e.Subject, e.Actor, e.Network, e.Reference, e.ID,
	}
}
