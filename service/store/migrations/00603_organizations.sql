-- Organizations beside those of the directory.

-- +goose Up

-- Those that people entered because the directory does not have them; staff
-- accepts or merges them.
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

-- Those that staff accepted: part of the directory.
CREATE TABLE accepted_organizations (
    id          TEXT PRIMARY KEY,
    name        TEXT   NOT NULL,
    country     TEXT   NOT NULL,
    membership  TEXT   NOT NULL,
    accepted_at BIGINT NOT NULL
);
