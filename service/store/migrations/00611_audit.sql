-- The audit log.

-- +goose Up

-- What happened to accounts; subject is the account's id, a pseudonym, and actor
-- that of who did it; details is a list in JSON, or
-- empty; reason is the id of a row of reasons, or empty; reference names the request in the service's log, if it was
-- one. mac is made when an entry is written, so that what somebody puts into the
-- database past the service is never taken into the chain; position and seal are 0
-- and NULL until the entry was chained.
CREATE TABLE audit (
    id        TEXT PRIMARY KEY,
    at        BIGINT NOT NULL,
    event     TEXT   NOT NULL,
    subject   TEXT   NOT NULL,
    actor     TEXT   NOT NULL,
    details   TEXT   NOT NULL,
    reason    TEXT   NOT NULL,
    reference TEXT   NOT NULL,
    mac       BYTEA  NOT NULL,
    position  BIGINT NOT NULL DEFAULT 0,
    seal      BYTEA
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_subject ON audit (subject);
CREATE INDEX audit_position ON audit (position);
CREATE INDEX audit_event ON audit (event, at);
CREATE INDEX audit_unsealed ON audit (at, id) WHERE position = 0;
CREATE INDEX audit_actor ON audit (actor);
CREATE INDEX audit_reference ON audit (reference) WHERE reference <> '';

-- The end of the chain, authenticated: without it, nobody would miss the newest
-- entries. Its one row comes with the first entry.
CREATE TABLE audit_head (
    id       BIGINT PRIMARY KEY,
    position BIGINT NOT NULL,
    seal     BYTEA  NOT NULL,
    mac      BYTEA  NOT NULL
);

-- The last look at the whole chain, authenticated. One node looks at a time, and
-- says until when the others leave it to that one.
CREATE TABLE audit_look (
    id           BIGINT PRIMARY KEY,
    at           BIGINT NOT NULL,
    position     BIGINT NOT NULL,
    intact       BIGINT NOT NULL,
    mac          BYTEA  NOT NULL,
    looking_till BIGINT NOT NULL
);

-- Where an entry came from: erased by its own time, and with the account that it
-- is about, and with the one that did it (NULL for none). The entry stays.
CREATE TABLE audit_origins (
    entry   TEXT PRIMARY KEY,
    network TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    subject TEXT   NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
    actor   TEXT REFERENCES owners (id) ON DELETE CASCADE
);
CREATE INDEX audit_origins_at ON audit_origins (at);
CREATE INDEX audit_origins_subject ON audit_origins (subject);
CREATE INDEX audit_origins_actor ON audit_origins (actor);
