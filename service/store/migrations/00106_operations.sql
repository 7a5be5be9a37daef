-- What must happen exactly once.

-- +goose Up

-- Streams of operations: the highest number up to which the service has all, and
-- which operation came under which number.
CREATE TABLE streams (
    account_id TEXT   NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
    stream     TEXT   NOT NULL,
    high_water BIGINT NOT NULL,
    PRIMARY KEY (account_id, stream)
);
CREATE TABLE stream_numbers (
    account_id TEXT   NOT NULL,
    stream     TEXT   NOT NULL,
    number     BIGINT NOT NULL,
    operation  TEXT   NOT NULL,
    PRIMARY KEY (account_id, stream, number),
    FOREIGN KEY (account_id, stream) REFERENCES streams (account_id, stream) ON DELETE CASCADE
);

-- What became of each operation: the same id gives the same outcome. There is
-- no payload in it, only a fingerprint under the service's key.
CREATE TABLE operations (
    account_id   TEXT   NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
    id           TEXT   NOT NULL,
    kind         TEXT   NOT NULL,
    fingerprint  BYTEA  NOT NULL,
    outcome      TEXT   NOT NULL,
    code         TEXT   NOT NULL,
    reference    TEXT   NOT NULL,
    errors       TEXT   NOT NULL,         -- JSON: list of api.FieldError
    registration TEXT   NOT NULL,         -- number, or empty
    done_at      BIGINT NOT NULL,
    PRIMARY KEY (account_id, id)
);

-- Outcomes of keyed calls. status 0: under way, until claimed_until.
CREATE TABLE idempotency (
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
CREATE INDEX idempotency_created ON idempotency (created_at);
