-- Visa support.

-- +goose Up

-- Passport data, and the letter or words that answer it, sealed under a key of the case's
-- own, which is sealed under the service's key. All three are NULL once the case was
-- erased; that there was one, and how it ended, stays for the numbers.
CREATE TABLE visa_cases (
    registration TEXT PRIMARY KEY REFERENCES registrations (number),
    state        TEXT   NOT NULL,         -- asked, waiting, answered, refused, ended
    data_key     BYTEA,
    passport     BYTEA,
    answer       BYTEA,
    opened_at    BIGINT NOT NULL,
    decided_at   BIGINT NOT NULL DEFAULT 0,
    decided_by   TEXT   NOT NULL DEFAULT '', -- account
    erase_at     BIGINT NOT NULL          -- 0 once it was
);
CREATE INDEX visa_cases_state ON visa_cases (state, opened_at);
CREATE INDEX visa_cases_erase ON visa_cases (erase_at) WHERE erase_at > 0;
