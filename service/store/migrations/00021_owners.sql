-- +goose Up
-- An owner is an account or a sign-up, under the id that the two share, or, with
-- the empty id, nobody: what is kept about names that do not exist belongs to it,
-- so that the same is done for all. What belongs to an owner goes with it. Who
-- changes an account, or adds to what it has, writes its owner's turn first
-- (store.Tx.Hold): such changes stand in line.
CREATE TABLE owners (
    id   TEXT PRIMARY KEY,
    turn BIGINT NOT NULL DEFAULT 0
);
INSERT INTO owners (id) SELECT '' UNION SELECT id FROM accounts UNION SELECT id FROM sign_ups;

CREATE TABLE usernames_of (
    username_key TEXT PRIMARY KEY,
    owner        TEXT NOT NULL REFERENCES owners (id) ON DELETE CASCADE
);
INSERT INTO usernames_of SELECT username_key, owner FROM usernames WHERE owner IN (SELECT id FROM owners);
DROP TABLE usernames;
ALTER TABLE usernames_of RENAME TO usernames;
CREATE INDEX usernames_owner ON usernames (owner);

CREATE TABLE sign_ups_of (
    id           TEXT PRIMARY KEY REFERENCES owners (id) ON DELETE CASCADE,
    flow_hash    BYTEA  NOT NULL UNIQUE,
    fingerprint  BYTEA  NOT NULL,
    email_key    TEXT   NOT NULL,
    username_key TEXT   NOT NULL,
    taken        BIGINT NOT NULL,
    state        TEXT   NOT NULL,
    profile      TEXT   NOT NULL,
    search       TEXT   NOT NULL,
    password     TEXT   NOT NULL,
    probe        BYTEA  NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
);
INSERT INTO sign_ups_of SELECT id, flow_hash, fingerprint, email_key, username_key, taken, state, profile, search, password,
    probe, created_at, expires_at FROM sign_ups;
DROP TABLE sign_ups;
ALTER TABLE sign_ups_of RENAME TO sign_ups;
CREATE INDEX sign_ups_email ON sign_ups (email_key);
CREATE INDEX sign_ups_username ON sign_ups (username_key);
CREATE INDEX sign_ups_expires ON sign_ups (expires_at);

CREATE TABLE recoveries_of (
    id            TEXT PRIMARY KEY,
    flow_hash     BYTEA  NOT NULL UNIQUE,
    fingerprint   BYTEA  NOT NULL,
    identifier    BYTEA  NOT NULL,
    account_id    TEXT   NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
    known         BIGINT NOT NULL,
    device        BYTEA,
    reset_address TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL
);
INSERT INTO recoveries_of SELECT id, flow_hash, fingerprint, identifier, account_id, known, device, reset_address, created_at, expires_at
    FROM recoveries WHERE account_id IN (SELECT id FROM owners);
DROP TABLE recoveries;
ALTER TABLE recoveries_of RENAME TO recoveries;
-- Also by name: those of one missing name are found without a look at all others.
CREATE INDEX recoveries_account ON recoveries (account_id, identifier);
CREATE INDEX recoveries_expires ON recoveries (expires_at);

-- The code, or a link, of one of these, which is its subject.
ALTER TABLE codes ADD COLUMN sign_up TEXT REFERENCES sign_ups (id) ON DELETE CASCADE;
ALTER TABLE codes ADD COLUMN recovery TEXT REFERENCES recoveries (id) ON DELETE CASCADE;
ALTER TABLE codes ADD COLUMN email_change TEXT REFERENCES email_changes (id) ON DELETE CASCADE;
UPDATE codes SET sign_up = subject WHERE subject IN (SELECT id FROM sign_ups);
UPDATE codes SET recovery = subject WHERE subject IN (SELECT id FROM recoveries);
UPDATE codes SET email_change = subject WHERE subject IN (SELECT id FROM email_changes);
DELETE FROM codes WHERE COALESCE(sign_up, recovery, email_change) IS NULL;
CREATE INDEX codes_sign_up ON codes (sign_up);
CREATE INDEX codes_recovery ON codes (recovery);
CREATE INDEX codes_email_change ON codes (email_change);
ALTER TABLE links ADD COLUMN sign_up TEXT REFERENCES sign_ups (id) ON DELETE CASCADE;
ALTER TABLE links ADD COLUMN recovery TEXT REFERENCES recoveries (id) ON DELETE CASCADE;
UPDATE links SET sign_up = subject WHERE subject IN (SELECT id FROM sign_ups);
UPDATE links SET recovery = subject WHERE subject IN (SELECT id FROM recoveries);
DELETE FROM links WHERE COALESCE(sign_up, recovery) IS NULL;
CREATE INDEX links_sign_up ON links (sign_up);
CREATE INDEX links_recovery ON links (recovery);

