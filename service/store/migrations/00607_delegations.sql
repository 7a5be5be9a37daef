-- Who speaks for an organization.

-- +goose Up

-- An account that the secretariat appointed to decide for its organization, and to
-- help with it. It ends with the account, and when the account is of another one.
CREATE TABLE focal_points (
    account_id      TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    organization_id TEXT   NOT NULL,
    kind            TEXT   NOT NULL,      -- focal-point, assistant
    appointed_by    TEXT   NOT NULL,      -- account
    appointed_at    BIGINT NOT NULL
);
CREATE INDEX focal_points_organization ON focal_points (organization_id);

-- Accounts of which somebody has said that they are of the organization that they
-- chose. It counts while the account is of this one.
CREATE TABLE confirmed_organizations (
    account_id      TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    organization_id TEXT   NOT NULL,
    how             TEXT   NOT NULL,      -- appointed, focal-point, staff, import
    by_whom         TEXT   NOT NULL,      -- account, or empty for the operator
    confirmed_at    BIGINT NOT NULL
);
