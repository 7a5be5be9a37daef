-- What must happen exactly once.

-- +goose Up

-- Streams of operations: the highest number up to which the service has all. Those
-- that are not used go (package operation).
CREATE TABLE streams (
    account_id TEXT   NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
    stream     TEXT   NOT NULL,
    high_water BIGINT NOT NULL,
    used_at    BIGINT NOT NULL,
    PRIMARY KEY (account_id, stream)
);
CREATE INDEX streams_used ON streams (used_at);

-- What became of each operation: the same id gives the same outcome. There is
-- no payload in it, only a fingerprint under the service's key.
CREATE TABLE operations (
    account_id  TEXT   NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
    id          TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    fingerprint BYTEA  NOT NULL,
    outcome     TEXT   NOT NULL,
    code        TEXT   NOT NULL,
    reference   TEXT   NOT NULL,
    errors      TEXT   NOT NULL,          -- JSON: list of api.FieldError
    subject     TEXT   NOT NULL,          -- id of what it led to, such as a registration's number, or empty
    made_at     BIGINT NOT NULL,          -- by the device's clock, put right by what that said when it was sent
    done_at     BIGINT NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE INDEX operations_account ON operations (account_id, done_at);
CREATE INDEX operations_done ON operations (done_at);