CREATE TABLE lock_notices_of (
    id         TEXT PRIMARY KEY,
    account_id TEXT   NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
    at         BIGINT NOT NULL
);
INSERT INTO lock_notices_of SELECT id, account_id, at FROM lock_notices WHERE account_id IN (SELECT id FROM owners);
DROP TABLE lock_notices;
ALTER TABLE lock_notices_of RENAME TO lock_notices;
CREATE INDEX lock_notices_account ON lock_notices (account_id);

CREATE TABLE mail_tests_of (
    account_id    TEXT PRIMARY KEY REFERENCES owners (id) ON DELETE CASCADE,
    begun_at      BIGINT NOT NULL,
    running_until BIGINT NOT NULL,
    window_at     BIGINT NOT NULL,
    count         BIGINT NOT NULL,
    result        TEXT   NOT NULL
);
INSERT INTO mail_tests_of SELECT account_id, begun_at, running_until, window_at, count, result
    FROM mail_tests WHERE account_id IN (SELECT id FROM owners);
DROP TABLE mail_tests;
ALTER TABLE mail_tests_of RENAME TO mail_tests;

CREATE TABLE idempotency_of (
    scope         TEXT   NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
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
INSERT INTO idempotency_of SELECT scope, operation, key, fingerprint, status, code, result_id, claim, claimed_until, created_at
    FROM idempotency WHERE scope IN (SELECT id FROM owners);
DROP TABLE idempotency;
ALTER TABLE idempotency_of RENAME TO idempotency;
CREATE INDEX idempotency_created ON idempotency (created_at);

CREATE TABLE streams_of (
    account_id TEXT   NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
    stream     TEXT   NOT NULL,
    high_water BIGINT NOT NULL,
    PRIMARY KEY (account_id, stream)
);
INSERT INTO streams_of SELECT account_id, stream, high_water FROM streams WHERE account_id IN (SELECT id FROM owners);
CREATE TABLE stream_numbers_of (
    account_id TEXT   NOT NULL,
    stream     TEXT   NOT NULL,
    number     BIGINT NOT NULL,
    operation  TEXT   NOT NULL,
    PRIMARY KEY (account_id, stream, number),
    FOREIGN KEY (account_id, stream) REFERENCES streams_of (account_id, stream) ON DELETE CASCADE
);
INSERT INTO stream_numbers_of SELECT account_id, stream, number, operation
    FROM stream_numbers WHERE account_id IN (SELECT id FROM owners);
DROP TABLE stream_numbers;
DROP TABLE streams;
ALTER TABLE streams_of RENAME TO streams;
ALTER TABLE stream_numbers_of RENAME TO stream_numbers;

CREATE TABLE operations_of (
    account_id   TEXT   NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
    id           TEXT   NOT NULL,
    kind         TEXT   NOT NULL,
    fingerprint  BYTEA  NOT NULL,
    outcome      TEXT   NOT NULL,
    code         TEXT   NOT NULL,
    reference    TEXT   NOT NULL,
    errors       TEXT   NOT NULL,
    registration TEXT   NOT NULL,
    done_at      BIGINT NOT NULL,
    PRIMARY KEY (account_id, id)
);
INSERT INTO operations_of SELECT account_id, id, kind, fingerprint, outcome, code, reference, errors, registration, done_at
    FROM operations WHERE account_id IN (SELECT id FROM owners);
DROP TABLE operations;
ALTER TABLE operations_of RENAME TO operations;

-- Where an entry came from goes with the account that it is about, and with the
-- one that did it (actor; NULL for none). The entry stays.
CREATE TABLE audit_origins_of (
    entry   TEXT PRIMARY KEY,
    network TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    subject TEXT   NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
    actor   TEXT   REFERENCES owners (id) ON DELETE CASCADE
);
INSERT INTO audit_origins_of SELECT o.entry, o.network, o.at, a.subject, CASE WHEN a.actor <> '' THEN a.actor END
    FROM audit_origins o JOIN audit a ON a.id = o.entry
    WHERE a.subject IN (SELECT id FROM owners) AND a.actor IN (SELECT id FROM owners);
DROP TABLE audit_origins;
ALTER TABLE audit_origins_of RENAME TO audit_origins;
CREATE INDEX audit_origins_at ON audit_origins (at);
CREATE INDEX audit_origins_subject ON audit_origins (subject);
CREATE INDEX audit_origins_actor ON audit_origins (actor);

-- Registrations outlive the account without what is personal of them, which is
-- emptied in Go. These came in while their person was erased.
UPDATE registrations SET account_id = '', operation = '', person = '', badge_name = '', job_title = '', organization = '',
    answers = '{}', companions = '[]'
    WHERE account_id <> '' AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = registrations.account_id);
