-- +goose Up
-- What staff searches users by: names, e-mail and organization, folded (package
-- rules). Empty means not folded yet; a sign-up's is emptied with its profile.
ALTER TABLE accounts ADD COLUMN search TEXT NOT NULL DEFAULT '';
ALTER TABLE sign_ups ADD COLUMN search TEXT NOT NULL DEFAULT '';
CREATE INDEX accounts_unfolded ON accounts (id) WHERE search = '';
CREATE INDEX accounts_search ON accounts (username_key, search, id);
CREATE INDEX credentials_none ON credentials (account_id) WHERE password = '';
CREATE INDEX account_roles_role ON account_roles (role, account_id);

-- Why staff did something to a user, in its own words: the audit log, which is
-- never erased, names the row only.
CREATE TABLE reasons (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    reason     TEXT NOT NULL
);
CREATE INDEX reasons_account ON reasons (account_id);

CREATE INDEX approvals_asked ON approvals (asked_at, id);

-- +goose Down
DROP INDEX approvals_asked;
DROP TABLE reasons;
DROP INDEX account_roles_role;
DROP INDEX credentials_none;
DROP INDEX accounts_search;
DROP INDEX accounts_unfolded;
ALTER TABLE sign_ups DROP COLUMN search;
ALTER TABLE accounts DROP COLUMN search;
