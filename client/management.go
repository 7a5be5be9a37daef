package client

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"plenary/api"
)

// mailTestTimeout is for what tries a mail server: the service answers within 15
// seconds.
const mailTestTimeout = 20 * time.Second

const mailSettingsPath = "/v1/mail/settings"

// MailSettings returns those of now, without the password.
func (c *Client) MailSettings(ctx context.Context) (api.MailSettings, error) {
	return read[api.MailSettings](ctx, c, "read the mail settings", mailSettingsPath, nil)
}

// SaveMailSettings saves them if they work, and answers api.CodeMailFailed if not.
// api.CodeOutdated: somebody else has saved others since these were read.
func (c *Client) SaveMailSettings(ctx context.Context, in api.MailSettings) error {
	k := c.changing("save the mail settings", http.MethodPut, mailSettingsPath, in)
	k.timeout = mailTestTimeout
	return c.do(ctx, k, nil)
}

// TestMail tries settings; it takes up to mailTestTimeout.
func (c *Client) TestMail(ctx context.Context, in api.TestMail) (out api.MailTest, err error) {
	k := c.changing("test the mail settings", http.MethodPost, "/v1/mail/test", in)
	k.timeout = mailTestTimeout
	err = c.do(ctx, k, &out)
	return out, err
}

// LastMailTest returns what became of the steps of the last test.
func (c *Client) LastMailTest(ctx context.Context) (api.MailTest, error) {
	return read[api.MailTest](ctx, c, "read the last mail test", "/v1/mail/test/last", nil)
}

// AutomaticMails lists the kinds of e-mail that go out by themselves.
func (c *Client) AutomaticMails(ctx context.Context) ([]api.AutomaticMail, error) {
	out, err := read[api.AutomaticMails](ctx, c, "list the automatic e-mails", "/v1/mail/automatic", nil)
	return out.Mails, err
}

// SwitchMail turns one of them on or off.
func (c *Client) SwitchMail(ctx context.Context, template string, on bool) error {
	return c.perform(ctx, "switch an automatic e-mail", http.MethodPut, "/v1/mail/automatic/"+url.PathEscape(template), api.Switch{On: on})
}

// Outgoing returns a page of the outgoing mail, the newest first.
func (c *Client) Outgoing(ctx context.Context, f api.MailFilter) (api.OutgoingMails, error) {
	query := map[string]string{"state": f.State, "query": f.Query, "limit": number(f.Limit), "after": f.After}
	return read[api.OutgoingMails](ctx, c, "list the outgoing mail", "/v1/mail/outgoing", query)
}

// ExportMails notes in the audit log that outgoing e-mails are going to be read and kept.
func (c *Client) ExportMails(ctx context.Context, in api.ExportMails) error {
	return c.perform(ctx, "export the outgoing mail", http.MethodPost, "/v1/exports/mails", in)
}

// SendAgain sends one of them again.
func (c *Client) SendAgain(ctx context.Context, id string) error {
	return c.perform(ctx, "send an e-mail again", http.MethodPost, "/v1/mail/outgoing/"+url.PathEscape(id)+"/again", nil)
}

const enteredPath = "/v1/organizations/entered"

// EnteredOrganizations returns a page of those that people entered by hand.
func (c *Client) EnteredOrganizations(ctx context.Context, after string) (api.EnteredOrganizations, error) {
	return read[api.EnteredOrganizations](ctx, c, "list the entered organizations", enteredPath, map[string]string{"after": after})
}

// ExportOrganizations notes in the audit log that the entered organizations are going to be
// read and kept.
func (c *Client) ExportOrganizations(ctx context.Context) error {
	return c.perform(ctx, "export the entered organizations", http.MethodPost, "/v1/exports/organizations", nil)
}

// AcceptOrganization takes one into the directory.
func (c *Client) AcceptOrganization(ctx context.Context, id string, in api.AcceptOrganization) error {
	return c.perform(ctx, "accept the organization", http.MethodPost, enteredPath+"/"+url.PathEscape(id)+"/accept", in)
}

// MergeOrganization makes one the same as one of the directory.
func (c *Client) MergeOrganization(ctx context.Context, id, organizationID string) error {
	in := api.MergeOrganization{OrganizationID: organizationID}
	return c.perform(ctx, "merge the organization", http.MethodPost, enteredPath+"/"+url.PathEscape(id)+"/merge", in)
}

const policiesPath = "/v1/policies"

// Policies returns those of the service.
func (c *Client) Policies(ctx context.Context) (api.Policies, error) {
	return read[api.Policies](ctx, c, "read the policies", policiesPath, nil)
}

// SavePolicies replaces those that were read, and returns them as they stand then.
// Errors to test for: api.CodeInvalid with its fields, api.CodeOutdated where
// somebody else has replaced them meanwhile.
func (c *Client) SavePolicies(ctx context.Context, in api.Policies) (api.Policies, error) {
	return change[api.Policies](ctx, c, "save the policies", http.MethodPut, policiesPath, in)
}

const settingsPath = "/v1/settings"

// Settings returns what the service says of itself.
func (c *Client) Settings(ctx context.Context) (api.ServiceSettings, error) {
	return read[api.ServiceSettings](ctx, c, "read the settings", settingsPath, nil)
}

// SaveSettings replaces what was read, and returns it as it stands then. Errors to
// test for: api.CodeInvalid with its fields, api.CodeOutdated where somebody else has
// replaced it meanwhile.
func (c *Client) SaveSettings(ctx context.Context, in api.ServiceSettings) (api.ServiceSettings, error) {
	return change[api.ServiceSettings](ctx, c, "save the settings", http.MethodPut, settingsPath, in)
}

// Audit returns a page of the audit log.
func (c *Client) Audit(ctx context.Context, f api.AuditFilter) (api.AuditPage, error) {
	return read[api.AuditPage](ctx, c, "read the audit log", "/v1/audit", map[string]string{
		"event": f.Event, "user": f.User, "from": f.From, "until": f.Until, "order": f.Order, "limit": number(f.Limit), "after": f.After,
	})
}

// ExportAudit notes in the audit log that a part of it is going to be read and kept.
func (c *Client) ExportAudit(ctx context.Context, in api.ExportAudit) error {
	return c.perform(ctx, "export the audit log", http.MethodPost, "/v1/audit/exports", in)
}
