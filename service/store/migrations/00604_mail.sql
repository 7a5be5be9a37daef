-- E-mail.

-- +goose Up

-- Outgoing e-mail: template and parameters, never finished text. secrets holds
-- link and code, sealed under the service's key, and is NULL once they were
-- erased. subject is the id of the sign-up, recovery, change, account or
-- registration that the e-mail can be made anew from. A sender owns a row whose
-- lease is its own, until next_at: then the next sender may have it.
CREATE TABLE mails (
    id         TEXT PRIMARY KEY,             -- UUIDv7
    recipient  TEXT   NOT NULL,              -- empty once it was erased
    language   TEXT   NOT NULL,
    template   TEXT   NOT NULL,
    params     TEXT   NOT NULL,              -- JSON object
    secrets    BYTEA,
    qr         TEXT   NOT NULL,              -- text of a QR code, or empty
    calendar   TEXT   NOT NULL,              -- iCalendar file, or empty
    document   TEXT   NOT NULL DEFAULT '',   -- what a PDF is made of, JSON, or empty
    state      TEXT   NOT NULL,              -- waiting, sent, failed, expired
    priority   BIGINT NOT NULL,              -- 0 leaves first
    problem    TEXT   NOT NULL DEFAULT '',   -- of the last attempt, without addresses
    attempts   BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    next_at    BIGINT NOT NULL,
    first_at   BIGINT NOT NULL DEFAULT 0,    -- when a mail server was first asked to take it; 0: not yet
    expires_at BIGINT NOT NULL,              -- 0: does not expire
    done_at    BIGINT NOT NULL DEFAULT 0,
    lease      TEXT   NOT NULL DEFAULT '',
    subject    TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX mails_due ON mails (state, priority, next_at, id);
CREATE INDEX mails_created ON mails (created_at, id);
-- The order of what one person gets; the export and the deletion of somebody's data.
CREATE INDEX mails_recipient ON mails (recipient, state, created_at);
CREATE INDEX mails_subject ON mails (subject);
-- What the sweeps look for.
CREATE INDEX mails_expire ON mails (expires_at) WHERE state = 'waiting';
CREATE INDEX mails_sealed ON mails (expires_at) WHERE secrets IS NOT NULL;
CREATE INDEX mails_done ON mails (done_at) WHERE done_at > 0;

-- EMail Test: an administrator's newest one, on whatever node it ran, and how
-- many there were since window_at. running_until is 0 when none is under way;
-- result is JSON without an address, empty until there is one.
CREATE TABLE mail_tests (
    account_id    TEXT PRIMARY KEY REFERENCES owners (id) ON DELETE CASCADE,
    begun_at      BIGINT NOT NULL,
    running_until BIGINT NOT NULL,
    window_at     BIGINT NOT NULL,
    count         BIGINT NOT NULL,
    result        TEXT   NOT NULL
);
