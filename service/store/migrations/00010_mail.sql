-- +goose Up
-- Outgoing e-mail: template and parameters, never finished text. secrets holds
-- link and code, sealed under the service's key, and is NULL once they were
-- erased. A sender owns a row while lease_until is in the future.
CREATE TABLE mails (
    id          TEXT   NOT NULL PRIMARY KEY, -- UUIDv7
    recipient   TEXT   NOT NULL,
    language    TEXT   NOT NULL,
    template    TEXT   NOT NULL,
    params      TEXT   NOT NULL,             -- JSON object
    secrets     BYTEA,
    qr          TEXT   NOT NULL,             -- text of a QR code, or empty
    calendar    TEXT   NOT NULL,             -- iCalendar file, or empty
    state       TEXT   NOT NULL,             -- waiting, sent, failed, expired
    problem     TEXT   NOT NULL DEFAULT '',  -- of the last attempt, without addresses
    attempts    BIGINT NOT NULL DEFAULT 0,
    created_at  BIGINT NOT NULL,
    next_at     BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,             -- 0: does not expire
    done_at     BIGINT NOT NULL DEFAULT 0,
    lease       TEXT   NOT NULL DEFAULT '',
    lease_until BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX mails_due ON mails (state, next_at);

-- +goose Down
DROP TABLE mails;
