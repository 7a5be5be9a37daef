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

// MailSettings returns those of now, without the password.
func (c *Client) MailSettings(ctx context.Context, access string) (api.MailSettings, error) {
	var out api.MailSettings
	err := c.read(ctx, access, "read the mail settings", "/v1/mail/settings", nil, &out)
	return out, err
}

// SaveMailSettings saves them if they work, and answers api.CodeMailFailed if not.
// api.CodeOutdated: somebody else has saved others since these were read.
func (c *Client) SaveMailSettings(ctx context.Context, access string, in api.MailSettings) error {
	return c.do(ctx, call{
		name: "save the mail settings", method: http.MethodPut, path: "/v1/mail/settings",
		access: access, body: in, timeout: mailTestTimeout,
	}, nil)
}

// TestMail tries settings; it takes up to mailTestTimeout.
func (c *Client) TestMail(ctx context.Context, access string, in api.TestMail) (api.MailTest, error) {
	var out api.MailTest
	err := c.do(ctx, call{
		name: "test the mail settings", method: http.MethodPost, path: "/v1/mail/test",
		access: access, body: in, timeout: mailTestTimeout,
	}, &out)
	return out, err
}

// LastMailTest returns what became of the steps of the last test.
func (c *Client) LastMailTest(ctx context.Context, access string) (api.MailTest, error) {
	var out api.MailTest
	err := c.read(ctx, access, "read the last mail test", "/v1/mail/test/last", nil, &out)
	return out, err
}

// AutomaticMails lists the kinds of e-mail that go out by themselves.
func (c *Client) AutomaticMails(ctx context.Context, access string) (api.AutomaticMails, error) {
	var out api.AutomaticMails
	err := c.read(ctx, access, "list the automatic e-mails", "/v1/mail/automatic", nil, &out)
	return out, err
}

// SwitchMail turns one of them on or off.
func (c *Client) SwitchMail(ctx context.Context, access, template string, in api.Switch) error {
	return c.change(ctx, access, "switch an automatic e-mail", http.MethodPut, "/v1/mail/automatic/"+url.PathEscape(template), in, nil)
}

// Outgoing returns a page of the outgoing mail.
func (c *Client) Outgoing(ctx context.Context, access string, f api.MailFilter) (api.OutgoingMails, error) {
	var out api.OutgoingMails
	err := c.read(ctx, access, "list the outgoing mail", "/v1/mail/outgoing", map[string]string{"state": f.State, "query": f.Query, "after": f.After}, &out)
	return out, err
}

// SendMailAgain sends one of them again.
func (c *Client) SendMailAgain(ctx context.Context, access, id string) error {
	return c.change(ctx, access, "send an e-mail again", http.MethodPost, "/v1/mail/outgoing/"+url.PathEscape(id)+"/again", nil, nil)
}

const enteredPath = "/v1/organizations/entered"

// EnteredOrganizations returns a page of those that people entered by hand.
func (c *Client) EnteredOrganizations(ctx context.Context, access, after string) (api.EnteredOrganizations, error) {
	var out api.EnteredOrganizations
	err := c.read(ctx, access, "list the entered organizations", enteredPath, map[string]string{"after": after}, &out)
	return out, err
}

// AcceptOrganization takes one into the directory.
func (c *Client) AcceptOrganization(ctx context.Context, access, id string, in api.AcceptOrganization) error {
	return c.change(ctx, access, "accept the organization", http.MethodPost, enteredPath+"/"+url.PathEscape(id)+"/accept", in, nil)
}

// MergeOrganization makes one the same as one of the directory.
func (c *Client) MergeOrganization(ctx context.Context, access, id string, in api.MergeOrganization) error {
	return c.change(ctx, access, "merge the organization", http.MethodPost, enteredPath+"/"+url.PathEscape(id)+"/merge", in, nil)
}

const policiesPath = "/v1/policies"

// Policies returns those of the service.
func (c *Client) Policies(ctx context.Context, access string) (api.Policies, error) {
	var out api.Policies
	err := c.read(ctx, access, "read the policies", policiesPath, nil, &out)
	return out, err
}

// SavePolicies replaces those that were read, and returns them as they stand then.
// api.CodeOutdated: somebody else has replaced them meanwhile.
func (c *Client) SavePolicies(ctx context.Context, access string, in api.Policies) (api.Policies, error) {
	var out api.Policies
	err := c.change(ctx, access, "save the policies", http.MethodPut, policiesPath, in, &out)
	return out, err
}

const settingsPath = "/v1/settings"

// Settings returns what the service says of itself.
func (c *Client) Settings(ctx context.Context, access string) (api.ServiceSettings, error) {
	var out api.ServiceSettings
	err := c.read(ctx, access, "read the settings", settingsPath, nil, &out)
	return out, err
}

// SaveSettings replaces what was read, and returns it as it stands then.
// api.CodeOutdated: somebody else has replaced it meanwhile.
func (c *Client) SaveSettings(ctx context.Context, access string, in api.ServiceSettings) (api.ServiceSettings, error) {
	var out api.ServiceSettings
	err := c.change(ctx, access, "save the settings", http.MethodPut, settingsPath, in, &out)
	return out, err
}

// Audit returns a page of the audit log.
func (c *Client) Audit(ctx context.Context, access string, f api.AuditFilter) (api.AuditPage, error) {
	var out api.AuditPage
	err := c.read(ctx, access, "read the audit log", "/v1/audit", map[string]string{
		"event": f.Event, "user": f.User, "from": f.From, "until": f.Until, "order": f.Order, "limit": number(f.Limit), "after": f.After,
	}, &out)
	return out, err
}

// ExportAudit notes in the audit log that a part of it is going to be read and kept.
func (c *Client) ExportAudit(ctx context.Context, access string, in api.ExportAudit) error {
	return c.change(ctx, access, "export the audit log", http.MethodPost, "/v1/audit/exports", in, nil)
}
