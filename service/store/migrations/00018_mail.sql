-- +goose Up
-- EMail Test: an administrator's newest one, on whatever node it ran, and how
-- many there were since window_at. running_until is 0 when none is under way;
-- result is JSON without an address, empty until there is one.
CREATE TABLE mail_tests (
    account_id    TEXT PRIMARY KEY,
    begun_at      BIGINT NOT NULL,
    running_until BIGINT NOT NULL,
    window_at     BIGINT NOT NULL,
    count         BIGINT NOT NULL,
    result        TEXT   NOT NULL
);

-- +goose Down
DROP TABLE mail_tests;
