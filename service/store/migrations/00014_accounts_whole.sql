-- +goose Up
-- What is beyond a password, and what staff does for users. As in 00001: times
-- are microseconds, tokens SHA-256, codes and answers argon2id at rest.

-- Growing waits: a name that failed is not tried before wait_until.
ALTER TABLE limits ADD COLUMN wait_until BIGINT NOT NULL DEFAULT 0;

-- A fresh proof (api.Reauthenticate) counts until then.
ALTER TABLE sessions ADD COLUMN proved_until BIGINT NOT NULL DEFAULT 0;

-- known: the recovery was begun on a known device of the account. reset_address:
-- its e-mail goes to that one, and not to the account's own.
ALTER TABLE recoveries ADD COLUMN known BIGINT NOT NULL DEFAULT 0;
ALTER TABLE recoveries ADD COLUMN reset_address TEXT NOT NULL DEFAULT '';

-- Two-step log-in (TOTP, RFC 6238). secret is sealed under the service's key;
-- confirmed_at is 0 until a code has shown that an app has it. last_step is the
-- time step of the newest code that was used: none works twice.
CREATE TABLE second_factors (
    account_id   TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    secret       BYTEA  NOT NULL,
    confirmed_at BIGINT NOT NULL,
    last_step    BIGINT NOT NULL
);
-- Recovery codes: HMAC under the service's key; a used one is deleted.
CREATE TABLE recovery_codes (
    account_id TEXT  NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    mac        BYTEA NOT NULL,
    PRIMARY KEY (account_id, mac)
);

-- question is sealed: it may be the person's own words.
CREATE TABLE secret_questions (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    question   BYTEA  NOT NULL,
    own        BIGINT NOT NULL,
    answer     TEXT   NOT NULL,
    set_at     BIGINT NOT NULL
);

-- A new address whose code is awaited; the code stands in codes under id.
CREATE TABLE email_changes (
    id         TEXT PRIMARY KEY,
    account_id TEXT   NOT NULL UNIQUE REFERENCES accounts (id) ON DELETE CASCADE,
    email      TEXT   NOT NULL,
    email_key  TEXT   NOT NULL,
    taken      BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX email_changes_expires ON email_changes (expires_at);

-- "My data, delete": the account is erased when it is due.
CREATE TABLE deletions (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    asked_at   BIGINT NOT NULL,
    due_at     BIGINT NOT NULL
);
CREATE INDEX deletions_due ON deletions (due_at);

-- Owners who are to be told that a name of theirs was deactivated for security.
-- account_id is empty for names that do not exist: the same is written for all.
CREATE TABLE lock_notices (
    id         TEXT PRIMARY KEY,
    account_id TEXT   NOT NULL,
    at         BIGINT NOT NULL
);

-- Staff's help (option 2 of the sources' reset options): one for each account.
-- stop is the hash of the token in the link with which the owner stops it.
CREATE TABLE reset_addresses (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    email      TEXT   NOT NULL,
    reason     TEXT   NOT NULL,
    set_by     TEXT   NOT NULL,
    set_at     BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL,
    stop       BYTEA  NOT NULL
);
CREATE INDEX reset_addresses_stop ON reset_addresses (stop);

-- Changes that wait for a second administrator. change is JSON.
CREATE TABLE approvals (
    id         TEXT PRIMARY KEY,
    account_id TEXT   NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind       TEXT   NOT NULL,
    change     TEXT   NOT NULL,
    reason     TEXT   NOT NULL,
    asked_by   TEXT   NOT NULL,
    asked_at   BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX approvals_account ON approvals (account_id);

-- The audit log: who did it, and the chain. position and seal are 0 and NULL
-- until the entry was chained.
ALTER TABLE audit ADD COLUMN actor TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN position BIGINT NOT NULL DEFAULT 0;
ALTER TABLE audit ADD COLUMN seal BYTEA;
CREATE INDEX audit_position ON audit (position);
CREATE INDEX audit_event ON audit (event, at);
CREATE TABLE audit_origins (
    entry   TEXT PRIMARY KEY,
    network TEXT NOT NULL
);

-- What an e-mail is about: the id of the sign-up, recovery, change, account or
-- registration that it can be made anew from.
ALTER TABLE mails ADD COLUMN subject TEXT NOT NULL DEFAULT '';
CREATE INDEX mails_created ON mails (created_at, id);

-- Organizations that people entered and staff accepted: part of the directory.
CREATE TABLE accepted_organizations (
    id          TEXT PRIMARY KEY,
    name        TEXT   NOT NULL,
    country     TEXT   NOT NULL,
    membership  TEXT   NOT NULL,
    accepted_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE accepted_organizations;
DROP INDEX mails_created;
ALTER TABLE mails DROP COLUMN subject;
DROP TABLE audit_origins;
DROP INDEX audit_event;
DROP INDEX audit_position;
ALTER TABLE audit DROP COLUMN seal;
ALTER TABLE audit DROP COLUMN position;
ALTER TABLE audit DROP COLUMN actor;
DROP TABLE approvals;
DROP TABLE reset_addresses;
DROP TABLE lock_notices;
DROP TABLE deletions;
DROP TABLE email_changes;
DROP TABLE secret_questions;
DROP TABLE recovery_codes;
DROP TABLE second_factors;
ALTER TABLE recoveries DROP COLUMN reset_address;
ALTER TABLE recoveries DROP COLUMN known;
ALTER TABLE sessions DROP COLUMN proved_until;
ALTER TABLE limits DROP COLUMN wait_until;
