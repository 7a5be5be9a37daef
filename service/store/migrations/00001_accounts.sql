-- Accounts, sign-ups, recoveries, sessions, limits. Times are microseconds
-- since 1970 in UTC, 0 for never. Tokens are SHA-256 at rest, passwords and
-- codes argon2id. Keys (username_key, email_key) are the folded forms that
-- package rules makes.

-- +goose Up

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE accounts (
    id                   TEXT PRIMARY KEY,
    username             TEXT   NOT NULL,
    username_key         TEXT   NOT NULL UNIQUE,
    email                TEXT   NOT NULL,
    email_key            TEXT   NOT NULL UNIQUE,
    title                TEXT   NOT NULL,
    first_name           TEXT   NOT NULL,
    family_name          TEXT   NOT NULL,
    phone                TEXT   NOT NULL,
    language             TEXT   NOT NULL,
    country              TEXT   NOT NULL,
    membership           TEXT   NOT NULL,
    organization_id      TEXT   NOT NULL,
    organization_name    TEXT   NOT NULL,
    news                 BIGINT NOT NULL,
    created_at           BIGINT NOT NULL,
    activated_at         BIGINT NOT NULL
);

CREATE TABLE account_roles (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    role       TEXT NOT NULL,
    PRIMARY KEY (account_id, role)
);

CREATE TABLE credentials (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    password   TEXT   NOT NULL,
    changed_at BIGINT NOT NULL
);

-- One namespace for the usernames of accounts and of sign-ups that wait: owner
-- is the id of both, since a sign-up's id becomes the account's.
CREATE TABLE usernames (
    username_key TEXT PRIMARY KEY,
    owner        TEXT NOT NULL
);
CREATE INDEX usernames_owner ON usernames (owner);

-- A sign-up for an address that has an account already is kept like any other
-- (taken = 1) and can never be activated. probe is an HMAC of the password under
-- the service's key: log-in compares it, so that "not active yet" costs no second
-- password hash, which would tell whether the address has an account. profile
-- (JSON), password and probe are emptied when the sign-up ends.
CREATE TABLE sign_ups (
    id           TEXT PRIMARY KEY,
    flow_hash    BYTEA  NOT NULL UNIQUE,
    fingerprint  BYTEA  NOT NULL,
    email_key    TEXT   NOT NULL,
    username_key TEXT   NOT NULL,
    taken        BIGINT NOT NULL,
    state        TEXT   NOT NULL,
    profile      TEXT   NOT NULL,
    password     TEXT   NOT NULL,
    probe        BYTEA  NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX sign_ups_email ON sign_ups (email_key);
CREATE INDEX sign_ups_username ON sign_ups (username_key);
CREATE INDEX sign_ups_expires ON sign_ups (expires_at);

-- "Forgot password?" under way; account_id is empty for names that do not exist.
-- identifier is an HMAC of what was typed, normalized.
CREATE TABLE recoveries (
    id          TEXT PRIMARY KEY,
    flow_hash   BYTEA  NOT NULL UNIQUE,
    fingerprint BYTEA  NOT NULL,
    identifier  BYTEA  NOT NULL,
    account_id  TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE INDEX recoveries_account ON recoveries (account_id);
CREATE INDEX recoveries_expires ON recoveries (expires_at);

-- Organizations that people entered because the directory does not have them;
-- staff accepts or merges them.
CREATE TABLE entered_organizations (
    id         TEXT PRIMARY KEY,
    account_id TEXT   NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name       TEXT   NOT NULL,
    city       TEXT   NOT NULL,
    website    TEXT   NOT NULL,
    country    TEXT   NOT NULL,
    membership TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX entered_organizations_account ON entered_organizations (account_id);

-- The code of a sign-up or recovery (subject): the newest one only.
CREATE TABLE codes (
    subject    TEXT PRIMARY KEY,
    hash       TEXT   NOT NULL,
    tries      BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX codes_expires ON codes (expires_at);

-- The links that were e-mailed for a sign-up or recovery; each stays good until
-- it expires or its subject ends.
CREATE TABLE links (
    hash       BYTEA PRIMARY KEY,
    purpose    TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX links_subject ON links (subject);
CREATE INDEX links_expires ON links (expires_at);

-- A session is a family of refresh tokens.
CREATE TABLE sessions (
    id           TEXT PRIMARY KEY,
    account_id   TEXT   NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    machine      TEXT   NOT NULL,
    keep         BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    used_at      BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE refresh_tokens (
    hash       BYTEA PRIMARY KEY,
    session_id TEXT   NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    generation BIGINT NOT NULL,
    used_at    BIGINT NOT NULL,
    UNIQUE (session_id, generation)
);

CREATE TABLE access_tokens (
    hash       BYTEA PRIMARY KEY,
    session_id TEXT   NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);
CREATE INDEX access_tokens_session ON access_tokens (session_id);
CREATE INDEX access_tokens_expires ON access_tokens (expires_at);

CREATE TABLE devices (
    hash       BYTEA PRIMARY KEY,
    account_id TEXT   NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    machine    TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL
);
CREATE INDEX devices_account ON devices (account_id);

-- Counters of tries. name is an HMAC: no address or username stands here.
-- flight are tries under way; both together stay within the limit.
CREATE TABLE limits (
    name     BYTEA PRIMARY KEY,
    failures BIGINT NOT NULL,
    flight   BIGINT NOT NULL,
    ends_at  BIGINT NOT NULL
);
CREATE INDEX limits_ends ON limits (ends_at);

-- Outcomes of keyed calls. status 0: under way, until claimed_until.
CREATE TABLE idempotency (
    scope         TEXT   NOT NULL,
    operation     TEXT   NOT NULL,
    key           TEXT   NOT NULL,
    fingerprint   BYTEA  NOT NULL,
    status        BIGINT NOT NULL,
    code          TEXT   NOT NULL,
    result_id     TEXT   NOT NULL,
    claim         TEXT   NOT NULL,
    claimed_until BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    PRIMARY KEY (scope, operation, key)
);
CREATE INDEX idempotency_created ON idempotency (created_at);

-- What happened to accounts; subject is the account's id, a pseudonym.
CREATE TABLE audit (
    id      TEXT PRIMARY KEY,
    at      BIGINT NOT NULL,
    event   TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    detail  TEXT   NOT NULL
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_subject ON audit (subject);

-- +goose Down

DROP TABLE audit;
DROP TABLE idempotency;
DROP TABLE limits;
DROP TABLE devices;
DROP TABLE access_tokens;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE links;
DROP TABLE codes;
DROP TABLE entered_organizations;
DROP TABLE recoveries;
DROP TABLE sign_ups;
DROP TABLE usernames;
DROP TABLE credentials;
DROP TABLE account_roles;
DROP TABLE accounts;
DROP TABLE settings;
