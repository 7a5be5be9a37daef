-- Accounts, and what people set in them. In all tables times are microseconds
-- since 1970 in UTC, 0 for never; truth is 0 or 1. Tokens are SHA-256 at rest,
-- passwords and answers argon2id. Keys (username_key, email_key) are the folded
-- forms that package rules makes.
--
-- Migrations are portable SQL, and run on an empty database in the order of their
-- numbers. One that changes a table which has rows is outside of a transaction
-- (goose's NO TRANSACTION) and has one statement: distributed databases change
-- schemas so.

-- +goose Up

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Which nodes run; a row whose seen_at is old is of one that was killed. schema is
-- the newest migration that the node knows, keys are the ids of the master keys
-- that it has. A node writes its row before it looks at the version of the tables,
-- so that whoever migrates sees it, or it sees what was migrated.
CREATE TABLE nodes (
    id         TEXT PRIMARY KEY,
    name       TEXT   NOT NULL,
    version    TEXT   NOT NULL,
    schema     BIGINT NOT NULL,
    keys       TEXT   NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
);

-- An owner is an account or a sign-up, under the id that the two share, or, with
-- the empty id, nobody: what is kept about names that do not exist belongs to it,
-- so that the same is done for all. What belongs to an owner goes with it. Who
-- changes an account, or adds to what it has, writes its owner's turn first
-- (store.Tx.HoldOwner): such changes stand in line.
CREATE TABLE owners (
    id   TEXT PRIMARY KEY,
    turn BIGINT NOT NULL DEFAULT 0
);
INSERT INTO owners (id) VALUES ('');

-- search is what staff looks through for a part of a word: names, e-mail and
-- organization, folded. sort_key is the place in lists, compared byte by byte: by
-- family name.
CREATE TABLE accounts (
    id                TEXT PRIMARY KEY,
    username          TEXT   NOT NULL,
    username_key      TEXT   NOT NULL UNIQUE,
    email             TEXT   NOT NULL,
    email_key         TEXT   NOT NULL UNIQUE,
    title             TEXT   NOT NULL,
    first_name        TEXT   NOT NULL,
    family_name       TEXT   NOT NULL,
    phone             TEXT   NOT NULL,
    language          TEXT   NOT NULL,
    country           TEXT   NOT NULL,
    membership        TEXT   NOT NULL,
    organization_id   TEXT   NOT NULL,
    organization_name TEXT   NOT NULL,
    news              BIGINT NOT NULL,
    created_at        BIGINT NOT NULL,
    activated_at      BIGINT NOT NULL,
    search            TEXT   NOT NULL,
    sort_key          BYTEA  NOT NULL UNIQUE
);
CREATE INDEX accounts_search ON accounts (sort_key, search, id);

-- The words by whose beginnings staff finds an account, folded, and as passports
-- write them. Bytes are compared the same everywhere, texts are not.
CREATE TABLE account_words (
    word       BYTEA NOT NULL,
    sort_key   BYTEA NOT NULL,
    account_id TEXT  NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    PRIMARY KEY (word, sort_key)
);
CREATE INDEX account_words_account ON account_words (account_id);

CREATE TABLE account_roles (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    role       TEXT NOT NULL,
    PRIMARY KEY (account_id, role)
);
CREATE INDEX account_roles_role ON account_roles (role, account_id);

-- Accounts that staff has deactivated: nobody logs in to them, whatever the
-- password, until staff activates them again.
CREATE TABLE deactivated (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    since      BIGINT NOT NULL
);

-- An empty password is none: the account was imported.
CREATE TABLE credentials (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    password   TEXT   NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX credentials_none ON credentials (account_id) WHERE password = '';

-- One namespace for the usernames of accounts and of sign-ups that wait.
CREATE TABLE usernames (
    username_key TEXT PRIMARY KEY,
    owner        TEXT NOT NULL REFERENCES owners (id) ON DELETE CASCADE
);
CREATE INDEX usernames_owner ON usernames (owner);

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

-- A new address whose code is awaited.
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

-- Staff's help (option 2 of the sources' reset options): one for each account.
CREATE TABLE reset_addresses (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    email      TEXT   NOT NULL,
    email_key  TEXT   NOT NULL,
    reason     TEXT   NOT NULL,
    set_by     TEXT   NOT NULL,
    set_at     BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL
);

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
CREATE INDEX approvals_asked ON approvals (asked_at, id);

-- Why staff did something to a user or a sign-up, in its own words, and in details what
-- an entry of the audit log says that was typed, or is a name: a list in JSON as
-- audit.details, or empty. The audit log, which is never erased, names the row only.
CREATE TABLE reasons (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
    reason     TEXT NOT NULL,
    details    TEXT NOT NULL
);
CREATE INDEX reasons_account ON reasons (account_id);
